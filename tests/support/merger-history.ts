import type { BookState } from '../../libs/funds/domain/book.ts';
import { decideMergeFund } from '../../libs/funds/domain/merge-fund.ts';
import { decideLockPeriod } from '../../libs/funds/domain/periods.ts';
import type { Context, Day, Fact, Result } from '../../libs/kernel/index.ts';

type Decide = (context: Context) => Result<readonly Fact[]>;

const later = (a: Day, b: Day): Day => (a > b ? a : b);

/** A merger of a fund into another one for a random history, not before anything that either has booked. */
export function mergerStep(
  [fund, book]: readonly [string, BookState],
  [into, successor]: readonly [string, BookState],
  earliest: Day,
): { readonly on: Day; readonly lock: Decide | undefined; readonly merge: Decide } {
  const on = later(earliest, later(book.latest, successor.latest));
  const month = Number(on.slice(5, 7)) - 1;
  return {
    on,
    lock:
      month > book.lockedThrough
        ? (context) =>
            decideLockPeriod({ fund, year: book.year, month, reason: 'truoc-sap-nhap' }, book, context)
        : undefined,
    merge: (context) =>
      decideMergeFund(
        {
          fund,
          into,
          accounts: [...book.accounts.keys()].map((account) => ({ account, as: `${account}.${fund}` })),
          proposedBy: 'an',
          reason: 'nghi-quyet',
          files: [],
          effectiveOn: on,
        },
        { book, successor },
        context,
      ),
  };
}
