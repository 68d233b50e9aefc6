import type { Context, Fact, Result } from '#kernel';
import { type Handler, type States, amountSchema, idSchema, textSchema, uuidSchema } from '#platform';
import { z } from 'zod';
import type { Approvals } from '../domain/approvals.ts';
import { decideRefundToDonor } from '../domain/refund-to-donor.ts';
import { bookOf, bookState, onBook } from './shared.ts';

export const refundSchema = z.strictObject({
  ...onBook,
  receipt: uuidSchema,
  amount: amountSchema,
  account: idSchema,
  reason: textSchema(),
});

type Body = z.infer<typeof refundSchema>;

/** The decision on a refund, at once or, proposed by somebody, with the approvals of several. */
export const refundDecided = (
  body: Body & { readonly proposedBy?: string },
  states: States,
  context: Context,
  approvals?: Approvals,
): Result<Fact[]> => {
  const command = { ...body, ...(approvals && { approvals }) };
  return decideRefundToDonor(command, bookState(body, states), states.history(body.receipt), context);
};

/** Gives back to the donor what no use holds of a gift. */
export const refundToDonor: Handler<Body> = {
  name: 'refund-to-donor',
  schema: refundSchema,
  personal: ['reason'],
  history: ({ receipt }) => [receipt],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => refundDecided(body, states, context),
};
