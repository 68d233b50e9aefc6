import type { CorrectionEvents, CoveredUnits, ShortUnits } from './events-corrections.ts';
import type { BookEvent, WireRange } from './events.ts';
import { type Posting, type PostingsTable, assetOf } from './posting.ts';
import { sizeOnWire } from './wire.ts';

const sizeOf = (units: readonly WireRange[]): bigint => sizeOnWire({ units });

/** How many units were covered, and how many are named short or lifted. */
export const coveredSize = (covered: readonly CoveredUnits[]): bigint =>
  covered.reduce((sum, { by }) => sum + sizeOf(by), 0n);
export const shortSize = (short: readonly ShortUnits[]): bigint =>
  short.reduce((sum, { units }) => sum + sizeOf(units), 0n);

/** Units that leave or enter the free ones of a pool together with money of an account. */
const freeWithAsset = (
  event: BookEvent,
  {
    pool,
    account,
    commodity,
  }: { readonly pool: string; readonly account: string; readonly commodity: string },
  amount: bigint,
): Posting[] => [
  { account: assetOf(event, account), commodity, amount },
  { account: `free/${pool}`, commodity, amount: -amount },
];

/** Entries of nothing are not written. */
const written = (postings: Posting[]): Posting[] => postings.filter(({ amount }) => amount !== 0n);

/**
 * The postings of corrections. `shortfall/<pool>` is what uses hold though its receipt was reversed: a pool's
 * assets are its free and committed units less its shortfall.
 */
export const correctionPostings: PostingsTable<CorrectionEvents> = {
  'book.donor-refunded.v1': (event) => freeWithAsset(event, event.data, -sizeOf(event.data.voided)),
  'book.receipt-adjusted.v1': (event) => {
    const { minted, voided } = event.data;
    return freeWithAsset(event, event.data, sizeOf(minted ? [minted] : []) - sizeOf(voided));
  },
  'book.receipt-reversed.v1': (event) => {
    const { pool, account, commodity, voided, covered, short } = event.data;
    const [free, missing] = [sizeOf(voided) + coveredSize(covered), shortSize(short)];
    return written([
      { account: assetOf(event, account), commodity, amount: -free - missing },
      { account: `free/${pool}`, commodity, amount: free },
      { account: `shortfall/${pool}`, commodity, amount: missing },
    ]);
  },
  'book.restriction-released.v1': (event) =>
    event.data.moves.flatMap(({ from, to }) => [
      { account: `free/${from.pool}`, commodity: event.data.commodity, amount: sizeOnWire(from) },
      { account: `free/${to.pool}`, commodity: event.data.commodity, amount: -sizeOnWire(from) },
    ]),
  'book.shortfall-settled.v1': ({ data: { pool, commodity, covered, lifted } }) => {
    const amount = coveredSize(covered) + shortSize(lifted);
    return [
      { account: `free/${pool}`, commodity, amount },
      { account: `shortfall/${pool}`, commodity, amount: -amount },
    ];
  },
};
