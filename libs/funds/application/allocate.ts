import { type Handler, amountSchema, commoditySchema, idSchema, textSchema, uuidSchema } from '#platform';
import { z } from 'zod';
import { decideApproveAllocation } from '../domain/approve-allocation.ts';
import { decideReduceAllocation } from '../domain/reduce-allocation.ts';
import {
  bookOf,
  bookState,
  coversOf,
  designationSchema,
  limitsIn,
  nullable,
  onBook,
  poolAmountsSchema,
  streamsOf,
} from './shared.ts';

const approveSchema = z.strictObject({
  ...onBook,
  commodity: commoditySchema,
  amount: amountSchema,
  designation: designationSchema,
  pools: poolAmountsSchema,
  proposedBy: idSchema.meta({ description: 'The person who proposed it; never the one who approves' }),
  narrative: nullable(textSchema()),
});

/** Sets units aside for a place, a programme or a group, by decision of the board. */
export const approveAllocation: Handler<z.infer<typeof approveSchema>> = {
  name: 'approve-allocation',
  schema: approveSchema,
  personal: ['narrative'],
  streams: (body) => [bookOf(body), ...streamsOf({ programme: body.designation.programme })],
  decide: (body, states, context) => {
    const designation = limitsIn(states, body.designation, body.effectiveOn);
    if (!designation.ok) return designation;
    const command = { ...body, designation: designation.value };
    return decideApproveAllocation(command, bookState(body, states), coversOf(states), context);
  },
};

const reduceSchema = z.strictObject({
  ...onBook,
  allocation: uuidSchema,
  amount: amountSchema,
  narrative: nullable(textSchema()),
});

/** Undoes an allocation in part or whole, as far as it was not used. */
export const reduceAllocation: Handler<z.infer<typeof reduceSchema>> = {
  name: 'reduce-allocation',
  schema: reduceSchema,
  personal: ['narrative'],
  streams: (body) => [bookOf(body)],
  history: ({ allocation }) => [allocation],
  decide: (body, states, context) =>
    decideReduceAllocation(body, bookState(body, states), states.history(body.allocation), context),
};
