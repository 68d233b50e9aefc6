import { type Handler, amountSchema, commoditySchema, idSchema } from '#platform';
import { z } from 'zod';
import { decideRecordReceipt } from '../domain/record-receipt.ts';
import { decideGift, giftFields, giftStreams } from './gift.ts';
import { bookOf, bookState, nullable, onBook, rateSchema, valuationSchema } from './shared.ts';

const schema = z.strictObject({
  ...onBook,
  ...giftFields,
  account: idSchema,
  commodity: commoditySchema,
  amount: amountSchema,
  valuation: nullable(valuationSchema),
  rate: nullable(rateSchema).meta({ description: 'Foreign money only; null: its value is unknown' }),
});

/**
 * Records money or goods that arrived. With a pledge, the receipt and the payment on the pledge are one
 * append: both or neither.
 */
export const recordReceipt: Handler<z.infer<typeof schema>> = {
  name: 'record-receipt',
  schema,
  personal: ['narrative'],
  streams: (body) => [bookOf(body), ...giftStreams(body)],
  decide: (body, states, context) =>
    decideGift(body, states, context.commandId, (gift) =>
      decideRecordReceipt(gift, bookState(body, states), context),
    ),
};
