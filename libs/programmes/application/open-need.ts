import {
  type Handler,
  commoditySchema,
  daySchema,
  idSchema,
  nameSchema,
  periodSchema,
  placeRefSchema,
} from '#platform';
import { z } from 'zod';
import { needStream } from '../domain/events.ts';
import { decideOpenNeed } from '../domain/open-need.ts';
import { needKind } from '../domain/states.ts';
import { checkNamed, placeIn, statedSchema, streamsNamed } from './shared.ts';

const schema = z.strictObject({
  need: idSchema,
  place: placeRefSchema.nullable().default(null),
  programme: idSchema.nullable().default(null),
  group: idSchema.nullable().default(null),
  what: nameSchema.meta({ description: 'What is needed, never the story of a single child' }),
  quantity: statedSchema,
  unit: nameSchema.nullable().default(null),
  amount: statedSchema,
  commodity: commoditySchema.nullable().default(null),
  children: statedSchema,
  prospect: idSchema.nullable().default(null).meta({ description: 'Donor who may answer it; no pledge' }),
  stage: z.enum(['requested', 'surveyed', 'sponsored', 'under-way']).default('requested'),
  period: periodSchema.nullable().default(null),
  source: nameSchema,
  effectiveOn: daySchema,
});

/** Registers a need. The programme and the prospect it names are known to the ledger. */
export const openNeed: Handler<z.infer<typeof schema>> = {
  name: 'open-need',
  schema,
  personal: [],
  streams: ({ need, programme, prospect }) => [
    needStream(need),
    ...streamsNamed({ programme, donor: prospect }),
  ],
  decide: (body, states, context) => {
    const named = checkNamed(states, { programme: body.programme, donor: body.prospect });
    if (!named.ok) return named;
    const place = placeIn(states, body.place, body.effectiveOn);
    if (!place.ok) return place;
    return decideOpenNeed(
      { ...body, place: place.value },
      states.of(needKind, needStream(body.need)),
      context,
    );
  },
};
