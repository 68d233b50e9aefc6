import { invariant } from '#kernel';
import type { BookState } from './book-state.ts';
import type { VoucherKind } from './events-corrections.ts';

/** Series of each kind: phiếu thu, phiếu chi, chứng từ điều chỉnh. */
const SERIES: Readonly<Record<VoucherKind, string>> = { receipt: 'PT', payment: 'PC', adjustment: 'DC' };

/** Width of the number in `PT-000001`; longer numbers simply grow. */
const VOUCHER_DIGITS = 6;

/** The next number of a series: gapless per book and kind. */
export const nextVoucher = ({ vouchers }: BookState, kind: VoucherKind): string =>
  `${SERIES[kind]}-${String(vouchers[kind] + 1).padStart(VOUCHER_DIGITS, '0')}`;

/** Counts a voucher that an event says was written; the parts of one decision share theirs. */
export function takeVoucher(book: BookState, kind: VoucherKind, voucher: string, part = 1): void {
  if (part > 1) return;
  invariant(voucher === nextVoucher(book, kind), `${voucher} is the next of its series`);
  book.vouchers[kind] += 1;
}

/** Counts a voucher of any series. */
export function takeNumber(book: BookState, voucher: string, part = 1): void {
  const kind = kindOfVoucher(voucher);
  invariant(kind !== undefined, `${voucher} is of a series`);
  takeVoucher(book, kind, voucher, part);
}

/** The series a number belongs to; undefined when it is of none. */
export const kindOfVoucher = (voucher: string): VoucherKind | undefined =>
  (Object.keys(SERIES) as VoucherKind[]).find((kind) => voucher.startsWith(`${SERIES[kind]}-`));
