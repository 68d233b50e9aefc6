import { type Range, intersect, sizeOf, subtract, toSet, union } from '#kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bookHistory, randomFrom } from '../../../tests/support/book-history.ts';
import { type BookState, bookKind, fromWire } from './book.ts';
import { type BookEvent, type WireRange, isReceipt } from './events.ts';
import { holdingsOf } from './holdings.ts';
import { movementsOf, poolUsesOf } from './movements.ts';
import { postingsOf } from './postings.ts';
import { substitute, coverFromWire } from './covers.ts';

/**
 * Random histories with every correction mixed in: DESIGN §4's invariants, told from the events alone and held
 * against the folded state after every command.
 */
const SHAPE = {
  funds: ['qbt-06'],
  donors: 3,
  places: ['bk.ns', 'bk.bb'],
  beneficiaries: ['tre-1'],
  programmes: ['ao-am', 'xe-dap'],
  year: 2024,
  giftMax: 12,
  receiptsPercent: 25,
  receipts: 60,
};

interface Told {
  minted: bigint;
  /** Units that will never be used again. */
  voided: Range[];
  readonly held: Map<string, Range[]>;
  short: Range[];
}

const ranges = (units: readonly WireRange[]): Range[] => units.map(fromWire);

function tell(event: BookEvent, told: Map<string, Told>): void {
  const of = (pool: string): Told => {
    const known = told.get(pool) ?? { minted: 0n, voided: [], held: new Map(), short: [] };
    told.set(pool, known);
    return known;
  };
  const mint = (pool: string, range: WireRange): void => {
    const { from, to } = fromWire(range);
    expect(from).toBe(of(pool).minted);
    of(pool).minted = to;
  };
  const voidAll = (pool: string, units: readonly Range[]): void => {
    of(pool).voided = [...union(toSet(of(pool).voided), toSet(units))];
  };
  if (isReceipt(event)) mint(event.data.pool, event.data.minted);
  if (event.type === 'book.receipt-adjusted.v1' && event.data.minted)
    mint(event.data.pool, event.data.minted);
  if (event.type === 'book.allocation-approved.v1' || event.type === 'book.restriction-released.v1')
    for (const { to } of event.data.moves) mint(to.pool, to.minted);
  if ('exchanges' in event.data)
    for (const { before, to } of event.data.exchanges) if (before === '0') mint(to.pool, to.minted);
  if (event.type === 'book.allocation-reduced.v1')
    for (const { voided } of event.data.undone) voidAll(voided.pool, ranges(voided.units));
  if (
    event.type === 'book.receipt-adjusted.v1' ||
    event.type === 'book.donor-refunded.v1' ||
    event.type === 'book.receipt-reversed.v1'
  )
    voidAll(event.data.pool, ranges(event.data.voided));
  for (const { use, takes = [], gives = [], covers } of holdingsOf(event)) {
    const change = (pool: string, to: (before: Range[]) => Range[]): void =>
      void of(pool).held.set(use, to(of(pool).held.get(use) ?? []));
    for (const { pool, units } of takes) change(pool, (before) => [...before, ...ranges(units)]);
    for (const { pool, units } of gives) change(pool, (before) => subtract(before, toSet(ranges(units))));
    if (covers) {
      const cover = coverFromWire(covers.cover);
      change(covers.pool, (before) => substitute(before, cover));
      voidAll(covers.pool, cover.replaced);
    }
  }
  if (event.type === 'book.receipt-reversed.v1')
    of(event.data.pool).short.push(...event.data.short.flatMap(({ units }) => ranges(units)));
  if (event.type === 'book.shortfall-settled.v1') {
    const { pool, covered, lifted } = event.data;
    const gone = covered.flatMap(({ replaced }) => ranges(replaced));
    const back = lifted.flatMap(({ units }) => ranges(units));
    of(pool).short = subtract(of(pool).short, toSet([...gone, ...back]));
    voidAll(pool, back);
  }
}

/** What the events tell is what the state holds, and every unit is in one place. */
function agree(book: BookState, told: ReadonlyMap<string, Told>): void {
  for (const [id, pool] of book.pools) {
    const { minted, voided, held, short } = told.get(id) ?? {
      minted: 0n,
      voided: [],
      held: new Map(),
      short: [],
    };
    expect(pool.minted).toBe(minted);
    const used = [...held.values()].flat();
    // Free, held and voided partition the minted: a set is refused where two overlap.
    const all = toSet([...pool.free, ...used, ...voided]);
    expect(all).toStrictEqual(minted === 0n ? [] : [{ from: 0n, to: minted }]);
    expect(toSet(pool.shortfalls.flatMap(({ units }) => units))).toStrictEqual(toSet(short));
    expect(sizeOf(intersect(short, toSet(used)))).toBe(sizeOf(short));
    expect(book.short.has(id)).toBe(short.length > 0);
  }
  for (const [use, { held }] of book.open)
    for (const { pool, units } of held)
      expect(sizeOf(intersect(units, toSet(told.get(pool)?.held.get(use) ?? [])))).toBe(sizeOf(units));
}

test('with corrections in any order, every unit stays in one place and every entry balances', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const book = bookKind.initial('book-qbt-06-2024');
      const told = new Map<string, Told>();
      const accounts = new Map<string, bigint>();
      const measures = new Map<string, bigint>();
      const vouchers = new Map<string, number>();
      let events = 0;
      for (const { events: made } of bookHistory(SHAPE, randomFrom(seed))) {
        for (const event of made as BookEvent[]) {
          seen.set(event.type, (seen.get(event.type) ?? 0) + 1);
          bookKind.evolve(book, event);
          tell(event, told);
          countVouchers(event, vouchers);
          const postings = postingsOf(event);
          expect(postings.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n);
          for (const { account, amount } of postings)
            accounts.set(account, (accounts.get(account) ?? 0n) + amount);
          for (const { measure, pool, amount } of [...movementsOf(event), ...poolUsesOf(event)])
            measures.set(`${measure} ${pool}`, (measures.get(`${measure} ${pool}`) ?? 0n) + amount);
        }
        agree(book, told);
        balance(book, accounts, measures);
        events += made.length;
        if (events > 200) return;
      }
    }),
    // A history that has every event; the others are random.
    { numRuns: 25, examples: [[45]] },
  );
  for (const type of [
    'book.receipt-reversed.v1',
    'book.receipt-corrected.v1',
    'book.receipt-adjusted.v1',
    'book.donor-refunded.v1',
    'book.restriction-released.v1',
    'book.shortfall-settled.v1',
    'book.voucher-voided.v1',
    'book.goods-bought.v1',
    'book.goods-lost.v1',
    'book.valuation-revised.v1',
  ])
    expect([type, (seen.get(type) ?? 0) > 0]).toStrictEqual([type, true]);
});

/** Postings and movements say what the state holds. */
function balance(
  book: BookState,
  accounts: ReadonlyMap<string, bigint>,
  measures: ReadonlyMap<string, bigint>,
): void {
  let assets = 0n;
  for (const [id, pool] of book.pools) {
    const of = (measure: string): bigint => measures.get(`${measure} ${id}`) ?? 0n;
    const free = sizeOf(pool.free);
    const short = sizeOf(pool.shortfalls.flatMap(({ units }) => units));
    expect([of('available'), of('short')]).toStrictEqual([free, short]);
    expect([-(accounts.get(`free/${id}`) ?? 0n), accounts.get(`shortfall/${id}`) ?? 0n]).toStrictEqual([
      free,
      short,
    ]);
    expect(of('received') + of('movedIn') - of('movedOut') + of('short')).toBe(
      of('available') + of('committed') + of('paid') + of('lost'),
    );
    assets += free - short - (accounts.get(`committed/${id}`) ?? 0n);
  }
  // Money that is in no pool, such as what nobody has identified, is no pool's asset.
  const own = [...accounts].filter(([name]) => !/^(free|committed|shortfall)\//.test(name));
  expect(own.reduce((sum, [, amount]) => sum + amount, 0n)).toBe(assets);
}

/** Each series has every number once, in order, voided ones included. */
function countVouchers(event: BookEvent, vouchers: Map<string, number>): void {
  const { data } = event;
  if ('part' in data && data.part > 1) return;
  const written = 'replacedBy' in data ? data.replacedBy : 'voucher' in data ? data.voucher : null;
  if (written === null) return;
  const [series = '', number = ''] = written.split('-');
  expect([written, Number(number)]).toStrictEqual([written, (vouchers.get(series) ?? 0) + 1]);
  vouchers.set(series, Number(number));
}
