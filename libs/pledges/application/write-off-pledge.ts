import { type Handler, LIST_ITEMS_MAX, amountSchema, daySchema, idSchema, textSchema } from '#platform';
import { z } from 'zod';
import { pledgeStream } from '../domain/events.ts';
import { pledgeKind } from '../domain/pledge.ts';
import { decideReinstatePledge, decideWriteOffPledge } from '../domain/write-off-pledge.ts';
import { indexSchema } from './shared.ts';

const schema = z.strictObject({
  pledge: idSchema,
  instalments: z
    .array(
      z.strictObject({
        index: indexSchema,
        amount: amountSchema.nullable().default(null).meta({ description: 'null: all there is of it' }),
      }),
    )
    .max(LIST_ITEMS_MAX)
    .default([]),
  unscheduled: amountSchema.nullable().default(null).meta({ description: 'Of what has no due day' }),
  reason: textSchema(),
  effectiveOn: daySchema,
});

/** Writes off what will not come; the reason goes to the vault. */
export const writeOffPledge: Handler<z.infer<typeof schema>> = {
  name: 'write-off-pledge',
  schema,
  personal: ['reason'],
  streams: ({ pledge }) => [pledgeStream(pledge)],
  decide: (body, states, context) =>
    decideWriteOffPledge(body, states.of(pledgeKind, pledgeStream(body.pledge)), context),
};

/** Takes a write-off back: it is expected again. */
export const reinstatePledge: Handler<z.infer<typeof schema>> = {
  ...writeOffPledge,
  name: 'reinstate-pledge',
  decide: (body, states, context) =>
    decideReinstatePledge(body, states.of(pledgeKind, pledgeStream(body.pledge)), context),
};
