import { type Range, mapMove } from '../../libs/kernel/index.ts';
import { fromWire } from '../../libs/funds/domain/book.ts';
import { type BookEvent, type PoolUnits, isReceipt } from '../../libs/funds/domain/events.ts';

/** An exact fraction. */
interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

const ZERO: Fraction = { n: 0n, d: 1n };
const ONE: Fraction = { n: 1n, d: 1n };
const minus = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d - b.n * a.d, d: a.d * b.d });
const plus = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
const times = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.n, d: a.d * b.d });
const over = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d, d: a.d * b.n });
const isLess = (a: Fraction, b: Fraction): boolean => a.n * b.d < b.n * a.d;
const larger = (a: Fraction, b: Fraction): Fraction => (isLess(a, b) ? b : a);
const smaller = (a: Fraction, b: Fraction): Fraction => (isLess(a, b) ? a : b);

export const each = (ranges: readonly Range[]): bigint[] =>
  ranges.flatMap(({ from, to }) => Array.from({ length: Number(to - from) }, (_, i) => from + BigInt(i)));

interface Hold {
  readonly disbursement: string;
  readonly status: 'committed' | 'paid' | 'lost';
}

/** Part of a unit that another unit, or a part of it, was minted for. */
interface From {
  unit: string;
  readonly lo: Fraction;
  readonly hi: Fraction;
}

/** What happened to every single unit: what it came from, and which disbursement holds it how. */
interface Unit {
  /** Null: a receipt minted it. A cover may change what it came from. */
  from: From[] | null;
  readonly receipt: string;
  /** In a view by effective day it may be held twice: what undid the first use is of a later day. */
  held: Hold[];
}

/** Part of a gift's unit, and where in the unit looked at it stands. */
interface Root {
  readonly receipt: string;
  readonly commodity: string;
  readonly at: readonly [lo: Fraction, hi: Fraction];
  readonly of: readonly [lo: Fraction, hi: Fraction];
}

/** A use of one unit of a gift, in the unit it was given in. */
export interface UnitUse extends Hold {
  readonly receipt: string;
  readonly commodity: string;
  /** Pool of the unit that the use holds: another than the gift's when it was moved or exchanged. */
  readonly pool: string;
}

/** Committed and paid change what holds the unit, or begin to; null ends one hold. */
function changed(held: readonly Hold[], disbursement: string, status: Hold['status'] | null): Hold[] {
  const isOwn = (hold: Hold): boolean => hold.disbursement === disbursement;
  const at = held.findIndex(isOwn);
  if (status === null) return held.filter((_, index) => index !== at);
  if (at < 0 || status === 'committed') return [...held, { disbursement, status }];
  return held.map((hold) => (isOwn(hold) ? { disbursement, status } : hold));
}

/**
 * The oracle knows no ranges and no floors: units one by one, and exact fractions of them. Who gave a unit is read
 * from all events known to the books of the year; whether a step counts also depends on its effective day. A unit of
 * a gift falls to the use that holds its end, however many uses share it through an exchange.
 */
export function usesOneByOne(
  events: readonly BookEvent[],
  knownAt: number,
  through: string,
): readonly UnitUse[] {
  const units = new Map<string, Unit>();
  const drawnFor = new Map<string, string[]>();
  const of = (pool: string, unit: bigint): Unit => {
    const found = units.get(`${pool} ${unit}`);
    if (!found) throw new Error(`no unit ${unit} in ${pool}`);
    return found;
  };
  const set = (list: readonly PoolUnits[], disbursement: string, status: Hold['status'] | null): void => {
    for (const { pool, units: ranges } of list)
      for (const unit of each(ranges.map(fromWire)))
        of(pool, unit).held = changed(of(pool, unit).held, disbursement, status);
  };
  /** The unit `by` is used in the place of another. */
  const cover = (pool: string, use: string, unit: bigint, by: bigint): void => {
    const [gone, comes] = [of(pool, unit), of(pool, by)];
    const hold = gone.held.find(({ disbursement }) => disbursement === use);
    if (hold) comes.held = [...comes.held, hold];
    gone.held = gone.held.filter((other) => other !== hold);
    for (const { from } of units.values())
      for (const source of from ?? []) if (source.unit === `${pool} ${unit}`) source.unit = `${pool} ${by}`;
  };
  const given = (pool: string, range: readonly [string, string], receipt: string): void => {
    for (const unit of each([fromWire(range)]))
      units.set(`${pool} ${unit}`, { from: null, receipt, held: [] });
  };
  for (const event of events.filter(({ position }) => position <= knownAt)) {
    const isEffective = event.effectiveOn <= through;
    if (isReceipt(event)) given(event.data.pool, event.data.minted, event.data.receipt);
    if (event.type === 'book.receipt-adjusted.v1' && event.data.minted)
      given(event.data.pool, event.data.minted, event.data.receipt);
    if (event.type === 'book.allocation-approved.v1' || event.type === 'book.restriction-released.v1')
      for (const { from, to } of event.data.moves)
        for (const { source, target } of mapMove(from.units.map(fromWire), fromWire(to.minted)))
          for (const [at, unit] of each([target]).entries())
            units.set(`${to.pool} ${unit}`, {
              from: [{ unit: `${from.pool} ${source.from + BigInt(at)}`, lo: ZERO, hi: ONE }],
              receipt: '',
              held: [],
            });
    if ('exchanges' in event.data)
      for (const { from, drawn, before, to } of event.data.exchanges) {
        const key = `${event.data.exchange} ${from.pool}`;
        const names = [
          ...(before === '0' ? [] : (drawnFor.get(key) ?? [])),
          ...each(from.units.map(fromWire)).map((unit) => `${from.pool} ${unit}`),
        ];
        drawnFor.set(key, names);
        if (BigInt(names.length) === BigInt(drawn))
          exchange(units, names, to.pool, each([fromWire(to.minted)]));
      }
    // The books of a year know only what was recorded until its close.
    const isKnown = `${event.stream.slice(-4)}-01-01` <= through;
    if (isKnown && (event.type === 'book.receipt-reversed.v1' || event.type === 'book.shortfall-settled.v1'))
      for (const { use, replaced, by } of event.data.covered)
        for (const [at, unit] of each(replaced.map(fromWire)).entries())
          cover(event.data.pool, use, unit, each(by.map(fromWire))[at] ?? -1n);
    if (!isEffective) continue;
    if (event.type === 'book.expense-recorded.v1') set(event.data.drawn, event.data.expense, 'paid');
    if (event.type === 'book.goods-lost.v1') set(event.data.lost, event.data.loss, 'lost');
    if (event.type === 'book.disbursement-approved.v1')
      set(event.data.drawn, event.data.disbursement, 'committed');
    if (event.type === 'book.disbursement-paid.v1') set(event.data.settled, event.data.disbursement, 'paid');
    if (event.type === 'book.advance-paid.v1') set(event.data.drawn, event.data.advance, 'committed');
    if (event.type === 'book.advance-settled.v1' || event.type === 'book.advance-returned.v1')
      set(event.data.restored, event.data.advance, null);
    if (event.type === 'book.supplier-debt-reduced.v1') set(event.data.restored, event.data.debt, null);
    if (event.type === 'book.disbursement-cancelled.v1' || event.type === 'book.disbursement-returned.v1')
      set(event.data.restored, event.data.disbursement, null);
  }
  const rootsOf = createRootsOf(units);
  return [...units].flatMap(([name, { held }]) => {
    if (held.length === 0) return [];
    const ends = rootsOf(name).filter(({ of: [, hi] }) => hi.n === hi.d);
    return ends.flatMap(({ receipt, commodity }) =>
      held.map((hold) => ({ ...hold, receipt, commodity, pool: name.split(' ')[0] ?? '' })),
    );
  });
}

/** Each unit minted stands for an equal stretch of those drawn. */
function exchange(
  units: Map<string, Unit>,
  drawn: readonly string[],
  pool: string,
  minted: readonly bigint[],
): void {
  const [out, into] = [BigInt(drawn.length), BigInt(minted.length)];
  for (const [at, unit] of minted.entries()) {
    const [begin, end] = [
      { n: BigInt(at) * out, d: into },
      { n: BigInt(at + 1) * out, d: into },
    ];
    const from = drawn.flatMap((name, index): From[] => {
      const own = { n: BigInt(index), d: 1n };
      const [lo, hi] = [larger(minus(begin, own), ZERO), smaller(minus(end, own), ONE)];
      return isLess(lo, hi) ? [{ unit: name, lo, hi }] : [];
    });
    units.set(`${pool} ${unit}`, { from, receipt: '', held: [] });
  }
}

/** What of which gifts a unit stands for in the end, however often it was moved or exchanged. */
function createRootsOf(units: ReadonlyMap<string, Unit>): (name: string) => readonly Root[] {
  const known = new Map<string, readonly Root[]>();
  const rootsOf = (name: string): readonly Root[] => {
    const found = known.get(name);
    if (found) return found;
    const unit = units.get(name);
    const commodity = name.split('/')[1] ?? '';
    if (!unit) throw new Error(`no unit ${name}`);
    const roots =
      unit.from === null
        ? [{ receipt: unit.receipt, commodity, at: [ZERO, ONE], of: [ZERO, ONE] } as const]
        : through(unit.from);
    known.set(name, roots);
    return roots;
  };
  const through = (from: readonly From[]): Root[] => {
    const whole = from.reduce((sum, { lo, hi }) => plus(sum, minus(hi, lo)), ZERO);
    let passed = ZERO;
    return from.flatMap(({ unit, lo, hi }) =>
      rootsOf(unit).flatMap(({ at: [begin, end], of: [first, last], ...gift }): Root[] => {
        const [low, high] = [larger(lo, begin), smaller(hi, end)];
        if (!isLess(low, high)) return [];
        const inGift = (place: Fraction): Fraction =>
          plus(first, times(over(minus(place, begin), minus(end, begin)), minus(last, first)));
        const start = passed;
        passed = plus(passed, over(minus(high, low), whole));
        return [{ ...gift, at: [start, passed], of: [inGift(low), inGift(high)] }];
      }),
    );
  };
  return rootsOf;
}
