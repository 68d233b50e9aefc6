import {
  type Pool,
  type RangeSet,
  applyCovers,
  applyReversal,
  intersect,
  invariant,
  mint,
  mintMoved,
  sizeOf,
} from '#kernel';
import { type BookState, fromWire, heldFromWire, mintExactly, poolOf, removeExactly } from './book-state.ts';
import { coverFromWire, coverHeld, shortFromWire } from './covers.ts';
import type { CorrectionEvents, CoveredUnits } from './events-corrections.ts';
import type { Move } from './events.ts';
import type { EvolveTable } from './evolve-core.ts';
import { takeVoucher } from './vouchers.ts';

/** Keeps a pool and whether it is short: where no pool is, nothing is looked for. */
function keepPool(book: BookState, id: string, pool: Pool): void {
  book.pools.set(id, pool);
  if (pool.shortfalls.length > 0) book.short.add(id);
  else book.short.delete(id);
}

const areFree = (pool: Pool, units: RangeSet): boolean =>
  sizeOf(intersect(units, pool.free)) === sizeOf(units);

/** The open disbursements and advances among the covered uses hold other units now. */
function coverOpen(book: BookState, pool: string, covered: readonly CoveredUnits[]): void {
  for (const cover of covered.map(coverFromWire)) {
    const open = book.open.get(cover.id);
    if (open) book.open.set(cover.id, { ...open, held: coverHeld(open.held, pool, cover) });
    const advance = book.advances.get(cover.id);
    if (advance) book.advances.set(cover.id, { ...advance, held: coverHeld(advance.held, pool, cover) });
  }
}

/** Draws each source and mints its target, in order. */
export function applyMoves(book: BookState, moves: readonly Move[]): void {
  for (const { from, to } of moves) {
    const source = heldFromWire(from);
    removeExactly(book, source);
    mintExactly(book, to.pool, to.minted, mintMoved);
    const arrived = fromWire(to.minted);
    invariant(sizeOf(source.units) === arrived.to - arrived.from, 'what leaves equals what arrives');
  }
}

/** The events of corrections. */
export const correctionEvolve: EvolveTable<CorrectionEvents> = {
  'book.donor-refunded.v1': (book, { data }) => {
    removeExactly(book, { pool: data.pool, units: data.voided.map(fromWire) });
    takeVoucher(book, 'payment', data.voucher, data.part);
  },
  'book.receipt-adjusted.v1': (book, { data }) => {
    if (data.minted) mintExactly(book, data.pool, data.minted, mint);
    removeExactly(book, { pool: data.pool, units: data.voided.map(fromWire) });
    takeVoucher(book, 'adjustment', data.voucher, data.part);
  },
  'book.receipt-corrected.v1': (book, { data }) => {
    takeVoucher(book, 'adjustment', data.voucher);
  },
  'book.receipt-reversed.v1': (book, { data }) => {
    const pool = poolOf(book, data.pool);
    const voided = data.voided.map(fromWire);
    invariant(areFree(pool, voided), `${data.pool} voids free units only`);
    const shortfalls = data.short.map(shortFromWire);
    const covered = data.covered.map(coverFromWire);
    keepPool(book, data.pool, applyReversal(pool, { voided, covered, shortfalls }));
    coverOpen(book, data.pool, data.covered);
    takeVoucher(book, 'adjustment', data.voucher, data.part);
  },
  'book.restriction-released.v1': (book, { data }) => {
    applyMoves(book, data.moves);
  },
  'book.shortfall-carried.v1': (book, { data }) => {
    const pool = poolOf(book, data.pool);
    const shortfalls = [...pool.shortfalls, ...data.short.map(shortFromWire)];
    keepPool(book, data.pool, { ...pool, shortfalls });
  },
  'book.shortfall-settled.v1': (book, { data }) => {
    // What was lifted left the list when its use gave it back.
    keepPool(book, data.pool, applyCovers(poolOf(book, data.pool), data.covered.map(coverFromWire)));
    coverOpen(book, data.pool, data.covered);
  },
  'book.voucher-voided.v1': (book, { data }) => {
    takeVoucher(book, data.kind, data.replacedBy);
  },
};
