import type { EventLogReader, RecordedEvent } from '#event-log';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { positionAt } from './moment.ts';

const moment = (ms: number): string => new Date(1_700_000_000_000 + ms).toISOString();

/** A log of nothing but recorded times. */
const logOf = (times: readonly number[]): Pick<EventLogReader, 'readAll'> => ({
  readAll: async ({ after = 0, limit }) => {
    const events = times.slice(after, after + limit).map((ms, at) => {
      const envelope = `{"recordedAt":"${moment(ms)}","data":{}}`;
      return { position: after + at + 1, envelope } as RecordedEvent;
    });
    return { events, next: after + events.length, atHead: after + limit >= times.length };
  },
});

const SKEW_MS = 50;
/** Times that rise but for steps back of less than the skew. */
const interleaved = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: SKEW_MS - 1 })), {
    maxLength: 80,
  })
  .map((steps) => {
    let high = 0;
    return steps.map(([up, back]) => {
      high += up;
      return Math.max(0, high - back);
    });
  });
const firstAfter = (times: readonly number[], at: number): number => {
  const found = times.findIndex((ms) => ms > at);
  return found < 0 ? times.length : found;
};

describe('given recorded times of several ledgers', () => {
  it('a moment means everything before the first event recorded after it', () =>
    fc.assert(
      fc.asyncProperty(interleaved, fc.integer({ min: -10, max: 3_500 }), async (times, at) => {
        const found = await positionAt(logOf(times), moment(at), times.length, SKEW_MS);
        expect(found).toBe(firstAfter(times, at));
      }),
    ));

  it('the answer stays when more is recorded later', () =>
    fc.assert(
      fc.asyncProperty(
        interleaved,
        interleaved,
        fc.integer({ min: 0, max: 3_500 }),
        async (times, more, at) => {
          if (firstAfter(times, at) === times.length) return;
          const high = Math.max(...times);
          const all = [...times, ...more.map((ms) => high + ms)];
          const then = await positionAt(logOf(times), moment(at), times.length, SKEW_MS);
          expect(await positionAt(logOf(all), moment(at), all.length, SKEW_MS)).toBe(then);
        },
      ),
    ));
});

describe('given recorded times of one ledger', () => {
  it('halving finds the last one at or before the moment', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat(500)), fc.integer({ min: -10, max: 600 }), async (given, at) => {
        const times = given.toSorted((a, b) => a - b);
        const found = await positionAt(logOf(times), moment(at), times.length, 0);
        expect(found).toBe(firstAfter(times, at));
      }),
    ));

  it('and a position is itself', async () => {
    expect(await positionAt(logOf([]), 7, 100, SKEW_MS)).toBe(7);
  });
});
