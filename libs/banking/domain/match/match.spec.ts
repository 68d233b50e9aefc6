import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { squeeze } from '../words.ts';
import { candidatesFor } from './candidates.ts';
import { fingerprintOf, learn } from './learn.ts';
import { RULES, type RuleId, matchByRules } from './match.ts';
import { type Knowledge, type OpenEntry, type OpenLine, dayNumber } from './open.ts';
import { ownReferences, referenceFinder } from './references.ts';
import { SUBSET_STEPS_MAX, subsetsOf } from './subsets.ts';

const line = (id: string, amount: bigint, text = '', day = '2026-03-01'): OpenLine => ({
  line: id,
  day,
  amount,
  direction: 'in',
  squeezed: squeeze(text),
  fingerprint: fingerprintOf(text, null),
});
const entry = (id: string, amount: bigint, change: Partial<OpenEntry> = {}): OpenEntry => ({
  entry: id,
  fund: 'qbt-06',
  day: '2026-03-01',
  amount,
  direction: 'in',
  voucher: null,
  donor: null,
  pledge: null,
  ...change,
});
const knowledge: Knowledge = {
  referencesOf: ownReferences,
  nameOf: ({ donor }) => (donor === 'd-an' ? 'NGUYENVANAN' : undefined),
  learned: new Map([['cong ty hoa sen', 'd-hs']]),
};
const found = (lines: OpenLine[], entries: OpenEntry[], rules: readonly RuleId[] = RULES): unknown[] =>
  matchByRules(lines, entries, knowledge, rules).map((match) => [
    match.rule,
    match.lines.map((one) => one.line),
    match.entries.map((one) => one.entry),
  ]);

describe('by rules', () => {
  test('a reference is found however the bank cut the narrative', () => {
    const entries = [entry('e1', 5n, { voucher: 'PT-000123' }), entry('e2', 5n, { voucher: 'PT-000124' })];
    expect(
      found([line('l1', 5n, 'MBVCB.9.pt 0001-23.CT tu'), line('l2', 5n, 'PT0001 24')], entries),
    ).toStrictEqual([
      ['reference', ['l1'], ['e1']],
      ['reference', ['l2'], ['e2']],
    ]);
  });

  test('a number that goes on is another number', () => {
    expect(
      found([line('l1', 5n, 'PT0001234')], [entry('e1', 5n, { voucher: 'PT-000123' })], ['reference']),
    ).toStrictEqual([]);
  });

  test('a reference with other money, on the other side or long ago is no match', () => {
    const text = 'PT000123';
    for (const change of [{}, { direction: 'out' as const }, { day: '2026-01-01' }]) {
      const amount = Object.keys(change).length === 0 ? 6n : 5n;
      expect(
        found([line('l1', 5n, text)], [entry('e1', amount, { voucher: 'PT-000123', ...change })]),
      ).toStrictEqual([]);
    }
  });

  test('one line settles many entries under one reference, and many lines one entry', () => {
    const pledged = { pledge: 'cam-ket-2026-7' };
    expect(
      found([line('l1', 5n, 'camket20267')], [entry('e1', 2n, pledged), entry('e2', 3n, pledged)]),
    ).toStrictEqual([['reference-sum', ['l1'], ['e1', 'e2']]]);
    expect(
      found([line('l1', 2n, 'CAMKET20267'), line('l2', 3n, 'CAMKET20267')], [entry('e1', 5n, pledged)]),
    ).toStrictEqual([['reference-sum', ['l1', 'l2'], ['e1']]]);
  });

  test('names and learned payers decide with the money', () => {
    expect(
      found([line('l1', 5n, 'NGUYEN VAN AN gui')], [entry('e1', 5n, { donor: 'd-an' }), entry('e2', 5n)]),
    ).toStrictEqual([['name', ['l1'], ['e1']]]);
    expect(
      found([line('l1', 5n, 'Công ty Hoa Sen 03/2026')], [entry('e1', 5n, { donor: 'd-hs' })]),
    ).toStrictEqual([['learned', ['l1'], ['e1']]]);
  });

  test('what is ambiguous stays for a person', () => {
    const twins = [entry('e1', 5n, { donor: 'd-an' }), entry('e2', 5n, { donor: 'd-an' })];
    expect(found([line('l1', 5n, 'NGUYEN VAN AN')], twins)).toStrictEqual([]);
    expect(
      found([line('l1', 5n, 'NGUYEN VAN AN'), line('l2', 5n, 'NGUYEN VAN AN')], twins.slice(0, 1)),
    ).toStrictEqual([]);
  });

  test('of entries on several days the one of the line’s own day is taken', () => {
    const entries = [
      entry('e1', 5n, { donor: 'd-an', day: '2026-02-27' }),
      entry('e2', 5n, { donor: 'd-an' }),
    ];
    expect(found([line('l1', 5n, 'NGUYEN VAN AN')], entries)).toStrictEqual([['name', ['l1'], ['e2']]]);
  });

  test('money and day alone decide only when asked to', () => {
    const [lines, entries] = [[line('l1', 5n)], [entry('e1', 5n)]];
    expect(matchByRules(lines, entries, knowledge)).toStrictEqual([]);
    expect(found(lines, entries)).toStrictEqual([['amount-day', ['l1'], ['e1']]]);
  });

  test('the answer does not depend on the order, uses each side once, and is even', () => {
    const texts = fc.constantFrom('PT000001', 'PT000002 PT000003', 'NGUYEN VAN AN', 'cong ty hoa sen', '');
    const days = fc.constantFrom('2026-03-01', '2026-03-02', '2026-03-20');
    const lines = fc.array(fc.tuple(fc.bigInt(1n, 4n), texts, days), { maxLength: 12 });
    const entries = fc.array(
      fc.record({
        amount: fc.bigInt(1n, 4n),
        day: days,
        voucher: fc.constantFrom(null, 'PT-000001', 'PT-000002', 'PT-000003'),
        donor: fc.constantFrom(null, 'd-an', 'd-hs'),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(lines, entries, fc.nat(), (madeLines, madeEntries, turn) => {
        const open = madeLines.map(([amount, text, day], i) => line(`l${i}`, amount, text, day));
        const booked = madeEntries.map(({ amount, ...change }, i) => entry(`e${i}`, amount, change));
        const turned = <T>(list: T[]): T[] =>
          [...list.slice(turn % 7), ...list.slice(0, turn % 7)].toReversed();
        const key = (value: unknown): string => JSON.stringify(value);
        const answer = found(open, booked).map(key).toSorted();
        expect(found(turned(open), turned(booked)).map(key).toSorted()).toStrictEqual(answer);
        const matches = matchByRules(open, booked, knowledge, RULES);
        for (const side of ['lines', 'entries'] as const) {
          const used = matches.flatMap((match): readonly object[] => match[side]);
          expect(new Set(used).size).toBe(used.length);
        }
        for (const match of matches) {
          const sum = (side: readonly { amount: bigint }[]): bigint =>
            side.reduce((all, { amount }) => all + amount, 0n);
          expect(sum(match.lines)).toBe(sum(match.entries));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('candidates', () => {
  test('stand by weight, then day and id; sums are among them', () => {
    const entries = [
      entry('e1', 5n, { day: '2026-03-03' }),
      entry('e2', 2n, { voucher: 'PT-000009' }),
      entry('e3', 3n),
      entry('e4', 5n, { donor: 'd-an' }),
    ];
    const ranked = candidatesFor(line('l1', 5n, 'PT000009 NGUYEN VAN AN'), entries, knowledge);
    expect(ranked.map((one) => [one.entries.map((e) => e.entry), one.reasons, one.difference])).toStrictEqual(
      [
        [['e2'], ['reference', 'day'], 3n],
        [['e4'], ['amount', 'name', 'day'], 0n],
        [['e1'], ['amount'], 0n],
        [['e2', 'e3'], ['sum'], 0n],
      ],
    );
  });
});

test('a sum is found when there is one, and the search is bounded', () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt(1n, 50n), { minLength: 2, maxLength: 10 }), (amounts) => {
      const target = amounts.slice(0, 3).reduce((sum, amount) => sum + amount, 0n);
      const sets = subsetsOf(amounts, target, 3);
      expect(sets.length).toBeGreaterThan(0);
      for (const set of sets) expect(set.reduce((sum, at) => sum + (amounts[at] ?? 0n), 0n)).toBe(target);
    }),
  );
  const even = Array.from({ length: 24 }, (_, i) => BigInt(2 * i + 1_000_000));
  expect(subsetsOf(even, 6_000_001n, 1)).toStrictEqual([]);
  expect(SUBSET_STEPS_MAX).toBeLessThan(1_000_000);
});

test('references are found as a search one by one would find them', () => {
  const letters = fc.string({ unit: fc.constantFrom('A', 'B', '1', '2'), minLength: 6, maxLength: 9 });
  fc.assert(
    fc.property(
      fc.array(letters, { maxLength: 6 }),
      fc.string({ unit: fc.constantFrom('A', 'B', '1', '2'), maxLength: 30 }),
      (references, text) => {
        const hits = references.filter((reference) =>
          [...text].some(
            (_, at) =>
              text.startsWith(reference, at) &&
              !(/\d$/.test(reference) && /\d/.test(text.charAt(at + reference.length))),
          ),
        );
        const longest = [...new Set(hits)].filter(
          (one) => !hits.some((other) => other !== one && other.includes(one)),
        );
        expect([...referenceFinder(references).find(text)].toSorted()).toStrictEqual(longest.toSorted());
      },
    ),
    { numRuns: 500 },
  );
});

test('a rule is learned from people who agree, and unlearned when they do not', () => {
  const one = { fingerprint: 'cong ty hoa sen', party: 'd-hs' };
  expect([...learn([one])]).toStrictEqual([]);
  expect([...learn([one, one])]).toStrictEqual([['cong ty hoa sen', 'd-hs']]);
  expect([...learn([one, one, { ...one, party: 'd-an' }])]).toStrictEqual([]);
  expect(fingerprintOf('Công ty Hoa Sen T3/2026 lần 12', null)).toBe(
    fingerprintOf('CONG TY HOA SEN T4/2026 lan 7', null),
  );
});

test('days are counted across months and leap years', () => {
  const days = [
    '2023-12-31',
    '2024-01-01',
    '2024-02-28',
    '2024-02-29',
    '2024-03-01',
    '2024-12-31',
    '2025-01-01',
  ];
  const counts = days.map((day) => dayNumber(day) - dayNumber('2023-12-31'));
  expect(counts).toStrictEqual([0, 1, 59, 60, 61, 366, 367]);
});
