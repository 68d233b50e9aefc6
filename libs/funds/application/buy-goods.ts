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
  approvable,
  bookAndProgramme,
  bookState,
  coversOf,
  filesSchema,
  nullable,
  onBook,
  placeIn,
  poolSchema,
} from './shared.ts';

/** Longer than any invoice's number; what it says is judged by the domain. */
const INVOICE_CHARS_MAX = 200;

const invoiceSchema = z.strictObject({ number: z.string().max(INVOICE_CHARS_MAX), on: daySchema });

export const purchaseSchema = z.strictObject({
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

type Body = z.infer<typeof purchaseSchema>;

export const purchaseStreams = bookAndProgramme;

/** The decision on a purchase, at once or with the approvals of several. */
export const purchaseDecided = approvable<Body>((body, states, context) => {
  const place = placeIn(states, body.place, body.effectiveOn);
  if (!place.ok) return place;
  const command = { ...body, place: place.value };
  return decideBuyGoods(command, bookState(body, states), coversOf(states), context);
});

/** Buys goods with money of pools that admit what they are for. */
export const buyGoods: Handler<Body> = {
  name: 'buy-goods',
  schema: purchaseSchema,
  personal: ['supplier', 'narrative'],
  streams: (body) => purchaseStreams(body),
  decide: (body, states, context) => purchaseDecided(body, states, context),
};
