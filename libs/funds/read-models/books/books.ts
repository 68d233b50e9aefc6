import { type Scope } from '#access';
import { type CommodityCode, type Day, type Moment, currencyExponent, isCurrency } from '#kernel';
import {
  type AsOf,
  type FactDefinition,
  type FactTables,
  type ReadContext,
  type Standing,
  factProjection,
  readAsOf,
  readFacts,
} from '#read-models';
import type { AccountHandedOver } from '../../domain/events-mergers.ts';
import type { ChecklistLine } from '../../domain/events-periods.ts';
import type { AccountOpened, BookEvent, BookOpened, FundLevel } from '../../domain/events.ts';
import { visibleFunds } from '../query.ts';

const TYPES = [
  'book.opened.v1',
  'book.account-opened.v1',
  'book.accounts-taken-over.v1',
  'book.good-listed.v1',
  'book.period-locked.v1',
  'book.period-unlocked.v1',
  'book.closed.v1',
  'book.merged.v1',
] as const satisfies readonly BookEvent['type'][];

type BookLifeEvent = Extract<BookEvent, { type: (typeof TYPES)[number] }>;

const fundOf = ({ stream }: BookLifeEvent): string => stream.slice('book-'.length, stream.lastIndexOf('-'));

const definition: FactDefinition<BookLifeEvent> = {
  name: 'books',
  version: 2,
  types: TYPES,
  keyOf: ({ stream }) => stream,
  fundOf,
};

/** Every fund and its yearly books. */
export const books = factProjection(definition);

/** A month that was locked or opened again, or the closing of the year: who did it, when, and over what. */
export interface PeriodStep {
  readonly step: 'locked' | 'unlocked' | 'closed' | 'merged';
  /** 1 … 12; null: the year. */
  readonly month: number | null;
  readonly effectiveOn: Day;
  readonly actor: string;
  readonly recordedAt: Moment;
  /** In the log: what the books said at the closing is what they say as known here. */
  readonly position: number;
  readonly checklist: readonly ChecklistLine[];
  /** Commitment to the text in the vault; null: nothing had to be explained. */
  readonly reason: string | null;
}

/** One fund in one fiscal year. */
export interface BookRow {
  readonly fund: string;
  readonly year: number;
  readonly name: string;
  readonly level: FundLevel;
  readonly place: string | null;
  readonly status: 'open' | 'closed';
  readonly openedOn: Day;
  readonly accounts: readonly AccountOpened[];
  /** Position in the log of its opening. */
  readonly openedAt: number;
  readonly goods: BookOpened['goods'];
  /** The fund it was merged into; null: none. */
  readonly mergedInto: string | null;
  /** Last locked month, 1 … 12; 0: none is. */
  readonly lockedThrough: number;
  /** In the order they were taken. */
  readonly periods: readonly PeriodStep[];
}

export interface BooksQuery extends AsOf {
  readonly scope: Scope;
  readonly funds?: readonly string[] | undefined;
}

/** The books known and effective by two dates, by fund and year. */
export function readBooks(
  context: ReadContext,
  { scope, funds, ...asOf }: BooksQuery,
): Promise<Standing & { readonly rows: readonly BookRow[] }> {
  return readAsOf<FactTables, { rows: readonly BookRow[] }>(
    context,
    [definition.name],
    asOf,
    async (trx, { knownAt, through }) => {
      const visible = visibleFunds(scope, funds);
      const facts = await readFacts(trx, definition, { knownAt, through, funds: visible });
      return { rows: [...facts.values()].flatMap(bookFrom) };
    },
  );
}

/** Decimals of what the books count: currencies by ISO 4217, goods as a book lists them, 0 for what none lists. */
export function exponentsOf(books: readonly BookRow[]): (commodity: CommodityCode) => number {
  const goods = new Map(books.flatMap((book) => book.goods.map(({ code, exponent }) => [code, exponent])));
  return (commodity) => (isCurrency(commodity) ? currencyExponent(commodity) : (goods.get(commodity) ?? 0));
}

function bookFrom(events: readonly BookLifeEvent[]): BookRow[] {
  let row: BookRow | undefined;
  for (const event of events) {
    const { type, data, effectiveOn, position } = event;
    if (type === 'book.opened.v1')
      row = {
        ...data,
        status: 'open',
        openedOn: effectiveOn,
        openedAt: position,
        lockedThrough: 0,
        periods: [],
        mergedInto: null,
      };
    if (row === undefined) continue;
    if (type === 'book.account-opened.v1') row = { ...row, accounts: [...row.accounts, data] };
    if (type === 'book.good-listed.v1') row = { ...row, goods: [...row.goods, data] };
    if (type === 'book.accounts-taken-over.v1')
      row = { ...row, accounts: withTaken(row.accounts, data.accounts) };
    if (type === 'book.merged.v1') row = { ...row, status: 'closed', mergedInto: data.into };
    if (type === 'book.closed.v1') row = { ...row, status: 'closed' };
    if (type === 'book.period-locked.v1') row = { ...row, lockedThrough: data.month };
    if (type === 'book.period-unlocked.v1') row = { ...row, lockedThrough: data.month - 1 };
    const step = periodStepOf(event);
    if (step) row = { ...row, periods: [...row.periods, step] };
  }
  return row ? [row] : [];
}

/** Accounts of a merged fund beside the own ones: gifts are not sent there any more. */
function withTaken(
  own: readonly AccountOpened[],
  taken: readonly AccountHandedOver[],
): readonly AccountOpened[] {
  const kinds = new Map(taken.map(({ account, kind }) => [account, kind]));
  return [...own, ...[...kinds].map(([account, kind]) => ({ account, kind }))];
}

const STEPS: Readonly<Partial<Record<BookLifeEvent['type'], PeriodStep['step']>>> = {
  'book.period-locked.v1': 'locked',
  'book.period-unlocked.v1': 'unlocked',
  'book.closed.v1': 'closed',
  'book.merged.v1': 'merged',
};

/** What an event says of months and years; a closing over many pools is told by its first event. */
function periodStepOf({ type, data, ...event }: BookLifeEvent): PeriodStep | undefined {
  const step = STEPS[type];
  if (step === undefined || ('part' in data && data.part > 1)) return undefined;
  const { effectiveOn, actor, recordedAt, position } = event;
  return {
    step,
    month: 'month' in data ? data.month : null,
    effectiveOn,
    actor,
    recordedAt,
    position,
    checklist: ('checklist' in data ? data.checklist : undefined) ?? [],
    reason: ('reason' in data ? data.reason : undefined) ?? null,
  };
}
