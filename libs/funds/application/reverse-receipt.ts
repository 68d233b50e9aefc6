import { type Fact, type Result, ok } from '#kernel';
import { takeBackPledgePayment } from '#pledges';
import { type Handler, type States, amountSchema, idSchema, textSchema, uuidSchema } from '#platform';
import { z } from 'zod';
import { type Gift, giftFrom } from '../domain/gift.ts';
import { decideReverseReceipt } from '../domain/reverse-receipt.ts';
import { pledgeStreams } from './correct-receipt.ts';
import { payPledge } from './pay-pledge.ts';
import { bookOf, bookState, limitsIn, nullable, onBook, restrictionSchema, streamsOf } from './shared.ts';

const schema = z.strictObject({
  ...onBook,
  receipt: uuidSchema,
  kind: z.enum(['wrong-entry', 'bank-reversal']),
  account: nullable(idSchema).meta({ description: 'Where the money is missing; null: that of the receipt' }),
  recordAgain: nullable(
    z.strictObject({
      restriction: restrictionSchema.default({}),
      amount: nullable(amountSchema),
      account: nullable(idSchema),
    }),
  ).meta({ description: 'The right receipt, recorded in the same decision; the rest of it stays as it was' }),
  reason: textSchema(),
});
type Body = z.infer<typeof schema>;

/**
 * Reverses a receipt that was never so, or whose money went back; with the payment it made on a pledge. The right
 * receipt may be recorded in the same decision.
 */
export const reverseReceipt: Handler<Body> = {
  name: 'reverse-receipt',
  schema,
  personal: ['reason'],
  history: ({ receipt }) => [receipt],
  streams: (body, _context, known) => [
    bookOf(body),
    ...pledgeStreams([giftFrom(body.receipt, known.history(body.receipt))?.labels.pledge]),
    ...streamsOf({
      programme: body.recordAgain?.restriction.programme,
      beneficiaries: [body.recordAgain?.restriction.beneficiary],
    }),
  ],
  decide: (body, states, context) => {
    const restriction = limitsIn(states, body.recordAgain?.restriction ?? {}, body.effectiveOn);
    if (!restriction.ok) return restriction;
    const recordAgain = body.recordAgain && { ...body.recordAgain, restriction: restriction.value };
    const history = states.history(body.receipt);
    const command = { ...body, recordAgain };
    const decided = decideReverseReceipt(command, bookState(body, states), history, context);
    const before = giftFrom(body.receipt, history);
    if (!decided.ok || before === undefined) return decided;
    const paid = pledgeFacts(body, before, context.commandId, decided.value, states);
    return paid.ok ? ok([...decided.value, ...paid.value]) : paid;
  },
};

/** The payment on a pledge is taken back, and made again by the receipt that is recorded again. */
function pledgeFacts(
  { fund, receipt, effectiveOn, recordAgain }: Body,
  { labels, recorded, applied }: Gift,
  again: string,
  decided: readonly Fact[],
  states: States,
): Result<Fact[]> {
  if (labels.pledge === null) return ok([]);
  const { pledge, donor } = labels;
  const payment = { pledge, fund, donor, commodity: recorded.commodity, effectiveOn };
  const back = applied > 0n ? [takeBackPledgePayment({ ...payment, receipt, amount: String(applied) })] : [];
  const [first] = decided;
  if (recordAgain === null || first === undefined) return ok(back);
  const { amount } = first.data as { readonly amount: string };
  const book = bookState({ fund, effectiveOn }, states);
  const paid = payPledge({ ...payment, receipt: again, amount }, book, states);
  return paid.ok ? ok([...back, ...paid.value]) : paid;
}
