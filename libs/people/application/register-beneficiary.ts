import { ok } from '#kernel';
import { placeDirectory, resolvePlace } from '#places';
import { type Handler, daySchema, idSchema, nameSchema, placeRefSchema } from '#platform';
import { z } from 'zod';
import { beneficiaryStream } from '../domain/events.ts';
import { decideRegisterBeneficiary } from '../domain/register-beneficiary.ts';
import { beneficiaryKind } from '../domain/states.ts';

const schema = z.strictObject({
  beneficiary: idSchema,
  kind: z.enum(['child', 'school', 'facility']),
  place: placeRefSchema.nullable().default(null),
  ageBand: z.enum(['0-5', '6-10', '11-15']).nullable().default(null),
  name: nameSchema.nullable().default(null),
  effectiveOn: daySchema,
});

/** Registers a beneficiary; the name goes to the vault. */
export const registerBeneficiary: Handler<z.infer<typeof schema>> = {
  name: 'register-beneficiary',
  schema,
  personal: ['name'],
  streams: ({ beneficiary }) => [beneficiaryStream(beneficiary)],
  decide: (body, states, context) => {
    const place =
      body.place === null ? ok(null) : resolvePlace(states.all(placeDirectory), body.place, body.effectiveOn);
    if (!place.ok) return place;
    const beneficiary = states.of(beneficiaryKind, beneficiaryStream(body.beneficiary));
    return decideRegisterBeneficiary({ ...body, place: place.value }, beneficiary, context);
  },
};
