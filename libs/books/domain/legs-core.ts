import {
  BASE_CURRENCY,
  type CoreEvents,
  type DisbursementHead,
  type Part,
  type PoolUnits,
  type ReceiptRecorded,
  type Restriction,
  fromWire,
  poolKey,
  toWire,
} from '#funds';
import { type CommodityCode, sizeOf } from '#kernel';
import { type Leg, type LegsTable, leg, none } from './leg.ts';
import { type Past, addOrigin, bringBack, moveOrigins, originsOf, takeAway } from './past.ts';
import { type Sourced, worthOf } from './worth.ts';

/** Units of a pool that share an origin, and what the pool says of them. */
export interface Piece extends Sourced {
  readonly amount: bigint;
  readonly restricted: boolean;
  /** Programme the pool is for, by the donor or by the board. */
  readonly programme: string | null;
}

const isLimited = (restriction: Restriction): boolean => Object.keys(restriction).length > 0;

/** True when the donor has limited what the units of a pool may be used for. */
export const isRestricted = (pool: string): boolean => isLimited(poolKey(pool).restriction);

/** Units an event names, cut by where they came from, in order. */
export const piecesOf = (past: Past, held: readonly PoolUnits[]): Piece[] =>
  held.flatMap(({ pool, units }) => {
    const { restriction, designation } = poolKey(pool);
    const said = {
      restricted: isLimited(restriction),
      programme: restriction.programme ?? designation.programme ?? null,
    };
    return originsOf(past, pool, units.map(fromWire)).map((origin) => ({
      ...origin,
      ...said,
      amount: origin.to - origin.from,
    }));
  });

/** The part of a piece after its first `skipped` units; its value shared out by cumulative floors. */
function cutPiece(piece: Piece, skipped: bigint, amount: bigint): Piece {
  const { value } = piece;
  const until = (n: bigint): bigint => (value === null ? 0n : (n * value.amount) / piece.amount);
  return {
    ...piece,
    from: piece.from + skipped,
    to: piece.from + skipped + amount,
    amount,
    value: value && { ...value, amount: until(skipped + amount) - until(skipped) },
  };
}

/**
 * The legs of a use: what its lines give, paired in order with the units it takes, so that each leg knows its
 * recipient and its source. Lines stand in the first part only; what a part leaves of them is kept for the next.
 */
export function useLegs(
  past: Past,
  data: DisbursementHead & Part & { readonly account: string },
  held: readonly PoolUnits[],
  isUndone: boolean,
): Leg[] {
  const { disbursement, commodity, programme, account: own, part, parts } = data;
  const lines = (part === 1 ? data.lines : (past.left.get(disbursement) ?? [])).filter(
    ({ amount }) => amount !== '0',
  );
  const legs: Leg[] = [];
  let [at, used] = [0, 0n];
  for (const { pool, units } of held)
    for (let [range, ...rest] = units.map(fromWire); range !== undefined; [range, ...rest] = rest) {
      const line = lines[at];
      const wanted = line === undefined ? null : BigInt(line.amount) - used;
      const end = wanted !== null && range.from + wanted < range.to ? range.from + wanted : range.to;
      const taken = { from: range.from, to: end };
      if (end < range.to) rest = [{ from: end, to: range.to }, ...rest];
      for (const piece of piecesOf(past, [{ pool, units: [toWire(taken)] }]))
        legs.push(
          leg({
            kind: 'use',
            isUndone,
            commodity,
            amount: piece.amount,
            value: piece.value,
            own,
            source: piece.source,
            restricted: piece.restricted,
            programme: programme ?? piece.programme,
            recipient: line?.beneficiary ?? null,
            place: line?.place ?? null,
          }),
        );
      used += end - range.from;
      if (line !== undefined && used === BigInt(line.amount)) [at, used] = [at + 1, 0n];
    }
  const left = lines.slice(at).map(({ amount, beneficiary, place }, i) => ({
    amount: String(BigInt(amount) - (i === 0 ? used : 0n)),
    beneficiary,
    place,
  }));
  keepLeft(past, disbursement, part < parts ? left : undefined);
  (isUndone ? bringBack : takeAway)(past, held);
  return joined(legs);
}

function keepLeft(past: Past, disbursement: string, left: Parameters<Past['changed']['left']>[1]): void {
  if (left === undefined && !past.left.has(disbursement)) return;
  if (left === undefined) past.left.delete(disbursement);
  else past.left.set(disbursement, left);
  past.changed.left(disbursement, left);
}

/** Neighbours that differ in nothing but amount are one leg. */
function joined(legs: readonly Leg[]): Leg[] {
  const out: Leg[] = [];
  for (const next of legs) {
    const last = out.at(-1);
    if (last !== undefined && isLike(last, next))
      out[out.length - 1] = {
        ...last,
        amount: last.amount + next.amount,
        value: last.value && { ...last.value, amount: last.value.amount + (next.value?.amount ?? 0n) },
      };
    else out.push(next);
  }
  return out;
}

const isLike = (a: Leg, b: Leg): boolean =>
  a.value?.commodity === b.value?.commodity &&
  a.source === b.source &&
  a.restricted === b.restricted &&
  a.programme === b.programme &&
  a.recipient === b.recipient &&
  a.place === b.place;

/** Another gift behind the same use, unit by unit: only where its source or its value differ is anything said. */
export function coverLegs(commodity: CommodityCode, all: readonly Piece[], others: readonly Piece[]): Leg[] {
  // A share without a whole unit has no unit to be paired with.
  const [out, into] = [all, others].map((pieces) => pieces.filter(({ amount }) => amount > 0n)) as [
    Piece[],
    Piece[],
  ];
  if (isEqualTo(all, others)) return [];
  const legs: Leg[] = [];
  let [at, begun] = [0, 0n];
  for (const piece of out) {
    let skipped = 0n;
    while (skipped < piece.amount) {
      const other = into[at];
      if (other === undefined) return legs;
      const rest = other.amount - begun;
      const amount = rest < piece.amount - skipped ? rest : piece.amount - skipped;
      const [from, to] = [cutPiece(piece, skipped, amount), cutPiece(other, begun, amount)];
      if (from.source !== to.source || from.value?.amount !== to.value?.amount)
        legs.push(
          ...[from, to].map(({ source, restricted, value, programme }, i) =>
            leg({
              kind: 'cover',
              isUndone: i === 0,
              commodity,
              amount,
              value,
              source,
              restricted,
              programme,
            }),
          ),
        );
      skipped += amount;
      begun += amount;
      if (begun === other.amount) [at, begun] = [at + 1, 0n];
    }
  }
  return legs;
}

const isEqualTo = (a: readonly Piece[], b: readonly Piece[]): boolean =>
  a.length === b.length &&
  a.every((piece, at) => {
    const other = b[at];
    return (
      other?.amount === piece.amount &&
      other.source === piece.source &&
      other.value?.amount === piece.value?.amount
    );
  });

/** What is said of units pool by pool, wherever they came from. */
export const perPool = (
  kind: Leg['kind'],
  commodity: CommodityCode,
  held: readonly PoolUnits[],
  isUndone = false,
): Leg[] =>
  held.map(({ pool, units }) =>
    leg({
      kind,
      isUndone,
      commodity,
      amount: sizeOf(units.map(fromWire)),
      restricted: isRestricted(pool),
    }),
  );

/** What came in, in units of its pool: a gift, or what the fund earned itself. */
export function receiptLegs(past: Past, data: ReceiptRecorded): Leg[] {
  const { pool, commodity, account, source, donor, place, valuation, rate } = data;
  const { restriction } = poolKey(pool);
  const value =
    valuation === null
      ? rate && { amount: BigInt(rate.base), commodity: BASE_CURRENCY }
      : { amount: BigInt(valuation.amount), commodity: valuation.commodity };
  const worth = value ? worthOf(BigInt(data.amount), source, value) : null;
  addOrigin(past, pool, { ...fromWire(data.minted), source, worth });
  return [
    leg({
      kind: 'receipt',
      commodity,
      amount: BigInt(data.amount),
      value: value ?? null,
      own: account,
      source,
      restricted: isLimited(restriction),
      programme: restriction.programme ?? null,
      donor,
      place,
    }),
  ];
}

/** Legs of a book's everyday work. */
export const coreLegs: LegsTable<CoreEvents> = {
  'book.opened.v1': (past, { data }) => {
    for (const { account, kind } of data.accounts) keepKind(past, account, kind);
    return [];
  },
  'book.account-opened.v1': (past, { data }) => {
    keepKind(past, data.account, data.kind);
    return [];
  },
  'book.pool-carried.v1': none,
  'book.good-listed.v1': none,
  'book.closed.v1': none,
  'book.receipt-recorded.v1': (past, { data }) => receiptLegs(past, data),
  'book.allocation-approved.v1': (past, { data }) => {
    for (const { from, to } of data.moves) moveOrigins(past, from, to);
    takeAway(
      past,
      data.moves.map(({ from }) => from),
    );
    return perPool(
      'designation',
      data.commodity,
      data.moves.map(({ from }) => from),
    );
  },
  'book.allocation-reduced.v1': (past, { data }) => {
    const restored = data.undone.map((each) => each.restored);
    bringBack(past, restored);
    return [
      ...perPool('designation', data.commodity, restored, true),
      // A correction may have put another gift behind the units that were moved; now they stand there again.
      ...data.undone.flatMap(({ voided, restored: back }) =>
        coverLegs(data.commodity, piecesOf(past, [back]), piecesOf(past, [voided])),
      ),
    ];
  },
  'book.disbursement-proposed.v1': none,
  'book.disbursement-rejected.v1': none,
  'book.disbursement-approved.v1': (_past, { data }) => perPool('commitment', data.commodity, data.drawn),
  'book.disbursement-cancelled.v1': (_past, { data }) =>
    perPool('commitment', data.commodity, data.restored, true),
  'book.disbursement-paid.v1': (past, { data }) => useLegs(past, data, data.settled, false),
  'book.disbursement-returned.v1': (past, { data }) => useLegs(past, data, data.restored, true),
  'book.disbursement-delivered.v1': (_past, { data }) =>
    data.lines.map(({ amount, beneficiary, place }) =>
      leg({
        kind: 'delivery',
        commodity: data.commodity,
        amount: BigInt(amount),
        programme: data.programme,
        recipient: beneficiary,
        place,
      }),
    ),
};

function keepKind(past: Past, account: string, kind: Parameters<Past['changed']['kind']>[1]): void {
  if (past.kinds.get(account) === kind) return;
  past.kinds.set(account, kind);
  past.changed.kind(account, kind);
}
