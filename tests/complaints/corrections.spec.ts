import { expect, test } from 'vitest';
import type { Fact, Result } from '#kernel';
import { movementsOf, poolUsesOf, postingsOf } from '#funds';
import {
  type Step,
  type World,
  approve,
  closeBook,
  correct,
  given,
  id,
  openBook,
  pay,
  propose,
  receive,
  refund,
  reverseReceipt,
  when,
} from '../support/funds.ts';
import { lock } from '../support/periods.ts';

/** Sums that are not nothing, by their key. */
const sums = (pairs: readonly (readonly [string, bigint])[]): Record<string, bigint> => {
  const found = new Map<string, bigint>();
  for (const [key, amount] of pairs) found.set(key, (found.get(key) ?? 0n) + amount);
  return Object.fromEntries([...found].filter(([, sum]) => sum !== 0n));
};
const posted = ({ log }: World): Record<string, bigint> =>
  sums(log.flatMap(postingsOf).map(({ account, commodity, amount }) => [`${account} ${commodity}`, amount]));
const moved = ({ log }: World, through = '9999-12-31'): Record<string, bigint> =>
  sums(
    log
      .filter(({ effectiveOn }) => effectiveOn <= through)
      .flatMap((event) => [...movementsOf(event), ...poolUsesOf(event)])
      .map(({ measure, donor, amount }) => [`${measure} ${donor ?? ''}`.trim(), amount]),
  );
const code = (decided: Result<Fact[]>): string => (decided.ok ? 'ok' : decided.error.code);

test('OC#1025: a gift refunded whole leaves nothing anywhere', () => {
  const world = given(openBook(), receive('100', { donor: 'nt-1' }), refund(id(2), '100'));
  expect([posted(world), moved(world)]).toStrictEqual([{}, {}]);
});

test('OC#8034: a wrong day is put right, also of a gift that is used', () => {
  const world = given(
    openBook(),
    receive('100', { donor: 'nt-1' }),
    propose('60'),
    approve(id(3)),
    pay(id(3)),
    receive('100', { donor: 'nt-1', effectiveOn: '2026-02-10' }),
    reverseReceipt(id(2), { kind: 'wrong-entry' }),
  );
  expect(moved(world, '2026-02-28')['received nt-1']).toBe(100n);
  expect(moved(world)['received nt-1']).toBe(100n);
  expect(moved(world)['paid']).toBe(120n); // once by its line, once by its pool
  expect(world.book.short.size).toBe(0);
});

test('CiviCRM PR 33753: euro and đồng never meet in one sum', () => {
  const world = given(openBook(), receive('100'), receive('7', { commodity: 'EUR' }));
  expect(posted(world)).toStrictEqual({
    'asset/qbt-06/tien-mat VND': 100n,
    'free/qbt-06/VND/general VND': -100n,
    'asset/qbt-06/tien-mat EUR': 7n,
    'free/qbt-06/EUR/general EUR': -7n,
  });
  const euro = propose('5', { commodity: 'EUR', pools: [{ pool: 'qbt-06/VND/general', amount: '5' }] });
  expect(code(when(world, euro))).toBe('COMMODITY_WRONG');
});

test('OpenPetra#315: nothing is moved to another period by itself', () => {
  const open = (...more: Step[]): World => given(openBook(), receive('100'), ...more);
  const january = receive('5', { effectiveOn: '2026-01-15' });
  expect(code(when(open(lock(1, 'het-thang')), january))).toBe('PERIOD_LOCKED');
  expect(code(when(open(closeBook({ effectiveOn: '2026-06-30' })), january))).toBe('BOOK_CLOSED');
  expect(code(when(open(), receive('5', { effectiveOn: '2025-12-31' })))).toBe('DATE_OUTSIDE_BOOK');
});

test('OpenPetra#448: an adjustment taken back leaves the gift as it was', () => {
  const world = given(
    openBook(),
    receive('100', { donor: 'nt-1' }),
    correct(id(2), { amount: '80' }),
    correct(id(2), { amount: '100' }),
  );
  expect(moved(world)).toStrictEqual({ 'received nt-1': 100n, available: 100n });
  expect(code(when(world, refund(id(2), '101')))).toBe('REFUND_TOO_LARGE');
  expect(code(when(world, refund(id(2), '100')))).toBe('ok');
});
