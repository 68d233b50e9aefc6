import { type Handler, amountSchema, commoditySchema, idSchema, textSchema, uuidSchema } from '#platform';
import { z } from 'zod';
import { decideMoveOwnMoney, decideReceiveOwnMoney } from '../domain/own-money.ts';
import { bookOf, bookState, nullable, onBook } from './shared.ts';

const moveSchema = z.strictObject({
  ...onBook,
  from: idSchema,
  to: idSchema,
  commodity: commoditySchema,
  amount: amountSchema,
  inTransit: z
    .boolean()
    .default(false)
    .meta({ description: 'true: it arrives on another day, to be recorded with receive-own-money' }),
  narrative: nullable(textSchema()),
});

/** Moves money or goods between two own accounts. */
export const moveOwnMoney: Handler<z.infer<typeof moveSchema>> = {
  name: 'move-own-money',
  schema: moveSchema,
  personal: ['narrative'],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideMoveOwnMoney(body, bookState(body, states), context),
};

const receiveSchema = z.strictObject({
  ...onBook,
  move: uuidSchema,
  account: idSchema,
  amount: nullable(amountSchema).meta({ description: 'Null: all that is on its way' }),
});

/** Books what was on its way between two own accounts where it arrived. */
export const receiveOwnMoney: Handler<z.infer<typeof receiveSchema>> = {
  name: 'receive-own-money',
  schema: receiveSchema,
  personal: [],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideReceiveOwnMoney(body, bookState(body, states), context),
};
