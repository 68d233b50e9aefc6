import { type Handler, idSchema, textSchema, uuidSchema } from '#platform';
import { z } from 'zod';
import { decideVoidVoucher } from '../domain/void-voucher.ts';
import { bookOf, bookState, onBook } from './shared.ts';

const schema = z.strictObject({
  ...onBook,
  item: uuidSchema.meta({ description: 'The receipt, disbursement or refund the voucher was written for' }),
  voucher: idSchema,
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
