import { type Context, type Day, type Fact, type LedgerEvent, type Result, ok, refuse } from '#kernel';
import type { BookState } from './book.ts';
import { checkBook } from './checks.ts';
import type { VoucherVoided } from './events-corrections.ts';
import { type BookEvent, bookStream } from './events.ts';
import { kindOfVoucher, nextVoucher } from './vouchers.ts';

export interface VoidVoucher {
  readonly fund: string;
  /** The receipt, disbursement or other thing the voucher was written for. */
  readonly item: string;
  readonly voucher: string;
  readonly reason: string;
  readonly effectiveOn: Day;
}

/**
 * Voids a voucher that was misprinted, lost or signed wrongly: its number is never given again, and the voucher
 * is written anew under the next number of its series. What was booked stays as it is.
 */
export function decideVoidVoucher(
  command: VoidVoucher,
  book: BookState,
  history: readonly LedgerEvent[],
  context: Context,
): Result<Fact[]> {
  const { fund, item, voucher, reason, effectiveOn } = command;
  const checked = checkBook(book, fund, effectiveOn, context);
  if (!checked.ok) return checked;
  const kind = kindOfVoucher(voucher);
  const stream = bookStream(fund, book.year);
  const own = (history as readonly BookEvent[]).filter((event) => event.stream === stream);
  const written = own.flatMap(({ data }) =>
    'replacedBy' in data ? [data.replacedBy] : 'voucher' in data ? [data.voucher] : [],
  );
  if (kind === undefined || !written.includes(voucher)) return refuse('VOUCHER_UNKNOWN', { voucher, item });
  const voided = own.find(
    (event) => event.type === 'book.voucher-voided.v1' && event.data.voucher === voucher,
  );
  if (voided?.type === 'book.voucher-voided.v1')
    return refuse('VOUCHER_VOIDED', { voucher, by: voided.data.replacedBy });
  const data: VoucherVoided = {
    corrects: item,
    originalBook: null,
    reason,
    kind,
    voucher,
    replacedBy: nextVoucher(book, kind),
  };
  return ok([{ stream, type: 'book.voucher-voided.v1', effectiveOn, data }]);
}
