import { type Handler, daySchema, idSchema, textSchema } from '#platform';
import { z } from 'zod';
import { needStream } from '../domain/events.ts';
import { needKind } from '../domain/states.ts';
import { decideNeedStep } from '../domain/step-need.ts';

const step = { need: idSchema, effectiveOn: daySchema };

const verifySchema = z.strictObject(step);

/** Says that somebody looked and the need is real. */
export const verifyNeed: Handler<z.infer<typeof verifySchema>> = {
  name: 'verify-need',
  schema: verifySchema,
  personal: [],
  streams: ({ need }) => [needStream(need)],
  decide: ({ effectiveOn, ...data }, states, context) =>
    decideNeedStep(
      'need.verified.v1',
      data,
      effectiveOn,
      states.of(needKind, needStream(data.need)),
      context,
    ),
};

const meetSchema = z.strictObject({
  ...step,
  by: idSchema.nullable().default(null).meta({ description: 'What met it: a donor, disbursement or report' }),
});

/** Says that the need is answered. */
export const meetNeed: Handler<z.infer<typeof meetSchema>> = {
  name: 'meet-need',
  schema: meetSchema,
  personal: [],
  streams: ({ need }) => [needStream(need)],
  decide: ({ effectiveOn, ...data }, states, context) =>
    decideNeedStep('need.met.v1', data, effectiveOn, states.of(needKind, needStream(data.need)), context),
};

const closeSchema = z.strictObject({ ...step, reason: textSchema() });

/** Gives a need up; the reason goes to the vault. */
export const closeNeed: Handler<z.infer<typeof closeSchema>> = {
  name: 'close-need',
  schema: closeSchema,
  personal: ['reason'],
  streams: ({ need }) => [needStream(need)],
  decide: ({ effectiveOn, ...data }, states, context) =>
    decideNeedStep('need.closed.v1', data, effectiveOn, states.of(needKind, needStream(data.need)), context),
};
