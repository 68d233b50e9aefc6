import { type Handler, daySchema, idSchema, textSchema } from '#platform';
import { z } from 'zod';
import { decideAmendPledge } from '../domain/amend-pledge.ts';
import { pledgeStream } from '../domain/events.ts';
import { pledgeKind } from '../domain/pledge.ts';
import { sponsorshipStream } from '../domain/sponsorships/events.ts';
import { ownPlan, promised, qualifierSchema } from './shared.ts';

const schema = z.strictObject({
  pledge: idSchema,
  remaining: z.strictObject(promised).meta({ description: 'What is promised from now on' }),
  qualifier: qualifierSchema,
  reason: textSchema().nullable().default(null),
  effectiveOn: daySchema,
});

/** Replaces what is still to come of a pledge; what is settled stays. */
export const amendPledge: Handler<z.infer<typeof schema>> = {
  name: 'amend-pledge',
  schema,
  personal: ['reason'],
  streams: ({ pledge }) => [pledgeStream(pledge), sponsorshipStream(pledge)],
  decide: (body, states, context) => {
    const own = ownPlan(body.pledge, states);
    if (!own.ok) return own;
    return decideAmendPledge(body, states.of(pledgeKind, pledgeStream(body.pledge)), context);
  },
};
