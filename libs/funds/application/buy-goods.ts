import {
  type Handler,
  LIST_ITEMS_MAX,
  amountSchema,
  commoditySchema,
  daySchema,
  idSchema,
  placeRefSchema,
  textSchema,
} from '#platform';
import { z } from 'zod';
import { decideBuyGoods } from '../domain/buy-goods.ts';
import {
  bookOf,
  bookState,
  checkProgramme,
  coversOf,
  filesSchema,
  nullable,
  onBook,
  placeIn,
  poolSchema,
  streamsOf,
} from './shared.ts';

/** Longer than any invoice's number; what it says is judged by the domain. */
const INVOICE_CHARS_MAX = 200;

const invoiceSchema = z.strictObject({ number: z.string().max(INVOICE_CHARS_MAX), on: daySchema });

const schema = z.strictObject({
  ...onBook,
  account: idSchema.meta({ description: 'The own account that pays' }),
  store: idSchema.meta({ description: 'The own account that the goods come into' }),
  commodity: commoditySchema,
  amount: amountSchema.meta({ description: 'What all of them cost together' }),
  good: idSchema,
  quantity: amountSchema,
  programme: nullable(idSchema),
  group: nullable(idSchema),
  purpose: nullable(idSchema),
  place: nullable(placeRefSchema),
  pools: z
    .array(z.strictObject({ pool: poolSchema, quantity: amountSchema }))
    .max(LIST_ITEMS_MAX)
    .default([])
    .meta({
      description: 'How many each pool pays for; empty: the ledger offers pools in its published order',
    }),
  proposedBy: idSchema.meta({ description: 'The person who proposed it; never the one who records it' }),
  invoice: nullable(invoiceSchema),
  supplier: nullable(textSchema()),
  narrative: nullable(textSchema()),
  files: filesSchema,
});

/** Buys goods with money of pools that admit what they are for. */
export const buyGoods: Handler<z.infer<typeof schema>> = {
  name: 'buy-goods',
  schema,
  personal: ['supplier', 'narrative'],
  streams: (body) => [bookOf(body), ...streamsOf({ programme: body.programme })],
  decide: (body, states, context) => {
    const programme = checkProgramme(states, body.programme);
    if (!programme.ok) return programme;
    const place = placeIn(states, body.place, body.effectiveOn);
    if (!place.ok) return place;
    const command = { ...body, place: place.value };
    return decideBuyGoods(command, bookState(body, states), coversOf(states), context);
  },
};
