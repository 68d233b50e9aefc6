import {
  type Handler,
  LIST_ITEMS_MAX,
  commoditySchema,
  daySchema,
  idSchema,
  nameSchema,
  periodSchema,
  placeRefSchema,
  textSchema,
  yearSchema,
} from '#platform';
import { z } from 'zod';
import { reportStream } from '../domain/events.ts';
import { decideReportSupport } from '../domain/report-support.ts';
import { reportKind } from '../domain/states.ts';
import { checkNamed, placeIn, statedSchema, streamsNamed } from './shared.ts';

const schema = z.strictObject({
  report: idSchema,
  unit: placeRefSchema.shape.code.meta({ description: 'Code of the reporting unit', examples: ['06'] }),
  year: yearSchema,
  channel: z.enum(['state-budget', 'partner', 'mass-organisation', 'national-fund', 'unstated']),
  line: z
    .string()
    .regex(/^(local-budget\/(province|districts)|outside\/[a-z0-9-]{1,63})$/, 'REPORT_LINE_INVALID')
    .nullable()
    .default(null)
    .meta({ description: 'Line of the annual funding table; null: in no total of that table' }),
  kind: idSchema.meta({ examples: ['in-kind', 'aid', 'budget'] }),
  programme: idSchema.nullable().default(null),
  donor: idSchema.nullable().default(null),
  via: nameSchema
    .nullable()
    .default(null)
    .meta({ description: 'The institution it came through, no person' }),
  places: z.array(placeRefSchema).max(LIST_ITEMS_MAX).default([]),
  commodity: commoditySchema.nullable().default(null),
  amount: statedSchema,
  goods: z
    .array(
      z.strictObject({ what: nameSchema, unit: nameSchema.nullable().default(null), quantity: statedSchema }),
    )
    .max(LIST_ITEMS_MAX)
    .default([]),
  children: statedSchema,
  group: idSchema.nullable().default(null),
  period: periodSchema,
  partOf: idSchema.nullable().default(null).meta({ description: 'Report that this one is a part of' }),
  narrative: textSchema().nullable().default(null),
  source: nameSchema,
  effectiveOn: daySchema,
});

/** Reports support that did not pass through a fund. All it names is known: unit, places, programme, donor. */
export const reportSupport: Handler<z.infer<typeof schema>> = {
  name: 'report-support',
  schema,
  personal: ['narrative'],
  streams: (body) => [reportStream(body.unit, body.year), ...streamsNamed(body)],
  decide: (body, states, context) => {
    const named = checkNamed(states, body);
    if (!named.ok) return named;
    const unit = placeIn(states, { code: body.unit }, body.effectiveOn);
    if (!unit.ok) return unit;
    const places = new Set<string>();
    for (const ref of body.places) {
      const place = placeIn(states, ref, body.effectiveOn);
      if (!place.ok) return place;
      if (place.value !== null) places.add(place.value);
    }
    const reports = states.of(reportKind, reportStream(body.unit, body.year));
    return decideReportSupport({ ...body, places: [...places] }, reports, context);
  },
};
