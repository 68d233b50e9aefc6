import { available, invariant, sizeOf, union } from '#kernel';
import { type BookState, fromWire, heldFromWire, poolOf, removeExactly } from './book-state.ts';
import { shortFromWire } from './covers.ts';
import type { DisbursementTakenOver, MergerEvents, Predecessor } from './events-mergers.ts';
import type { EvolveTable } from './evolve-core.ts';
import { applyItemChanges } from './open-items.ts';
import { takeVoucher } from './vouchers.ts';

const keepPredecessor = (book: BookState, { fund, on, accounts }: Predecessor): void => {
  const renamed = new Map(accounts.map(({ account, as }) => [account, as]));
  book.predecessors.set(fund, { on, accounts: renamed });
};

/** Opens a disbursement as the other book had it, or gives it the units that one event could not hold. */
function takeDisbursement(book: BookState, data: DisbursementTakenOver): void {
  const held = data.held.map(heldFromWire);
  const known = book.open.get(data.disbursement);
  if (data.part > 1) {
    invariant(known !== undefined, `${data.disbursement} is told of before its units`);
    book.open.set(data.disbursement, { ...known, held: [...known.held, ...held] });
    return;
  }
  invariant(known === undefined && data.proposal !== null, `${data.disbursement} is taken over once`);
  const { disbursement, commodity, amount, programme, group, purpose, lines, status } = data;
  const { pools, payee, payeePerson, narrative, lines: proposed, ...rest } = data.proposal;
  const head = { disbursement, commodity, amount, programme, group, purpose };
  book.open.set(disbursement, {
    status,
    ...rest,
    lines,
    held,
    proposal: {
      ...head,
      pools,
      payee,
      ...(payeePerson !== undefined && { payeePerson }),
      narrative,
      lines: lines.map((line, at) => ({ ...line, amount: proposed[at] ?? line.amount })),
    },
  });
}

/** The events of mergers. What one book gives up the other one has, exactly. */
export const mergerEvolve: EvolveTable<MergerEvents> = {
  'book.accounts-handed-over.v1': (book, { data }) =>
    takeVoucher(book, 'adjustment', data.voucher, data.part),
  'book.accounts-taken-over.v1': (book, { data }) => {
    for (const { account, kind } of data.accounts) book.accounts.set(account, kind);
    takeVoucher(book, 'adjustment', data.voucher, data.part);
  },
  'book.advance-handed-over.v1': (book, { data }) => {
    book.advances.delete(data.advance);
  },
  'book.advance-taken-over.v1': (book, { data }) => {
    const { advance, person, forDisbursement: disbursement, programme, purpose } = data;
    const held = [...(book.advances.get(advance)?.held ?? []), ...data.held.map(heldFromWire)];
    book.advances.set(advance, { person, disbursement, programme, purpose, held });
  },
  'book.disbursement-handed-over.v1': (book, { data }) => {
    if (data.part === data.parts) book.open.delete(data.disbursement);
  },
  'book.disbursement-taken-over.v1': (book, { data }) => takeDisbursement(book, data),
  'book.fund-taken-over.v1': (book, { data }) => {
    for (const predecessor of data.predecessors) keepPredecessor(book, predecessor);
  },
  'book.items-handed-over.v1': (book, event) => applyItemChanges(book.items, event),
  'book.items-taken-over.v1': (book, event) => applyItemChanges(book.items, event),
  'book.merged.v1': (book, { data, effectiveOn }) => {
    const isEmpty = [...book.pools.values()].every((pool) => sizeOf(pool.free) === 0n);
    invariant(
      isEmpty && book.open.size + book.items.size + book.advances.size + book.short.size === 0,
      `${data.from} keeps nothing`,
    );
    book.status = 'closed';
    book.merged = { into: data.into, on: effectiveOn };
  },
  'book.pools-handed-over.v1': (book, { data }) => {
    for (const { pool, free } of data.pools) removeExactly(book, { pool, units: free.map(fromWire) });
  },
  'book.pools-taken-over.v1': (book, { data }) => {
    for (const { pool, minted, free, movedIn } of data.pools) {
      const known = poolOf(book, pool);
      // Entries of one pool follow one another; a pool of this book's own has another name.
      invariant(known.minted === 0n || known.minted === BigInt(minted), `${pool} is taken over once`);
      book.pools.set(pool, {
        ...known,
        minted: BigInt(minted),
        free: union(known.free, free.map(fromWire)),
        movedIn: union(known.movedIn, movedIn.map(fromWire)),
      });
    }
  },
  'book.predecessor-carried.v1': (book, { data }) => keepPredecessor(book, data),
  'book.shortfalls-handed-over.v1': (book, { data }) => {
    // All that is short of a pool goes over together with its free units.
    for (const { pool } of data.pools) {
      const known = poolOf(book, pool);
      invariant(available(known) === 0n, `${pool} goes over before what it lacks`);
      book.pools.set(pool, { ...known, shortfalls: [] });
      book.short.delete(pool);
    }
  },
  'book.shortfalls-taken-over.v1': (book, { data }) => {
    for (const { pool, short } of data.pools) {
      const known = poolOf(book, pool);
      book.pools.set(pool, { ...known, shortfalls: [...known.shortfalls, ...short.map(shortFromWire)] });
      book.short.add(pool);
    }
  },
};
