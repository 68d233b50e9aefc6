import { type Day, type Moment, dayInVietnam } from '#kernel';

/** The moment and the day of it in Vietnam. */
export interface Now {
  readonly recordedAt: Moment;
  readonly today: Day;
}

/**
 * A clock that never goes back, not even behind the last event of an earlier run: positions and recorded
 * times rise together, which every read by moment rests on. `milliseconds` is Unix time.
 */
export function createClock(milliseconds: () => number, after: Moment | undefined): () => Now {
  let last = after === undefined ? Number.NEGATIVE_INFINITY : Date.parse(after);
  let now: Now | undefined;
  return () => {
    const read = milliseconds();
    if (now !== undefined && read <= last) return now;
    last = Math.max(read, last);
    const recordedAt = new Date(last).toISOString();
    now = { recordedAt, today: dayInVietnam(recordedAt) };
    return now;
  };
}
