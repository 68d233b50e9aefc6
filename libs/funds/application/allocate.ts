import type { Context, Fact, Result } from '#kernel';
import {
  type Handler,
  type States,
  amountSchema,
  commoditySchema,
  idSchema,
  textSchema,
  uuidSchema,
} from '#platform';
import { z } from 'zod';
import type { Approvals } from '../domain/approvals.ts';
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

export const allocationSchema = z.strictObject({
  ...onBook,
  commodity: commoditySchema,
  amount: amountSchema,
  designation: designationSchema,
  pools: poolAmountsSchema,
  proposedBy: idSchema.meta({ description: 'The person who proposed it; never the one who approves' }),
  narrative: nullable(textSchema()),
});

type Body = z.infer<typeof allocationSchema>;

export const allocationStreams = (body: Pick<Body, 'fund' | 'effectiveOn' | 'designation'>): string[] => [
  bookOf(body),
  ...streamsOf({ programme: body.designation.programme }),
];

/** The decision on an allocation, at once or with the approvals of several. */
export const allocationDecided = (
  body: Body,
  states: States,
  context: Context,
  approvals?: Approvals,
): Result<Fact[]> => {
  const designation = limitsIn(states, body.designation, body.effectiveOn);
  if (!designation.ok) return designation;
  const command = { ...body, designation: designation.value, ...(approvals && { approvals }) };
  return decideApproveAllocation(command, bookState(body, states), coversOf(states), context);
};

/** Sets units aside for a place, a programme or a group, by decision of the board. */
export const approveAllocation: Handler<Body> = {
  name: 'approve-allocation',
  schema: allocationSchema,
  personal: ['narrative'],
  streams: (body) => allocationStreams(body),
  decide: (body, states, context) => allocationDecided(body, states, context),
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
