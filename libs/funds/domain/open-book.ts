import { type Context, type Day, type Fact, type Result, isGoodCode, ok, refuse, yearOf } from '#kernel';
import type { BookState } from './book.ts';
import { type AccountKind, type BookOpened, type FundLevel, bookStream } from './events.ts';

export interface OpenBook {
  readonly fund: string;
  readonly year: number;
  readonly name: string;
  readonly level: FundLevel;
  /** Place id, already resolved. */
  readonly place: string | null;
  readonly accounts: readonly { readonly account: string; readonly kind: AccountKind }[];
  readonly goods: readonly { readonly code: string; readonly unit: string; readonly exponent: number }[];
  readonly effectiveOn: Day;
}

/** Opens the book of a fund for a fiscal year. A book has at least one account: every money event names one. */
export function decideOpenBook(command: OpenBook, book: BookState, _context: Context): Result<Fact[]> {
  const { fund, year, effectiveOn, ...rest } = command;
  if (book.status !== 'unopened') return refuse('BOOK_EXISTS', { fund, year: String(year) });
  if (yearOf(effectiveOn) !== year)
    return refuse('DATE_OUTSIDE_BOOK', { date: effectiveOn, year: String(year) });
  if (command.accounts.length === 0) return refuse('BOOK_WITHOUT_ACCOUNT', { fund });
  const wrong = command.goods.find(({ code }) => !isGoodCode(code));
  if (wrong) return refuse('GOOD_CODE_INVALID', { code: wrong.code });
  const account = repeated(command.accounts.map((a) => a.account));
  if (account !== undefined) return refuse('ACCOUNT_EXISTS', { account, fund });
  const code = repeated(command.goods.map((good) => good.code));
  if (code !== undefined) return refuse('GOOD_EXISTS', { code, fund });
  const data: BookOpened = { fund, year, ...rest };
  return ok([{ stream: bookStream(fund, year), type: 'book.opened.v1', effectiveOn, data }]);
}

const repeated = (names: readonly string[]): string | undefined =>
  names.find((name, index) => names.indexOf(name) !== index);
