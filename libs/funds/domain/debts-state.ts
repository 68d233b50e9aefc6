import { subtract, toSet } from '#kernel';
import type { BookState, Held } from './book-state.ts';
import type { AdvanceCarried } from './events-debts.ts';
import { heldFromWire } from './book-state.ts';
import { inParts, numbered } from './draw-pools.ts';
import type { PoolUnits } from './events.ts';

/** An advance that is out, beside its open item: what it is for and what it holds. */
export interface OpenAdvance {
  readonly person: string;
  readonly disbursement: string | null;
  readonly programme: string | null;
  readonly purpose: string | null;
  /** Of own costs; what one for a disbursement needs is held by that. */
  readonly held: readonly Held[];
}

const LETTERS = /\s+/gu;

/** An invoice as two people would write it: `invoice 0000123 ` of a supplier is his `INVOICE0000123`. */
export const invoiceKey = (supplier: string, invoice: string): string =>
  `${supplier} ${invoice.normalize('NFKC').replace(LETTERS, '').toUpperCase()}`;

/** The advance that is out for a disbursement; undefined: there is none. */
export const advanceFor = (
  { advances }: Pick<BookState, 'advances'>,
  disbursement: string,
): string | undefined => [...advances].find(([, advance]) => advance.disbursement === disbursement)?.[0];

/** What is held less what was given back of it, in the same order. */
export const lessUnits = (held: readonly Held[], restored: readonly PoolUnits[]): Held[] => {
  const gone = restored.map(heldFromWire);
  return held
    .map(({ pool, units }) => ({
      pool,
      units: subtract(units, toSet(gone.filter((back) => back.pool === pool).flatMap((back) => back.units))),
    }))
    .filter(({ units }) => units.length > 0);
};

/** What advances are for and hold at the end of a book, for the next one. */
export const carriedAdvances = ({ advances, year }: BookState): AdvanceCarried[] =>
  [...advances].flatMap(([advance, { person, disbursement, programme, purpose, held }]) =>
    numbered(inParts(held), (units) => ({
      advance,
      person,
      forDisbursement: disbursement,
      programme,
      purpose,
      held: units,
      from: year,
    })),
  );
