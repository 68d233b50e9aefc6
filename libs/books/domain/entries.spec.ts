import { type BookEvent, type WireRange, postingsOf } from '#funds';
import { isCurrency } from '#kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FOREIGN_BANK } from '../../../tests/support/exchange-history.ts';
import { ACCOUNTS_SHAPE, accountsHistory } from '../../../tests/support/accounts-history.ts';
import { buy, lose, revalue, revise, sell } from '../../../tests/support/exchange.ts';
import { moveOwn } from '../../../tests/support/daily.ts';
import {
  approve,
  given,
  giveBack,
  id,
  line,
  openAccount,
  openBook,
  pay,
  propose,
  receive,
} from '../../../tests/support/funds.ts';
import { profileNamed, profiles } from '../profile.ts';
import { type Entry, chartCode, entriesOf } from './entries.ts';
import { legsOf } from './legs.ts';
import { emptyPast, takeOver } from './past.ts';
import { HELD_APART, type Profile } from './profile.ts';

const general = profileNamed('general') as Profile;
const vnPublic = profileNamed('vn-public') as Profile;

/** Entries of a history, fund by fund, each with its event. */
function entriesOfHistory(
  profile: Profile,
  events: readonly BookEvent[],
): { event: BookEvent; entries: Entry[] }[] {
  const pasts = new Map<string, ReturnType<typeof emptyPast>>();
  return events.map((event) => {
    const fund = event.stream.slice(0, event.stream.lastIndexOf('-'));
    const past = pasts.get(fund) ?? emptyPast();
    if (event.type === 'book.fund-taken-over.v1')
      takeOver(past, pasts.get(`book-${event.data.from}`) ?? emptyPast());
    pasts.set(fund, past);
    return { event, entries: entriesOf(profile, past, legsOf(past, event)) };
  });
}

const balances = (entries: readonly Entry[]): Record<string, bigint> => {
  const sums: Record<string, bigint> = {};
  for (const { debit, credit, commodity, amount } of entries) {
    sums[`${debit} ${commodity}`] = (sums[`${debit} ${commodity}`] ?? 0n) + amount;
    sums[`${credit} ${commodity}`] = (sums[`${credit} ${commodity}`] ?? 0n) - amount;
  }
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0n));
};

const short = (entries: readonly Entry[]): unknown[] =>
  entries.map(({ debit, credit, commodity, amount }) => [debit, credit, commodity, amount]);

const history = fc
  .record({ seed: fc.integer({ min: 1, max: 1_000_000 }), events: fc.integer({ min: 20, max: 250 }) })
  .map(({ seed, events }) => {
    // Every other one closes its year on the way, and goes on with what is found later.
    const shape = seed % 2 === 0 ? ACCOUNTS_SHAPE : { ...ACCOUNTS_SHAPE, yearEndsAfter: 60 };
    return accountsHistory(seed, events, shape).flatMap((append) => append.events as BookEvent[]);
  });

describe('entries over any history', () => {
  it.each(profiles.map((profile) => [profile.name, profile] as const))(
    'of %s: own accounts stand as the units say, each event balances, each commodity sums to 0',
    (_name, profile) => {
      fc.assert(
        fc.property(history, (events) => {
          const made = entriesOfHistory(profile, events);
          const entries = made.flatMap((each) => each.entries);
          const all = balances(entries);
          expect(Object.values(all).reduce((n, sum) => n + sum, 0n)).toBe(0n);
          const apart = new Set(HELD_APART.map((where) => profile.own[where]));
          const own: Record<string, bigint> = {};
          for (const [account, sum] of Object.entries(all)) {
            const [named = '', commodity = ''] = account.split(' ');
            const [code = '', name] = named.split(':');
            if (name === undefined || apart.has(code)) continue;
            // What goods and foreign money are worth stands beside how many there are.
            if (code === profile.own.store && isCurrency(commodity)) continue;
            // A merged fund's account is called `nh-eur.<fund>` by its successor.
            if (name.split('.')[0] === FOREIGN_BANK && commodity === 'VND') continue;
            own[`${name} ${commodity}`] = (own[`${name} ${commodity}`] ?? 0n) + sum;
          }
          const units: Record<string, bigint> = {};
          for (const event of events)
            for (const { account, commodity, amount } of postingsOf(event)) {
              const [kind, , name = ''] = account.split('/');
              if (kind === 'asset')
                units[`${name} ${commodity}`] = (units[`${name} ${commodity}`] ?? 0n) + amount;
            }
          const nonZero = (of: Record<string, bigint>): Record<string, bigint> =>
            Object.fromEntries(Object.entries(of).filter(([, sum]) => sum !== 0n));
          expect(nonZero(own)).toStrictEqual(nonZero(units));
        }),
        { numRuns: 40 },
      );
    },
  );

  const smallHistory = fc
    .record({ seed: fc.integer({ min: 1, max: 1_000_000 }), events: fc.integer({ min: 20, max: 200 }) })
    .map(({ seed, events }) =>
      accountsHistory(seed, events, {
        ...ACCOUNTS_SHAPE,
        giftMax: 60,
        ...(seed % 2 === 1 && { yearEndsAfter: 60 }),
      }).flatMap((append) => append.events as BookEvent[]),
    );

  it('of vn-public: what is not used of each source is what the units of that source say', () => {
    fc.assert(
      fc.property(smallHistory, (events) => {
        const codes: Record<string, string> = {
          voluntary: '3661',
          sponsorship: '3662',
          'state-budget': '3663',
          'foreign-aid': '3664',
          income: '3668',
          other: '3668',
        };
        const entries = entriesOfHistory(vnPublic, events).flatMap((each) => each.entries);
        const booked: Record<string, bigint> = {};
        for (const [account, sum] of Object.entries(balances(entries)))
          if (account.startsWith('366')) {
            const [name = '', commodity = ''] = account.split(' ');
            booked[`${chartCode(name)} ${commodity}`] = -sum;
          }
        expect(booked).toStrictEqual(unspentBySource(events, codes));
      }),
      { numRuns: 40 },
    );
  });
});

/**
 * The slow way: every gift's units by name, followed through moves one range at a time, and those paid taken out. Goods
 * are followed one by one, each with the single đồng of its value: a đồng falls to the good that holds its end.
 */
function unspentBySource(
  events: readonly BookEvent[],
  codes: Readonly<Record<string, string>>,
): Record<string, bigint> {
  interface Bit {
    pool: string;
    from: bigint;
    to: bigint;
    code: string;
    gone: boolean;
    /** Of one good: value by source, in đồng. */
    worth?: Readonly<Record<string, bigint>>;
  }
  let bits: Bit[] = [];
  const cut = (pool: string, from: bigint, to: bigint): Bit[] => {
    bits = bits.flatMap((bit) =>
      bit.pool !== pool || bit.to <= from || bit.from >= to
        ? [bit]
        : [
            ...(bit.from < from ? [{ ...bit, to: from }] : []),
            { ...bit, from: bit.from > from ? bit.from : from, to: bit.to < to ? bit.to : to },
            ...(bit.to > to ? [{ ...bit, from: to }] : []),
          ],
    );
    return bits
      .filter((bit) => bit.pool === pool && bit.from >= from && bit.to <= to)
      .sort((a, b) => (a.from < b.from ? -1 : 1));
  };
  const owed: Record<string, bigint> = {};
  const owe = (bit: Bit, sign: 1n | -1n): void => {
    for (const [key, amount] of sumsOfBit(bit)) owed[key] = (owed[key] ?? 0n) + sign * amount;
  };
  /** Goods one by one, `worth` of each by its place. */
  const goods = (
    pool: string,
    [low, high]: WireRange,
    of: (place: bigint, count: bigint) => Pick<Bit, 'code' | 'worth'>,
  ): void => {
    const count = BigInt(high) - BigInt(low);
    for (let place = 0n; place < count; place += 1n) {
      const from = BigInt(low) + place;
      bits.push({ pool, from, to: from + 1n, gone: false, ...of(place, count) });
    }
  };
  const drawn = new Map<string, string[]>();
  const cutAll = (pool: string, ranges: readonly WireRange[]): Bit[] =>
    ranges.flatMap(([low, high]) => cut(pool, BigInt(low), BigInt(high)));
  /** One unit after another stands for the one that was reversed. */
  const replace = (pool: string, replaced: readonly WireRange[], by: readonly WireRange[]): Bit[] => {
    const units = (ranges: readonly WireRange[]): bigint[] =>
      ranges.flatMap(([low, high]) =>
        Array.from({ length: Number(BigInt(high) - BigInt(low)) }, (_, i) => BigInt(low) + BigInt(i)),
      );
    const other = units(by);
    return units(replaced).flatMap((unit, i) => {
      const [was] = cut(pool, unit, unit + 1n);
      const [now] = cut(pool, other[i] ?? 0n, (other[i] ?? 0n) + 1n);
      if (!was || !now) throw new Error('units are covered by units that are there');
      // A paid or moved unit stays away, and so does its cover; a committed one gives its place to it.
      if (was.gone) now.gone = true;
      else was.gone = true;
      return [was];
    });
  };
  const grown: { receipt: string; range: WireRange }[] = [];
  for (const { type, data } of events) {
    if (type === 'book.receipt-adjusted.v1' && data.minted)
      grown.push({ receipt: data.receipt, range: data.minted });
    if (type === 'book.receipt-adjusted.v1') {
      for (const bit of cutAll(data.pool, data.voided)) bit.gone = true;
      if (data.minted)
        bits.push({
          pool: data.pool,
          from: BigInt(data.minted[0]),
          to: BigInt(data.minted[1]),
          code: codes[data.source] ?? '',
          gone: false,
        });
    }
    if (type === 'book.donor-refunded.v1') for (const bit of cutAll(data.pool, data.voided)) bit.gone = true;
    if (type === 'book.receipt-corrected.v1' && data.was.source !== data.now.source)
      for (const bit of cutAll(data.units.pool, [
        ...data.units.units,
        ...grown.filter(({ receipt }) => receipt === data.receipt).map(({ range }) => range),
      ]))
        recode(bit, codes[data.now.source] ?? '');
    if (type === 'book.receipt-reversed.v1') {
      for (const bit of cutAll(data.pool, data.voided)) bit.gone = true;
      for (const { replaced, by } of data.covered) replace(data.pool, replaced, by);
      for (const { units } of data.short) for (const bit of cutAll(data.pool, units)) owe(bit, -1n);
    }
    if (type === 'book.shortfall-settled.v1') {
      for (const { replaced, by } of data.covered)
        for (const bit of replace(data.pool, replaced, by)) owe(bit, 1n);
      for (const { units } of data.lifted)
        for (const bit of cutAll(data.pool, units)) {
          bit.gone = true;
          owe(bit, 1n);
        }
    }
    if (type === 'book.expense-recorded.v1')
      for (const { pool, units } of data.drawn) for (const bit of cutAll(pool, units)) bit.gone = true;
    if (type === 'book.goods-lost.v1')
      for (const { pool, units } of data.lost) for (const bit of cutAll(pool, units)) bit.gone = true;
    if (type === 'book.valuation-revised.v1') {
      const own = cutAll(data.pool, data.units);
      const [count, value] = [BigInt(own.length), BigInt(data.now.amount)];
      for (const [at, bit] of own.entries()) {
        const [begun, ended] = [BigInt(at) * value, (BigInt(at) + 1n) * value];
        bit.worth = { [bit.code]: ended / count - begun / count };
      }
    }
    if (type === 'book.goods-bought.v1' || type === 'book.currency-exchanged.v1')
      for (const { from, to, drawn: total, before } of data.exchanges) {
        const given = before === '0' ? [] : (drawn.get(from.pool) ?? []);
        for (const bit of cutAll(from.pool, from.units)) {
          for (let unit = bit.from; unit < bit.to; unit += 1n) given.push(bit.code);
          bit.gone = true;
        }
        drawn.set(from.pool, given);
        if (given.length === Number(total))
          goods(to.pool, to.minted, (place, count) => {
            // The đồng that end within this good; it counts for the source of the last one.
            const until = (n: bigint): number => Number((n * BigInt(total)) / count);
            const own = given.slice(until(place), until(place + 1n));
            const end = Number(((place + 1n) * BigInt(total) + count - 1n) / count) - 1;
            const code = given[end] ?? '';
            return type === 'book.goods-bought.v1' ? { code, worth: countOf(own) } : { code };
          });
      }
    if (type === 'book.receipt-recorded.v1' && data.commodity !== 'VND')
      goods(data.pool, data.minted, (place, count) => {
        const value = BigInt(data.valuation?.amount ?? data.rate?.base ?? 0);
        const code = codes[data.source] ?? '';
        return { code, worth: { [code]: ((place + 1n) * value) / count - (place * value) / count } };
      });
    else if (type === 'book.receipt-recorded.v1' || type === 'book.income-recorded.v1')
      bits.push({
        pool: data.pool,
        from: BigInt(data.minted[0]),
        to: BigInt(data.minted[1]),
        code: codes[data.source] ?? '',
        gone: false,
      });
    if (type === 'book.allocation-approved.v1' || type === 'book.restriction-released.v1')
      for (const { from, to } of data.moves) {
        let at = BigInt(to.minted[0]);
        for (const [low, high] of from.units)
          for (const bit of cut(from.pool, BigInt(low), BigInt(high))) {
            bits.push({ ...bit, pool: to.pool, from: at, to: at + bit.to - bit.from });
            at += bit.to - bit.from;
            bit.gone = true;
          }
      }
    if (type === 'book.allocation-reduced.v1')
      for (const { voided, restored } of data.undone) {
        for (const [low, high] of voided.units)
          for (const bit of cut(voided.pool, BigInt(low), BigInt(high))) bit.gone = true;
        for (const [low, high] of restored.units)
          for (const bit of cut(restored.pool, BigInt(low), BigInt(high))) bit.gone = false;
      }
    if (type === 'book.supplier-debt-reduced.v1')
      for (const { pool, units } of data.restored)
        for (const [low, high] of units)
          for (const bit of cut(pool, BigInt(low), BigInt(high))) bit.gone = false;
    if (type === 'book.disbursement-paid.v1' || type === 'book.disbursement-returned.v1')
      for (const { pool, units } of type === 'book.disbursement-paid.v1' ? data.settled : data.restored)
        for (const [low, high] of units)
          for (const bit of cut(pool, BigInt(low), BigInt(high)))
            bit.gone = type === 'book.disbursement-paid.v1';
  }
  const sums: Record<string, bigint> = { ...owed };
  for (const bit of bits)
    if (!bit.gone) for (const [key, amount] of sumsOfBit(bit)) sums[key] = (sums[key] ?? 0n) + amount;
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0n));
}

const countOf = (codes: readonly string[]): Record<string, bigint> => {
  const counts: Record<string, bigint> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0n) + 1n;
  return counts;
};

/** What a bit stands for by source and commodity. */
const sumsOfBit = ({
  pool,
  from,
  to,
  code,
  worth = {},
}: {
  readonly pool: string;
  readonly from: bigint;
  readonly to: bigint;
  readonly code: string;
  readonly worth?: Readonly<Record<string, bigint>>;
}): [string, bigint][] => [
  [`${code} ${pool.split('/')[1]}`, to - from],
  ...Object.entries(worth).map(([of, amount]): [string, bigint] => [`${of} VND`, amount]),
];

/** A gift's goods are of one source. */
function recode(bit: { code: string; worth?: Readonly<Record<string, bigint>> }, code: string): void {
  bit.code = code;
  if (bit.worth) bit.worth = { [code]: Object.values(bit.worth).reduce((n, each) => n + each, 0n) };
}

describe('a payment to two recipients out of two sources', () => {
  const world = given(
    openBook(),
    receive('100', { source: 'voluntary' }),
    receive('100', { source: 'state-budget' }),
    propose('150', {
      programme: 'ao-am',
      lines: [line('70', { beneficiary: 'tre-1' }), line('80', { beneficiary: 'tre-2', place: 'bk' })],
    }),
    approve(id(4)),
    pay(id(4)),
  );

  it('is booked by recipient and by source', () => {
    const paid = entriesOfHistory(vnPublic, world.log).at(-1)?.entries ?? [];
    expect(
      paid.map(({ debit, credit, amount, source, recipient, place, programme }) => [
        debit, credit, amount, source, recipient, place, programme,
      ]), // prettier-ignore
    ).toStrictEqual([
      ['6111', '111:tien-mat', 70n, 'voluntary', 'tre-1', null, 'ao-am'],
      ['3661', '5111', 70n, 'voluntary', 'tre-1', null, 'ao-am'],
      ['6111', '111:tien-mat', 30n, 'voluntary', 'tre-2', 'bk', 'ao-am'],
      ['3661', '5111', 30n, 'voluntary', 'tre-2', 'bk', 'ao-am'],
      ['6111', '111:tien-mat', 50n, 'state-budget', 'tre-2', 'bk', 'ao-am'],
      ['3663', '5113', 50n, 'state-budget', 'tre-2', 'bk', 'ao-am'],
    ]);
  });

  it('is taken back by the same accounts the other way', () => {
    const back = given(
      openBook(),
      receive('100'),
      propose('100'),
      approve(id(3)),
      pay(id(3)),
      giveBack(id(3), [{ line: 0, amount: '40' }]),
    );
    expect(short(entriesOfHistory(vnPublic, back.log).at(-1)?.entries ?? [])).toStrictEqual([
      ['111:tien-mat', '6111', 'VND', 40n],
      ['5111', '3661', 'VND', 40n],
    ]);
  });
});

describe('a restricted gift in the general profile', () => {
  it('is income with restrictions, and released when it is used', () => {
    const world = given(
      openBook(),
      receive('100', { restriction: { programme: 'ao-am' } }),
      propose('60', { programme: 'ao-am' }),
      approve(id(3)),
      pay(id(3)),
    );
    expect(entriesOfHistory(general, world.log).flatMap(({ entries }) => short(entries))).toStrictEqual([
      ['1000:tien-mat', '4100', 'VND', 100n],
      ['5000', '1000:tien-mat', 'VND', 60n],
      ['4810', '4820', 'VND', 60n],
    ]);
  });
});

describe('goods of which one gift has a value and another has none', () => {
  const world = given(
    openBook(),
    receive('3', {
      account: 'kho',
      commodity: 'xe-dap',
      valuation: { amount: '1000', commodity: 'VND', technique: 'quy-uoc' },
    }),
    receive('2', { account: 'kho', commodity: 'xe-dap' }),
    propose('4', {
      commodity: 'xe-dap',
      lines: [line('2', { beneficiary: 'tre-1' }), line('2', { beneficiary: 'tre-2' })],
    }),
    approve(id(4)),
    pay(id(4), { account: 'kho' }),
    giveBack(id(4), [{ line: 1, amount: '2' }], { account: 'kho' }),
  );
  const entries = entriesOfHistory(vnPublic, world.log);

  it('come in as pieces, with their value beside where it is known', () => {
    expect(short(entries[1]?.entries ?? [])).toStrictEqual([
      ['152:kho', '3661', 'xe-dap', 3n],
      ['152:kho', '3661', 'VND', 1000n],
    ]);
    expect(short(entries[2]?.entries ?? [])).toStrictEqual([['152:kho', '3661', 'xe-dap', 2n]]);
  });

  it('go out at the value they came in with, unknown stays unknown, and shares add up', () => {
    const out = entries.filter(({ event }) => event.type === 'book.disbursement-paid.v1');
    const expense = out.flatMap((each) => each.entries).filter(({ debit }) => debit === '6112');
    expect(short(expense)).toStrictEqual([
      ['6112', '152:kho', 'xe-dap', 2n],
      ['6112', '152:kho', 'VND', 666n],
      ['6112', '152:kho', 'xe-dap', 1n],
      ['6112', '152:kho', 'VND', 334n],
      ['6112', '152:kho', 'xe-dap', 1n],
    ]);
  });

  it('leave nothing but what came back', () => {
    const all = balances(entries.flatMap((each) => each.entries));
    expect(all['152:kho xe-dap']).toBe(3n);
    expect(all['152:kho VND']).toBe(334n);
    expect(all['3661 VND']).toBe(-334n);
  });
});

describe('goods bought, handed over and lost', () => {
  const world = given(
    openBook(),
    receive('400', { source: 'voluntary' }),
    receive('600', { source: 'state-budget' }),
    buy('3', '1000'),
    propose('1', { commodity: 'xe-dap', lines: [line('1', { beneficiary: 'tre-1' })] }),
    approve(id(5)),
    pay(id(5), { account: 'kho' }),
    lose('1'),
  );

  it('stand in the store at their cost, and leave it source by source', () => {
    const entries = entriesOfHistory(vnPublic, world.log);
    const of = (type: string): unknown[] =>
      short(entries.filter(({ event }) => event.type === type).flatMap((each) => each.entries));
    expect(of('book.goods-bought.v1')).toStrictEqual([
      ['152:kho', '111:tien-mat', 'VND', 400n],
      ['152:kho', '111:tien-mat', 'VND', 600n],
      ['152:kho', '3661', 'xe-dap', 1n],
      ['152:kho', '3663', 'xe-dap', 2n],
    ]);
    expect(of('book.disbursement-paid.v1')).toStrictEqual([
      ['6112', '152:kho', 'xe-dap', 1n],
      ['6112', '152:kho', 'VND', 333n],
      ['3661', '5111', 'xe-dap', 1n],
      ['3661', '5111', 'VND', 333n],
    ]);
    expect(of('book.goods-lost.v1')).toStrictEqual([
      ['812', '152:kho', 'VND', 67n],
      ['3661', '5111', 'VND', 67n],
      ['812', '152:kho', 'xe-dap', 1n],
      ['812', '152:kho', 'VND', 266n],
      ['3663', '5113', 'xe-dap', 1n],
      ['3663', '5113', 'VND', 266n],
    ]);
    const all = balances(entries.flatMap((each) => each.entries));
    expect([all['152:kho VND'], all['152:kho xe-dap'], all['3661 VND'], all['3663 VND']]).toStrictEqual([
      334n,
      1n,
      undefined,
      -334n,
    ]);
  });
});

describe('a gift of goods whose value is revised', () => {
  const valuation = { amount: '900', commodity: 'VND', technique: 'quy-uoc' };
  const world = given(
    openBook(),
    receive('3', { account: 'kho', commodity: 'xe-dap', valuation }),
    propose('1', { commodity: 'xe-dap' }),
    approve(id(3)),
    pay(id(3), { account: 'kho' }),
    revise(id(2), '1200'),
  );

  it('stands in the store at the new value; what was handed over is made up for', () => {
    const entries = entriesOfHistory(vnPublic, world.log);
    expect(short(entries.at(-1)?.entries ?? [])).toStrictEqual([
      ['152:kho', '3661', 'VND', 300n],
      ['6112', '152:kho', 'VND', 100n],
      ['3661', '5111', 'VND', 100n],
    ]);
    const all = balances(entries.flatMap((each) => each.entries));
    expect([all['152:kho VND'], all['3661 VND'], all['6112 VND']]).toStrictEqual([800n, -800n, 400n]);
  });
});

describe('euro received at one rate and sold at another', () => {
  const rate = { perUnit: '27000', on: '2026-02-27', source: 'vcb' };
  const euro = { commodity: 'EUR', account: 'nh-eur', source: 'foreign-aid', rate } as const;
  const sold = (received: string): Entry[] => {
    const bank = openAccount({ account: 'nh-eur', kind: 'bank' });
    const { log } = given(openBook(), bank, receive('1000', euro), sell('500', received));
    return entriesOfHistory(vnPublic, log).at(-1)?.entries ?? [];
  };

  it('are worth what they came in with, and the difference stands in an account of its own', () => {
    expect(short(sold('136000'))).toStrictEqual([
      ['3664', '112:nh-eur', 'EUR', 500n],
      ['111:tien-mat', '112:nh-eur', 'VND', 135_000n],
      ['111:tien-mat', '515', 'VND', 1_000n],
      ['5159', '3664', 'VND', 1_000n],
    ]);
    expect(short(sold('134000'))).toStrictEqual([
      ['3664', '112:nh-eur', 'EUR', 500n],
      ['111:tien-mat', '112:nh-eur', 'VND', 135_000n],
      ['635', '111:tien-mat', 'VND', 1_000n],
      ['3664', '5159', 'VND', 1_000n],
    ]);
    expect(short(sold('135000'))).toHaveLength(2);
  });
});

describe('euro valued at the rate of a day', () => {
  const rate = { perUnit: '27000', on: '2026-02-27', source: 'vcb' };
  const euro = { commodity: 'EUR', account: 'nh-eur', source: 'foreign-aid', rate } as const;
  const world = given(
    openBook(),
    openAccount({ account: 'nh-eur', kind: 'bank' }),
    openAccount({ account: 'nh-eur-2', kind: 'bank' }),
    receive('1000', euro),
    revalue('27500'),
    sell('400', '110000'),
    moveOwn('300', { from: 'nh-eur', to: 'nh-eur-2', commodity: 'EUR' }),
    revalue('26000'),
    sell('300', '81000'),
    sell('300', '81000', { account: 'nh-eur-2' }),
    revalue('26000'),
  );
  const entries = entriesOfHistory(vnPublic, world.log);

  it('takes the difference to an account of its own, each time as much as it needs', () => {
    const revalued = entries.filter(({ event }) => event.type === 'book.currency-revalued.v1');
    expect(revalued.map((each) => short(each.entries))).toStrictEqual([
      [['112:nh-eur', '413', 'VND', 5_000n]],
      // 300 cents at 260 đ are 78,000 đ; they stood at 81,000 đ and 5,000 đ were added before.
      [['413', '112:nh-eur', 'VND', 8_000n]],
      [['112:nh-eur', '413', 'VND', 3_000n]],
    ]);
  });

  it('goes to another own account with its share of the value, and leaves nothing when all is sold', () => {
    const moved = entries.filter(({ event }) => event.type === 'book.money-sent.v1');
    expect(moved.flatMap((each) => short(each.entries))).toStrictEqual([
      ['113:nh-eur', '112:nh-eur', 'EUR', 300n],
      ['113:nh-eur', '112:nh-eur', 'VND', 81_000n],
    ]);
    const all = balances(entries.flatMap((each) => each.entries));
    expect(Object.keys(all).filter((key) => /nh-eur|413|113/.test(key))).toStrictEqual([]);
  });
});
