import { Frontier, type Hash, hashFrom, hashHex, leafHash } from '#transparency';
import { envelopeAgrees } from '../check-append.ts';
import type { RecordedEvent } from '../event-log.ts';
import { openForReading } from './schema.ts';

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

/** Rows held in memory at once. */
const PAGE = 1_000;

type Row = readonly [
  position: number,
  id: string,
  streamId: number,
  stream: string,
  revision: number,
  type: string,
  envelope: string,
  leaf: Uint8Array,
];

/**
 * Checks every event of a data folder's log against its hash, its columns, its order and the stored tree, at
 * one moment of it, and hands each event to `visit` for checks of its content. Yields findings as they come;
 * throws what SQLite throws when the file cannot be read at all.
 */
export function* verifyLog(
  folder: string,
  visit: (event: RecordedEvent) => void = () => undefined,
): Generator<LogFinding, LogSummary, undefined> {
  const db = openForReading(folder);
  try {
    db.exec('begin');
    const page =
      db.prepare(`select position, lower(hex(event_id)), stream_id, coalesce(name, ''), revision, type,
      envelope, leaf_hash from events left join streams using (stream_id) where position > ? order by position limit ?`);
    page.setReturnArrays(true);
    const tree = new Frontier();
    const revisions = new Map<number, number>();
    let last = 0;
    for (;;) {
      // `setReturnArrays` makes rows arrays, which the types of node:sqlite do not know.
      const rows = page.all(last, PAGE) as unknown as Row[];
      for (const row of rows) {
        const [position, hex, streamId, stream, revision, type, envelope, stored] = row;
        const leaf = leafHash(envelope);
        tree.push(leaf);
        if (position !== last + 1)
          yield { code: 'SEQUENCE_GAP', position, detail: `follows position ${last}` };
        last = position;
        const expected = (revisions.get(streamId) ?? -1) + 1;
        if (revision !== expected)
          yield {
            code: 'REVISION_GAP',
            position,
            detail: `${stream} is at ${revision}, expected ${expected}`,
          };
        revisions.set(streamId, revision);
        if (leaf !== hashFrom(stored))
          yield { code: 'HASH_MISMATCH', position, detail: `the envelope hashes to ${hashHex(leaf)}` };
        const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
        if (!envelopeAgrees(envelope, id, type, stream, revision))
          yield {
            code: 'COLUMN_MISMATCH',
            position,
            detail: `the columns say ${id} ${type} ${stream}@${revision}`,
          };
        visit({ id, type, envelope, position, stream, revision });
      }
      if (rows.length < PAGE) break;
    }
    const row = db.prepare('select size, frontier from tree').get();
    const difference = treeDifference(tree, Number(row?.['size']), row?.['frontier']);
    if (difference !== undefined) yield { code: 'TREE_MISMATCH', position: last, detail: difference };
    return { events: tree.size, root: hashHex(tree.root()) };
  } finally {
    db.close();
  }
}

const treeDifference = (tree: Frontier, size: number, frontier: unknown): string | undefined => {
  if (size !== tree.size) return `the tree has ${size} leaves, the log ${tree.size} events`;
  const bytes = frontier instanceof Uint8Array ? frontier : new Uint8Array();
  if (tree.toBytes().equals(bytes)) return undefined;
  const root: Hash | undefined = Frontier.fromBytes(size, bytes)?.root();
  return `the stored root is ${root === undefined ? 'unreadable' : hashHex(root)}, the events give ${hashHex(tree.root())}`;
};
