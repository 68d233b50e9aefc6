import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayInVietnam, daysInMonth, isDay, isMoment, nextDay, parseMoment, yearOf } from './date.ts';

/** Temporal judges; it is of the test only, the kernel reads no clock. */
const anyDay = fc
  .integer({ min: 0, max: 3_652_058 })
  .map((days) => Temporal.PlainDate.from('0001-01-01').add({ days }))
  .map(String);

describe('days', () => {
  test.each(['2024-02-29', '2000-02-29', '0004-02-29', '2023-12-31', '0001-01-01', '9999-12-31'])(
    '%s is a day',
    (text) => expect(isDay(text)).toBe(true),
  );

  test.each([
    '2023-02-29',
    '1900-02-29',
    '2100-02-29',
    '2023-02-30',
    '2023-04-31',
    '2023-00-10',
    '2023-13-10',
    '2023-01-00',
    '2023-01-32',
    '0000-01-01',
    '2023-1-01',
    '23-01-01',
    '2023-01-01T',
    ' 2023-01-01',
    '2023/01/01',
    '',
  ])('%o is none', (text) => expect(isDay(text)).toBe(false));

  test('any four, two and two digits are a day exactly when Temporal takes them', () => {
    const two = fc.integer({ min: 0, max: 40 }).map((n) => String(n).padStart(2, '0'));
    const year = fc.integer({ min: 1, max: 9999 }).map((n) => String(n).padStart(4, '0'));
    fc.assert(
      fc.property(year, two, two, (y, m, d) => {
        const text = `${y}-${m}-${d}`;
        const real = () => String(Temporal.PlainDate.from(text)) === text;
        let expected = false;
        try {
          expected = real();
        } catch {
          // Not a day.
        }
        expect(isDay(text)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test('the lengths of months', () => {
    const lengths = (year: number) => Array.from({ length: 12 }, (_, i) => daysInMonth(year, i + 1));
    expect(lengths(2023)).toStrictEqual([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
    expect([2024, 2000, 1900, 2100, 2400].map((year) => daysInMonth(year, 2))).toStrictEqual([
      29, 29, 28, 28, 29,
    ]);
    expect([daysInMonth(2023, 0), daysInMonth(2023, 13)]).toStrictEqual([0, 0]);
  });

  test('the day after any day is the one Temporal names', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        fc.pre(day < '9999-12-31');
        expect(nextDay(day)).toBe(String(Temporal.PlainDate.from(day).add({ days: 1 })));
        expect(isDay(day)).toBe(true);
      }),
      { numRuns: 1000 },
    );
    expect(nextDay('0999-12-31')).toBe('1000-01-01');
    expect(nextDay('0009-09-30')).toBe('0009-10-01');
    expect(nextDay('0009-12-31')).toBe('0010-01-01');
  });

  test('the fiscal year is the calendar year', () => {
    expect(yearOf('2023-12-31')).toBe(2023);
    expect(yearOf('2024-01-01')).toBe(2024);
  });
});

describe('moments', () => {
  test('given no or fewer decimals of a second then all three are written', () => {
    expect(parseMoment('2023-12-31T17:00:00Z')).toBe('2023-12-31T17:00:00.000Z');
    expect(parseMoment('2023-12-31T17:00:00.5Z')).toBe('2023-12-31T17:00:00.500Z');
    expect(parseMoment('2023-12-31T23:59:59.123Z')).toBe('2023-12-31T23:59:59.123Z');
  });

  test.each([
    '2023-02-30T00:00:00.000Z',
    '2023-12-31T24:00:00.000Z',
    '2023-12-31T30:00:00.000Z',
    '2023-12-31T23:60:00.000Z',
    '2023-12-31T23:59:60.000Z',
    '2023-12-31T23:59:59.Z',
    '2023-12-31T23:59:59.1234Z',
    '2023-12-31T23:59:59.000',
    '2023-12-31T23:59:59.000+07:00',
    '2023-12-31 23:59:59.000Z',
    'x2023-12-31T23:59:59.000Z',
    '2023-12-31T23:59:59.000Zx',
    '2023-12-31',
    '',
  ])('%o is none', (text) => {
    expect(parseMoment(text)).toBeUndefined();
    expect(isMoment(text)).toBe(false);
  });

  test('the ledger writes milliseconds, so that text order is time order', () => {
    expect(isMoment('2023-12-31T17:00:00.000Z')).toBe(true);
    expect(isMoment('2023-12-31T17:00:00Z')).toBe(false);
    const any = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(isMoment(a.toISOString())).toBe(true);
        expect(a.toISOString() < b.toISOString()).toBe(a.getTime() < b.getTime());
      }),
      { numRuns: 300 },
    );
  });

  test('at 17:00 UTC it is the next day in Vietnam', () => {
    expect(dayInVietnam('2023-12-31T16:59:59.999Z')).toBe('2023-12-31');
    expect(dayInVietnam('2023-12-31T17:00:00.000Z')).toBe('2024-01-01');
  });

  test('at any moment since 1976 the day is the one Temporal gives for Asia/Ho_Chi_Minh', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1976-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        (date) => {
          const zoned = Temporal.Instant.from(date.toISOString()).toZonedDateTimeISO('Asia/Ho_Chi_Minh');
          expect(dayInVietnam(date.toISOString())).toBe(String(zoned.toPlainDate()));
        },
      ),
      { numRuns: 300 },
    );
  });
});
