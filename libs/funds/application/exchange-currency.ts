import { type Handler, amountSchema, commoditySchema, idSchema, textSchema } from '#platform';
import { z } from 'zod';
import { decideExchangeCurrency } from '../domain/exchange-currency.ts';
import { decideRevalueCurrency } from '../domain/revalue-currency.ts';
import { bookOf, bookState, filesSchema, nullable, onBook, poolAmountsSchema, rateSchema } from './shared.ts';

const schema = z.strictObject({
  ...onBook,
  account: idSchema.meta({ description: 'The own account that the foreign money leaves' }),
  into: idSchema.meta({ description: 'The own account that the đồng come into' }),
  commodity: commoditySchema,
  amount: amountSchema,
  received: amountSchema.meta({ description: 'What the bank paid for it, in đồng' }),
  pools: poolAmountsSchema.meta({ description: 'Whose money; empty: the only pool that has any' }),
  proposedBy: idSchema.meta({ description: 'The person who proposed it; never the one who records it' }),
  narrative: nullable(textSchema()),
  files: filesSchema,
});

/** Sells foreign money for đồng at what the bank paid. */
export const exchangeCurrency: Handler<z.infer<typeof schema>> = {
  name: 'exchange-currency',
  schema,
  personal: ['narrative'],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideExchangeCurrency(body, bookState(body, states), context),
};

const revalueSchema = z.strictObject({
  ...onBook,
  account: idSchema,
  commodity: commoditySchema,
  rate: rateSchema,
  narrative: nullable(textSchema()),
});

/** Values the foreign money of an own account at the rate of a day. */
export const revalueCurrency: Handler<z.infer<typeof revalueSchema>> = {
  name: 'revalue-currency',
  schema: revalueSchema,
  personal: ['narrative'],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideRevalueCurrency(body, bookState(body, states), context),
};
