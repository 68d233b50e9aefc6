import { available, sizeOf } from '#kernel';
import { describe, expect, test } from 'vitest';
import { receiveUnidentified, identify, moveOwn } from '../../../tests/support/daily.ts';
import {
  type World,
  allocate,
  approve,
  closeBook,
  correct,
  deliver,
  giveBack,
  given,
  id,
  openBook,
  pay,
  propose,
  receive,
  reduce,
  refund,
  reverseReceipt,
  when,
} from '../../../tests/support/funds.ts';
import {
  BY_NEXT,
  NEXT,
  OLD,
  after,
  beside,
  decideMerger,
  lockBefore,
  merge,
  openNext,
} from '../../../tests/support/mergers.ts';
import type { BookEvent } from './events.ts';
import { moneyMovesOf } from './money-moves.ts';
import { movementsOf, poolUsesOf } from './movements.ts';
import { postingsOf } from './postings.ts';

const GENERAL = 'qbt-06/VND/general';
const SET_ASIDE = 'qbt-06/VND/general/programme=ao-am';
const ON = { ...BY_NEXT, effectiveOn: '2026-06-30' };

/** 2 and 3 gifts, 4 an allocation, 6 committed, 8 paid and not delivered, 10 proposed, 11 unidentified, 12 on its way. */
const busy = (): World =>
  given(
    openBook(),
    receive('1000', { donor: 'd-1' }),
    receive('5', { commodity: 'xe-dap', account: 'kho' }),
    allocate('300'),
    propose('100'),
    approve(id(5)),
    propose('50'),
    approve(id(7)),
    pay(id(7)),
    propose('20'),
    receiveUnidentified('70'),
    moveOwn('40', { to: 'khong-neu', inTransit: true }),
    lockBefore(),
  );

describe('a fund with pools, promises and open items', () => {
  const old = busy();
  const next = beside(old, openNext());
  const merged = merge(old.book, next);

  test('keeps nothing, and its book is closed', () => {
    const { book } = { book: merged.old };
    expect(book).toMatchObject({ status: 'closed', merged: { into: NEXT, on: '2026-06-30' } });
    expect([...book.pools.values()].map((pool) => sizeOf(pool.free))).toStrictEqual([0n, 0n, 0n]);
    expect([book.open.size, book.items.size, book.short.size]).toStrictEqual([0, 0, 0]);
    expect(book.balances.size).toBe(0);
  });

  test('hands its pools over as they are, unit for unit', () => {
    expect([...merged.world.book.pools]).toStrictEqual([...old.book.pools]);
  });

  test('hands over what is not finished, with who made it and the hash that an approval names', () => {
    expect([...merged.world.book.open]).toStrictEqual([...old.book.open]);
    expect([...merged.world.book.items]).toStrictEqual([...old.book.items]);
  });

  test('hands over its own accounts with what lies in them', () => {
    expect(merged.world.book.balances).toStrictEqual(
      new Map([
        ['tien-mat VND', 980n],
        ['kho xe-dap', 5n],
      ]),
    );
    expect(merged.world.book.accounts.get('khong-neu')).toBe('unstated');
  });

  test('says it in both books: the same units, amount for amount', () => {
    expect(
      merged.facts.map(({ stream, type }) => `${stream.slice(5, 11)} ${type.slice(5, -3)}`),
    ).toStrictEqual([
      'qbt-06 accounts-handed-over',
      'qbt-06 pools-handed-over',
      ...Array.from({ length: 5 }, () => 'qbt-06 disbursement-handed-over'),
      'qbt-06 items-handed-over',
      'qbt-06 merged',
      'qbt-19 fund-taken-over',
      'qbt-19 accounts-taken-over',
      'qbt-19 pools-taken-over',
      ...Array.from({ length: 5 }, () => 'qbt-19 disbursement-taken-over'),
      'qbt-19 items-taken-over',
    ]);
  });

  test('is whole by every way of counting', () => {
    const events = merged.world.log.slice(next.log.length);
    const sums = (fund: string, rows: (event: BookEvent) => readonly (readonly [string, bigint])[]) => {
      const all = new Map<string, bigint>();
      for (const event of events.filter(({ stream }) => stream.startsWith(`book-${fund}-`)))
        for (const [key, amount] of rows(event)) all.set(key, (all.get(key) ?? 0n) + amount);
      return new Map([...all].filter(([, amount]) => amount !== 0n).toSorted());
    };
    const negated = (map: Map<string, bigint>) => new Map([...map].map(([key, n]) => [key, -n]));
    const posted = (event: BookEvent) =>
      postingsOf(event).map(
        (p) => [`${p.account.replace(/qbt-\d\d/, '')} ${p.commodity}`, p.amount] as const,
      );
    expect(sums(NEXT, posted)).toStrictEqual(negated(sums(OLD, posted)));
    const counted = (event: BookEvent) =>
      [...movementsOf(event), ...poolUsesOf(event)].map(
        ({ measure, amount, pool, commodity, place, programme }) =>
          [
            [measure.replace(/movedIn|movedOut/, 'moved'), pool, commodity, place, programme].join(' '),
            measure === 'movedOut' ? -amount : amount,
          ] as const,
      );
    expect(sums(NEXT, counted)).toStrictEqual(negated(sums(OLD, counted)));
    const moved = (event: BookEvent) =>
      moneyMovesOf(event).map(
        (m) => [`${m.account} ${m.commodity}`, m.direction === 'in' ? m.amount : -m.amount] as const,
      );
    expect(sums(NEXT, moved)).toStrictEqual(negated(sums(OLD, moved)));
    for (const event of events)
      for (const { fund } of [...movementsOf(event), ...poolUsesOf(event)])
        expect(event.stream).toContain(fund);
  });

  test('leaves nothing on the account between the two', () => {
    for (const fund of [OLD, NEXT]) {
      const left = merged.world.log
        .filter(({ stream }) => stream.startsWith(`book-${fund}-`))
        .flatMap(postingsOf)
        .filter(({ account }) => account === `merger/${OLD}`)
        .reduce((sum, { amount }) => sum + amount, 0n);
      expect(left).toBe(0n);
    }
  });

  test('is answered for by its successor', () => {
    const world = after(
      merged.world,
      approve(id(10), ON),
      pay(id(10), { ...ON, account: 'tien-mat' }),
      pay(id(5), { ...ON, account: 'tien-mat' }),
      deliver(id(5), ON),
      giveBack(id(7), [{ line: 0, amount: '30' }], ON),
      deliver(id(7), ON),
      identify(id(11), { ...ON, amount: '70' }),
    );
    expect(world.book.balances.get('tien-mat VND')).toBe(980n - 20n - 100n + 30n);
    expect(available(world.book.pools.get(GENERAL)!)).toBe(1000n - 300n - 100n - 50n - 20n + 30n);
    expect(world.book.open.has(id(7))).toBe(false);
  });

  test.each([
    ['a new gift', receive('1', { effectiveOn: '2026-06-30' })],
    ['a refund', refund(id(2), '1', { effectiveOn: '2026-06-30' })],
    ['its closing', closeBook({ effectiveOn: '2026-06-30' })],
  ])('takes nothing any more: %s', (_what, step) => {
    expect(when({ book: merged.old, log: merged.world.log }, step)).toStrictEqual({
      ok: false,
      error: { code: 'FUND_MERGED', details: { fund: OLD, into: NEXT, on: '2026-06-30' } },
    });
  });

  test('has no next book', () => {
    const opened = when(given(), openBook({ year: 2027, effectiveOn: '2027-01-01' }, [merged.old]));
    expect(opened).toMatchObject({ ok: false, error: { code: 'FUND_MERGED' } });
  });
});

describe('what the old fund did is corrected in the successor’s book', () => {
  const settled = (): World =>
    given(
      openBook(),
      receive('1000', { donor: 'd-1' }),
      receive('400', { donor: 'd-2' }),
      allocate('300'),
      propose('100'),
      approve(id(5)),
      pay(id(5)),
      deliver(id(5)),
      lockBefore(),
    );
  const old = settled();
  const { world } = merge(old.book, beside(old, openNext()));

  test('a gift is refunded from its own free units', () => {
    const refunded = when(world, refund(id(3), '400', ON));
    expect(refunded.ok && refunded.value[0]).toMatchObject({
      stream: 'book-qbt-19-2026',
      data: {
        originalBook: 'book-qbt-06-2026',
        pool: GENERAL,
        account: 'tien-mat',
        voided: [['1000', '1400']],
      },
    });
  });

  test('a gift is reversed: uses of both books get other units of its pool', () => {
    const reversed = after(world, reverseReceipt(id(2), { ...ON, kind: 'bank-reversal' }));
    const [event] = reversed.log.slice(-1) as BookEvent[];
    expect(event).toMatchObject({
      type: 'book.receipt-reversed.v1',
      data: {
        originalBook: 'book-qbt-06-2026',
        covered: [
          { use: id(4), replaced: [['0', '300']], by: [['1000', '1300']] },
          { use: id(5), replaced: [['300', '400']], by: [['1300', '1400']] },
        ],
        voided: [['400', '1000']],
        short: [],
      },
    });
  });

  test('an allocation is reduced', () => {
    const reduced = after(world, reduce(id(4), '300', ON));
    expect(sizeOf(reduced.book.pools.get(SET_ASIDE)?.free ?? [])).toBe(0n);
    expect(sizeOf(reduced.book.pools.get(GENERAL)?.free ?? [])).toBe(1300n);
  });

  test('a delivered payment comes back into the pool it was paid from', () => {
    const back = after(
      world,
      giveBack(id(5), [{ line: 0, amount: '60' }], { ...ON, account: 'tien-mat-tn' }),
    );
    expect(sizeOf(back.book.pools.get(GENERAL)?.free ?? [])).toBe(1060n);
    expect(back.log.at(-1)?.data).toMatchObject({ originalBook: 'book-qbt-06-2026', account: 'tien-mat-tn' });
  });

  test('a wrong amount is corrected in the account as it is called now', () => {
    const next = beside(old, openNext({ accounts: [{ account: 'tien-mat', kind: 'cash' }] }));
    const { world: renamed } = merge(old.book, next, {
      accounts: [{ account: 'tien-mat', as: 'tien-mat-bk' }],
    });
    const corrected = after(renamed, correct(id(3), { ...ON, amount: '450' }));
    expect(corrected.log.at(-1)?.data).toMatchObject({ account: 'tien-mat-bk', minted: ['1400', '1450'] });
    expect(corrected.book.balances).toStrictEqual(new Map([['tien-mat-bk VND', 1350n]]));
  });

  test('and in the books of the years that follow', () => {
    const closed = after(world, closeBook({ ...ON }));
    const nextYear = after(
      { book: given().book, log: closed.log },
      openBook({ fund: NEXT, year: 2027, effectiveOn: '2027-01-01' }, [closed.book]),
    );
    expect([...nextYear.book.predecessors]).toStrictEqual([...world.book.predecessors]);
    expect([...nextYear.book.pools.keys()]).toStrictEqual([GENERAL, SET_ASIDE]);
  });
});

describe('a fund that is short', () => {
  const old = given(
    openBook(),
    receive('100'),
    propose('100'),
    approve(id(3)),
    reverseReceipt(id(2), { kind: 'bank-reversal' }),
    lockBefore(),
  );

  test('hands its shortfall over; what comes back fills it there', () => {
    const { world, old: ended } = merge(old.book, beside(old, openNext()));
    expect(ended.short.size).toBe(0);
    expect(world.book.pools.get(GENERAL)).toStrictEqual(old.book.pools.get(GENERAL));
    expect([...world.book.short]).toStrictEqual([GENERAL]);
    const paid = after(world, pay(id(3), { ...ON, account: 'khong-neu' }));
    const back = after(paid, giveBack(id(3), [{ line: 0, amount: '100' }], ON));
    expect(back.book.short.size).toBe(0);
    expect(sizeOf(back.book.pools.get(GENERAL)?.free ?? [])).toBe(0n);
  });
});

describe('a fund that took another one over', () => {
  test('hands on what it took over, and its accounts as they are called in the end', () => {
    const first = given(openBook(), receive('10'), lockBefore());
    const next = merge(
      first.book,
      beside(first, openNext(), receive('7', { ...BY_NEXT, account: 'tien-mat-tn' }), lockBefore(NEXT)),
    );
    const third = after(
      { book: given().book, log: next.world.log },
      openBook({ fund: 'qbt-24', accounts: [{ account: 'tien-mat', kind: 'cash' }] }),
    );
    const decided = decideMerger(next.world.book, third, {
      fund: NEXT,
      into: 'qbt-24',
      accounts: [{ account: 'tien-mat', as: 'tien-mat-bk' }],
    });
    const taken = decided.ok && decided.value.find(({ type }) => type === 'book.fund-taken-over.v1');
    expect(taken && taken.data).toMatchObject({
      predecessors: [
        { fund: NEXT, on: '2026-06-30', accounts: [{ account: 'tien-mat', as: 'tien-mat-bk' }] },
        { fund: OLD, on: '2026-06-30', accounts: [{ account: 'tien-mat', as: 'tien-mat-bk' }] },
      ],
    });
  });
});
