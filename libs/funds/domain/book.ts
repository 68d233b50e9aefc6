import {
  type Backing,
  type CommodityCode,
  EMPTY_POOL,
  type LedgerEvent,
  type Pool,
  type Range,
  type RangeSet,
  type StreamKind,
  available,
  invariant,
  mint,
  mintMoved,
  remove,
  restore,
  sizeOf,
  subtract,
  toSet,
  union,
} from '#kernel';
import type {
  AccountKind,
  BookEvent,
  DisbursementHead,
  DisbursementLine,
  DisbursementProposed,
  DisbursementReturned,
  FundLevel,
  PoolUnits,
  WireRange,
} from './events.ts';

/** Units of one pool in order, in numbers. */
export interface Held {
  readonly pool: string;
  readonly units: Backing;
}

/** A disbursement that is not finished: what was proposed, who proposed it and what it holds. */
export interface OpenDisbursement {
  readonly status: 'proposed' | 'approved' | 'paid';
  readonly proposal: DisbursementProposed;
  /** Hash of the stored bytes of that event: what an approval must name. */
  readonly proposalHash: string;
  readonly maker: string;
  /** What is still to be handed over: the proposed lines less what was returned. */
  readonly lines: readonly DisbursementLine[];
  readonly held: readonly Held[];
}

/**
 * What deciding on a book needs, and no more: its size does not grow with the number of receipts. Finished
 * disbursements and allocations are looked up in the log when a command names them.
 */
export interface BookState {
  status: 'unopened' | 'open' | 'closed';
  fund: string;
  year: number;
  level: FundLevel;
  place: string | null;
  readonly accounts: Map<string, AccountKind>;
  /** Goods this book counts, with their exponent. */
  readonly goods: Map<CommodityCode, number>;
  readonly pools: Map<string, Pool>;
  readonly open: Map<string, OpenDisbursement>;
  /** Return events per disbursement: tells a decision on a finished one whether its history is whole. */
  readonly returns: Map<string, number>;
  /** Last number given per voucher series. */
  readonly vouchers: { receipt: number; payment: number };
}

export const fromWire = ([from, to]: WireRange): Range => ({ from: BigInt(from), to: BigInt(to) });
export const toWire = ({ from, to }: Range): WireRange => [from.toString(), to.toString()];
export const heldToWire = ({ pool, units }: Held): PoolUnits => ({ pool, units: units.map(toWire) });
export const heldFromWire = ({ pool, units }: PoolUnits): Held => ({ pool, units: units.map(fromWire) });

/** What every event of a disbursement repeats of its proposal. */
export const headOf = (d: DisbursementHead): DisbursementHead => ({
  disbursement: d.disbursement,
  commodity: d.commodity,
  amount: d.amount,
  programme: d.programme,
  group: d.group,
  purpose: d.purpose,
  lines: d.lines,
});

export const poolOf = (book: BookState, pool: string): Pool => book.pools.get(pool) ?? EMPTY_POOL;

const initial = (): BookState => ({
  status: 'unopened',
  fund: '',
  year: 0,
  level: 'province',
  place: null,
  accounts: new Map(),
  goods: new Map(),
  pools: new Map(),
  open: new Map(),
  returns: new Map(),
  vouchers: { receipt: 0, payment: 0 },
});

/** Units that an event says were minted must be the next ones: contiguous and disjoint, in recorded order. */
function mintExactly(book: BookState, pool: string, range: WireRange, by: typeof mint): void {
  const expected = fromWire(range);
  const { pool: after, minted } = by(poolOf(book, pool), expected.to - expected.from);
  invariant(minted.from === expected.from && minted.to === expected.to, `${pool} mints the next units`);
  book.pools.set(pool, after);
}

const removeExactly = (book: BookState, { pool, units }: Held): void => {
  book.pools.set(pool, remove(poolOf(book, pool), units));
};

const restoreExactly = (book: BookState, { pool, units }: Held): void => {
  book.pools.set(pool, restore(poolOf(book, pool), units));
};

const countVoucher = (voucher: string): number => Number(voucher.slice(voucher.indexOf('-') + 1));

/**
 * Applies one event. Every span an event carries is checked against the pools: an event that mints other
 * units than the next ones, or draws units that are not free, breaks an invariant and stops the fold.
 */
export function evolveBook(book: BookState, event: LedgerEvent): BookState {
  const { type, data } = event as BookEvent;
  switch (type) {
    case 'book.opened.v1':
      book.status = 'open';
      book.fund = data.fund;
      book.year = data.year;
      book.level = data.level;
      book.place = data.place;
      for (const { account, kind } of data.accounts) book.accounts.set(account, kind);
      for (const { code, exponent } of data.goods) book.goods.set(code, exponent);
      return book;
    case 'book.pool-carried.v1': {
      const carried = poolOf(book, data.pool);
      invariant(carried.minted === 0n || data.part > 1, `${data.pool} is carried once`);
      book.pools.set(data.pool, {
        ...carried,
        minted: BigInt(data.minted),
        free: union(carried.free, data.free.map(fromWire)),
        movedIn: union(carried.movedIn, data.movedIn.map(fromWire)),
      });
      return book;
    }
    case 'book.account-opened.v1':
      book.accounts.set(data.account, data.kind);
      return book;
    case 'book.good-listed.v1':
      book.goods.set(data.code, data.exponent);
      return book;
    case 'book.receipt-recorded.v1':
      mintExactly(book, data.pool, data.minted, mint);
      book.vouchers.receipt = countVoucher(data.voucher);
      return book;
    case 'book.allocation-approved.v1':
      for (const { from, to } of data.moves) {
        const source = heldFromWire(from);
        removeExactly(book, source);
        mintExactly(book, to.pool, to.minted, mintMoved);
        const arrived = fromWire(to.minted);
        invariant(sizeOf(source.units) === arrived.to - arrived.from, 'what leaves equals what arrives');
      }
      return book;
    case 'book.allocation-reduced.v1':
      for (const { voided, restored } of data.undone) {
        const [gone, back] = [heldFromWire(voided), heldFromWire(restored)];
        invariant(sizeOf(gone.units) === sizeOf(back.units), 'what leaves equals what arrives');
        removeExactly(book, gone);
        restoreExactly(book, back);
      }
      return book;
    case 'book.disbursement-proposed.v1':
      book.open.set(data.disbursement, {
        status: 'proposed',
        proposal: data,
        proposalHash: event.hash ?? '',
        maker: event.actor,
        lines: data.lines,
        held: [],
      });
      return book;
    case 'book.disbursement-approved.v1': {
      const drawn = data.drawn.map(heldFromWire);
      for (const held of drawn) removeExactly(book, held);
      changeOpen(book, data.disbursement, (d) => ({ ...d, status: 'approved', held: [...d.held, ...drawn] }));
      return book;
    }
    case 'book.disbursement-rejected.v1':
      book.open.delete(data.disbursement);
      return book;
    case 'book.disbursement-cancelled.v1':
      for (const held of data.restored) restoreExactly(book, heldFromWire(held));
      book.open.delete(data.disbursement);
      return book;
    case 'book.disbursement-paid.v1':
      changeOpen(book, data.disbursement, (d) => ({ ...d, status: 'paid' }));
      book.vouchers.payment = countVoucher(data.voucher);
      return book;
    case 'book.disbursement-delivered.v1':
      book.open.delete(data.disbursement);
      return book;
    case 'book.disbursement-returned.v1':
      for (const held of data.restored) restoreExactly(book, heldFromWire(held));
      book.vouchers.receipt = countVoucher(data.voucher);
      book.returns.set(data.disbursement, (book.returns.get(data.disbursement) ?? 0) + 1);
      takeReturn(book, data);
      return book;
    case 'book.closed.v1':
      book.status = 'closed';
      return book;
    default:
      throw new Error(`a book has no event of type ${String((event as LedgerEvent).type)}`);
  }
}

/** A paid disbursement of which everything came back is finished: there is nothing left to deliver. */
function takeReturn(book: BookState, returned: DisbursementReturned): void {
  const open = book.open.get(returned.disbursement);
  if (open === undefined) return;
  const left = afterReturn(open, returned);
  if (left.held.some(({ units }) => units.length > 0)) book.open.set(returned.disbursement, left);
  else book.open.delete(returned.disbursement);
}

/** A disbursement less what was returned of it: fewer units held, smaller lines, in the same order. */
export function afterReturn<D extends OpenDisbursement>(d: D, returned: DisbursementReturned): D {
  const restored = returned.restored.map(heldFromWire);
  // A pool stands in several entries when its units went over several events.
  const back = (pool: string): RangeSet =>
    toSet(restored.filter((held) => held.pool === pool).flatMap(({ units }) => units));
  return {
    ...d,
    held: d.held.map(({ pool, units }) => ({ pool, units: subtract(units, back(pool)) })),
    lines: d.lines.map((line, index) => ({
      ...line,
      amount: String(BigInt(line.amount) - BigInt(returned.lines[index]?.amount ?? 0)),
    })),
  };
}

function changeOpen(book: BookState, id: string, change: (d: OpenDisbursement) => OpenDisbursement): void {
  const open = book.open.get(id);
  invariant(open !== undefined, `disbursement ${id} is open`);
  book.open.set(id, change(open));
}

/** The stream kind of books, for whoever folds them. */
export const bookKind: StreamKind<BookState> = {
  kind: 'book',
  version: 1,
  initial,
  evolve: evolveBook,
  boundTo: new Set(['book.disbursement-proposed.v1']),
};

/** Free units of every pool of a commodity that has any, by pool id. */
export const freePools = (book: BookState, commodity: CommodityCode): { pool: string; free: bigint }[] =>
  [...book.pools]
    .filter(([id]) => id.split('/')[1] === commodity)
    .map(([pool, state]) => ({ pool, free: available(state) }))
    .filter(({ free }) => free > 0n);
