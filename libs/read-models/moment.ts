import { type EventLogReader, PAGE_MAX } from '#event-log';
import type { Moment } from '#kernel';
import { recordedAtOf } from '#platform';

type Log = Pick<EventLogReader, 'readAll'>;

/**
 * The position as of which the ledger stood at a moment: everything before the first event that was recorded
 * later. A position is itself. Once an event was recorded after the moment, the answer stays for ever.
 *
 * One ledger gives times that never go back, so halving finds it. Several ledgers interleave: a time may lie
 * behind an earlier one by at most `skewMs`. Then halving finds a place in the stretch where both kinds
 * mix, and the first event after the moment is looked for from the beginning of that stretch.
 */
export async function positionAt(
  log: Log,
  knownAt: number | Moment,
  head: number,
  skewMs: number,
): Promise<number> {
  if (typeof knownAt === 'number') return knownAt;
  if (skewMs === 0) return halve(log, knownAt, head);
  const before = new Date(Date.parse(knownAt) - skewMs).toISOString();
  // Where times interleave by less than `skewMs`, nothing up to here was recorded after the moment.
  let position = await halve(log, before, head);
  for (;;) {
    const { events } = await log.readAll({ after: position, limit: PAGE_MAX });
    for (const event of events) {
      if (event.position > head || recordedAtOf(event) > knownAt) return position;
      position = event.position;
    }
    if (events.length < PAGE_MAX) return Math.min(position, head);
  }
}

/** A position whose event was recorded at or before a moment, and whose successor later. */
async function halve(log: Log, moment: Moment, head: number): Promise<number> {
  let [low, high] = [0, head];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const [record] = (await log.readAll({ after: middle - 1, limit: 1 })).events;
    if (record && recordedAtOf(record) <= moment) low = middle;
    else high = middle - 1;
  }
  return low;
}
