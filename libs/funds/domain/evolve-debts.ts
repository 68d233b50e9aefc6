import { type BookState, heldFromWire, removeExactly, restoreExactly } from './book-state.ts';
import { invoiceKey, lessUnits } from './debts-state.ts';
import type { AdvanceReturned, AdvanceSettled, DebtEvents } from './events-debts.ts';
import type { EvolveTable } from './evolve-core.ts';
import { applyItemChanges } from './open-items.ts';
import { takeNumber } from './vouchers.ts';

/** Gives back what an advance held of its units; one of which nothing is open is gone. */
function giveBack(book: BookState, { advance, restored }: AdvanceSettled | AdvanceReturned): void {
  for (const held of restored) restoreExactly(book, heldFromWire(held));
  const open = book.advances.get(advance);
  if (open === undefined) return;
  if (book.items.has(advance)) book.advances.set(advance, { ...open, held: lessUnits(open.held, restored) });
  else book.advances.delete(advance);
}

/** The events of advances and supplier debts. */
export const debtEvolve: EvolveTable<DebtEvents> = {
  'book.advance-carried.v1': (book, { data }) => {
    const { advance, person, forDisbursement: disbursement, programme, purpose } = data;
    const before = book.advances.get(advance)?.held ?? [];
    const held = [...before, ...data.held.map(heldFromWire)];
    book.advances.set(advance, { person, disbursement, programme, purpose, held });
  },
  'book.advance-paid.v1': (book, event) => {
    const { advance, person, forDisbursement: disbursement, programme, purpose, voucher, part } = event.data;
    const drawn = event.data.drawn.map(heldFromWire);
    for (const held of drawn) removeExactly(book, held);
    applyItemChanges(book.items, event);
    takeNumber(book, voucher, part);
    const held = [...(book.advances.get(advance)?.held ?? []), ...drawn];
    book.advances.set(advance, { person, disbursement, programme, purpose, held });
  },
  'book.advance-returned.v1': (book, event) => {
    applyItemChanges(book.items, event);
    takeNumber(book, event.data.voucher, event.data.part);
    giveBack(book, event.data);
  },
  'book.advance-settled.v1': (book, event) => {
    applyItemChanges(book.items, event);
    giveBack(book, event.data);
  },
  'book.supplier-debt-recorded.v1': (book, event) => {
    const { supplier, invoice, debt } = event.data;
    applyItemChanges(book.items, event);
    book.invoices.set(invoiceKey(supplier, invoice), debt);
  },
  'book.supplier-debt-reduced.v1': (book, event) => {
    const { supplier, invoice, restored, voucher, withdrawn, part } = event.data;
    for (const held of restored) restoreExactly(book, heldFromWire(held));
    applyItemChanges(book.items, event);
    if (voucher !== null) takeNumber(book, voucher, part);
    if (withdrawn) book.invoices.delete(invoiceKey(supplier, invoice));
  },
  'book.supplier-paid.v1': (book, event) => {
    applyItemChanges(book.items, event);
    takeNumber(book, event.data.voucher);
  },
};
