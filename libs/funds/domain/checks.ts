import {
  type CommodityCode,
  type Context,
  type Day,
  type Result,
  isCurrency,
  ok,
  parseAmount,
  refuse,
  yearOf,
} from '#kernel';
import { checkBank } from '#pledges';
import type { BookState } from './book.ts';
import type { AccountOpened, Valuation } from './events.ts';
import { checkUnlocked } from './periods.ts';

/** Checks that every command on a book shares; the first that fails is the refusal. Locked months take nothing. */
export function checkBook(book: BookState, fund: string, effectiveOn: Day, context: Context): Result<void> {
  const open = checkOpenBook(book, fund, effectiveOn, context);
  return open.ok ? checkUnlocked(book, effectiveOn) : open;
}

/** The same without the locks of months: only for closing, which says itself what it closes. */
export function checkOpenBook(
  book: BookState,
  fund: string,
  effectiveOn: Day,
  context: Context,
): Result<void> {
  if (book.status === 'unopened') return refuse('BOOK_UNKNOWN', { fund, year: String(yearOf(effectiveOn)) });
  if (book.merged) return refuse('FUND_MERGED', { fund, ...book.merged });
  if (book.status === 'closed') return refuse('BOOK_CLOSED', { fund, year: String(book.year) });
  if (book.carrying) return refuseUncarried(book, book.carrying.left);
  if (yearOf(effectiveOn) !== book.year)
    return refuse('DATE_OUTSIDE_BOOK', { date: effectiveOn, year: String(book.year) });
  if (effectiveOn > context.today)
    return refuse('DATE_IN_FUTURE', { date: effectiveOn, today: context.today });
  return ok(undefined);
}

/** A book takes nothing before all that the one before left is in it. */
export const refuseUncarried = ({ fund, year }: BookState, left: number): Result<never> =>
  refuse('BOOK_NOT_CARRIED', { fund, year: String(year), left: String(left) });

/** The commodity is a currency, or a good this book counts. */
export const checkCommodity = (book: BookState, commodity: CommodityCode): Result<void> =>
  isCurrency(commodity) || book.goods.has(commodity)
    ? ok(undefined)
    : refuse('COMMODITY_UNKNOWN', { commodity, fund: book.fund });

/**
 * The account exists and can hold the commodity: goods are in a store, money anywhere else. An account of
 * kind `unstated` takes both, since the source does not say.
 */
export function checkAccount(book: BookState, account: string, commodity: CommodityCode): Result<void> {
  const kind = book.accounts.get(account);
  if (kind === undefined) return refuse('ACCOUNT_UNKNOWN', { account, fund: book.fund });
  if (kind === 'unstated' || (kind === 'store') !== isCurrency(commodity)) return ok(undefined);
  return refuse('ACCOUNT_HOLDS_OTHER', { account, commodity });
}

/** Amounts of the parts, each a valid amount, that must sum to the whole. */
export function parseParts(whole: bigint, parts: readonly string[]): Result<bigint[]> {
  const amounts: bigint[] = [];
  for (const part of parts) {
    const amount = parseAmount(part);
    if (!amount.ok) return amount;
    amounts.push(amount.value);
  }
  const sum = amounts.reduce((a, b) => a + b, 0n);
  if (sum === whole) return ok(amounts);
  return refuse('PARTS_DO_NOT_SUM', { whole: String(whole), sum: String(sum) });
}

/** Bank details are of a bank account, and money can be sent to them. */
export function checkBankOf({ account, kind, bank }: AccountOpened): Result<void> {
  if (bank === undefined) return ok(undefined);
  return kind === 'bank' ? checkBank(bank) : refuse('BANK_DETAILS_OF_OTHER_KIND', { account });
}

/** Goods may have a value, in money; money is its own value. */
export function checkValuation(
  book: BookState,
  commodity: CommodityCode,
  valuation: Valuation | null,
): Result<void> {
  if (valuation === null) return ok(undefined);
  if (!book.goods.has(commodity)) return refuse('VALUATION_OF_MONEY', { commodity });
  if (!isCurrency(valuation.commodity))
    return refuse('VALUATION_NOT_IN_MONEY', { commodity: valuation.commodity });
  const value = parseAmount(valuation.amount);
  return value.ok ? ok(undefined) : value;
}
