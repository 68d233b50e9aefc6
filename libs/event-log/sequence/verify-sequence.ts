import type { Database, Queryable } from '#postgres';
import type { RecordedEvent } from '../event-log.ts';
import { type LogFinding, type LogSummary, type StoredTree, createLogCheck } from '../verify.ts';
import { EVENT_COLUMNS, type EventRow, recorded } from './reader.ts';

/** Rows held in memory at once. */
const PAGE = 1_000;

interface TreeRow {
  readonly size: bigint;
  readonly frontier: Uint8Array;
}

/**
 * Checks every event of the sequence up to its head at the start as `verifyLog` does with a log file, the kept
 * edges of the tree with it, and hands each event to `visit`. It reads in pages: what is placed meanwhile is
 * left out, and nothing that was placed may change. Rejects with what the database rejects with.
 */
export async function* verifySequence(
  database: Database,
  visit: (event: RecordedEvent) => void = () => undefined,
): AsyncGenerator<LogFinding, LogSummary, undefined> {
  // Of one moment, so that rows beyond the head are a finding and not a page that was placed meanwhile.
  const { end, marks, last } = await database.transaction(
    async (tx) => ({
      end: (await trees(tx, 'select size, frontier from head'))[0] ?? { size: 0, frontier: new Uint8Array() },
      marks: await trees(tx, 'select size, frontier from marks order by size'),
      last: (await tx.query<{ last: bigint }>('select coalesce(max(position), 0) as last from events'))[0]
        ?.last,
    }),
    'repeatable read',
  );
  const until = Math.max(end.size, Number(last ?? 0));
  const check = createLogCheck();
  const edges = new Map(marks.map((mark) => [mark.size, mark]));
  for (let after = 0; ;) {
    const rows = await database.query<EventRow & { readonly leaf_hash: Uint8Array }>(
      `select ${EVENT_COLUMNS}, leaf_hash from events where position > $1 and position <= $2
       order by position limit $3`,
      [after, until, PAGE],
    );
    for (const row of rows) {
      const event = recorded(row);
      yield* check.row({ ...event, leaf: row.leaf_hash });
      visit(event);
      after = event.position;
      const edge = edges.get(after);
      if (edge !== undefined) yield* check.edge(edge);
    }
    if (rows.length < PAGE) break;
  }
  yield* check.edge(end);
  return check.summary();
}

const trees = async (tx: Queryable, text: string): Promise<readonly StoredTree[]> =>
  (await tx.query<TreeRow>(text)).map(({ size, frontier }) => ({ size: Number(size), frontier }));
