import { type Handler, daySchema, idSchema, textSchema } from '#platform';
import { z } from 'zod';
import { decideCancelPledge } from '../domain/cancel-pledge.ts';
import { pledgeStream } from '../domain/events.ts';
import { pledgeKind } from '../domain/pledge.ts';
import { sponsorshipStream } from '../domain/sponsorships/events.ts';
import { ownPlan } from './shared.ts';

const schema = z.strictObject({ pledge: idSchema, reason: textSchema(), effectiveOn: daySchema });

/** Ends a pledge; the reason goes to the vault. */
export const cancelPledge: Handler<z.infer<typeof schema>> = {
  name: 'cancel-pledge',
  schema,
  personal: ['reason'],
  streams: ({ pledge }) => [pledgeStream(pledge), sponsorshipStream(pledge)],
  decide: (body, states, context) => {
    const own = ownPlan(body.pledge, states);
    if (!own.ok) return own;
    return decideCancelPledge(body, states.of(pledgeKind, pledgeStream(body.pledge)), context);
  },
};
