import { available, sizeOf } from '#kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Step,
  type World,
  allocate,
  approve,
  cancel,
  covers,
  deliver,
  emptyWorld,
  giveBack,
  line,
  openBook,
  pay,
  propose,
  receive,
  reduce,
  reject,
  take,
} from '../../../tests/support/funds.ts';
import { toWire } from './book.ts';
import type { BookEvent, PoolUnits, WireRange } from './events.ts';
import { type Movement, movementsOf, poolUsesOf } from './movements.ts';
import { postingsOf } from './postings.ts';
import { type Designation, type Restriction, offeringOrder, poolId, poolKey } from './restriction.ts';

/**
 * Random histories of one book, decided by the deciders and told along by a model that knows nothing but
 * single units. After every accepted command the two must agree unit by unit, and so must the movements and
 * the postings of the events.
 */

const KINDS = [
  'receive',
  'allocate',
  'reduce',
  'propose',
  'approve',
  'reject',
  'cancel',
  'pay',
  'deliver',
  'return',
] as const;
type Kind = (typeof KINDS)[number];

interface Command {
  readonly kind: Kind;
  readonly amount: number;
  readonly second: number;
  /** Chooses among the items or pools the command can act on. */
  readonly pick: number;
  /** Acts on any item, also one in the wrong state. */
  readonly stray: boolean;
  readonly restriction: Restriction;
  readonly designation: Designation;
  readonly programme: string | null;
  readonly place: string | null;
  readonly named: boolean;
  readonly month: number;
}

const weights: Record<Kind, number> = {
  receive: 6,
  allocate: 5,
  reduce: 3,
  propose: 6,
  approve: 6,
  reject: 1,
  cancel: 2,
  pay: 4,
  deliver: 2,
  return: 3,
};
const places = fc.constantFrom('bk', 'bk.ns', 'bk.pn');
const programmes = fc.constantFrom('ao-am', 'hoc-bong');
const command = fc.record<Command>({
  kind: fc.oneof(...KINDS.map((kind) => ({ weight: weights[kind], arbitrary: fc.constant(kind) }))),
  amount: fc.integer({ min: 1, max: 30 }),
  second: fc.integer({ min: 0, max: 12 }),
  pick: fc.nat(30),
  stray: fc.integer({ min: 0, max: 9 }).map((n) => n === 9),
  restriction: fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: places.map((place) => ({ place })) },
    { weight: 1, arbitrary: programmes.map((programme) => ({ programme })) },
    { weight: 1, arbitrary: fc.constant({ place: 'bk', until: '2026-04-30' }) },
  ),
  designation: fc.oneof(
    programmes.map((programme) => ({ programme })),
    places.map((place) => ({ place })),
    fc.constant({ programme: 'ao-am', place: 'bk.ns' }),
  ),
  programme: fc.option(programmes),
  place: fc.option(places, { freq: 4 }),
  named: fc.boolean(),
  month: fc.integer({ min: 1, max: 6 }),
});

type Unit = readonly [pool: string, unit: number];

/** Every unit by itself. */
interface Model {
  readonly minted: Map<string, number>;
  readonly free: Set<string>;
  readonly allocations: Map<string, { readonly from: Unit; readonly to: Unit }[]>;
  readonly disbursements: Map<
    string,
    { state: string; lines: number[]; held: Unit[]; readonly for: Command }
  >;
}

const unitKey = ([pool, unit]: Unit): string => `${pool}#${unit}`;

const freeOf = (model: Model, pool: string): Unit[] =>
  Array.from({ length: model.minted.get(pool) ?? 0 }, (_, unit): Unit => [pool, unit]).filter((unit) =>
    model.free.has(unitKey(unit)),
  );

const mintUnits = (model: Model, pool: string, amount: number): Unit[] => {
  const from = model.minted.get(pool) ?? 0;
  model.minted.set(pool, from + amount);
  const units = Array.from({ length: amount }, (_, n): Unit => [pool, from + n]);
  for (const unit of units) model.free.add(unitKey(unit));
  return units;
};

const drawUnits = (model: Model, pool: string, amount: number): Unit[] => {
  const units = freeOf(model, pool).slice(0, amount);
  expect(units).toHaveLength(amount);
  for (const unit of units) model.free.delete(unitKey(unit));
  return units;
};

const freeUnits = (model: Model, units: readonly Unit[]): void => {
  expect(units.filter((unit) => model.free.has(unitKey(unit)))).toStrictEqual([]);
  for (const unit of units) model.free.add(unitKey(unit));
};

const unitsIn = (pool: string, ranges: readonly WireRange[]): Unit[] =>
  ranges.flatMap(([from, to]) =>
    Array.from({ length: Number(to) - Number(from) }, (_, n): Unit => [pool, Number(from) + n]),
  );
const unitsOf = (held: readonly PoolUnits[]): Unit[] =>
  held.flatMap(({ pool, units }) => unitsIn(pool, units));
const sorted = (units: readonly Unit[]): string[] => units.map(unitKey).toSorted();

/** Written again, the plain way, so that the deciders are not judged by themselves. */
function mayServe(pool: string, use: Command, on: string): boolean {
  const { restriction, designation } = poolKey(pool);
  return [restriction, designation].every(
    (limits: Restriction) =>
      (!limits.programme || limits.programme === use.programme) &&
      (!limits.place || (use.place !== null && covers(limits.place, use.place))) &&
      (!limits.until || on <= limits.until),
  );
}

const dayOf = (c: Command): string => `2026-0${c.month}-15`;

interface Chosen {
  readonly kind: Kind;
  readonly step: Step;
  /** The item acted on. */
  readonly item: string;
}

/** The command as a step on an item the model knows; where there is none to act on, a receipt. */
function stepOf(c: Command, model: Model): Chosen {
  const inState = (...states: string[]): string[] =>
    [...model.disbursements].filter(([, d]) => c.stray || states.includes(d.state)).map(([id]) => id);
  const fresh = (step: Step, kind: Kind = c.kind): Chosen => ({ kind, step, item: '' });
  const on = (ids: readonly string[], step: (id: string) => Step): Chosen => {
    const item = ids[c.pick % Math.max(1, ids.length)];
    return item === undefined ? gift('receive') : { kind: c.kind, step: step(item), item };
  };
  const gift = (kind: Kind): Chosen =>
    fresh(receive(amount, { restriction: c.restriction, effectiveOn }), kind);
  const amount = String(c.amount);
  const effectiveOn = dayOf(c);
  const pools = [...model.minted.keys()];
  const pool = pools[c.pick % Math.max(1, pools.length)];
  const named = c.named && pool !== undefined ? { pools: [{ pool, amount }] } : {};
  const lines = c.second > 0 && c.second < c.amount ? [c.second, c.amount - c.second] : [c.amount];
  const steps: Record<Kind, () => Chosen> = {
    receive: () => gift('receive'),
    allocate: () => fresh(allocate(amount, { designation: c.designation, effectiveOn, ...named })),
    reduce: () => on([...model.allocations.keys()], (id) => reduce(id, String(c.second + 1))),
    propose: () =>
      fresh(
        propose(amount, {
          programme: c.programme,
          lines: lines.map((part) => line(String(part), { place: c.place })),
          effectiveOn,
          ...named,
        }),
      ),
    approve: () => on(inState('proposed'), (id) => approve(id, { effectiveOn })),
    reject: () => on(inState('proposed'), (id) => reject(id)),
    cancel: () => on(inState('proposed', 'approved'), (id) => cancel(id)),
    pay: () => on(inState('approved'), (id) => pay(id)),
    deliver: () => on(inState('paid'), (id) => deliver(id)),
    return: () =>
      on(inState('paid', 'delivered'), (id) =>
        giveBack(
          id,
          [c.amount, c.second].flatMap((n, index) => {
            const left = model.disbursements.get(id)?.lines[index] ?? 0;
            const part = c.stray ? n : Math.min(n, left);
            return part > 0 ? [{ line: index, amount: String(part) }] : [];
          }),
        ),
      ),
  };
  return steps[c.kind]();
}

/** What the events should say, told by the model, which moves on. */
function tell(c: Command, item: string, events: readonly BookEvent[], model: Model): void {
  const [first] = events;
  if (first === undefined) throw new Error('an accepted command leads to facts');
  const disbursement = model.disbursements.get(item);
  switch (first.type) {
    case 'book.receipt-recorded.v1': {
      const pool = poolId({ fund: 'qbt-06', commodity: 'VND', restriction: c.restriction, designation: {} });
      expect(unitsIn(first.data.pool, [first.data.minted])).toStrictEqual(mintUnits(model, pool, c.amount));
      return;
    }
    case 'book.allocation-approved.v1': {
      const moves = first.data.moves.map(({ from, to }) => {
        const { restriction, designation } = poolKey(to.pool);
        expect(designation).toStrictEqual(c.designation);
        expect(restriction).toStrictEqual(poolKey(from.pool).restriction);
        if (restriction.place && designation.place)
          expect(covers(restriction.place, designation.place)).toBe(true);
        if (restriction.programme && designation.programme)
          expect(restriction.programme).toBe(designation.programme);
        const drawn = unitsOf([from]);
        expect(drawn).toStrictEqual(drawUnits(model, from.pool, drawn.length));
        const minted = mintUnits(model, to.pool, drawn.length);
        expect(unitsIn(to.pool, [to.minted])).toStrictEqual(minted);
        return drawn.map((unit, index) => ({ from: unit, to: minted[index] ?? ['', -1] }) as const);
      });
      expect(moves.flat()).toHaveLength(c.amount);
      model.allocations.set(first.data.allocation, moves.flat());
      return;
    }
    case 'book.allocation-reduced.v1': {
      const last = (model.allocations.get(item) ?? [])
        .filter(({ to }) => model.free.has(unitKey(to)))
        .slice(-Number(first.data.amount));
      expect(last).toHaveLength(Number(first.data.amount));
      for (const { voided, restored } of first.data.undone) {
        const pairs = new Map(last.map(({ from, to }) => [unitKey(to), unitKey(from)]));
        expect(unitsOf([voided]).map((unit) => pairs.get(unitKey(unit)))).toStrictEqual(
          unitsOf([restored]).map(unitKey),
        );
      }
      expect(sorted(unitsOf(first.data.undone.map((u) => u.voided)))).toStrictEqual(
        sorted(last.map((p) => p.to)),
      );
      for (const { to } of last) model.free.delete(unitKey(to));
      freeUnits(
        model,
        last.map(({ from }) => from),
      );
      return;
    }
    case 'book.disbursement-proposed.v1': {
      const pools = first.data.pools.map((p) => p.pool);
      for (const pool of pools) expect(mayServe(pool, c, first.effectiveOn)).toBe(true);
      if (!c.named) {
        expect(pools).toStrictEqual(pools.toSorted(offeringOrder));
        for (const { pool, amount } of first.data.pools.slice(0, -1))
          expect(freeOf(model, pool)).toHaveLength(Number(amount));
      }
      model.disbursements.set(first.data.disbursement, {
        state: 'proposed',
        lines: first.data.lines.map((l) => Number(l.amount)),
        held: [],
        for: c,
      });
      return;
    }
    default:
  }
  if (disbursement === undefined) throw new Error(`${first.type} is about a disbursement`);
  switch (first.type) {
    case 'book.disbursement-approved.v1': {
      const { drawn } = first.data;
      for (const { pool } of drawn) expect(mayServe(pool, disbursement.for, first.effectiveOn)).toBe(true);
      const held = drawn.flatMap((units) => drawUnits(model, units.pool, unitsOf([units]).length));
      expect(unitsOf(drawn)).toStrictEqual(held);
      expect(held).toHaveLength(disbursement.lines.reduce((a, b) => a + b, 0));
      Object.assign(disbursement, { state: 'approved', held });
      return;
    }
    case 'book.disbursement-rejected.v1':
      disbursement.state = 'rejected';
      return;
    case 'book.disbursement-cancelled.v1':
      expect(unitsOf(first.data.restored)).toStrictEqual(disbursement.held);
      freeUnits(model, disbursement.held);
      Object.assign(disbursement, { state: 'cancelled', held: [] });
      return;
    case 'book.disbursement-paid.v1':
      expect(unitsOf(first.data.settled)).toStrictEqual(disbursement.held);
      disbursement.state = 'paid';
      return;
    case 'book.disbursement-delivered.v1':
      expect(first.data.amount).toBe(String(disbursement.held.length));
      disbursement.state = 'delivered';
      return;
    case 'book.disbursement-returned.v1': {
      const back = first.data.lines.map((l) => Number(l.amount));
      const count = back.reduce((a, b) => a + b, 0);
      const last = disbursement.held.splice(disbursement.held.length - count);
      expect(unitsOf(first.data.restored)).toStrictEqual(last);
      expect(first.data.afterDelivery).toBe(disbursement.state === 'delivered');
      disbursement.lines = disbursement.lines.map((n, index) => n - (back[index] ?? 0));
      freeUnits(model, last);
      if (disbursement.held.length === 0 && disbursement.state === 'paid') disbursement.state = 'returned';
      return;
    }
    default:
      throw new Error(`no command leads to ${first.type} first`);
  }
}

const add = (sums: Map<string, bigint>, key: string, amount: bigint): void => {
  const sum = (sums.get(key) ?? 0n) + amount;
  if (sum === 0n) sums.delete(key);
  else sums.set(key, sum);
};

interface Sums {
  readonly accounts: Map<string, bigint>;
  readonly pools: Map<string, bigint>;
  readonly lines: Map<string, bigint>;
}

function count(event: BookEvent, { accounts, pools, lines }: Sums): void {
  const postings = postingsOf(event);
  expect(postings.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n);
  for (const { account, amount } of postings) add(accounts, account, amount);
  const movements: Movement[] = [...movementsOf(event), ...poolUsesOf(event)];
  for (const { pool, measure, amount } of movements)
    if (pool === null) add(lines, measure, amount);
    else add(pools, `${measure} ${pool}`, amount);
}

/** The folded state, the model, the movements and the postings say the same. */
function agree({ book }: World, model: Model, { accounts, pools, lines }: Sums): void {
  expect([...book.pools.keys()].toSorted()).toStrictEqual([...model.minted.keys()].toSorted());
  const held = new Map<string, bigint>();
  const paid = new Map<string, bigint>();
  const totals = new Map<string, bigint>();
  for (const { state, held: units } of model.disbursements.values()) {
    const [by, total] = state === 'approved' ? [held, 'committed'] : [paid, 'paid'];
    for (const [pool] of units) add(by, pool, 1n);
    add(totals, total, BigInt(units.length));
    if (state === 'delivered') add(totals, 'delivered', BigInt(units.length));
  }
  expect(lines).toStrictEqual(totals);
  let assets = 0n;
  // One comparison for all pools: a history makes thousands of them.
  const seen: Record<string, unknown> = {};
  const told: Record<string, unknown> = {};
  for (const [id, pool] of book.pools) {
    const of = (measure: string): bigint => pools.get(`${measure} ${id}`) ?? 0n;
    const [committed, spent] = [held.get(id) ?? 0n, paid.get(id) ?? 0n];
    const free = freeOf(model, id);
    seen[id] = {
      minted: pool.minted,
      free: pool.free.flatMap((range) => unitsIn(id, [toWire(range)])).join(' '),
      available: [available(pool), of('available'), -(accounts.get(`free/${id}`) ?? 0n)],
      committed: [of('committed'), -(accounts.get(`committed/${id}`) ?? 0n)],
      paid: of('paid'),
      arrived: of('received') + of('movedIn') - of('movedOut'),
    };
    const left = BigInt(free.length);
    told[id] = {
      minted: BigInt(model.minted.get(id) ?? 0),
      free: free.join(' '),
      available: [left, left, left],
      committed: [committed, committed],
      paid: spent,
      arrived: left + committed + spent,
    };
    assets += left + committed;
  }
  expect(seen).toStrictEqual(told);
  expect(accounts.get('asset/qbt-06/tien-mat') ?? 0n).toBe(assets);
  const open = ['proposed', 'approved', 'paid'];
  expect(
    [...book.open].map(([id, { status, held: h }]) => [
      id,
      status,
      h.reduce((n, { units }) => n + sizeOf(units), 0n),
    ]),
  ).toStrictEqual(
    [...model.disbursements]
      .filter(([, { state }]) => open.includes(state))
      .map(([id, { state, held: h }]) => [id, state, BigInt(h.length)]),
  );
}

test('a book agrees with a count of single units after every command of any history', () => {
  const tried = new Map<Kind, number>();
  const accepted = new Map<Kind, number>();
  fc.assert(
    fc.property(fc.array(command, { minLength: 20, maxLength: 70, size: 'max' }), (history) => {
      let { world } = take(emptyWorld(), openBook());
      const model: Model = {
        minted: new Map(),
        free: new Set(),
        allocations: new Map(),
        disbursements: new Map(),
      };
      const sums: Sums = { accounts: new Map(), pools: new Map(), lines: new Map() };
      for (const c of history) {
        const { kind, step, item } = stepOf(c, model);
        tried.set(kind, (tried.get(kind) ?? 0) + 1);
        const { world: after, decided } = take(world, step);
        if (!decided.ok) continue;
        accepted.set(kind, (accepted.get(kind) ?? 0) + 1);
        const events = after.log.slice(world.log.length);
        tell(c, item, events, model);
        for (const event of events) count(event, sums);
        agree(after, model, sums);
        world = after;
      }
    }),
    { numRuns: 40 },
  );
  // A run that refuses nearly everything would prove nothing.
  const shares = KINDS.map((kind) => ({ kind, share: (accepted.get(kind) ?? 0) / (tried.get(kind) ?? 1) }));
  expect(shares.filter(({ share }) => share < 0.1)).toStrictEqual([]);
});
