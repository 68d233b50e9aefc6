import type { Context, Fact, Result } from '#kernel';
import { type Handler, type States, amountSchema, idSchema, textSchema } from '#platform';
import { z } from 'zod';
import type { Approvals } from '../domain/approvals.ts';
import { decideReleaseRestriction } from '../domain/release-restriction.ts';
import {
  bookOf,
  bookState,
  coversOf,
  filesSchema,
  limitsIn,
  onBook,
  poolSchema,
  restrictionSchema,
  streamsOf,
} from './shared.ts';

export const releaseSchema = z.strictObject({
  ...onBook,
  pool: poolSchema,
  amount: amountSchema,
  restriction: restrictionSchema
    .default({})
    .meta({ description: 'What the units may be used for from now on; nothing named: anything' }),
  ground: z.enum(['donor-consent', 'expired', 'lawful-order']),
  proposedBy: idSchema.meta({ description: 'The person who proposed it; never the one who decides' }),
  reason: textSchema(),
  files: filesSchema,
});

type Body = z.infer<typeof releaseSchema>;

export const releaseStreams = (body: Pick<Body, 'fund' | 'effectiveOn' | 'restriction'>): string[] => [
  bookOf(body),
  ...streamsOf({
    programme: body.restriction.programme,
    beneficiaries: [body.restriction.beneficiary],
  }),
];

/** The decision on a release, at once or with the approvals of several. */
export const releaseDecided = (
  body: Body,
  states: States,
  context: Context,
  approvals?: Approvals,
): Result<Fact[]> => {
  const restriction = limitsIn(states, body.restriction, body.effectiveOn);
  if (!restriction.ok) return restriction;
  const command = { ...body, restriction: restriction.value, ...(approvals && { approvals }) };
  return decideReleaseRestriction(command, bookState(body, states), coversOf(states), context);
};

/** Moves units out of a donor's restriction into a wider one, on evidence. */
export const releaseRestriction: Handler<Body> = {
  name: 'release-restriction',
  schema: releaseSchema,
  personal: ['reason'],
  streams: (body) => releaseStreams(body),
  decide: (body, states, context) => releaseDecided(body, states, context),
};
