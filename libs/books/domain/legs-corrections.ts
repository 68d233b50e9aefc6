import {
  type CorrectionEvents,
  type CoveredUnits,
  type PoolUnits,
  type ReceiptLabels,
  type WireRange,
  fromWire,
  poolKey,
  toWire,
} from '#funds';
import { type CommodityCode, EMPTY, type Range, intersect, sizeOf, takeFirst, toSet } from '#kernel';
import { type Leg, type LegsTable, leg, none } from './leg.ts';
import { type Piece, coverLegs, isRestricted, piecesOf } from './legs-core.ts';
import { type Past, addOrigin, bringBack, changeSource, moveOrigins, takeAway } from './past.ts';

interface Gift {
  readonly pool: string;
  readonly account: string;
  readonly commodity: CommodityCode;
  readonly donor: string | null;
  readonly place: string | null;
}

/** Units of a gift that count no more: each piece out of the source it came from. */
const giftLegs = (past: Past, kind: 'receipt' | 'refund', gift: Gift, units: readonly WireRange[]): Leg[] =>
  piecesOf(past, [{ pool: gift.pool, units }]).map(({ amount, source, restricted, value }) =>
    leg({
      kind,
      isUndone: kind === 'receipt',
      commodity: gift.commodity,
      amount,
      value,
      own: gift.account,
      source,
      restricted,
      programme: poolKey(gift.pool).restriction.programme ?? null,
      donor: gift.donor,
      place: gift.place,
    }),
  );

/**
 * Other units of the pool stand behind the uses of those that were reversed. What is only committed was not booked
 * as used yet: its payment will name the units it then holds.
 */
function cover(past: Past, pool: string, commodity: CommodityCode, covered: readonly CoveredUnits[]): Leg[] {
  return covered.flatMap(({ replaced, by }) =>
    pairsOf(replaced.map(fromWire), by.map(fromWire)).flatMap(({ out, into }) =>
      intersect(past.gone.get(pool) ?? EMPTY, [out]).flatMap((used) => {
        const shift = into.from - out.from;
        const other = { from: used.from + shift, to: used.to + shift };
        const [before, now] = [piecesIn(past, pool, used), piecesIn(past, pool, other)];
        bringBack(past, [{ pool, units: [toWire(used)] }]);
        takeAway(past, [{ pool, units: [toWire(other)] }]);
        return coverLegs(commodity, before, now);
      }),
    ),
  );
}

const piecesIn = (past: Past, pool: string, range: Range): Piece[] =>
  piecesOf(past, [{ pool, units: [toWire(range)] }]);

/** Ranges of equally many units, paired in order. */
function pairsOf(out: readonly Range[], into: readonly Range[]): { out: Range; into: Range }[] {
  let rest = into;
  return out.flatMap((range) => {
    const taken = takeFirst(rest, range.to - range.from);
    rest = taken.rest;
    let { from } = range;
    return taken.taken.map((target) => {
      const own = { from, to: from + target.to - target.from };
      from = own.to;
      return { out: own, into: target };
    });
  });
}

/** Units of a gift that were used or moved on: their use counts for the new source, as the gift does. */
function sourceLegs(past: Past, units: PoolUnits, commodity: CommodityCode, now: ReceiptLabels): Leg[] {
  const own = toSet(units.units.map(fromWire));
  const gone = intersect(past.gone.get(units.pool) ?? EMPTY, own);
  const before = piecesOf(past, [{ pool: units.pool, units: gone.map(toWire) }]);
  const after: Piece[] = before.map((piece) => ({ ...piece, source: now.source }));
  changeSource(past, units.pool, own, now.source);
  return coverLegs(commodity, before, after);
}

/** Legs of corrections. */
export const correctionLegs: LegsTable<CorrectionEvents> = {
  'book.receipt-reversed.v1': (past, { data }) => [
    ...giftLegs(past, 'receipt', data, [
      ...data.voided,
      ...data.covered.flatMap(({ replaced }) => replaced),
      ...data.short.flatMap(({ units }) => units),
    ]),
    ...cover(past, data.pool, data.commodity, data.covered),
  ],
  // What a use gave back was booked as given back; that it is not free again is no entry.
  'book.shortfall-settled.v1': (past, { data }) => cover(past, data.pool, data.commodity, data.covered),
  'book.shortfall-carried.v1': none,
  'book.receipt-adjusted.v1': (past, { data }) => {
    const { pool, commodity, account, source, donor, place, minted } = data;
    if (minted === null) return giftLegs(past, 'receipt', data, data.voided);
    addOrigin(past, pool, { ...fromWire(minted), source, worth: null });
    const grown = [...(past.grown.get(data.receipt) ?? []), minted];
    past.grown.set(data.receipt, grown);
    past.changed.grown(data.receipt, grown);
    return [
      leg({
        kind: 'receipt',
        commodity,
        amount: sizeOf([fromWire(minted)]),
        own: account,
        source,
        restricted: isRestricted(pool),
        programme: poolKey(pool).restriction.programme ?? null,
        donor,
        place,
      }),
    ];
  },
  'book.receipt-corrected.v1': (past, { data }) => {
    const { pool } = data.units;
    const units = { pool, units: [...data.units.units, ...(past.grown.get(data.receipt) ?? [])] };
    const said = {
      commodity: data.commodity,
      amount: BigInt(data.amount),
      value: valueOf(piecesOf(past, [units]), BigInt(data.amount)),
      restricted: isRestricted(pool),
      programme: poolKey(pool).restriction.programme ?? null,
    };
    const labels = ({ source, donor, place }: ReceiptLabels): Partial<Leg> => ({ source, donor, place });
    return [
      leg({ kind: 'relabel-out', ...said, ...labels(data.was) }),
      leg({ kind: 'relabel-in', ...said, ...labels(data.now) }),
      ...(data.was.source === data.now.source ? [] : sourceLegs(past, units, data.commodity, data.now)),
    ];
  },
  'book.donor-refunded.v1': (past, { data }) => giftLegs(past, 'refund', data, data.voided),
  'book.restriction-released.v1': (past, { data }) => {
    const legs = data.moves.flatMap(({ from, to }) =>
      piecesOf(past, [from]).map(({ amount, source, value, programme }) =>
        leg({
          kind: 'release',
          commodity: data.commodity,
          amount,
          value,
          source,
          restricted: isRestricted(to.pool),
          programme,
        }),
      ),
    );
    for (const { from, to } of data.moves) moveOrigins(past, from, to);
    takeAway(
      past,
      data.moves.map(({ from }) => from),
    );
    return legs;
  },
  'book.voucher-voided.v1': none,
};

/** What the units of a gift are worth, when all of them count and each has a value. */
function valueOf(pieces: readonly Piece[], amount: bigint): Leg['value'] {
  const [first] = pieces;
  const isWhole = pieces.reduce((n, piece) => n + piece.amount, 0n) === amount;
  if (!isWhole || !first?.value || pieces.some(({ value }) => value === null)) return null;
  return {
    commodity: first.value.commodity,
    amount: pieces.reduce((n, { value }) => n + (value?.amount ?? 0n), 0n),
  };
}
