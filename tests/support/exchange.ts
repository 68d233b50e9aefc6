import { decideBuyGoods } from '../../libs/funds/domain/buy-goods.ts';
import { type Step, covers } from './funds.ts';

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
