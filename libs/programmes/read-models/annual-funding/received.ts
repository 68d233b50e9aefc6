import type { BookEvent, BookEvents } from '#funds';
import { type LedgerEvent, yearOf } from '#kernel';
import {
  type BalanceDefinition,
  type Change,
  type FactDefinition,
  type Projection,
  balanceProjection,
  factProjection,
  insertInto,
} from '#read-models';
import type { ReportEvent } from '../../domain/events.ts';

type Opened = LedgerEvent<'book.opened.v1', BookEvents['book.opened.v1']>;

/** What the table joins: the books with their level and place, and the support that no book holds. */
export const stated: FactDefinition<Opened | ReportEvent> = {
  name: 'annual-stated',
  version: 1,
  types: ['book.opened.v1', 'report.support-reported.v1'],
  keyOf: (event) => (event.type === 'book.opened.v1' ? `books-${event.data.year}` : event.stream),
  fundOf: (event) => (event.type === 'book.opened.v1' ? event.data.fund : ''),
};

export const annualStated = factProjection(stated);

interface YearReceived extends Change<'received'> {
  /** `<fund>/<year>` */
  readonly book: string;
}

const fundOf = (stream: string): string => stream.slice('book-'.length, stream.lastIndexOf('-'));

const receivedOf = (event: BookEvent): YearReceived[] => {
  if (event.type !== 'book.receipt-recorded.v1') return [];
  const fund = fundOf(event.stream);
  const { commodity, amount } = event.data;
  const book = `${fund}/${yearOf(event.effectiveOn)}`;
  return [{ measure: 'received', amount: BigInt(amount), commodity, fund, book }];
};

/** What each book received. */
export const received: BalanceDefinition<BookEvent, 'received', YearReceived> = {
  name: 'annual-receipts',
  version: 3,
  types: ['book.receipt-recorded.v1'],
  measures: ['received'],
  changes: [receivedOf],
  keyOf: ({ book }) => book,
};

export const annualReceipts = balanceProjection(received);

/**
 * Gifts to the funds of care facilities, one by one, because the table names who gave them. Other funds have
 * hundreds of thousands of gifts, whose givers it does not name.
 */
export const annualAid: Projection = {
  name: 'annual-aid',
  version: 1,
  types: ['book.opened.v1', 'book.receipt-recorded.v1'],
  tables: {
    annual_facility: { columns: { stream: 'text' }, key: ['stream'] },
    annual_aid: {
      columns: {
        fund: 'text',
        position: 'whole',
        year: 'whole',
        day: 'text',
        donor: 'text?',
        commodity: 'text',
        amount: 'whole',
      },
      key: ['fund', 'position'],
    },
  },
  open: (physical) => {
    const addFacility = insertInto(physical('annual_facility'), ['stream']);
    const addAid = insertInto(physical('annual_aid'), [
      'fund',
      'position',
      'year',
      'day',
      'donor',
      'commodity',
      'amount',
    ]);
    let facilities: Set<string> | undefined;
    return async (page, tx) => {
      if (facilities === undefined) {
        const rows = await tx.all<{ stream: string }>(
          `select stream from ${physical('annual_facility')}`,
          [],
        );
        facilities = new Set(rows.map(({ stream }) => stream));
      }
      const opened: string[][] = [];
      const aid: (string | number | bigint | null)[][] = [];
      for (const event of page.events as readonly BookEvent[]) {
        const { type, data, stream, effectiveOn, position } = event;
        if (type === 'book.opened.v1' && data.level === 'facility') {
          facilities.add(stream);
          opened.push([stream]);
        }
        if (type === 'book.receipt-recorded.v1' && facilities.has(stream)) {
          const { donor, commodity, amount } = data;
          aid.push([
            fundOf(stream),
            position,
            yearOf(effectiveOn),
            effectiveOn,
            donor,
            commodity,
            BigInt(amount),
          ]);
        }
      }
      await tx.run(addFacility, opened);
      await tx.run(addAid, aid);
    };
  },
};

/** The table of {@link annualAid}. */
export interface AidTables {
  readonly annual_aid: {
    readonly fund: string;
    readonly position: bigint;
    readonly year: bigint;
    readonly day: string;
    readonly donor: string | null;
    readonly commodity: string;
    readonly amount: bigint;
  };
}
