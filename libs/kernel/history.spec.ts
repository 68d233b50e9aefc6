import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Cover,
  EMPTY_POOL,
  type ExactRange,
  type Exchange,
  type MovePiece,
  type Pool,
  type Range,
  coverMove,
  cutMove,
  draw,
  exactly,
  fillShortfalls,
  intersect,
  mapMove,
  mint,
  mintMoved,
  pullBack,
  remove,
  replaceUnits,
  restore,
  reverse,
  sizeOf,
  sourceOf,
  subtract,
  takeLast,
  toSet,
  uncovered,
  unitsWithin,
} from './index.ts';

/**
 * Random histories of a fund of three pools, run twice: by the kernel, which knows ranges, and by a model that
 * knows nothing but single units. Both must agree after every command.
 */

const POOLS = ['A', 'B', 'C'] as const;
type PoolName = (typeof POOLS)[number];

interface Command {
  readonly kind:
    'mint' | 'commit' | 'settle' | 'cancel' | 'return' | 'move' | 'undo' | 'exchange' | 'reverse';
  readonly pool: PoolName;
  /** The pool a move or an exchange goes to is the next or the one after. */
  readonly hop: 1 | 2;
  /** Chooses among the uses or receipts that the command can act on. */
  readonly pick: number;
  readonly amount: number;
  /** Units of a receipt, when it comes in and when it is reversed. */
  readonly gift: number;
  readonly ratio: number;
}

const kinds = {
  mint: 5,
  commit: 5,
  settle: 4,
  cancel: 2,
  return: 2,
  move: 5,
  undo: 3,
  exchange: 2,
  reverse: 3,
};

const commands = fc.array(
  fc.record<Command>({
    kind: fc.oneof(
      ...Object.entries(kinds).map(([kind, weight]) => ({
        weight,
        arbitrary: fc.constant(kind as Command['kind']),
      })),
    ),
    pool: fc.constantFrom('A', 'A', 'B', 'C'),
    hop: fc.constantFrom(1, 2),
    pick: fc.nat(20),
    amount: fc.integer({ min: 1, max: 9 }),
    gift: fc.integer({ min: 3, max: 40 }),
    ratio: fc.integer({ min: 1, max: 13 }),
  }),
  { minLength: 1, maxLength: 60, size: 'max' },
);

const targetOf = ({ pool, hop }: Command): PoolName => POOLS[(POOLS.indexOf(pool) + hop) % 3] as PoolName;

/** What a use is doing with its units; a move or an exchange keeps them for good unless it is undone. */
type Holding = 'committed' | 'spent' | 'moved' | 'exchanged';

// ---------------------------------------------------------------------------------------------- the model

interface ModelUse {
  readonly id: string;
  readonly pool: PoolName;
  holding: Holding;
  /** The units held, in order. */
  units: number[];
  readonly target?: { readonly pool: PoolName; units: number[] };
}

interface ModelPool {
  readonly states: ('free' | 'used' | 'voided')[];
  /** Units that moves and exchanges brought: they never cover. */
  readonly movedIn: Set<number>;
  short: { use: ModelUse; unit: number }[];
}

interface ModelReceipt {
  readonly id: string;
  readonly pool: PoolName;
  readonly from: number;
  to: number;
  /** Units up to here still stand; the rest was reversed. */
  standing: number;
}

class Model {
  readonly pools = Object.fromEntries(
    POOLS.map((name) => [name, { states: [], movedIn: new Set(), short: [] }]),
  ) as unknown as Record<PoolName, ModelPool>;
  readonly uses: ModelUse[] = [];
  readonly receipts: ModelReceipt[] = [];
  #ids = 0;

  /** False when the command is refused; nothing has changed then. */
  run(command: Command): boolean {
    const { kind, pool, amount, gift } = command;
    const free = this.#free(pool);
    const use = this.pickUse(command);
    if (kind === 'mint') {
      const units = this.#mint(pool, gift);
      const from = units[0] ?? 0;
      this.receipts.push({
        id: `receipt-${from}${pool}`,
        pool,
        from,
        to: from + gift,
        standing: from + gift,
      });
      this.#fill(pool);
      return true;
    }
    if (kind === 'commit' || kind === 'move' || kind === 'exchange') {
      if (free.length - this.pools[pool].short.length < amount) return false;
      const units = free.slice(0, amount);
      for (const unit of units) this.pools[pool].states[unit] = 'used';
      const id = `use-${(this.#ids += 1)}`;
      if (kind === 'commit') {
        this.uses.push({ id, pool, holding: 'committed', units });
        return true;
      }
      const target = targetOf(command);
      const minted = this.#mint(target, kind === 'move' ? amount : command.ratio);
      for (const unit of minted) this.pools[target].movedIn.add(unit);
      const holding = kind === 'move' ? 'moved' : 'exchanged';
      this.uses.push({ id, pool, holding, units, target: { pool: target, units: minted } });
      return true;
    }
    if (kind === 'reverse') {
      const receipt = this.pickReceipt(command);
      if (!receipt) return false;
      const until = receipt.standing;
      receipt.standing = Math.max(receipt.from, until - gift);
      const gone = new Set(Array.from({ length: until - receipt.standing }, (_, i) => receipt.standing + i));
      const { states, short } = this.pools[receipt.pool];
      for (const unit of gone) if (states[unit] === 'free') states[unit] = 'voided';
      for (const holder of this.uses.filter((u) => u.pool === receipt.pool))
        short.push(...holder.units.filter((unit) => gone.has(unit)).map((unit) => ({ use: holder, unit })));
      this.#fill(receipt.pool);
      return true;
    }
    if (!use) return false;
    if (kind === 'settle') use.holding = 'spent';
    if (kind === 'cancel') this.#giveBack(use, use.units.splice(0));
    if (kind === 'return') this.#giveBack(use, use.units.splice(-Math.min(amount, use.units.length)));
    if (kind === 'undo' && use.target) {
      const { target } = use;
      const undone = target.units.filter((u) => this.pools[target.pool].states[u] === 'free').slice(-amount);
      if (undone.length === 0) return false;
      for (const unit of undone) this.pools[target.pool].states[unit] = 'voided';
      const back = use.units.filter((_, i) => undone.includes(target.units[i] ?? -1));
      use.units = use.units.filter((unit) => !back.includes(unit));
      target.units = target.units.filter((unit) => !undone.includes(unit));
      this.#giveBack(use, back);
    }
    return true;
  }

  pickUse({ kind, pick }: Command): ModelUse | undefined {
    const holding = { settle: 'committed', cancel: 'committed', return: 'spent', undo: 'moved' }[
      kind as string
    ];
    const able = this.uses.filter((u) => u.holding === holding && u.units.length > 0);
    return able[pick % able.length];
  }

  pickReceipt({ pick }: Command): ModelReceipt | undefined {
    const able = this.receipts.filter((r) => r.standing > r.from);
    return able[pick % able.length];
  }

  /**
   * How many units of each receipt each use holds in the end, found forwards: every unit of a receipt is
   * followed by its last point through moves and exchanges to the unit where that point comes to rest.
   */
  shares(): Map<string, number> {
    const shares = new Map<string, number>();
    for (const { id, pool, from, to } of this.receipts) {
      for (let unit = from; unit < to; unit += 1) {
        const key = `${id} ${this.#follow(pool, unit, [1n, 1n])}`;
        shares.set(key, (shares.get(key) ?? 0) + 1);
      }
    }
    return shares;
  }

  /** Where the point lies that is `part` (above 0, at most 1) of the way through a unit. */
  #follow(pool: PoolName, unit: number, [num, den]: readonly [bigint, bigint]): string {
    const use = this.uses.find((u) => u.pool === pool && u.units.includes(unit));
    if (!use) return `${this.pools[pool].states[unit]} ${pool}`;
    if (!use.target) return use.id;
    const index = BigInt(use.units.indexOf(unit));
    // The point in the list of units drawn, scaled to the list of units minted.
    const top = (index * den + num) * BigInt(use.target.units.length);
    const bottom = den * BigInt(use.units.length);
    const passed = (top - 1n) / bottom;
    const next = use.target.units[Number(passed)] ?? -1;
    return this.#follow(use.target.pool, next, [top - passed * bottom, bottom]);
  }

  #free(pool: PoolName): number[] {
    return this.pools[pool].states.flatMap((state, unit) => (state === 'free' ? [unit] : []));
  }

  #mint(pool: PoolName, amount: number): number[] {
    const { states } = this.pools[pool];
    return Array.from({ length: amount }, () => states.push('free') - 1);
  }

  #giveBack(use: ModelUse, units: readonly number[]): void {
    const pool = this.pools[use.pool];
    for (const unit of units) {
      pool.states[unit] = pool.short.some((s) => s.unit === unit) ? 'voided' : 'free';
      pool.short = pool.short.filter((s) => s.unit !== unit);
    }
    this.#fill(use.pool);
  }

  #fill(name: PoolName): void {
    const pool = this.pools[name];
    for (const unit of this.#free(name).filter((u) => !pool.movedIn.has(u))) {
      const first = pool.short.shift();
      if (!first) return;
      first.use.units[first.use.units.indexOf(first.unit)] = unit;
      pool.states[first.unit] = 'voided';
      pool.states[unit] = 'used';
    }
  }
}

// ----------------------------------------------------------------------------------- the kernel, as a book uses it

interface KernelUse {
  readonly id: string;
  readonly pool: PoolName;
  backing: readonly Range[];
  readonly move?: { readonly target: PoolName; pieces: readonly MovePiece[] };
  readonly exchange?: { readonly target: PoolName; readonly minted: Range };
}

class Book {
  readonly pools = new Map<PoolName, Pool>(POOLS.map((name) => [name, EMPTY_POOL]));
  readonly voided = new Map<PoolName, Range[]>(POOLS.map((name) => [name, []]));
  readonly uses = new Map<string, KernelUse>();
  readonly receipts: { id: string; pool: PoolName; units: Range; standing: Range[] }[] = [];
  /** How often each rare thing happened, so that the property is known to have met it. */
  readonly met = { covered: 0, short: 0, filled: 0, uncoveredBack: 0, movesCovered: 0, exchangesCovered: 0 };
  #ids = 0;

  pool(name: PoolName): Pool {
    return this.pools.get(name) ?? EMPTY_POOL;
  }

  use(id: string): KernelUse {
    const use = this.uses.get(id);
    if (!use) throw new Error(`no use ${id}`);
    return use;
  }

  /** The same command; `picked` is the id that the model chose, so that both act on the same thing. */
  run(command: Command, picked: string | undefined): boolean {
    const { kind, pool, amount } = command;
    const size = BigInt(amount);
    if (kind === 'mint') {
      const made = mint(this.pool(pool), BigInt(command.gift));
      this.pools.set(pool, made.pool);
      const id = `receipt-${made.minted.from}${pool}`;
      this.receipts.push({ id, pool, units: made.minted, standing: [made.minted] });
      this.#fill(pool);
      return true;
    }
    if (kind === 'commit' || kind === 'move' || kind === 'exchange') {
      const drawn = draw(this.pool(pool), size);
      if (!drawn) return false;
      this.pools.set(pool, drawn.pool);
      const use = { id: `use-${(this.#ids += 1)}`, pool, backing: drawn.drawn };
      if (kind === 'commit') {
        this.uses.set(use.id, use);
        return true;
      }
      const target = targetOf(command);
      const made = mintMoved(this.pool(target), kind === 'move' ? size : BigInt(command.ratio));
      this.pools.set(target, made.pool);
      this.uses.set(
        use.id,
        kind === 'move'
          ? { ...use, move: { target, pieces: mapMove(use.backing, made.minted) } }
          : { ...use, exchange: { target, minted: made.minted } },
      );
      return true;
    }
    if (kind === 'reverse') {
      const receipt = this.receipts.find(({ id }) => id === picked);
      if (!receipt) return false;
      const standing = sizeOf(receipt.standing);
      const asked = BigInt(command.gift);
      const { taken, rest } = takeLast(receipt.standing, asked < standing ? asked : standing);
      receipt.standing = rest;
      const done = reverse(
        this.pool(receipt.pool),
        toSet(taken),
        [...this.uses.values()].filter((use) => use.pool === receipt.pool),
      );
      this.pools.set(receipt.pool, done.pool);
      this.#void(receipt.pool, done.voided);
      this.#cover(done.covered);
      for (const { id, before, after } of done.covered) {
        expect(sizeOf(after)).toBe(sizeOf(before));
        expect(this.use(id).backing).toStrictEqual(after);
      }
      this.met.covered += done.covered.length;
      this.met.short += done.shortfalls.length;
      return true;
    }
    if (picked === undefined) return false;
    const use = this.use(picked);
    if (kind === 'cancel') this.#giveBack(use, use.backing);
    if (kind === 'return') {
      const held = sizeOf(use.backing);
      this.#giveBack(use, takeLast(use.backing, size < held ? size : held).taken);
    }
    if (kind === 'undo' && use.move) {
      const targets = toSet(use.move.pieces.map(({ target }) => target));
      const free = toSet(intersect(targets, this.pool(use.move.target).free));
      if (free.length === 0) return false;
      const undone = takeLast(free, size < sizeOf(free) ? size : sizeOf(free)).taken;
      this.pools.set(use.move.target, remove(this.pool(use.move.target), undone));
      this.#void(use.move.target, undone);
      const back = sourceOf(use.move.pieces, undone);
      use.move.pieces = cutMove(use.move.pieces, toSet(subtract(targets, undone)));
      this.#giveBack(use, back);
    }
    return true;
  }

  /** The same shares as the model's, found backwards from every unit that is at rest. */
  shares(): Map<string, number> {
    const shares = new Map<string, number>();
    const rest: [string, PoolName, readonly Range[]][] = [...this.uses.values()]
      .filter((use) => !use.move && !use.exchange)
      .map((use) => [use.id, use.pool, use.backing]);
    for (const name of POOLS) rest.push([`free ${name}`, name, this.pool(name).free]);
    for (const [name, units] of this.voided) rest.push([`voided ${name}`, name, units]);
    for (const [key, pool, units] of rest)
      for (const range of units)
        for (const [receipt, share] of this.#origins(pool, exactly(range)))
          shares.set(`${receipt} ${key}`, (shares.get(`${receipt} ${key}`) ?? 0) + Number(share));
    return shares;
  }

  #origins(pool: PoolName, part: ExactRange): [string, bigint][] {
    const found = this.receipts
      .filter((receipt) => receipt.pool === pool)
      .map((receipt): [string, bigint] => [receipt.id, unitsWithin(part, receipt.units)])
      .filter(([, share]) => share > 0n);
    for (const use of this.uses.values()) {
      const arrivals: Exchange[] = [];
      if (use.move?.target === pool)
        for (const { source, target } of use.move.pieces) arrivals.push({ drawn: [source], minted: target });
      if (use.exchange?.target === pool) arrivals.push({ drawn: use.backing, minted: use.exchange.minted });
      for (const arrival of arrivals)
        for (const source of pullBack(arrival, part)) found.push(...this.#origins(use.pool, source));
    }
    return found;
  }

  #giveBack(use: KernelUse, units: readonly Range[]): void {
    const before = this.pool(use.pool);
    const lost = uncovered(before, units);
    if (lost.length > 0) this.met.uncoveredBack += 1;
    this.#void(use.pool, lost);
    this.pools.set(use.pool, restore(before, units));
    use.backing = subtract(use.backing, toSet(units));
    this.#fill(use.pool);
  }

  #fill(name: PoolName): void {
    const { pool, covers } = fillShortfalls(this.pool(name));
    this.pools.set(name, pool);
    this.#void(
      name,
      covers.flatMap(({ replaced }) => replaced),
    );
    this.#cover(covers);
    this.met.filled += covers.length;
  }

  #cover(covers: readonly Cover[]): void {
    for (const { id, replaced, by } of covers) {
      const use = this.use(id);
      use.backing = replaceUnits(use.backing, replaced, by);
      if (use.exchange) this.met.exchangesCovered += 1;
      if (!use.move) continue;
      this.met.movesCovered += 1;
      use.move.pieces = coverMove(use.move.pieces, replaced, by);
      expect(sizeOf(use.move.pieces.map(({ source }) => source))).toBe(sizeOf(use.backing));
    }
  }

  #void(name: PoolName, units: readonly Range[]): void {
    this.voided.set(name, [...(this.voided.get(name) ?? []), ...units]);
  }
}

const units = (ranges: readonly Range[]): number[] =>
  ranges.flatMap(({ from, to }) => Array.from({ length: Number(to - from) }, (_, i) => Number(from) + i));

/** What both sides say of the whole fund, in the words of the model. */
const ofBook = (book: Book) => ({
  pools: POOLS.map((name) => ({
    minted: Number(book.pool(name).minted),
    free: units(book.pool(name).free),
    voided: units(toSet(book.voided.get(name) ?? [])),
    short: book
      .pool(name)
      .shortfalls.flatMap(({ id, units: held }) => units(held).map((unit) => `${id} ${unit}`)),
  })),
  uses: [...book.uses.values()].map(({ id, backing, move }) => ({
    id,
    units: units(backing),
    moved: move ? units(move.pieces.map(({ target }) => target)) : [],
  })),
});

const ofModel = (model: Model): ReturnType<typeof ofBook> => ({
  pools: POOLS.map((name) => {
    const { states, short } = model.pools[name];
    const inState = (wanted: string) => states.flatMap((state, unit) => (state === wanted ? [unit] : []));
    return {
      minted: states.length,
      free: inState('free'),
      voided: inState('voided'),
      short: short.map(({ use, unit }) => `${use.id} ${unit}`),
    };
  }),
  uses: model.uses.map(({ id, holding, units: held, target }) => ({
    id,
    units: held,
    moved: holding === 'moved' ? (target?.units ?? []) : [],
  })),
});

/** The invariants of DESIGN §4, said of the kernel's side alone. */
function checkInvariants(book: Book): void {
  for (const name of POOLS) {
    const pool = book.pool(name);
    const uses = [...book.uses.values()].filter((use) => use.pool === name);
    const backings = uses.flatMap(({ backing }) => backing);
    const everything = toSet([...pool.free, ...(book.voided.get(name) ?? []), ...backings]);
    // toSet refuses overlap: free, used and voided units are disjoint, and together all that was minted.
    expect(everything).toStrictEqual(pool.minted === 0n ? [] : [{ from: 0n, to: pool.minted }]);
    expect(toSet(pool.free)).toStrictEqual(pool.free);
    // Beside a shortfall nothing is free that could cover it, and only units in use are short.
    const short = pool.shortfalls.flatMap((shortfall) => shortfall.units);
    expect(short.length === 0 ? [] : subtract(pool.free, pool.movedIn)).toStrictEqual([]);
    expect(subtract(short, toSet(backings))).toStrictEqual([]);
    // What was minted came from receipts, moves and exchanges: contiguous and disjoint.
    const arrivals = [...book.uses.values()].flatMap(({ move, exchange }) => [
      ...(move?.target === name ? move.pieces.map(({ target }) => target) : []),
      ...(exchange?.target === name ? [exchange.minted] : []),
    ]);
    const receipts = book.receipts.filter((receipt) => receipt.pool === name).map((receipt) => receipt.units);
    const undone = subtract([{ from: 0n, to: pool.minted }], toSet([...arrivals, ...receipts]));
    expect(subtract(undone, toSet(book.voided.get(name) ?? []))).toStrictEqual([]);
  }
  for (const { backing, move } of book.uses.values()) {
    if (!move) continue;
    // What leaves equals what arrives, and the pieces are the backing in its order.
    expect(units(move.pieces.map(({ source }) => source))).toStrictEqual(units(backing));
    expect(sizeOf(move.pieces.map(({ target }) => target))).toBe(sizeOf(backing));
  }
}

describe('any history of a fund', () => {
  test('ranges and single units agree after every command, and every gift adds up', () => {
    let given = 0;
    const accepted = new Map<Command['kind'], number>();
    const met = { covered: 0, short: 0, filled: 0, uncoveredBack: 0, movesCovered: 0, exchangesCovered: 0 };
    fc.assert(
      fc.property(commands, (history) => {
        const model = new Model();
        const book = new Book();
        for (const command of history) {
          const picked = command.kind === 'reverse' ? model.pickReceipt(command) : model.pickUse(command);
          const voidedBefore = POOLS.map((name) => units(book.voided.get(name) ?? []));
          const wasAccepted = book.run(command, picked?.id);
          expect(model.run(command)).toBe(wasAccepted);
          expect(ofBook(book)).toStrictEqual(ofModel(model));
          checkInvariants(book);
          // No voided unit ever comes back.
          for (const [i, name] of POOLS.entries()) {
            const now = new Set(units(book.voided.get(name) ?? []));
            expect(voidedBefore[i]?.filter((unit) => !now.has(unit))).toStrictEqual([]);
          }
          given += 1;
          if (wasAccepted) accepted.set(command.kind, (accepted.get(command.kind) ?? 0) + 1);
        }
        const shares = book.shares();
        expect([...shares].toSorted()).toStrictEqual([...model.shares()].toSorted());
        for (const { id, units: whole } of book.receipts) {
          const parts = [...shares].filter(([key]) => key.startsWith(`${id} `)).map(([, share]) => share);
          expect(parts.reduce((a, b) => a + b, 0)).toBe(Number(sizeOf([whole])));
        }
        for (const key of Object.keys(met) as (keyof typeof met)[]) met[key] += book.met[key];
      }),
      { numRuns: 200 },
    );
    // A run that refuses everything, or never meets what is hard, proves nothing.
    const sum = [...accepted.values()].reduce((a, b) => a + b, 0);
    expect(sum / given).toBeGreaterThan(0.4);
    for (const kind of Object.keys(kinds)) expect(accepted.get(kind as Command['kind'])).toBeGreaterThan(20);
    for (const times of Object.values(met)) expect(times).toBeGreaterThan(5);
  });
});
