import { type Handler, amountSchema, commoditySchema, idSchema, textSchema, uuidSchema } from '#platform';
import { z } from 'zod';
import { decideCountCash, decideCountStock } from '../domain/counts.ts';
import { decideReceiveCharge, decideResolveCountDifference } from '../domain/resolve-count.ts';
import {
  approvable,
  bookOf,
  bookState,
  coversOf,
  filesSchema,
  limitsIn,
  nullable,
  onBook,
  poolAmountsSchema,
  restrictionSchema,
  streamsOf,
} from './shared.ts';

/** Values of notes and coins that a currency may have. */
const DENOMINATIONS_MAX = 30;
/** Pieces of one value that a cash box may hold. */
const PIECES_MAX = 1_000_000;

const countFields = {
  ...onBook,
  account: idSchema,
  commodity: commoditySchema,
  counted: amountSchema.meta({ description: 'What lay there, minor units; `0` when nothing did' }),
  present: textSchema().meta({ description: 'Who was present, with names and titles; kept in the vault' }),
  files: filesSchema,
  narrative: nullable(textSchema()),
};

const cashSchema = z.strictObject({
  ...countFields,
  denominations: z
    .array(z.strictObject({ value: amountSchema, pieces: z.number().int().min(0).max(PIECES_MAX) }))
    .max(DENOMINATIONS_MAX)
    .meta({ description: 'Notes and coins; they must sum to what was counted' }),
});

/** Takes the minutes of a cash count and books the difference. */
export const countCash: Handler<z.infer<typeof cashSchema>> = {
  name: 'count-cash',
  schema: cashSchema,
  personal: ['present', 'narrative'],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideCountCash(body, bookState(body, states), context),
};

const stockSchema = z.strictObject(countFields);

/** Takes the minutes of a stock count of one good and books the difference. */
export const countStock: Handler<z.infer<typeof stockSchema>> = {
  name: 'count-stock',
  schema: stockSchema,
  personal: ['present', 'narrative'],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideCountStock(body, bookState(body, states), context),
};

export const resolveSchema = z.strictObject({
  ...onBook,
  difference: uuidSchema.meta({
    description: 'The count, or the charge, as the list of open items names it',
  }),
  how: z.enum(['found', 'income', 'charged', 'written-off']),
  amount: nullable(amountSchema).meta({ description: 'Null: all that is left of it' }),
  person: nullable(idSchema).meta({ description: 'charged: who has to make it good' }),
  name: nullable(textSchema()).meta({ description: 'charged: the name, kept in the vault' }),
  restriction: restrictionSchema.default({}).meta({ description: 'income: what it may be used for' }),
  programme: nullable(idSchema),
  purpose: nullable(idSchema),
  pools: poolAmountsSchema.meta({
    description: 'written-off: whose units are lost; empty: the general pool',
  }),
  proposedBy: nullable(idSchema).meta({
    description: 'written-off: who proposed it; never the one who records it',
  }),
  reason: textSchema(),
});

type Resolve = z.infer<typeof resolveSchema>;

export const resolveStreams = (
  body: Pick<Resolve, 'fund' | 'effectiveOn' | 'programme' | 'restriction'>,
): string[] => [
  bookOf(body),
  ...streamsOf({
    programme: body.programme ?? body.restriction.programme,
    beneficiaries: [body.restriction.beneficiary],
  }),
];

/** The decision on a difference, at once or, when it is written off, with the approvals of several. */
export const resolveDecided = approvable<Resolve>((body, states, context) => {
  const restriction = limitsIn(states, body.restriction, body.effectiveOn);
  if (!restriction.ok) return restriction;
  const command = { ...body, restriction: restriction.value };
  return decideResolveCountDifference(command, bookState(body, states), coversOf(states), context);
});

/** Resolves what a count found too much or too little. */
export const resolveCountDifference: Handler<Resolve> = {
  name: 'resolve-count-difference',
  schema: resolveSchema,
  personal: ['name', 'reason'],
  streams: (body) => resolveStreams(body),
  decide: (body, states, context) => resolveDecided(body, states, context),
};

const receiveSchema = z.strictObject({
  ...onBook,
  charge: uuidSchema,
  account: idSchema,
  amount: nullable(amountSchema).meta({ description: 'Null: all that is left of it' }),
});

/** Books what a person pays of a shortage charged to them. */
export const receiveCharge: Handler<z.infer<typeof receiveSchema>> = {
  name: 'receive-charge',
  schema: receiveSchema,
  personal: [],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideReceiveCharge(body, bookState(body, states), context),
};
