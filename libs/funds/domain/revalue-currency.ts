import { type Context, type Day, type Fact, type Result, isCurrency, ok, refuse } from '#kernel';
import { BASE_CURRENCY } from './base-currency.ts';
import type { BookState } from './book.ts';
import { checkAccount, checkBook } from './checks.ts';
import type { CurrencyRevalued } from './events-exchange.ts';
import { bookStream } from './events.ts';
import { type StatedRate, readRate } from './rate.ts';
import { nextVoucher } from './vouchers.ts';

export interface RevalueCurrency {
  readonly fund: string;
  readonly account: string;
  readonly commodity: string;
  readonly rate: StatedRate;
  readonly narrative: string | null;
  readonly effectiveOn: Day;
}

/**
 * Says what the foreign money of an own account is worth at the rate of a day, as at the end of a year. No unit moves:
 * the books take the difference to what it stood at, or what an earlier revaluation made of it.
 */
export function decideRevalueCurrency(
  command: RevalueCurrency,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const { fund, account, commodity, rate, narrative, effectiveOn } = command;
  for (const checked of [
    checkBook(book, fund, effectiveOn, context),
    isCurrency(commodity) && commodity !== BASE_CURRENCY
      ? ok(undefined)
      : refuse('RATE_OF_BASE', { commodity, base: BASE_CURRENCY }),
    checkAccount(book, account, commodity),
    readRate(rate.perUnit, commodity),
  ])
    if (!checked.ok) return checked;
  const data: CurrencyRevalued = {
    revaluation: context.commandId,
    voucher: nextVoucher(book, 'adjustment'),
    account,
    commodity,
    perUnit: rate.perUnit,
    rateOn: rate.on,
    rateSource: rate.source,
    narrative,
  };
  const stream = bookStream(fund, book.year);
  return ok([{ stream, type: 'book.currency-revalued.v1', effectiveOn, data }]);
}
