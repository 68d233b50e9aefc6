import { type Day, type Moment, dayInVietnam } from '#kernel';

/** The moment and the day of it in Vietnam. */
export interface Now {
  readonly recordedAt: Moment;
  readonly today: Day;
}

export interface Clock {
  now(): Now;
  /** From now on nothing is recorded before this moment: another ledger has recorded something at it. */
  notBefore(recordedAt: Moment): void;
}

/**
 * A clock that never goes back, not even behind the last event of an earlier run or one of another ledger:
 * positions and recorded times rise together, which every read by moment rests on. `milliseconds` is Unix time.
 */
export function createClock(milliseconds: () => number, after: Moment | undefined): Clock {
  let last = after === undefined ? Number.NEGATIVE_INFINITY : Date.parse(after);
  let now: Now | undefined;
  return {
    now: () => {
      const read = milliseconds();
      if (now !== undefined && read <= last) return now;
      last = Math.max(read, last);
      const recordedAt = new Date(last).toISOString();
      now = { recordedAt, today: dayInVietnam(recordedAt) };
      return now;
    },
    notBefore: (recordedAt) => {
      const seen = Date.parse(recordedAt);
      if (!(seen > last)) return;
      last = seen;
      now = undefined;
    },
  };
}
