import { type GoodsEvents, type ValuationRevised, fromWire, toWire } from '#funds';
import { EMPTY, type Range, intersect, sizeOf, subtract, toSet } from '#kernel';
import { type Leg, type LegsTable, leg } from './leg.ts';
import { type Piece, piecesOf } from './legs-core.ts';
import { type Past, changeOrigins, takeAway } from './past.ts';

/** Gives the units of a receipt their new value, each its share. */
function revalue(past: Past, { pool, units, now }: ValuationRevised): void {
  const ranges = units.map(fromWire);
  const size = sizeOf(ranges);
  let begun = 0n;
  for (const range of ranges) {
    const before = begun - range.from;
    changeOrigins(past, pool, [range], (part) => ({
      ...part,
      worth: {
        commodity: now.commodity,
        size,
        begin: before + part.from,
        shares: [{ source: part.source, weight: size, value: BigInt(now.amount) }],
      },
    }));
    begun += range.to - range.from;
  }
}

/** What a new value adds or takes, source by source, as a leg of that kind without units. */
function differences(
  kind: 'receipt' | 'use',
  { commodity, account, donor, place, now }: ValuationRevised,
  before: readonly Piece[],
  after: readonly Piece[],
): Leg[] {
  const worth = (pieces: readonly Piece[], source: Piece['source'], of: string): bigint =>
    pieces.reduce(
      (sum, piece) =>
        piece.source === source && piece.value?.commodity === of ? sum + piece.value.amount : sum,
      0n,
    );
  const commodities = [
    ...new Set([now.commodity, ...before.flatMap(({ value }) => (value ? [value.commodity] : []))]),
  ];
  const sources = new Map([...before, ...after].map((piece) => [piece.source, piece]));
  return [...sources].flatMap(([source, { restricted, programme }]) =>
    commodities.flatMap((of) => {
      const more = worth(after, source, of) - worth(before, source, of);
      if (more === 0n) return [];
      return [
        leg({
          kind,
          isUndone: more < 0n,
          commodity,
          amount: 0n,
          value: { amount: more < 0n ? -more : more, commodity: of },
          own: account,
          source,
          restricted,
          programme,
          ...(kind === 'receipt' && { donor, place }),
        }),
      ];
    }),
  );
}

/** Legs of goods. */
export const goodsLegs: LegsTable<GoodsEvents> = {
  'book.goods-lost.v1': (past, { data }) => {
    takeAway(past, data.lost);
    return piecesOf(past, data.lost).map(({ amount, value, source, restricted, programme }) =>
      leg({
        kind: 'loss',
        commodity: data.commodity,
        amount,
        value,
        own: data.account,
        source,
        restricted,
        programme,
      }),
    );
  },
  // What left the pool before keeps going as it is valued there; the difference of it was used with it.
  'book.valuation-revised.v1': (past, { data }) => {
    const { pool } = data;
    const all = data.units.map(fromWire);
    const gone = intersect(all, past.gone.get(pool) ?? EMPTY);
    const left = subtract(all, toSet(gone));
    const pieces = (ranges: readonly Range[]): Piece[] =>
      piecesOf(past, [{ pool, units: ranges.map(toWire) }]);
    const [goneBefore, leftBefore] = [pieces(gone), pieces(left)];
    revalue(past, data);
    const [goneAfter, leftAfter] = [pieces(gone), pieces(left)];
    return [
      ...differences('receipt', data, [...goneBefore, ...leftBefore], [...goneAfter, ...leftAfter]),
      ...differences('use', data, goneBefore, goneAfter),
    ];
  },
};
