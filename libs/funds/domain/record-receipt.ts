import { type Context, type Day, type Fact, type Result, mint, ok, parseAmount, refuse } from '#kernel';
import { type BookState, poolOf, toWire } from './book.ts';
import { checkAccount, checkBook, checkCommodity, checkValuation } from './checks.ts';
import { type Period, type ReceiptRecorded, type ReceiptSource, bookStream } from './events.ts';
import { type StatedRate, valueByRate } from './rate.ts';
import { type Restriction, poolId } from './restriction.ts';
import { nextVoucher } from './vouchers.ts';

export interface RecordReceipt {
  readonly fund: string;
  readonly account: string;
  readonly source: ReceiptSource;
  readonly commodity: string;
  readonly amount: string;
  readonly donor: string | null;
  readonly place: string | null;
  readonly pledge: string | null;
  readonly restriction: Restriction;
  readonly period: Period | null;
  readonly valuation: ReceiptRecorded['valuation'];
  /** Foreign money only; left out: its value is unknown. */
  readonly rate?: StatedRate | null | undefined;
  readonly narrative: string | null;
  readonly effectiveOn: Day;
}

/** Funds whose money is plainly the unit's own: a gift to them is for their place unless it says otherwise. */
const LOCAL_LEVELS: ReadonlySet<string> = new Set(['district', 'commune']);

/**
 * Records money or goods that arrived and mints their units in the pool of the gift's restriction. Goods
 * may have no value yet; money is its own value and takes no valuation.
 */
export function decideRecordReceipt(
  command: RecordReceipt,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const { fund, commodity, effectiveOn, restriction } = command;
  for (const checked of [
    checkBook(book, fund, effectiveOn, context),
    checkCommodity(book, commodity),
    checkAccount(book, command.account, commodity),
  ])
    if (!checked.ok) return checked;
  const amount = parseAmount(command.amount);
  if (!amount.ok) return amount;
  const valued = checkValuation(book, commodity, command.valuation);
  if (!valued.ok) return valued;
  const rated = valueByRate(commodity, amount.value, command.rate ?? null);
  if (!rated.ok) return rated;
  if (restriction.until !== undefined && restriction.until < effectiveOn)
    return refuse('RESTRICTION_EXPIRED', { until: restriction.until, date: effectiveOn });
  const pool = poolId({ fund, commodity, restriction, designation: {} });
  const { minted } = mint(poolOf(book, pool), amount.value);
  const data: ReceiptRecorded = {
    receipt: context.commandId,
    voucher: nextVoucher(book, 'receipt'),
    account: command.account,
    source: command.source,
    commodity,
    amount: command.amount,
    pool,
    minted: toWire(minted),
    donor: command.donor,
    place: command.place ?? restriction.place ?? (LOCAL_LEVELS.has(book.level) ? book.place : null),
    pledge: command.pledge,
    period: command.period,
    valuation: command.valuation,
    ...(rated.value !== null && { rate: rated.value }),
    narrative: command.narrative,
  };
  return ok([{ stream: bookStream(fund, book.year), type: 'book.receipt-recorded.v1', effectiveOn, data }]);
}
