import { type Handler, LIST_ITEMS_MAX, amountSchema, idSchema, textSchema } from '#platform';
import { z } from 'zod';
import { decideReturnDisbursement } from '../domain/return-disbursement.ts';
import {
  decideApproveDisbursement,
  decideCancelDisbursement,
  decideDeliverDisbursement,
  decidePayDisbursement,
  decideRejectDisbursement,
} from '../domain/settle-disbursement.ts';
import { bookOf, bookState, coversOf, filesSchema, hashSchema, nullable, onDisbursement } from './shared.ts';

const approveSchema = z.strictObject({
  ...onDisbursement,
  proposalHash: hashSchema.meta({
    description: 'Hash of the proposal event, as the proposal was answered and is shown',
  }),
});

/** Approves exactly the proposal that has this hash. */
export const approveDisbursement: Handler<z.infer<typeof approveSchema>> = {
  name: 'approve-disbursement',
  schema: approveSchema,
  personal: [],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) =>
    decideApproveDisbursement(body, bookState(body, states), coversOf(states), context),
};

const reasonSchema = z.strictObject({ ...onDisbursement, reason: textSchema() });
type WithReason = z.infer<typeof reasonSchema>;

/** Turns a proposal down. */
export const rejectDisbursement: Handler<WithReason> = {
  name: 'reject-disbursement',
  schema: reasonSchema,
  personal: ['reason'],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideRejectDisbursement(body, bookState(body, states), context),
};

/** Withdraws a proposal, or frees what an approved disbursement holds. */
export const cancelDisbursement: Handler<WithReason> = {
  name: 'cancel-disbursement',
  schema: reasonSchema,
  personal: ['reason'],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideCancelDisbursement(body, bookState(body, states), context),
};

const paySchema = z.strictObject({ ...onDisbursement, account: idSchema });

/** Pays an approved disbursement from an account. */
export const payDisbursement: Handler<z.infer<typeof paySchema>> = {
  name: 'pay-disbursement',
  schema: paySchema,
  personal: [],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decidePayDisbursement(body, bookState(body, states), context),
};

const deliverSchema = z.strictObject({
  ...onDisbursement,
  evidence: nullable(textSchema()),
  files: filesSchema,
});

/** Confirms that what was paid reached its recipients. */
export const deliverDisbursement: Handler<z.infer<typeof deliverSchema>> = {
  name: 'deliver-disbursement',
  schema: deliverSchema,
  personal: ['evidence'],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideDeliverDisbursement(body, bookState(body, states), context),
};

const returnSchema = z.strictObject({
  ...onDisbursement,
  account: idSchema,
  lines: z
    .array(z.strictObject({ line: z.number().int().min(0), amount: amountSchema }))
    .min(1)
    .max(LIST_ITEMS_MAX),
  reason: textSchema(),
});

/** Books what came back of a paid disbursement. */
export const returnDisbursement: Handler<z.infer<typeof returnSchema>> = {
  name: 'return-disbursement',
  schema: returnSchema,
  personal: ['reason'],
  streams: (body) => [bookOf(body)],
  history: ({ disbursement }) => [disbursement],
  decide: (body, states, context) =>
    decideReturnDisbursement(body, bookState(body, states), states.history(body.disbursement), context),
};
