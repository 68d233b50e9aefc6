import { type Handler, daySchema, idSchema, nameSchema } from '#platform';
import { z } from 'zod';
import { donorStream } from '../domain/events.ts';
import { decideRegisterDonor } from '../domain/register-donor.ts';
import { donorKind } from '../domain/states.ts';

const schema = z.strictObject({
  donor: idSchema,
  kind: z.enum(['individual', 'organisation', 'state', 'collective']),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'COUNTRY_INVALID')
    .nullable()
    .default(null),
  name: nameSchema.nullable().default(null),
  effectiveOn: daySchema,
});

/** Registers a donor; the name goes to the vault. */
export const registerDonor: Handler<z.infer<typeof schema>> = {
  name: 'register-donor',
  schema,
  personal: ['name'],
  streams: ({ donor }) => [donorStream(donor)],
  decide: (body, states, context) =>
    decideRegisterDonor(body, states.of(donorKind, donorStream(body.donor)), context),
};
