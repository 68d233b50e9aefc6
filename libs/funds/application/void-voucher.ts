import { type Handler, textSchema, uuidSchema } from '#platform';
import { z } from 'zod';
import { decideVoidVoucher } from '../domain/void-voucher.ts';
import { bookOf, bookState, onBook } from './shared.ts';

/** Longer than any number of a series. */
const VOUCHER_LENGTH_MAX = 32;

const schema = z.strictObject({
  ...onBook,
  item: uuidSchema.meta({ description: 'The receipt, disbursement or refund the voucher was written for' }),
  voucher: z.string().max(VOUCHER_LENGTH_MAX),
  reason: textSchema(),
});

/** Voids a voucher and writes it anew under the next number. */
export const voidVoucher: Handler<z.infer<typeof schema>> = {
  name: 'void-voucher',
  schema,
  personal: ['reason'],
  history: ({ item }) => [item],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) =>
    decideVoidVoucher(body, bookState(body, states), states.history(body.item), context),
};
