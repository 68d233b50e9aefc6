import { type Handler, amountSchema, commoditySchema, idSchema, textSchema, uuidSchema } from '#platform';
import { z } from 'zod';
import {
  decideIdentifyReceipt,
  decideRecordUnidentifiedReceipt,
  decideReturnUnidentifiedReceipt,
} from '../domain/unidentified-receipt.ts';
import { decideGift, giftFields, giftStreams } from './gift.ts';
import { bookOf, bookState, nullable, onBook } from './shared.ts';

const recordSchema = z.strictObject({
  ...onBook,
  account: idSchema,
  commodity: commoditySchema,
  amount: amountSchema,
  bankLine: nullable(idSchema).meta({ description: 'Id of the line of the bank statement' }),
  narrative: nullable(textSchema()),
});

/** Books money that came from nobody knows whom; nothing can use it before it is identified. */
export const recordUnidentifiedReceipt: Handler<z.infer<typeof recordSchema>> = {
  name: 'record-unidentified-receipt',
  schema: recordSchema,
  personal: ['narrative'],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideRecordUnidentifiedReceipt(body, bookState(body, states), context),
};

/** Unidentified money, and how much of it a command is about. */
const onUnidentified = {
  ...onBook,
  unidentified: uuidSchema,
  amount: nullable(amountSchema).meta({ description: 'Null: all that is left of it' }),
};

const identifySchema = z.strictObject({ ...onUnidentified, ...giftFields });

/** Makes unidentified money a receipt, with what is known of it now; with a pledge, both or neither. */
export const identifyReceipt: Handler<z.infer<typeof identifySchema>> = {
  name: 'identify-receipt',
  schema: identifySchema,
  personal: ['narrative'],
  streams: (body) => [bookOf(body), ...giftStreams(body)],
  decide: (body, states, context) =>
    decideGift(body, states, context.commandId, (gift) =>
      decideIdentifyReceipt(gift, bookState(body, states), context),
    ),
};

const returnSchema = z.strictObject({ ...onUnidentified, account: idSchema, reason: textSchema() });

/** Sends unidentified money back to where it came from. */
export const returnUnidentifiedReceipt: Handler<z.infer<typeof returnSchema>> = {
  name: 'return-unidentified-receipt',
  schema: returnSchema,
  personal: ['reason'],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideReturnUnidentifiedReceipt(body, bookState(body, states), context),
};
