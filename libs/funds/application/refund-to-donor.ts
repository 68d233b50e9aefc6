import { type Handler, amountSchema, idSchema, textSchema, uuidSchema } from '#platform';
import { z } from 'zod';
import { decideRefundToDonor } from '../domain/refund-to-donor.ts';
import { bookOf, bookState, onBook } from './shared.ts';

const schema = z.strictObject({
  ...onBook,
  receipt: uuidSchema,
  amount: amountSchema,
  account: idSchema,
  reason: textSchema(),
});

/** Gives back to the donor what no use holds of a gift. */
export const refundToDonor: Handler<z.infer<typeof schema>> = {
  name: 'refund-to-donor',
  schema,
  personal: ['reason'],
  history: ({ receipt }) => [receipt],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) =>
    decideRefundToDonor(body, bookState(body, states), states.history(body.receipt), context),
};
