import type { Append } from '../event-log.ts';
import { GROUP_EVENTS_MAX } from '../limits.ts';
import type { Outcome, Writer } from './writer.ts';

/** Events an append adds. */
export const eventCount = ({ writes }: Append): number =>
  writes.reduce((sum, { events }) => sum + events.length, 0);

/**
 * Group commit: what arrives while one group is being committed forms the next. Answers come in the order of
 * the appends, a group at a time.
 */
export const createGrouper = (writer: Writer, answer: (outcomes: readonly Outcome[]) => void) => {
  const waiting: Append[] = [];
  let scheduled = false;

  const takeGroup = (): Append[] => {
    let events = 0;
    const end = waiting.findIndex((append) => (events += eventCount(append)) >= GROUP_EVENTS_MAX);
    return waiting.splice(0, end < 0 ? waiting.length : end + 1);
  };
  const run = (): void => {
    const group = takeGroup();
    // Rescheduled before the commit, so that an answer's own work cannot overtake what waits already.
    scheduled = waiting.length > 0;
    if (scheduled) setImmediate(run);
    answer(writer.commitGroup(group));
  };
  return {
    add: (appends: readonly Append[]): void => {
      for (const append of appends) waiting.push(append);
      if (scheduled || waiting.length === 0) return;
      scheduled = true;
      setImmediate(run);
    },
  };
};
