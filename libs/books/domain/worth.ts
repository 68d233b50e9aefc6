import type { ReceiptSource } from '#funds';
import { type CommodityCode, type Range, intersect } from '#kernel';

/** What units are worth in money, as the receipt or purchase that brought them in says. */
export interface Value {
  readonly amount: bigint;
  readonly commodity: CommodityCode;
}

/** What one source has of units that came in together: `weight` of the sum of all weights. */
export interface Share {
  readonly source: ReceiptSource | null;
  readonly weight: bigint;
  /** Of the whole share; null: not known. */
  readonly value: bigint | null;
}

/**
 * What units that came in together are worth, and from which sources: borders between sources may lie inside a unit.
 * Some of them, wherever they were moved, keep their place among all: so that however often they are cut, the parts
 * of a value add up to it.
 */
export interface Worth {
  readonly commodity: CommodityCode;
  /** How many came in together. */
  readonly size: bigint;
  /** In the order of the units. */
  readonly shares: readonly Share[];
  /** Place of the first unit that is told of. */
  readonly begin: bigint;
}

/** Consecutive units of a pool that came from one source, or in one purchase from several. */
export interface Origin extends Range {
  /** Null: the log does not say, or the shares do. */
  readonly source: ReceiptSource | null;
  /** Null: they have no value of their own, as money has none. */
  readonly worth: Worth | null;
}

/** Units with the one source they came from, and their part of its value. */
export interface Sourced extends Range {
  readonly source: ReceiptSource | null;
  readonly value: Value | null;
}

/** What an origin says of some of its units. */
export const cutOrigin = (origin: Origin, { from, to }: Range): Origin => ({
  ...origin,
  from,
  to,
  worth: origin.worth && { ...origin.worth, begin: origin.worth.begin + from - origin.from },
});

/** Goods that one receipt brought in. */
export const worthOf = (units: bigint, source: ReceiptSource, value: Value): Worth => ({
  commodity: value.commodity,
  size: units,
  shares: [{ source, weight: units, value: value.amount }],
  begin: 0n,
});

/** The same from another source. */
export const fromSource = (origin: Origin, source: ReceiptSource): Origin => ({
  ...origin,
  source,
  worth: origin.worth && {
    ...origin.worth,
    shares: origin.worth.shares.map((share) => ({ ...share, source })),
  },
});

/**
 * The units of an origin source by source, each with its part of the value, both floored where it ends, so that they
 * add up. A source may have no whole unit, and yet a value: it shares a unit that counts for another.
 */
export function eachSource({ from, to, source, worth }: Origin): Sourced[] {
  if (worth === null) return [{ from, to, source, value: null }];
  const { shares, size, begin, commodity } = worth;
  const sum = shares.reduce((n, { weight }) => n + weight, 0n);
  // Counted in parts of a unit so small that both units and shares have whole numbers of them.
  const asked = { from: begin * sum, to: (begin + to - from) * sum };
  let passed = 0n;
  return shares.flatMap((share) => {
    const own = { from: passed, to: passed + share.weight * size };
    passed = own.to;
    return intersect([asked], [own]).map((hit): Sourced => {
      const unit = (at: bigint): bigint => from + at / sum - begin;
      const until = (at: bigint, value: bigint): bigint => ((at - own.from) * value) / (own.to - own.from);
      const { value } = share;
      return {
        from: unit(hit.from),
        to: unit(hit.to),
        source: share.source,
        value: value === null ? null : { amount: until(hit.to, value) - until(hit.from, value), commodity },
      };
    });
  });
}

/** Shares of the first units of a purchase, by their weight. */
export function firstShares(shares: readonly Share[], weight: bigint): Share[] {
  let left = weight;
  return shares.flatMap((share) => {
    const taken = share.weight < left ? share.weight : left;
    left -= taken;
    const value = share.value === null ? null : (share.value * taken) / share.weight;
    return taken > 0n ? [{ source: share.source, weight: taken, value }] : [];
  });
}

type StoredShare = readonly [source: Share['source'], weight: string, value: string | null];
type StoredWorth = readonly [commodity: string, size: string, begin: string, ...shares: StoredShare[]];

/** As a row of a table holds it, and back. */
export const writeWorth = ({ commodity, size, begin, shares }: Worth): string => {
  const stored: StoredWorth = [
    commodity,
    String(size),
    String(begin),
    ...shares.map(({ source, weight, value }): StoredShare => [
      source,
      String(weight),
      value === null ? null : String(value),
    ]),
  ];
  return JSON.stringify(stored);
};

export const readWorth = (text: string): Worth => {
  const [commodity, size, begin, ...shares] = JSON.parse(text) as StoredWorth;
  return {
    commodity,
    size: BigInt(size),
    begin: BigInt(begin),
    shares: shares.map(([source, weight, value]) => ({
      source,
      weight: BigInt(weight),
      value: value === null ? null : BigInt(value),
    })),
  };
};
