import type { AdvanceHandedOver, DisbursementHandedOver, MergerEvents, OfMerger } from './events-mergers.ts';
import type { BookEvent } from './events.ts';
import { ITEM_SIDES } from './item-sides.ts';
import { type Posting, type PostingsTable, assetOf } from './posting.ts';
import { shortSize } from './postings-corrections.ts';
import { sizeOnWire } from './wire.ts';

/**
 * What stands on an account leaves it (−1) or arrives there (1), against `merger/<old fund>`, which is nothing for
 * each of the two funds when the merger is whole.
 */
const against = ({ from }: OfMerger, entries: readonly Posting[], sign: 1n | -1n): Posting[] =>
  entries
    .filter(({ amount }) => amount !== 0n)
    .flatMap(({ account, commodity, amount }) => [
      { account, commodity, amount: sign * amount },
      { account: `merger/${from}`, commodity, amount: -sign * amount },
    ]);

type EventOf<T extends keyof MergerEvents> = Extract<BookEvent, { type: T }>;

const accounts = (
  event: EventOf<'book.accounts-handed-over.v1' | 'book.accounts-taken-over.v1'>,
  sign: 1n | -1n,
): Posting[] =>
  against(
    event.data,
    event.data.accounts.flatMap(({ account, was, commodity, amount }) =>
      commodity === null
        ? []
        : [{ account: assetOf(event, sign === 1n ? account : was), commodity, amount: BigInt(amount) }],
    ),
    sign,
  );

const pools = (
  { data }: EventOf<'book.pools-handed-over.v1' | 'book.pools-taken-over.v1'>,
  sign: 1n | -1n,
): Posting[] =>
  against(
    data,
    data.pools.map(({ pool, commodity, free }) => ({
      account: `free/${pool}`,
      commodity,
      amount: -sizeOnWire({ units: free }),
    })),
    sign,
  );

const shortfalls = (
  { data }: EventOf<'book.shortfalls-handed-over.v1' | 'book.shortfalls-taken-over.v1'>,
  sign: 1n | -1n,
): Posting[] =>
  against(
    data,
    data.pools.map(({ pool, commodity, short }) => ({
      account: `shortfall/${pool}`,
      commodity,
      amount: shortSize(short),
    })),
    sign,
  );

/** Units that a disbursement or an advance for own costs holds in their pools. */
const held = (data: AdvanceHandedOver | DisbursementHandedOver, sign: 1n | -1n): Posting[] =>
  against(
    data,
    data.held.map((units) => ({
      account: `committed/${units.pool}`,
      commodity: data.commodity,
      amount: -sizeOnWire(units),
    })),
    sign,
  );

/** Only what is committed is in the pools; of a proposal nothing is held, and what was paid is spent. */
const disbursement = (data: DisbursementHandedOver, sign: 1n | -1n): Posting[] =>
  data.status === 'approved' ? held(data, sign) : [];

const items = (
  event: EventOf<'book.items-handed-over.v1' | 'book.items-taken-over.v1'>,
  sign: 1n | -1n,
): Posting[] =>
  against(
    event.data,
    event.data.items.map(({ kind, account: own, commodity, amount }) => {
      const { where, side } = ITEM_SIDES[kind];
      return { account: assetOf(event, `${where}/${own}`), commodity, amount: side * BigInt(amount) };
    }),
    sign,
  );

/** The postings of mergers. */
export const mergerPostings: PostingsTable<MergerEvents> = {
  'book.accounts-handed-over.v1': (event) => accounts(event, -1n),
  'book.accounts-taken-over.v1': (event) => accounts(event, 1n),
  'book.advance-handed-over.v1': ({ data }) => held(data, -1n),
  'book.advance-taken-over.v1': ({ data }) => held(data, 1n),
  'book.disbursement-handed-over.v1': ({ data }) => disbursement(data, -1n),
  'book.disbursement-taken-over.v1': ({ data }) => disbursement(data, 1n),
  'book.items-handed-over.v1': (event) => items(event, -1n),
  'book.items-taken-over.v1': (event) => items(event, 1n),
  'book.pools-handed-over.v1': (event) => pools(event, -1n),
  'book.pools-taken-over.v1': (event) => pools(event, 1n),
  'book.shortfalls-handed-over.v1': (event) => shortfalls(event, -1n),
  'book.shortfalls-taken-over.v1': (event) => shortfalls(event, 1n),
};
