import {
  type Context,
  type Day,
  type Fact,
  type LedgerEvent,
  type Result,
  isCurrency,
  ok,
  parseAmount,
  refuse,
} from '#kernel';
import { type BookState, type Held, heldFromWire } from './book.ts';
import { checkAccount, checkBook } from './checks.ts';
import { coverFromWire, coverHeld } from './covers.ts';
import { invoiceKey, lessUnits } from './debts-state.ts';
import { type Covers, inParts, numbered } from './draw-pools.ts';
import type { ExpenseRecorded } from './events-daily.ts';
import type { SupplierDebtRecorded, SupplierDebtReduced, SupplierPaid } from './events-debts.ts';
import { type BookEvent, bookStream } from './events.ts';
import { correctedIn } from './gift.ts';
import { holdingsOf } from './holdings.ts';
import { itemChangesOf } from './open-items.ts';
import { type RecordExpense, expenseOutOf } from './own-costs.ts';
import { debtOf } from './posting.ts';
import { type ReturnDisbursement, lastUnits, returnInto } from './return-disbursement.ts';
import { openIn, payOutOf } from './settle-disbursement.ts';
import { openItem } from './unidentified-receipt.ts';
import { nextVoucher } from './vouchers.ts';

export interface RecordSupplierDebt extends Pick<
  RecordExpense,
  'programme' | 'purpose' | 'pools' | 'proposedBy' | 'approvals'
> {
  readonly fund: string;
  readonly supplier: string;
  readonly name: string | null;
  readonly invoice: string;
  readonly invoiceDay: Day;
  readonly due: Day | null;
  readonly commodity: string;
  readonly amount: string;
  /** The approved disbursement it is for, whole; null: an own cost of that kind. */
  readonly disbursement: string | null;
  readonly kind: RecordExpense['kind'] | null;
  readonly narrative: string | null;
  readonly effectiveOn: Day;
}

/**
 * Records an invoice that is paid later: what it is for is spent now, out of what the supplier is owed, so that nobody
 * promises its units again. An invoice of a supplier is recorded once; `before` is the fund's book of the year before.
 */
export function decideRecordSupplierDebt(
  command: RecordSupplierDebt,
  book: BookState,
  before: BookState,
  covers: Covers,
  context: Context,
): Result<Fact[]> {
  const { fund, supplier, invoice, commodity, due, disbursement, kind, effectiveOn } = command;
  const key = invoiceKey(supplier, invoice);
  const twice = book.invoices.get(key) ?? before.invoices.get(key);
  for (const checked of [
    checkBook(book, fund, effectiveOn, context),
    isCurrency(commodity) ? ok(undefined) : refuse('DEBT_NOT_MONEY', { commodity }),
    twice === undefined ? ok(undefined) : refuse('INVOICE_TWICE', { supplier, invoice, debt: twice }),
    due !== null && due < command.invoiceDay
      ? refuse('DUE_TOO_EARLY', { due, date: command.invoiceDay })
      : ok(undefined),
    (kind === null) === (disbursement === null) ? refuse('DEBT_WITHOUT_USE', { invoice }) : ok(undefined),
  ])
    if (!checked.ok) return checked;
  const paper = { account: debtOf(supplier), voucher: nextVoucher(book, 'adjustment') };
  const spent =
    kind === null
      ? paidWhole({ ...command, disbursement: disbursement ?? '' }, paper, book, context)
      : expenseOutOf(
          paper,
          { ...command, kind, narrative: null, ruledAs: 'supplier-debt' },
          book,
          covers,
          context,
        );
  if (!spent.ok) return spent;
  const data: SupplierDebtRecorded = {
    debt: context.commandId,
    supplier,
    name: command.name,
    invoice,
    invoiceDay: command.invoiceDay,
    due,
    commodity,
    amount: command.amount,
    forDisbursement: disbursement,
    narrative: command.narrative,
  };
  const stream = bookStream(fund, book.year);
  return ok([{ stream, type: 'book.supplier-debt-recorded.v1', effectiveOn, data }, ...spent.value]);
}

/** The payment of a disbursement out of a debt that is as large as it. */
function paidWhole(
  command: RecordSupplierDebt & { readonly disbursement: string },
  paper: { readonly account: string; readonly voucher: string },
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const open = openIn(command, book, ['approved'], context);
  if (!open.ok) return open;
  const { amount, commodity } = open.value.proposal;
  if (amount !== command.amount || commodity !== command.commodity)
    return refuse('DEBT_OF_OTHER_AMOUNT', { asked: command.amount, amount, commodity });
  return payOutOf(paper, command, book, context);
}

export interface PaySupplier {
  readonly fund: string;
  readonly debt: string;
  readonly account: string;
  /** Null: all that is owed. */
  readonly amount: string | null;
  readonly effectiveOn: Day;
}

/** Pays a supplier what is owed for an invoice, all or a part. No unit moves: its use was booked with the invoice. */
export function decidePaySupplier(
  { debt, account, ...on }: PaySupplier,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const open = openItem({ ...on, item: debt }, 'supplier-debt', book, context);
  if (!open.ok) return open;
  const { account: supplier, commodity, amount, left } = open.value;
  const checked = checkAccount(book, account, commodity);
  if (!checked.ok) return checked;
  const data: SupplierPaid = {
    payment: context.commandId,
    debt,
    voucher: nextVoucher(book, 'payment'),
    account,
    supplier,
    commodity,
    amount: String(amount),
    left: String(left - amount),
  };
  const stream = bookStream(on.fund, book.year);
  return ok([{ stream, type: 'book.supplier-paid.v1', effectiveOn: on.effectiveOn, data }]);
}

export interface ReduceSupplierDebt {
  readonly fund: string;
  readonly debt: string;
  /** Of an own cost: null is all that is owed. Of a disbursement the lines say it. */
  readonly amount: string | null;
  readonly disbursement: string | null;
  readonly lines: ReturnDisbursement['lines'];
  readonly creditNote: string | null;
  readonly reason: string;
  readonly effectiveOn: Day;
}

/** A debt as its events tell it. */
interface Debt {
  readonly recorded: SupplierDebtRecorded;
  readonly stream: string;
  readonly effectiveOn: Day;
  readonly expense: Pick<ExpenseRecorded, 'kind' | 'programme'> | null;
  /** What its expense holds. */
  readonly held: readonly Held[];
  readonly left: bigint;
  readonly wasPaid: boolean;
}

function debtFrom(debt: string, history: readonly BookEvent[]): Debt | undefined {
  let found: Debt | undefined;
  for (const event of history) {
    if (event.type === 'book.supplier-debt-recorded.v1' && event.data.debt === debt)
      found = {
        recorded: event.data,
        stream: event.stream,
        effectiveOn: event.effectiveOn,
        expense: null,
        held: [],
        left: 0n,
        wasPaid: false,
      };
    if (found === undefined) continue;
    if (event.type === 'book.expense-recorded.v1' && event.data.expense === debt)
      found = { ...found, expense: event.data };
    if (event.type === 'book.supplier-paid.v1') found = { ...found, wasPaid: true };
    for (const { use, takes = [], gives = [], covers } of holdingsOf(event)) {
      if (use !== debt) continue;
      const held = lessUnits([...found.held, ...takes.map(heldFromWire)], gives);
      found = { ...found, held: covers ? coverHeld(held, covers.pool, coverFromWire(covers.cover)) : held };
    }
    for (const { item, amount } of itemChangesOf(event))
      if (item === debt) found = { ...found, left: found.left + amount };
  }
  return found;
}

/**
 * Books that less is owed than was invoiced, by a credit note or because the invoice was wrong: the last units of an
 * own cost are free again; of a disbursement the lines come back, out of the debt.
 */
export function decideReduceSupplierDebt(
  command: ReduceSupplierDebt,
  book: BookState,
  history: { readonly debt: readonly LedgerEvent[]; readonly disbursement: readonly LedgerEvent[] },
  context: Context,
): Result<Fact[]> {
  const { fund, debt, disbursement, lines, creditNote, reason, effectiveOn } = command;
  const sum = disbursement === null ? command.amount : sumOf(lines);
  const open = openItem({ fund, item: debt, amount: sum, effectiveOn }, 'supplier-debt', book, context);
  if (!open.ok) return open;
  const known = debtFrom(debt, history.debt as readonly BookEvent[]);
  const { amount, left, commodity } = open.value;
  if (known === undefined || known.left !== left) return refuse('HISTORY_BEHIND', { item: debt });
  const { supplier, invoice } = known.recorded;
  if (known.recorded.forDisbursement !== disbursement) return refuse('DEBT_WITHOUT_USE', { invoice });
  const voucher = nextVoucher(book, 'adjustment');
  const stream = bookStream(fund, book.year);
  const into = { account: debtOf(supplier), voucher };
  const returned =
    disbursement === null
      ? ok([])
      : returnInto(() => ok(into), { ...command, disbursement }, book, history.disbursement, context);
  if (!returned.ok) return returned;
  const restored = inParts(disbursement === null ? lastUnits(known.held, amount) : []);
  const reduced: SupplierDebtReduced[] = numbered(restored, (units) => ({
    reduction: context.commandId,
    debt,
    corrects: debt,
    ...correctedIn(book, known),
    voucher: disbursement === null ? voucher : null,
    supplier,
    invoice,
    creditNote,
    commodity,
    amount: String(amount),
    left: String(left - amount),
    withdrawn: left === amount && !known.wasPaid,
    forDisbursement: disbursement,
    cost: known.expense?.kind ?? null,
    programme: known.expense?.programme ?? null,
    restored: units,
    reason,
  }));
  return ok([
    ...returned.value,
    ...reduced.map((data) => ({ stream, type: 'book.supplier-debt-reduced.v1', effectiveOn, data })),
  ]);
}

/** What the lines come to; a line that is no amount is refused where lines are. */
const sumOf = (lines: ReturnDisbursement['lines']): string =>
  String(
    lines.reduce((sum, { amount }) => {
      const parsed = parseAmount(amount);
      return parsed.ok ? sum + parsed.value : sum;
    }, 0n),
  );
