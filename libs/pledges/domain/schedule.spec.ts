import { daysInMonth, isDay, nextDay } from '#kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FREQUENCIES, type Frequency, dueDays } from './schedule.ts';

const MONTHS: Readonly<Partial<Record<Frequency, number>>> = {
  monthly: 1,
  quarterly: 3,
  'half-yearly': 6,
  yearly: 12,
};
const pad = (n: number): string => String(n).padStart(2, '0');
const clamped = (year: number, month: number, anchor: number): string =>
  `${year}-${pad(month)}-${pad(Math.min(anchor, daysInMonth(year, month)))}`;
const days = (...asked: Parameters<typeof dueDays>): readonly string[] => {
  const found = dueDays(...asked);
  if (!found.ok) throw new Error(found.error.code);
  return found.value;
};

describe('due days', () => {
  test('NPSP#1729: a 31st gives twelve instalments a year, each on the last day of a shorter month', () => {
    expect(days({ every: 'monthly', first: '2024-01-31', anchorDay: null }, 1, 12)).toStrictEqual([
      '2024-01-31',
      '2024-02-29',
      '2024-03-31',
      '2024-04-30',
      '2024-05-31',
      '2024-06-30',
      '2024-07-31',
      '2024-08-31',
      '2024-09-30',
      '2024-10-31',
      '2024-11-30',
      '2024-12-31',
    ]);
  });

  test('NPSP#1729: every anchor day of every month and year 1975 … 2100 gives exactly n days, one a step', () => {
    for (let year = 1975; year <= 2100; year += 1)
      for (let anchor = 1; anchor <= 31; anchor += 1)
        for (const [every, step] of Object.entries(MONTHS)) {
          const month = ((year + anchor) % 12) + 1;
          const first = clamped(year, month, anchor);
          const found = days({ every: every as Frequency, first, anchorDay: anchor }, 1, 13);
          const expected = Array.from({ length: 13 }, (_, at) => {
            const months = month - 1 + at * step;
            return clamped(year + Math.floor(months / 12), (months % 12) + 1, anchor);
          });
          // Compared as text: a strict comparison of so many lists would take minutes.
          if (found.join() !== expected.join()) expect(found).toStrictEqual(expected);
        }
    expect(days({ every: 'yearly', first: '2024-02-29', anchorDay: null }, 1, 3)).toStrictEqual([
      '2024-02-29',
      '2025-02-28',
      '2026-02-28',
    ]);
  });

  test('steps of weeks are 7 and 14 days apart, over month and year ends', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1975-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        fc.constantFrom('weekly', 'every-two-weeks'),
        fc.integer({ min: 1, max: 60 }),
        (date, every, count) => {
          const first = date.toISOString().slice(0, 10);
          const found = days({ every, first, anchorDay: null }, 1, count);
          expect(found.length).toBe(count);
          let day = first;
          for (const due of found) {
            expect(due).toBe(day);
            for (let n = 0; n < (every === 'weekly' ? 7 : 14); n += 1) day = nextDay(day);
          }
        },
      ),
      { numRuns: 200, seed: 4 },
    );
  });

  test('asked for in two parts they are the same as asked for at once', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FREQUENCIES),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 40 }),
        (every, one, two) => {
          const recurrence = { every, first: '2023-01-31', anchorDay: null };
          expect([...days(recurrence, 1, one), ...days(recurrence, one + 1, one + two)]).toStrictEqual(
            days(recurrence, 1, one + two),
          );
        },
      ),
      { numRuns: 100, seed: 4 },
    );
  });

  test.each([
    [{ every: 'monthly', first: '2024-01-30', anchorDay: 31 }, 'PLEDGE_ANCHOR_DIFFERS'],
    [{ every: 'weekly', first: '2024-01-30', anchorDay: 30 }, 'PLEDGE_ANCHOR_OF_WEEKS'],
    [{ every: 'yearly', first: '9998-01-31', anchorDay: null }, 'PLEDGE_SCHEDULE_TOO_LONG'],
  ] as const)('given %j, then it is refused', (recurrence, code) => {
    expect(dueDays(recurrence, 1, 12)).toMatchObject({ ok: false, error: { code } });
  });

  test('given a short first month, then an anchor of 31 is kept', () => {
    const found = days({ every: 'monthly', first: '2023-02-28', anchorDay: 31 }, 1, 3);
    expect(found).toStrictEqual(['2023-02-28', '2023-03-31', '2023-04-30']);
    expect(found.every(isDay)).toBe(true);
  });
});
