import { describe, expect, test } from 'vitest';
import { setCap } from '../../../tests/support/daily.ts';
import { payAdvance, returnAdvance, settle, topUp } from '../../../tests/support/debts.ts';
import {
  type Step,
  type World,
  approve,
  cancel,
  closeBook,
  deliver,
  given,
  id,
  openBook,
  pay,
  propose,
  receive,
  reverseReceipt,
  when,
} from '../../../tests/support/funds.ts';
import { available } from '#kernel';
import { poolOf } from './book.ts';
import { movementsOf, poolUsesOf } from './movements.ts';
import { postingsOf } from './postings.ts';

const POOL = 'qbt-06/VND/general';
const started = (...more: Step[]): World => given(openBook(), receive('900'), ...more);
const posted = (log: World['log']): string[] =>
  log.flatMap((event) => postingsOf(event)).map(({ account, amount }) => `${account} ${amount}`);
const openIn = ({ book }: World): unknown[] =>
  [...book.items].map(([item, { kind, account, left }]) => [item, kind, account, left]);
const freeIn = ({ book }: World): bigint => available(poolOf(book, POOL));

describe('an advance for own costs', () => {
  const ADVANCE = id(3);

  test('commits its units while it is out', () => {
    const world = started(payAdvance('300', { due: '2026-03-31' }));
    expect(posted(world.log.slice(2))).toStrictEqual([
      'advance/qbt-06/nv-1 300',
      'asset/qbt-06/tien-mat -300',
      'free/qbt-06/VND/general 300',
      'committed/qbt-06/VND/general -300',
    ]);
    expect(openIn(world)).toStrictEqual([[ADVANCE, 'advance', 'nv-1', 300n]]);
    expect(world.book.items.get(ADVANCE)?.due).toBe('2026-03-31');
    expect(freeIn(world)).toBe(600n);
    expect(when(world, propose('601'))).toMatchObject({ error: { code: 'POOLS_INSUFFICIENT' } });
  });

  test('is settled by expenses out of it, with adjusting vouchers, and the rest comes back', () => {
    const world = started(
      payAdvance('300'),
      settle(ADVANCE, { amount: '120' }),
      settle(ADVANCE, { amount: '80', kind: 'other' }),
      returnAdvance(ADVANCE),
    );
    expect(world.log.slice(3).map(({ type }) => type)).toStrictEqual([
      'book.advance-settled.v1',
      'book.expense-recorded.v1',
      'book.advance-settled.v1',
      'book.expense-recorded.v1',
      'book.advance-returned.v1',
    ]);
    expect(world.log[4]?.data).toMatchObject({
      account: 'advance/nv-1',
      voucher: 'DC-000001',
      amount: '120',
      kind: 'administration',
      drawn: [{ pool: POOL, units: [['0', '120']] }],
    });
    expect(posted(world.log.slice(-1))).toStrictEqual([
      'asset/qbt-06/tien-mat 100',
      'advance/qbt-06/nv-1 -100',
      'committed/qbt-06/VND/general 100',
      'free/qbt-06/VND/general -100',
    ]);
    expect([openIn(world), world.book.advances.size, freeIn(world)]).toStrictEqual([[], 0, 700n]);
    expect(world.book.vouchers).toStrictEqual({ receipt: 2, payment: 1, adjustment: 2 });
    const sums = new Map<string, bigint>();
    for (const event of world.log)
      for (const { measure, pool, amount } of [...movementsOf(event), ...poolUsesOf(event)])
        sums.set(`${measure} ${pool}`, (sums.get(`${measure} ${pool}`) ?? 0n) + amount);
    expect(Object.fromEntries(sums)).toStrictEqual({
      [`received ${POOL}`]: 900n,
      [`available ${POOL}`]: 700n,
      'committed null': 0n,
      [`committed ${POOL}`]: 0n,
      'paid null': 200n,
      [`paid ${POOL}`]: 200n,
    });
  });

  test('that was not enough is topped up, then settled with all that was spent', () => {
    const world = started(payAdvance('300'), topUp(ADVANCE, '50'), settle(ADVANCE));
    expect(world.log.at(-1)?.data).toMatchObject({ amount: '350', account: 'advance/nv-1' });
    expect([openIn(world), freeIn(world)]).toStrictEqual([[], 550n]);
  });

  test('several of one person are open side by side', () => {
    expect(openIn(started(payAdvance('300'), payAdvance('50')))).toStrictEqual([
      [ADVANCE, 'advance', 'nv-1', 300n],
      [id(4), 'advance', 'nv-1', 50n],
    ]);
  });

  test('is settled under the cap on own costs', () => {
    const world = started(setCap(), payAdvance('300'));
    expect(when(world, settle(id(4)))).toMatchObject({
      error: { code: 'ADMIN_CAP_EXCEEDED', details: { asked: '300', left: '45' } },
    });
    expect(when(world, settle(id(4), { amount: '45' })).ok).toBe(true);
  });

  test('whose units were of a reversed gift holds others, and is settled with them', () => {
    const world = started(payAdvance('300'), receive('400'), reverseReceipt(id(2)), settle(ADVANCE));
    expect(world.log.at(-1)?.data).toMatchObject({ drawn: [{ pool: POOL, units: [['900', '1200']] }] });
    expect([openIn(world), freeIn(world)]).toStrictEqual([[], 100n]);
  });

  test('goes on in the next book with what it holds', () => {
    const { book } = started(payAdvance('300', { due: '2026-12-31', purpose: 'di-lai' }), closeBook());
    const on = { effectiveOn: '2027-01-01' };
    const next = given(openBook({ year: 2027, ...on }, [book]));
    expect(
      next.log.filter(({ type }) => type.includes('carried')).map(({ type, data }) => [type, data]),
    ).toMatchObject([
      ['book.pool-carried.v1', {}],
      ['book.account-carried.v1', { amount: '600' }],
      ['book.open-item-carried.v1', { item: ADVANCE, kind: 'advance', amount: '300', due: '2026-12-31' }],
      ['book.advance-carried.v1', { advance: ADVANCE, held: [{ pool: POOL, units: [['0', '300']] }] }],
    ]);
    expect([next.book.advances, next.book.items]).toStrictEqual([book.advances, book.items]);
  });
});

describe('an advance for a disbursement', () => {
  const [DISBURSEMENT, ADVANCE] = [id(3), id(5)];
  const approved = (...more: Step[]): World =>
    started(
      propose('300'),
      approve(DISBURSEMENT),
      payAdvance('200', { disbursement: DISBURSEMENT }),
      ...more,
    );

  test('commits nothing more: the approval has', () => {
    const world = approved();
    expect(posted(world.log.slice(-1))).toStrictEqual([
      'advance/qbt-06/nv-1 200',
      'asset/qbt-06/tien-mat -200',
    ]);
    expect(freeIn(world)).toBe(600n);
  });

  test('keeps it from being paid or cancelled another way until it comes back', () => {
    for (const step of [
      pay(DISBURSEMENT),
      cancel(DISBURSEMENT),
      payAdvance('1', { disbursement: DISBURSEMENT }),
    ])
      expect(when(approved(), step)).toMatchObject({
        error: { code: 'ADVANCE_OUT', details: { disbursement: DISBURSEMENT, advance: ADVANCE } },
      });
    expect(when(approved(returnAdvance(ADVANCE)), pay(DISBURSEMENT)).ok).toBe(true);
  });

  test('goes on with it in the next book, and is settled there', () => {
    const { book } = approved(topUp(ADVANCE, '100'), closeBook());
    const on = { effectiveOn: '2027-01-01' };
    const next = given(openBook({ year: 2027, ...on }, [book]));
    expect(next.book.advances).toStrictEqual(book.advances);
    const decided = settle(ADVANCE, { kind: null, ...on }).decide(next, {
      commandId: id(9),
      actor: 'lan',
      recordedAt: '2027-01-02T00:00:00.000Z',
      today: '2027-01-02',
    });
    expect(decided).toMatchObject({
      ok: true,
      value: [
        { type: 'book.advance-settled.v1', data: { forDisbursement: DISBURSEMENT, left: '0' } },
        { type: 'book.disbursement-paid.v1', data: { account: 'advance/nv-1' } },
      ],
    });
  });

  test('topped up to all of it pays it when it is settled', () => {
    const world = approved(topUp(ADVANCE, '100'), settle(ADVANCE, { kind: null }), deliver(DISBURSEMENT));
    expect(world.log.slice(-3).map(({ type }) => type)).toStrictEqual([
      'book.advance-settled.v1',
      'book.disbursement-paid.v1',
      'book.disbursement-delivered.v1',
    ]);
    expect(posted(world.log.slice(-3))).toStrictEqual([
      'committed/qbt-06/VND/general 300',
      'advance/qbt-06/nv-1 -300',
    ]);
    expect(world.log.at(-2)?.data).toMatchObject({ voucher: 'DC-000001', account: 'advance/nv-1' });
    expect([openIn(world), world.book.open.size]).toStrictEqual([[], 0]);
  });
});
