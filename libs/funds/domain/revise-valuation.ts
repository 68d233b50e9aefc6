import {
  type Context,
  type Day,
  type Fact,
  type LedgerEvent,
  type Result,
  ok,
  refuse,
  sizeOf,
} from '#kernel';
import { type BookState, toWire } from './book.ts';
import { checkValuation } from './checks.ts';
import { SPANS_PER_EVENT_MAX } from './draw-pools.ts';
import type { ValuationRevised } from './events-goods.ts';
import { type Valuation, bookStream } from './events.ts';
import { correctable, correctedIn } from './gift.ts';
import { nextVoucher } from './vouchers.ts';

export interface ReviseValuation {
  readonly fund: string;
  readonly receipt: string;
  /** Of all that counts of the receipt now. */
  readonly valuation: Valuation;
  readonly reason: string;
  readonly files: readonly string[];
  readonly effectiveOn: Day;
}

/**
 * Says what the goods of a receipt are really worth, on evidence. Nothing else of the receipt changes: its quantity
 * is corrected as that of any receipt.
 */
export function decideReviseValuation(
  command: ReviseValuation,
  book: BookState,
  history: readonly LedgerEvent[],
  context: Context,
): Result<Fact[]> {
  const { receipt, valuation, files, effectiveOn } = command;
  const found = correctable(command, book, history, context);
  if (!found.ok) return found;
  const { recorded, units, labels } = found.value;
  const { commodity, valuation: was, account, pool } = recorded;
  const checked = checkValuation(book, commodity, valuation);
  if (!checked.ok) return checked;
  if (files.length === 0) return refuse('VALUATION_WITHOUT_EVIDENCE');
  if (
    was?.amount === valuation.amount &&
    was.technique === valuation.technique &&
    was.basis === valuation.basis
  )
    return refuse('VALUATION_AS_BEFORE', { receipt });
  if (units.length === 0) return refuse('VALUATION_OF_NOTHING', { receipt });
  if (units.length > SPANS_PER_EVENT_MAX)
    return refuse('VALUATION_SCATTERED', { receipt, max: String(SPANS_PER_EVENT_MAX) });
  const data: ValuationRevised = {
    receipt,
    corrects: receipt,
    ...correctedIn(book, found.value),
    reason: command.reason,
    voucher: nextVoucher(book, 'adjustment'),
    account,
    commodity,
    amount: String(sizeOf(units)),
    pool,
    units: units.map(toWire),
    was,
    now: valuation,
    donor: labels.donor,
    place: labels.place,
    files,
  };
  return ok([
    { stream: bookStream(book.fund, book.year), type: 'book.valuation-revised.v1', effectiveOn, data },
  ]);
}
