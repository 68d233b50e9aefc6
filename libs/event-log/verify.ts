import { Frontier, type Hash, hashFrom, hashHex, leafHash } from '#transparency';
import { envelopeAgrees } from './check-append.ts';
import type { RecordedEvent } from './event-log.ts';

/**
 * What may be wrong with a stored log, and where. `HASH_MISMATCH`: the envelope is not what was hashed.
 * `COLUMN_MISMATCH`: a column says something else than the envelope. `SEQUENCE_GAP`, `REVISION_GAP`: an event
 * is missing or doubled in the log or in its stream. `TREE_MISMATCH`: the events are not those of the stored
 * tree; also how a cut tail shows.
 */
export interface LogFinding {
  readonly code: 'HASH_MISMATCH' | 'COLUMN_MISMATCH' | 'SEQUENCE_GAP' | 'REVISION_GAP' | 'TREE_MISMATCH';
  readonly position: number;
  readonly detail: string;
}

/** What was verified: the number of events and the RFC 6962 root (hex) over their stored bytes. */
export interface LogSummary {
  readonly events: number;
  readonly root: string;
}

/** A row as a store holds it: the columns, the text and the hash kept beside it. */
export interface StoredRow extends RecordedEvent {
  readonly leaf: Uint8Array;
}

/** A tree as a store holds it: the edge of the tree of so many leaves. */
export interface StoredTree {
  readonly size: number;
  readonly frontier: Uint8Array;
}

/** The check of one log, whatever holds its rows: every row in the order of the store, then its tree. */
export interface LogCheck {
  row(row: StoredRow): readonly LogFinding[];
  /** An edge that the store keeps at the number of rows seen so far. */
  edge(tree: StoredTree): readonly LogFinding[];
  summary(): LogSummary;
}

const NONE: readonly LogFinding[] = [];

export const createLogCheck = (): LogCheck => {
  const tree = new Frontier();
  const revisions = new Map<string, number>();
  let last = 0;
  return {
    row: (stored) => {
      const { id, type, stream, revision, position, envelope } = stored;
      const leaf = leafHash(envelope);
      tree.push(leaf);
      const expected = (revisions.get(stream) ?? -1) + 1;
      const before = last;
      last = position;
      revisions.set(stream, revision);
      const dense = position === before + 1;
      const follows = revision === expected;
      const hashed = leaf === hashFrom(stored.leaf);
      const agrees = envelopeAgrees(envelope, id, type, stream, revision);
      if (dense && follows && hashed && agrees) return NONE;
      const found: LogFinding[] = [];
      const find = (code: LogFinding['code'], detail: string): unknown =>
        found.push({ code, position, detail });
      if (!dense) find('SEQUENCE_GAP', `follows position ${before}`);
      if (!follows) find('REVISION_GAP', `${stream} is at ${revision}, expected ${expected}`);
      if (!hashed) find('HASH_MISMATCH', `the envelope hashes to ${hashHex(leaf)}`);
      if (!agrees) find('COLUMN_MISMATCH', `the columns say ${id} ${type} ${stream}@${revision}`);
      return found;
    },
    edge: (stored) => {
      const difference = treeDifference(tree, stored);
      return difference === undefined
        ? NONE
        : [{ code: 'TREE_MISMATCH', position: last, detail: difference }];
    },
    summary: () => ({ events: tree.size, root: hashHex(tree.root()) }),
  };
};

const treeDifference = (tree: Frontier, { size, frontier }: StoredTree): string | undefined => {
  if (size !== tree.size) return `the tree has ${size} leaves, the log ${tree.size} events`;
  if (tree.toBytes().equals(frontier)) return undefined;
  const root: Hash | undefined = Frontier.fromBytes(size, frontier)?.root();
  return `the stored root is ${root === undefined ? 'unreadable' : hashHex(root)}, the events give ${hashHex(tree.root())}`;
};
