import { uuidText } from '../event-id.ts';
import type { RecordedEvent } from '../event-log.ts';
import { type LogFinding, type LogSummary, createLogCheck } from '../verify.ts';
import { openForReading } from './schema.ts';

/** Rows held in memory at once. */
const PAGE = 1_000;

type Row = readonly [
  position: number,
  id: string,
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
    const page = db.prepare(`select position, lower(hex(event_id)), coalesce(name, ''), revision, type,
      envelope, leaf_hash from events left join streams using (stream_id) where position > ? order by position limit ?`);
    page.setReturnArrays(true);
    const check = createLogCheck();
    for (let last = 0; ;) {
      // `setReturnArrays` makes rows arrays, which the types of node:sqlite do not know.
      const rows = page.all(last, PAGE) as unknown as Row[];
      for (const [position, hex, stream, revision, type, envelope, leaf] of rows) {
        const event = { id: uuidText(hex), type, envelope, position, stream, revision };
        yield* check.row({ ...event, leaf });
        visit(event);
        last = position;
      }
      if (rows.length < PAGE) break;
    }
    const tree = db.prepare('select size, frontier from tree').get();
    const frontier = tree?.['frontier'];
    yield* check.edge({
      size: Number(tree?.['size']),
      frontier: frontier instanceof Uint8Array ? frontier : new Uint8Array(),
    });
    return check.summary();
  } finally {
    db.close();
  }
}
