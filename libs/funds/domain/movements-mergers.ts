import type {
  AdvanceHandedOver,
  DisbursementHandedOver,
  MergerEvents,
  PoolsHandedOver,
  ShortfallsHandedOver,
} from './events-mergers.ts';
import { type Movement, type MovementsTable, byLine, byPool, perPool } from './movement.ts';
import { ownUse } from './movements-debts.ts';
import { shortSize } from './postings-corrections.ts';
import { fundOf, sizeOnWire } from './wire.ts';

type Sign = 1n | -1n;

/** What leaves a fund is moved out of it (−1), what arrives is moved in (1). */
const moved = (pool: string, amount: bigint, sign: Sign): Movement =>
  byPool(sign === 1n ? 'movedIn' : 'movedOut', pool, amount);

const pools = ({ pools: all }: PoolsHandedOver, sign: Sign): Movement[] =>
  all.flatMap(({ pool, free }) => {
    const amount = sizeOnWire({ units: free });
    return amount === 0n ? [] : [moved(pool, amount, sign), byPool('available', pool, sign * amount)];
  });

const shortfalls = ({ pools: all }: ShortfallsHandedOver, sign: Sign): Movement[] =>
  all.flatMap(({ pool, short }) => {
    const amount = shortSize(short);
    return [moved(pool, -amount, sign), byPool('short', pool, sign * amount)];
  });

const disbursement = (stream: string, data: DisbursementHandedOver, sign: Sign): Movement[] =>
  data.status !== 'approved'
    ? []
    : [
        ...data.held.map((units) => moved(units.pool, sizeOnWire(units), sign)),
        ...byLine('committed', fundOf(stream), data, sign),
      ];

const advance = (stream: string, data: AdvanceHandedOver, sign: Sign): Movement[] => [
  ...data.held.map((units) => moved(units.pool, sizeOnWire(units), sign)),
  ...ownUse('committed', stream, data, data.held, sign),
];

const committed = (data: DisbursementHandedOver, sign: Sign): Movement[] =>
  data.status === 'approved' ? perPool('committed', data.held, sign) : [];

/** The movements of mergers: units and promises leave the one fund and arrive in the other. What was paid stays paid. */
export const mergerMovements: MovementsTable<MergerEvents> = {
  'book.advance-handed-over.v1': ({ stream, data }) => advance(stream, data, -1n),
  'book.advance-taken-over.v1': ({ stream, data }) => advance(stream, data, 1n),
  'book.disbursement-handed-over.v1': ({ stream, data }) => disbursement(stream, data, -1n),
  'book.disbursement-taken-over.v1': ({ stream, data }) => disbursement(stream, data, 1n),
  'book.pools-handed-over.v1': ({ data }) => pools(data, -1n),
  'book.pools-taken-over.v1': ({ data }) => pools(data, 1n),
  'book.shortfalls-handed-over.v1': ({ data }) => shortfalls(data, -1n),
  'book.shortfalls-taken-over.v1': ({ data }) => shortfalls(data, 1n),
};

/** `committed` of mergers by the pool whose units they are. */
export const mergerPoolUses: MovementsTable<MergerEvents> = {
  'book.advance-handed-over.v1': ({ data }) => perPool('committed', data.held, -1n),
  'book.advance-taken-over.v1': ({ data }) => perPool('committed', data.held, 1n),
  'book.disbursement-handed-over.v1': ({ data }) => committed(data, -1n),
  'book.disbursement-taken-over.v1': ({ data }) => committed(data, 1n),
};
