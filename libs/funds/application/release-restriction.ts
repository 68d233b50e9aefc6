import { type Handler, amountSchema, idSchema, textSchema } from '#platform';
import { z } from 'zod';
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

const schema = z.strictObject({
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

/** Moves units out of a donor's restriction into a wider one, on evidence. */
export const releaseRestriction: Handler<z.infer<typeof schema>> = {
  name: 'release-restriction',
  schema,
  personal: ['reason'],
  streams: (body) => [
    bookOf(body),
    ...streamsOf({
      programme: body.restriction.programme,
      beneficiaries: [body.restriction.beneficiary],
    }),
  ],
  decide: (body, states, context) => {
    const restriction = limitsIn(states, body.restriction, body.effectiveOn);
    if (!restriction.ok) return restriction;
    const command = { ...body, restriction: restriction.value };
    return decideReleaseRestriction(command, bookState(body, states), coversOf(states), context);
  },
};
