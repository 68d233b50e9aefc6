import { type RangeSet, invariant, mint, mintMoved, sizeOf, subtract, toSet, union } from '#kernel';
import { worded } from './approvals.ts';
import {
  type BookState,
  type OpenDisbursement,
  countVoucher,
  fromWire,
  heldFromWire,
  judgedOf,
  mintExactly,
  poolOf,
  removeExactly,
  restoreExactly,
} from './book-state.ts';
import type { ByEvent, CoreEvents, DisbursementReturned } from './events.ts';
import { takeNumber } from './vouchers.ts';

/** What an event changes in the state of a book, for each event type of a part. */
export type EvolveTable<Events> = ByEvent<Events, [book: BookState], void>;

/** The everyday events of a book. */
export const coreEvolve: EvolveTable<CoreEvents> = {
  'book.opened.v1': (book, { data, effectiveOn }) => {
    book.status = 'open';
    book.fund = data.fund;
    book.year = data.year;
    book.level = data.level;
    book.place = data.place;
    for (const { account, kind } of data.accounts) book.accounts.set(account, kind);
    for (const { code, exponent } of data.goods) book.goods.set(code, exponent);
    if (data.carries !== undefined) book.carrying = { left: data.carries, on: effectiveOn };
  },
  'book.pool-carried.v1': (book, { data }) => {
    const carried = poolOf(book, data.pool);
    invariant(carried.minted === 0n || data.part > 1, `${data.pool} is carried once`);
    book.pools.set(data.pool, {
      ...carried,
      minted: BigInt(data.minted),
      free: union(carried.free, data.free.map(fromWire)),
      movedIn: union(carried.movedIn, data.movedIn.map(fromWire)),
    });
  },
  'book.account-opened.v1': (book, { data }) => {
    book.accounts.set(data.account, data.kind);
  },
  'book.good-listed.v1': (book, { data }) => {
    book.goods.set(data.code, data.exponent);
  },
  'book.receipt-recorded.v1': (book, { data }) => {
    mintExactly(book, data.pool, data.minted, mint);
    book.vouchers.receipt = countVoucher(data.voucher);
  },
  'book.allocation-approved.v1': (book, { data }) => {
    for (const { from, to } of data.moves) {
      const source = heldFromWire(from);
      removeExactly(book, source);
      mintExactly(book, to.pool, to.minted, mintMoved);
      const arrived = fromWire(to.minted);
      invariant(sizeOf(source.units) === arrived.to - arrived.from, 'what leaves equals what arrives');
    }
  },
  'book.allocation-reduced.v1': (book, { data }) => {
    for (const { voided, restored } of data.undone) {
      const [gone, back] = [heldFromWire(voided), heldFromWire(restored)];
      invariant(sizeOf(gone.units) === sizeOf(back.units), 'what leaves equals what arrives');
      removeExactly(book, gone);
      restoreExactly(book, back);
    }
  },
  'book.disbursement-proposed.v1': (book, event) => {
    const { data } = event;
    book.open.set(data.disbursement, {
      status: 'proposed',
      proposal: data,
      proposalHash: event.hash ?? '',
      maker: event.actor,
      proposedOn: event.effectiveOn,
      paid: null,
      approving: worded(book.approvals, judgedOf(data), event),
      lines: data.lines,
      held: [],
    });
  },
  'book.disbursement-approved.v1': (book, { data }) => {
    const drawn = data.drawn.map(heldFromWire);
    for (const held of drawn) removeExactly(book, held);
    changeOpen(book, data.disbursement, (d) => ({ ...d, status: 'approved', held: [...d.held, ...drawn] }));
  },
  'book.disbursement-rejected.v1': (book, { data }) => {
    book.open.delete(data.disbursement);
  },
  'book.disbursement-cancelled.v1': (book, { data }) => {
    for (const held of data.restored) restoreExactly(book, heldFromWire(held));
    book.open.delete(data.disbursement);
  },
  'book.disbursement-paid.v1': (book, { data, stream, effectiveOn }) => {
    const paid = { book: stream, on: effectiveOn };
    changeOpen(book, data.disbursement, (d) => ({ ...d, status: 'paid', paid }));
    takeNumber(book, data.voucher, data.part);
  },
  'book.disbursement-delivered.v1': (book, { data }) => {
    book.open.delete(data.disbursement);
  },
  'book.disbursement-returned.v1': (book, { data }) => {
    for (const held of data.restored) restoreExactly(book, heldFromWire(held));
    takeNumber(book, data.voucher, data.part);
    book.returns.set(data.disbursement, (book.returns.get(data.disbursement) ?? 0) + 1);
    takeReturn(book, data);
  },
  'book.closed.v1': (book) => {
    book.status = 'closed';
  },
};

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
