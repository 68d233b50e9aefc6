import { type Database, type Queryable } from '#postgres';
import { Frontier, type Hash, hashFrom, hashHex } from '#transparency';
import { EventLogError } from '../event-log.ts';
import type { Cursor } from '../kurrent/feed.ts';

/** Where the sequence ends: its tree (whose size is the last position) and how far into the feed that is. */
export interface Head {
  readonly tree: Frontier;
  readonly cursor: Cursor | undefined;
}

interface HeadRow {
  readonly size: bigint;
  readonly frontier: Uint8Array;
  readonly feed_commit: bigint | null;
  readonly feed_prepare: bigint | null;
}

/** Leaf hashes read at once. */
const LEAVES_PAGE = 20_000;

const corrupt = (message: string): EventLogError => new EventLogError('ES_CORRUPT', message);

export const readHead = async (tx: Queryable): Promise<Head> => {
  const [row] = await tx.query<HeadRow>('select size, frontier, feed_commit, feed_prepare from head');
  if (row === undefined) throw corrupt('the sequence has no head');
  const tree = Frontier.fromBytes(Number(row.size), row.frontier);
  if (tree === undefined) throw corrupt(`the stored tree is not one of ${row.size} leaves`);
  const cursor =
    row.feed_commit === null || row.feed_prepare === null
      ? undefined
      : { commit: row.feed_commit, prepare: row.feed_prepare };
  return { tree, cursor };
};

/** The last position and the RFC 6962 root (hex) of the sequence as it is stored. Throws `ES_CORRUPT`. */
export const sequenceTree = async (
  database: Queryable,
): Promise<{ readonly size: number; readonly root: string }> => {
  const { tree } = await readHead(database);
  return { size: tree.size, root: hashHex(tree.root()) };
};

/**
 * The head, held against the rows: the stored leaf hashes from the last mark on must be dense and give the
 * stored tree. Throws `ES_CORRUPT` when they do not: nothing may be added to such a sequence. `lalanh verify`
 * looks at everything before the mark and at the texts.
 */
export const checkedHead = (database: Database): Promise<Head> =>
  database.transaction(async (tx) => {
    const head = await readHead(tx);
    const [mark] = await tx.query<{ size: bigint; frontier: Uint8Array }>(
      'select size, frontier from marks where size <= $1 order by size desc limit 1',
      [head.tree.size],
    );
    const tree = mark === undefined ? new Frontier() : Frontier.fromBytes(Number(mark.size), mark.frontier);
    if (tree === undefined) throw corrupt(`the tree kept at ${mark?.size} is not one of that size`);
    for (;;) {
      const leaves = await leavesAfter(tx, tree.size);
      for (const { position, leaf } of leaves) {
        if (position !== tree.size + 1)
          throw corrupt(`position ${position} follows ${tree.size} in the sequence`);
        tree.push(leaf);
      }
      if (leaves.length < LEAVES_PAGE) break;
    }
    if (tree.size !== head.tree.size)
      throw corrupt(`the tree has ${head.tree.size} leaves, the sequence ends at ${tree.size}`);
    if (!tree.toBytes().equals(head.tree.toBytes()))
      throw corrupt(`the events of the sequence are not those of its tree (size ${tree.size})`);
    return head;
  }, 'repeatable read');

const leavesAfter = async (
  tx: Queryable,
  position: number,
): Promise<{ readonly position: number; readonly leaf: Hash }[]> =>
  (
    await tx.query<{ position: bigint; leaf_hash: Uint8Array }>(
      'select position, leaf_hash from events where position > $1 order by position limit $2',
      [position, LEAVES_PAGE],
    )
  ).map((row) => ({ position: Number(row.position), leaf: hashFrom(row.leaf_hash) }));
