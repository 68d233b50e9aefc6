import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fact, Result } from '#kernel';
import { bookHistory, randomFrom } from '../support/book-history.ts';
import { given, openBook, receive, when } from '../support/funds.ts';

const code = (decided: Result<Fact[]>): string => (decided.ok ? 'ok' : decided.error.code);

test('OCA donation PR 147: goods and money are never one receipt', () => {
  const world = given(openBook());
  expect(code(when(world, receive('2', { commodity: 'xe-dap' })))).toBe('ACCOUNT_HOLDS_OTHER');
  expect(code(when(world, receive('2', { account: 'kho' })))).toBe('ACCOUNT_HOLDS_OTHER');
  const both = given(openBook(), receive('2', { commodity: 'xe-dap', account: 'kho' }), receive('2'));
  expect(both.log.slice(1).map(({ data }) => (data as { voucher?: string }).voucher)).toStrictEqual([
    'PT-000001',
    'PT-000002',
  ]);
});

const SHAPE = {
  funds: ['qbt-06'],
  donors: 3,
  places: ['062-2021-01-01'],
  beneficiaries: ['tre-1'],
  programmes: ['ao-am'],
  year: 2024,
  giftMax: 200,
  receiptsPercent: 25,
  receipts: 60,
};
const EVENTS = 200;

test('CDNTaxReceipts#21: series have no gap, and what is voided is listed', () => {
  let voided = 0;
  fc.assert(
    fc.property(fc.nat(1_000_000), (seed) => {
      const numbers = new Map<string, Set<number>>();
      const listed = new Set<string>();
      let count = 0;
      for (const { events } of bookHistory(SHAPE, randomFrom(seed))) {
        for (const { type, data } of events) {
          const said = data as { readonly voucher?: string | null; readonly replacedBy?: string };
          for (const voucher of [said.voucher, said.replacedBy]) {
            if (typeof voucher !== 'string') continue;
            const [series = '', number] = voucher.split('-');
            numbers.set(series, (numbers.get(series) ?? new Set()).add(Number(number)));
          }
          if (type === 'book.voucher-voided.v1') listed.add(String(said.voucher));
        }
        count += events.length;
        if (count >= EVENTS) break;
      }
      voided += listed.size;
      for (const given of numbers.values())
        expect([...given].toSorted((a, b) => a - b)).toStrictEqual(Array.from(given, (_, at) => at + 1));
      for (const voucher of listed) {
        const [series = '', number] = voucher.split('-');
        expect(numbers.get(series)?.has(Number(number))).toBe(true);
      }
    }),
    { numRuns: 15 },
  );
  expect(voided).toBeGreaterThan(0);
});
