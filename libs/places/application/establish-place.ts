import { type Handler, daySchema, nameSchema, placeRefSchema } from '#platform';
import { z } from 'zod';
import { decideEstablishPlace } from '../domain/establish-place.ts';
import { placeId, placeStream } from '../domain/events.ts';
import { placeDirectory } from './place-directory.ts';

const schema = z.strictObject({
  code: placeRefSchema.shape.code,
  name: nameSchema,
  level: z.enum(['country', 'province', 'district', 'commune']),
  parent: placeRefSchema.nullable().default(null),
  takesOverCode: z.boolean().default(false).meta({
    description: 'The unit that bears the code ends on this day; its merge, split or dissolution follows',
  }),
  effectiveOn: daySchema,
});

/** Establishes a place. A reform names the new units first, from the top down, then ends the old, from below. */
export const establishPlace: Handler<z.infer<typeof schema>> = {
  name: 'establish-place',
  schema,
  personal: [],
  streams: ({ code, effectiveOn }) => [placeStream(placeId(code, effectiveOn))],
  decide: (body, states) => decideEstablishPlace(body, states.all(placeDirectory)),
};
