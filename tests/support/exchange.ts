import { decideBuyGoods } from '../../libs/funds/domain/buy-goods.ts';
import { decideExchangeCurrency } from '../../libs/funds/domain/exchange-currency.ts';
import { decideLoseGoods } from '../../libs/funds/domain/lose-goods.ts';
import { decideRevalueCurrency } from '../../libs/funds/domain/revalue-currency.ts';
import { decideReviseValuation } from '../../libs/funds/domain/revise-valuation.ts';
import { type Step, covers, historyOf } from './funds.ts';

/** Steps of goods and currencies, for worlds as `funds.ts` makes them. */

type Command<Decide extends (command: never, ...rest: never[]) => unknown> = Parameters<Decide>[0];

const ON = { fund: 'qbt-06', effectiveOn: '2026-03-01' };

/** Buys bicycles for the store `kho` out of the cash box. */
export const buy = (
  quantity: string,
  amount: string,
  change: Partial<Command<typeof decideBuyGoods>> = {},
): Step => ({
  actor: 'chi',
  decide: ({ book }, context) =>
    decideBuyGoods(
      {
        ...ON,
        account: 'tien-mat',
        store: 'kho',
        commodity: 'VND',
        amount,
        good: 'xe-dap',
        quantity,
        programme: null,
        group: null,
        purpose: null,
        place: null,
        pools: [],
        proposedBy: 'lan',
        invoice: null,
        supplier: null,
        narrative: null,
        files: [],
        ...change,
      },
      book,
      covers,
      context,
    ),
});

/** Loses bicycles of the store `kho`. */
export const lose = (quantity: string, change: Partial<Command<typeof decideLoseGoods>> = {}): Step => ({
  actor: 'chi',
  decide: ({ book }, context) =>
    decideLoseGoods(
      {
        ...ON,
        account: 'kho',
        good: 'xe-dap',
        quantity,
        kind: 'spoiled',
        pools: [],
        proposedBy: 'lan',
        reason: 'ngap-nuoc',
        files: ['ef'.repeat(32)],
        ...change,
      },
      book,
      context,
    ),
});

/** Revises the value of a receipt's goods. */
export const revise = (
  receipt: string,
  amount: string,
  change: Partial<Command<typeof decideReviseValuation>> = {},
): Step => ({
  actor: 'lan',
  decide: (world, context) =>
    decideReviseValuation(
      {
        ...ON,
        receipt,
        valuation: { amount, commodity: 'VND', technique: 'gia-hoa-don', basis: 'document' },
        reason: 'co-hoa-don',
        files: ['ef'.repeat(32)],
        ...change,
      },
      world.book,
      historyOf(world, receipt),
      context,
    ),
});

/** Sells euro of the account `nh-eur` for đồng into the cash box. */
export const sell = (
  amount: string,
  received: string,
  change: Partial<Command<typeof decideExchangeCurrency>> = {},
): Step => ({
  actor: 'chi',
  decide: ({ book }, context) =>
    decideExchangeCurrency(
      {
        ...ON,
        account: 'nh-eur',
        into: 'tien-mat',
        commodity: 'EUR',
        amount,
        received,
        pools: [],
        proposedBy: 'lan',
        narrative: null,
        files: [],
        ...change,
      },
      book,
      context,
    ),
});

/** Values the euro of `nh-eur` at a rate. */
export const revalue = (
  perUnit: string,
  change: Partial<Command<typeof decideRevalueCurrency>> = {},
): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideRevalueCurrency(
      {
        ...ON,
        account: 'nh-eur',
        commodity: 'EUR',
        rate: { perUnit, on: '2026-03-01', source: 'vcb' },
        narrative: null,
        ...change,
      },
      book,
      context,
    ),
});
