import { type Handler, amountSchema, idSchema, textSchema, uuidSchema } from '#platform';
import { z } from 'zod';
import { decideLoseGoods } from '../domain/lose-goods.ts';
import { decideReviseValuation } from '../domain/revise-valuation.ts';
import { bookOf, bookState, filesSchema, onBook, poolAmountsSchema, valuationSchema } from './shared.ts';

const loseSchema = z.strictObject({
  ...onBook,
  account: idSchema.meta({ description: 'The store they lay in' }),
  good: idSchema,
  quantity: amountSchema,
  kind: z.enum(['lost', 'spoiled', 'stolen', 'used-up']),
  pools: poolAmountsSchema.meta({ description: 'Whose they were; empty: the only pool that has any' }),
  proposedBy: idSchema.meta({ description: 'Who reported it; never the one who records it' }),
  reason: textSchema(),
  files: filesSchema,
});

/** Records that goods were lost, spoiled or used up. */
export const loseGoods: Handler<z.infer<typeof loseSchema>> = {
  name: 'lose-goods',
  schema: loseSchema,
  personal: ['reason'],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideLoseGoods(body, bookState(body, states), context),
};

const reviseSchema = z.strictObject({
  ...onBook,
  receipt: uuidSchema,
  valuation: valuationSchema.meta({ description: 'Of all that counts of the receipt now' }),
  reason: textSchema(),
  files: filesSchema,
});

/** Says what the goods of a receipt are really worth. */
export const reviseValuation: Handler<z.infer<typeof reviseSchema>> = {
  name: 'revise-valuation',
  schema: reviseSchema,
  personal: ['reason'],
  history: ({ receipt }) => [receipt],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) =>
    decideReviseValuation(body, bookState(body, states), states.history(body.receipt), context),
};
