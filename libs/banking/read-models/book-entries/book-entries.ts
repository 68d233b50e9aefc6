import { type BookEvent, MONEY_TYPES, moneyMovesOf } from '#funds';
import { type Projection, derive, insertInto } from '#read-models';

const COLUMNS = [
  'fund',
  'account',
  'day',
  'entry',
  'position',
  'commodity',
  'amount',
  'voucher',
  'item',
  'donor',
  'pledge',
] as const;

/** An event that touches one account is its own entry; further moves of it are numbered. */
export const entryOf = (event: string, index: number): string => (index === 0 ? event : `${event}.${index}`);

const fundOf = (stream: string): string => stream.slice('book-'.length, stream.lastIndexOf('-'));

/** Every movement of money of the funds' own accounts, as a bank statement would show it. */
export const bookEntries: Projection = {
  name: 'book-entries',
  version: 2,
  types: MONEY_TYPES,
  tables: {
    book_entry: {
      columns: {
        fund: 'text',
        account: 'text',
        day: 'text',
        entry: 'text',
        position: 'whole',
        commodity: 'text',
        amount: 'whole',
        voucher: 'text?',
        item: 'text',
        donor: 'text?',
        pledge: 'text?',
      },
      key: ['fund', 'account', 'day', 'entry'],
    },
  },
  open: (physical) => {
    const insert = insertInto(physical('book_entry'), COLUMNS);
    return async (page, tx) => {
      const moves = derive(page, moneyMovesOf as (event: BookEvent) => ReturnType<typeof moneyMovesOf>);
      const rows = page.events.flatMap(({ stream, id, position, effectiveOn }, at) =>
        (moves[at] ?? []).map((move, index) => [
          fundOf(stream),
          move.account,
          effectiveOn,
          entryOf(id, index),
          position,
          move.commodity,
          move.direction === 'in' ? move.amount : -move.amount,
          move.voucher,
          move.item,
          move.donor,
          move.pledge,
        ]),
      );
      await tx.run(insert, rows);
    };
  },
};
