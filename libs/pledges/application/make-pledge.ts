import { refuse } from '#kernel';
import { donorKind, donorStream } from '#people';
import { type Handler, commoditySchema, daySchema, idSchema, textSchema } from '#platform';
import { z } from 'zod';
import { pledgeStream } from '../domain/events.ts';
import { decideMakePledge } from '../domain/make-pledge.ts';
import { pledgeKind } from '../domain/pledge.ts';
import { promised, qualifierSchema } from './shared.ts';

const schema = z.strictObject({
  pledge: idSchema,
  donor: idSchema.nullable().default(null),
  fund: idSchema,
  commodity: commoditySchema,
  ...promised,
  qualifier: qualifierSchema,
  narrative: textSchema().nullable().default(null),
  effectiveOn: daySchema,
});

/** Records a promise of a donor who is registered, or of nobody named. */
export const makePledge: Handler<z.infer<typeof schema>> = {
  name: 'make-pledge',
  schema,
  personal: ['narrative'],
  streams: ({ pledge, donor }) => [pledgeStream(pledge), ...(donor === null ? [] : [donorStream(donor)])],
  decide: (body, states, context) => {
    const { pledge, donor } = body;
    if (donor !== null && !states.of(donorKind, donorStream(donor)).registered)
      return refuse('DONOR_UNKNOWN', { donor });
    return decideMakePledge(body, states.of(pledgeKind, pledgeStream(pledge)), context);
  },
};
