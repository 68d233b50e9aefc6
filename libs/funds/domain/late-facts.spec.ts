import { describe, expect, test } from 'vitest';
import { refuse } from '#kernel';
import { earn, receiveUnidentified, spend } from '../../../tests/support/daily.ts';
import {
  type Step,
  type World,
  allocate,
  approve,
  cancel,
  correct,
  deliver,
  giveBack,
  id,
  line,
  given,
  openBook,
  pay,
  propose,
  receive,
  reduce,
  refund,
  reverseReceipt,
  take,
  when,
} from '../../../tests/support/funds.ts';
import { late, lock, nextYear } from '../../../tests/support/periods.ts';

const CLOSED = 'book-qbt-06-2025';
const GIFT = id(2);
const POOL = 'qbt-06/VND/general';
const on = (day: string): { effectiveOn: string } => ({ effectiveOn: `2025-${day}` });
const DECEMBER = on('12-20');

const after = (world: World, ...steps: readonly Step[]): World =>
  steps.reduce((before, step) => {
    const { world: next, decided } = take(before, step);
    if (!decided.ok) throw new Error(JSON.stringify(decided.error));
    return next;
  }, world);

const lastOf = ({ log }: World): unknown => log.at(-1);

describe('what is found after the close', () => {
  const world = nextYear([receive('900', on('06-01'))]);
  const found = (step: Step): World => after(world, late(step, '2025-11-30', world.closed));

  test.each([
    ['a gift', receive('5'), 'book.receipt-recorded.v1'],
    ['interest', earn('5'), 'book.income-recorded.v1'],
    ['a bank fee', spend('5'), 'book.expense-recorded.v1'],
    ['money of nobody knows whom', receiveUnidentified('5'), 'book.unidentified-receipt-recorded.v1'],
  ])('%s is booked in the open year and names the closed one and its day', (_, step, type) => {
    expect(lastOf(found(step))).toMatchObject({
      type,
      stream: 'book-qbt-06-2026',
      effectiveOn: '2026-03-01',
      data: { originalBook: CLOSED, belongsTo: '2025-11-30' },
    });
  });

  test('an invoice is paid so, whose proposal and approval are of this year', () => {
    const proposed = after(world, propose('5'), approve(id(5)));
    expect(lastOf(proposed)).not.toHaveProperty('data.belongsTo');
    expect(lastOf(after(proposed, late(pay(id(5)), '2025-11-30', world.closed)))).toMatchObject({
      type: 'book.disbursement-paid.v1',
      data: { originalBook: CLOSED, belongsTo: '2025-11-30' },
    });
  });

  test('keeps to the locks of the open book', () => {
    const locked = after(world, lock(2));
    expect(
      when(locked, late(receive('1', { effectiveOn: '2026-02-01' }), '2025-01-05', world.closed)),
    ).toMatchObject({ ok: false, error: { code: 'PERIOD_LOCKED' } });
  });

  test('is not written into the closed book, on whatever day', () => {
    const { closed, log } = world;
    for (const day of ['2025-11-30', '2026-03-01'])
      expect(when({ book: closed, log }, receive('1', { effectiveOn: day }))).toStrictEqual(
        refuse('BOOK_CLOSED', { fund: 'qbt-06', year: '2025' }),
      );
  });
});

describe('what corrects an item of a closed book', () => {
  const world = nextYear([
    receive('900', { donor: 'a', ...on('06-01') }),
    allocate('100', on('06-02')),
    propose('50', on('06-03')),
    approve(id(4), on('06-04')),
    pay(id(4), on('06-05')),
    deliver(id(4), on('06-06')),
  ]);

  test.each([
    ['a wrong donor', correct(GIFT, { labels: { donor: 'b' } }), '2025-06-01'],
    ['a wrong amount', correct(GIFT, { amount: '800' }), '2025-06-01'],
    ['a refund', refund(GIFT, '5'), '2025-06-01'],
    ['a bounced gift', reverseReceipt(GIFT, { kind: 'bank-reversal' }), '2025-06-01'],
    ['an allocation reduced', reduce(id(3), '5'), '2025-06-02'],
    ['a payment that came back', giveBack(id(4), [{ line: 0, amount: '5' }]), '2025-06-05'],
  ])('%s names the book and the day it counted for there', (_, step, belongsTo) => {
    expect(lastOf(after(world, step))).toMatchObject({
      stream: 'book-qbt-06-2026',
      data: { originalBook: CLOSED, belongsTo },
    });
  });

  test('records the right gift as belonging there too', () => {
    const recordAgain = { restriction: { group: 'mo-coi' }, amount: null, account: null };
    const { log } = after(world, reverseReceipt(GIFT, { recordAgain }));
    expect(log.at(-2)).toMatchObject({
      type: 'book.receipt-recorded.v1',
      data: { originalBook: CLOSED, belongsTo: '2025-06-01' },
    });
  });

  test('says nothing of the kind about an item of this book', () => {
    const own = after(world, receive('7'));
    const { log } = after(own, correct(id(10), { amount: '6' }));
    expect(log.at(-1)).toMatchObject({ data: { originalBook: null } });
    expect(log.at(-1)).not.toHaveProperty('data.belongsTo');
  });
});

describe('a disbursement that is not finished when the year closes', () => {
  const lines = [line('20', { place: 'bk.ns' }), line('30')];
  const start = [receive('900', on('06-01')), propose('50', { lines, payee: 'ab'.repeat(32), ...DECEMBER })];
  const USE = id(3);
  const proposed = nextYear(start);
  const approved = nextYear([...start, approve(USE, DECEMBER)]);
  const paid = nextYear([
    ...start,
    approve(USE, DECEMBER),
    pay(USE, DECEMBER),
    giveBack(USE, [{ line: 1, amount: '4' }], DECEMBER),
  ]);

  test('stands in the next book as it stood, with what it holds', () => {
    for (const { book, closed } of [approved, paid]) {
      const [carried, before] = [book.open.get(USE), closed.open.get(USE)];
      // What it would draw is asked of a proposal only.
      expect(carried).toStrictEqual(before && { ...before, proposal: { ...before.proposal, pools: [] } });
    }
    expect([...proposed.book.open]).toStrictEqual([...proposed.closed.open]);
  });

  test('is approved by the hash it had, never by who proposed it, then paid and delivered', () => {
    expect(when(proposed, approve(USE, {}, 'lan'))).toStrictEqual(
      refuse('MAKER_IS_CHECKER', { person: 'lan' }),
    );
    const { book, log } = after(proposed, approve(USE), pay(USE), deliver(USE));
    expect(book.open.size).toBe(0);
    expect(log.slice(-3)).toMatchObject([
      { data: { drawn: [{ pool: POOL, units: [['0', '50']] }], lines } },
      { data: { settled: [{ pool: POOL, units: [['0', '50']] }] } },
      { data: { amount: '50' } },
    ]);
    // It was paid in this book, so nothing is late.
    for (const event of log.slice(-3)) expect(event).not.toHaveProperty('data.originalBook');
  });

  test('is cancelled, and its units are free again', () => {
    const { book } = after(approved, cancel(USE));
    expect(book.pools.get(POOL)?.free).toStrictEqual([{ from: 0n, to: 900n }]);
  });

  test('comes back from the closed book that paid it, and is delivered less that', () => {
    const back = after(paid, giveBack(USE, [{ line: 0, amount: '6' }]));
    expect(lastOf(back)).toMatchObject({
      data: { originalBook: CLOSED, belongsTo: '2025-12-20', afterDelivery: false },
    });
    expect(lastOf(after(back, deliver(USE)))).toMatchObject({
      data: { amount: '40', lines: [{ amount: '14' }, { amount: '26' }] },
    });
  });

  test('comes back after it was delivered in this book', () => {
    const back = after(paid, deliver(USE), giveBack(USE, [{ line: 0, amount: '6' }]));
    expect(lastOf(back)).toMatchObject({ data: { originalBook: CLOSED, afterDelivery: true } });
    const again = giveBack(USE, [{ line: 0, amount: '15' }]);
    expect(when(back, again)).toStrictEqual(
      refuse('RETURN_TOO_LARGE', { line: '0', asked: '15', left: '14' }),
    );
  });

  test('is not returned before the log has its delivery', () => {
    const delivered = after(paid, deliver(USE));
    const behind = giveBack(USE, [{ line: 0, amount: '1' }], {}, (history) => history.slice(0, -1));
    expect(when(delivered, behind)).toStrictEqual(refuse('HISTORY_BEHIND', { item: USE }));
  });

  test('is covered by other units when its gift is reversed in the next book', () => {
    const world = after(approved, receive('100'), reverseReceipt(GIFT));
    expect(world.book.open.get(USE)?.held).toStrictEqual([{ pool: POOL, units: [{ from: 900n, to: 950n }] }]);
  });

  test('holding more spans than an event carries goes over several, and arrives whole', () => {
    const held = Array.from({ length: 300 }, (_, i) => ({ from: BigInt(4 * i), to: BigInt(4 * i + 1) }));
    const open = approved.closed.open.get(USE);
    if (!open) throw new Error('it is open');
    const closed = {
      ...approved.closed,
      open: new Map([[USE, { ...open, held: [{ pool: POOL, units: held }] }]]),
    };
    const { log, book } = given(openBook({ year: 2027, effectiveOn: '2027-01-01' }, [closed]));
    expect(log.filter(({ type }) => type === 'book.disbursement-carried.v1').length).toBe(2);
    expect(book.open.get(USE)?.held.flatMap(({ units }) => units)).toStrictEqual(held);
  });
});
