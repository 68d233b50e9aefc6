import { type Result, ok, refuse } from '#kernel';
import { LIST_ITEMS_MAX, type States, amountSchema, daySchema } from '#platform';
import { z } from 'zod';
import { FREQUENCIES, PLAN_INSTALMENTS_MAX } from '../domain/schedule.ts';
import { sponsorshipStream } from '../domain/sponsorships/events.ts';
import { sponsorshipKind } from '../domain/sponsorships/sponsorship.ts';

export const indexSchema = z.number().int().min(1).max(1_000_000);

/** Days that come again. */
export const recurrence = {
  every: z.enum(FREQUENCIES),
  first: daySchema.meta({ description: 'The first due day' }),
  anchorDay: z
    .number()
    .int()
    .min(1)
    .max(31)
    .nullable()
    .default(null)
    .meta({ description: 'Day of the month; a shorter month has its last day. null: the day of `first`' }),
};

export const countSchema = z.number().int().min(1).max(PLAN_INSTALMENTS_MAX);

export const qualifierSchema = z.enum(['exact', 'at-least', 'about']).default('exact');

/** What is promised: an amount, instalments, a schedule. */
export const promised = {
  amount: amountSchema.nullable().default(null).meta({ description: 'null: the source names no amount' }),
  instalments: z
    .array(z.strictObject({ due: daySchema, amount: amountSchema }))
    .max(LIST_ITEMS_MAX)
    .default([]),
  schedule: z
    .strictObject({
      ...recurrence,
      count: countSchema,
      each: amountSchema
        .nullable()
        .default(null)
        .meta({ description: 'Amount of each instalment; null: `amount` is split evenly' }),
    })
    .nullable()
    .default(null),
};

/** The plan of a pledge is its own, and not that of a sponsorship, which says itself what it promises. */
export const ownPlan = (pledge: string, states: States): Result<void> =>
  states.of(sponsorshipKind, sponsorshipStream(pledge)).status === 'running'
    ? refuse('PLEDGE_OF_SPONSORSHIP', { pledge })
    : ok(undefined);
