import {
  type Handler,
  amountSchema,
  commoditySchema,
  daySchema,
  idSchema,
  textSchema,
  uuidSchema,
} from '#platform';
import { z } from 'zod';
import {
  decidePayAdvance,
  decideReturnAdvance,
  decideSettleAdvance,
  decideTopUpAdvance,
} from '../domain/advances.ts';
import { expenseKindSchema } from './own-costs.ts';
import {
  approvable,
  bookAndProgramme,
  bookOf,
  bookState,
  coversOf,
  nullable,
  onBook,
  poolAmountsSchema,
} from './shared.ts';

const ownPoolsSchema = poolAmountsSchema.meta({ description: 'Own costs; empty: the general pool' });
const proposedBySchema = nullable(idSchema).meta({
  description: 'Who asked for it; never the one who records it',
});

export const advanceSchema = z.strictObject({
  ...onBook,
  account: idSchema,
  person: idSchema.meta({ description: 'Who gets it, an opaque id' }),
  name: nullable(textSchema()).meta({ description: 'The name of that person, kept in the vault' }),
  commodity: commoditySchema,
  amount: amountSchema,
  due: nullable(daySchema).meta({ description: 'Day by which it is to be settled' }),
  disbursement: nullable(uuidSchema).meta({ description: 'An approved one; null: own costs' }),
  programme: nullable(idSchema),
  purpose: nullable(idSchema),
  pools: ownPoolsSchema,
  proposedBy: proposedBySchema,
  narrative: nullable(textSchema()),
});

type Pay = z.infer<typeof advanceSchema>;

export const advanceStreams = bookAndProgramme;

/** The decision on an advance, at once or with the approvals of several. */
export const advanceDecided = approvable<Pay>((body, states, context) =>
  decidePayAdvance(body, bookState(body, states), coversOf(states), context),
);

/** Hands money to a member of staff, for a disbursement or for own costs. */
export const payAdvance: Handler<Pay> = {
  name: 'pay-advance',
  schema: advanceSchema,
  personal: ['name', 'narrative'],
  streams: (body) => advanceStreams(body),
  decide: (body, states, context) => advanceDecided(body, states, context),
};

const onAdvance = { ...onBook, advance: uuidSchema };

const topUpSchema = z.strictObject({
  ...onAdvance,
  account: idSchema,
  amount: amountSchema,
  pools: ownPoolsSchema,
  proposedBy: proposedBySchema,
});

/** Hands more money to somebody who has an advance. */
export const topUpAdvance: Handler<z.infer<typeof topUpSchema>> = {
  name: 'top-up-advance',
  schema: topUpSchema,
  personal: [],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) =>
    decideTopUpAdvance(body, bookState(body, states), coversOf(states), context),
};

const settleSchema = z.strictObject({
  ...onAdvance,
  amount: nullable(amountSchema).meta({ description: 'Own costs; null: all that is out' }),
  kind: nullable(expenseKindSchema).meta({ description: 'Own costs; null: its disbursement is paid' }),
  pools: poolAmountsSchema.meta({ description: 'Own costs; empty: the pools the advance held' }),
  proposedBy: proposedBySchema,
  narrative: nullable(textSchema()),
});

/** Settles an advance with what it was used for. */
export const settleAdvance: Handler<z.infer<typeof settleSchema>> = {
  name: 'settle-advance',
  schema: settleSchema,
  personal: ['narrative'],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) =>
    decideSettleAdvance(body, bookState(body, states), coversOf(states), context),
};

const returnSchema = z.strictObject({
  ...onAdvance,
  account: idSchema,
  amount: nullable(amountSchema).meta({ description: 'Null: all that is out' }),
});

/** Books what came back of an advance. */
export const returnAdvance: Handler<z.infer<typeof returnSchema>> = {
  name: 'return-advance',
  schema: returnSchema,
  personal: [],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideReturnAdvance(body, bookState(body, states), context),
};
