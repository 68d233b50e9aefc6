import { type Handler, daySchema, idSchema } from '#platform';
import { z } from 'zod';
import { pledgeStream } from '../domain/events.ts';
import { pledgeKind } from '../domain/pledge.ts';
import { REMINDER_STEPS, decideRemindPledge } from '../domain/remind-pledge.ts';
import { indexSchema } from './shared.ts';

const schema = z.strictObject({
  pledge: idSchema,
  instalment: indexSchema,
  step: z.number().int().min(1).max(REMINDER_STEPS.length),
  effectiveOn: daySchema,
});

/** Records that a donor was reminded of an instalment. */
export const remindPledge: Handler<z.infer<typeof schema>> = {
  name: 'remind-pledge',
  schema,
  personal: [],
  streams: ({ pledge }) => [pledgeStream(pledge)],
  decide: (body, states, context) =>
    decideRemindPledge(body, states.of(pledgeKind, pledgeStream(body.pledge)), context),
};
