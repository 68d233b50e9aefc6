import type { BookState } from '../../libs/funds/domain/book.ts';
import { decideBuyGoods } from '../../libs/funds/domain/buy-goods.ts';
import { decideExchangeCurrency } from '../../libs/funds/domain/exchange-currency.ts';
import { decideLoseGoods } from '../../libs/funds/domain/lose-goods.ts';
import { decideRecordReceipt } from '../../libs/funds/domain/record-receipt.ts';
import { decideRevalueCurrency } from '../../libs/funds/domain/revalue-currency.ts';
import { poolKey } from '../../libs/funds/domain/restriction.ts';
import { type Context, type Day, type Fact, type Result, available } from '../../libs/kernel/index.ts';
import type { Shape } from './book-history.ts';

/** What a random step of goods chooses from. */
interface Chance {
  readonly shape: Shape;
  readonly fund: string;
  readonly book: BookState;
  readonly effectiveOn: Day;
  readonly random: (below: number) => number;
}

interface ExchangeStep {
  readonly actor: string;
  readonly decide: (context: Context) => Result<readonly Fact[]>;
}

type Choice = (chance: Chance) => ExchangeStep | undefined;

/** The good of random histories, and the store it lies in. */
export const GOOD = 'xe-dap';
export const STORE = 'kho';
/** The foreign currency of random histories, and its own account. */
export const FOREIGN = 'EUR';
export const FOREIGN_BANK = 'nh-eur';

const pick = <T>(list: readonly T[], { random }: Chance): T | undefined => list[random(list.length)];

/** Where a commodity lies in random histories. */
export const accountOf = (commodity: string): string =>
  commodity === GOOD ? STORE : commodity === FOREIGN ? FOREIGN_BANK : 'tien-mat';

const receiveGoods: Choice = (chance) => {
  const { shape, fund, book, effectiveOn, random } = chance;
  const valuation = random(2)
    ? { amount: String(1 + random(shape.giftMax)), commodity: 'VND', technique: 'quy-uoc' }
    : null;
  const restriction = random(3) === 0 ? { programme: pick(shape.programmes, chance) ?? '' } : {};
  const command = { fund, effectiveOn, account: STORE, source: 'voluntary', commodity: GOOD } as const;
  const donor = `d-${random(shape.donors)}`;
  const more = { amount: String(1 + random(9)), donor, place: null, pledge: null, period: null };
  return {
    actor: 'an',
    decide: (context) =>
      decideRecordReceipt({ ...command, ...more, restriction, valuation, narrative: null }, book, context),
  };
};

/** Buys with the money of one pool, or of those that the ledger offers. */
const buy: Choice = (chance) => {
  const { fund, book, effectiveOn, random } = chance;
  const pools = [...book.pools].filter(
    ([pool, state]) => poolKey(pool).commodity === 'VND' && available(state) > 0n,
  );
  const [from, state] = pick(pools, chance) ?? [];
  if (from === undefined || state === undefined) return undefined;
  const { restriction, designation } = poolKey(from);
  const limits = { ...designation, ...restriction };
  const amount = String(1n + BigInt(random(Number(available(state)))));
  const quantity = String(1 + random(7));
  return {
    actor: 'chi',
    decide: (context) =>
      decideBuyGoods(
        {
          fund,
          account: 'tien-mat',
          store: STORE,
          commodity: 'VND',
          amount,
          good: GOOD,
          quantity,
          programme: limits.programme ?? null,
          group: limits.group ?? null,
          purpose: limits.purpose ?? null,
          place: limits.place ?? null,
          pools: random(2) ? [{ pool: from, quantity }] : [],
          proposedBy: 'an',
          invoice: null,
          supplier: null,
          narrative: null,
          files: [],
          effectiveOn,
        },
        book,
        (place, of) => place === of,
        context,
      ),
  };
};

const lose: Choice = (chance) => {
  const { fund, book, effectiveOn, random } = chance;
  const pools = [...book.pools].filter(
    ([pool, state]) => poolKey(pool).commodity === GOOD && available(state) > 0n,
  );
  const [pool, state] = pick(pools, chance) ?? [];
  if (pool === undefined || state === undefined) return undefined;
  const quantity = String(1n + BigInt(random(Number(available(state)))));
  return {
    actor: 'chi',
    decide: (context) =>
      decideLoseGoods(
        {
          fund,
          account: STORE,
          good: GOOD,
          quantity,
          kind: 'spoiled',
          pools: [{ pool, amount: quantity }],
          proposedBy: 'an',
          reason: 'hong',
          files: ['0'.repeat(64)],
          effectiveOn,
        },
        book,
        context,
      ),
  };
};

const receiveForeign: Choice = (chance) => {
  const { shape, fund, book, effectiveOn, random } = chance;
  const rate = random(3)
    ? { perUnit: `${1 + random(300)}.${random(1000)}`, on: effectiveOn, source: 'vcb' }
    : null;
  const restriction = random(3) === 0 ? { programme: pick(shape.programmes, chance) ?? '' } : {};
  const command = { fund, effectiveOn, account: FOREIGN_BANK, source: 'foreign-aid' } as const;
  const amount = String(1 + random(shape.giftMax));
  const donor = `d-${random(shape.donors)}`;
  const more = {
    commodity: FOREIGN,
    amount,
    donor,
    place: null,
    pledge: null,
    period: null,
    valuation: null,
  };
  return {
    actor: 'an',
    decide: (context) =>
      decideRecordReceipt({ ...command, ...more, restriction, rate, narrative: null }, book, context),
  };
};

const sell: Choice = (chance) => {
  const { shape, fund, book, effectiveOn, random } = chance;
  const pools = [...book.pools].filter(
    ([pool, state]) => poolKey(pool).commodity === FOREIGN && available(state) > 0n,
  );
  const [pool, state] = pick(pools, chance) ?? [];
  if (pool === undefined || state === undefined) return undefined;
  const amount = String(1n + BigInt(random(Number(available(state)))));
  const received = String(1 + random(shape.giftMax * 3));
  const common = { fund, effectiveOn, account: FOREIGN_BANK, into: 'tien-mat', commodity: FOREIGN };
  return {
    actor: 'chi',
    decide: (context) =>
      decideExchangeCurrency(
        {
          ...common,
          amount,
          received,
          pools: [{ pool, amount }],
          proposedBy: 'an',
          narrative: null,
          files: [],
        },
        book,
        context,
      ),
  };
};

const revalue: Choice = ({ fund, book, effectiveOn, random }) => {
  const rate = { perUnit: `${1 + random(300)}.${random(1000)}`, on: effectiveOn, source: 'vcb' };
  const command = { fund, effectiveOn, account: FOREIGN_BANK, commodity: FOREIGN, rate, narrative: null };
  return { actor: 'an', decide: (context) => decideRevalueCurrency(command, book, context) };
};

const CHOICES: readonly Choice[] = [
  receiveGoods,
  buy,
  buy,
  buy,
  lose,
  receiveForeign,
  sell,
  (chance) => (chance.random(3) === 0 ? revalue(chance) : undefined),
];

/** A command about goods for a random history; undefined when there is nothing to do it on. */
export const exchangeStep = (chance: Chance): ExchangeStep | undefined => pick(CHOICES, chance)?.(chance);
