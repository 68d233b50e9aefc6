import { type Handler, type States, amountSchema, daySchema, idSchema, textSchema } from '#platform';
import { z } from 'zod';
import { pledgeStream } from '../../domain/events.ts';
import { type PledgeState, pledgeKind } from '../../domain/pledge.ts';
import {
  decideChangeSponsorship,
  decideExtendSponsorship,
} from '../../domain/sponsorships/change-sponsorship.ts';
import { sponsorshipStream } from '../../domain/sponsorships/events.ts';
import { type SponsorshipState, sponsorshipKind } from '../../domain/sponsorships/sponsorship.ts';
import { indexSchema } from '../shared.ts';

const streams = ({ sponsorship }: { readonly sponsorship: string }): string[] => [
  sponsorshipStream(sponsorship),
  pledgeStream(sponsorship),
];
const before = (sponsorship: string, states: States): [SponsorshipState, PledgeState] => [
  states.of(sponsorshipKind, sponsorshipStream(sponsorship)),
  states.of(pledgeKind, pledgeStream(sponsorship)),
];

const extendSchema = z.strictObject({
  sponsorship: idSchema,
  periods: indexSchema.meta({ description: 'Periods in all, so that asking twice adds nothing' }),
  effectiveOn: daySchema,
});

/** Promises further periods of a sponsorship. */
export const extendSponsorship: Handler<z.infer<typeof extendSchema>> = {
  name: 'extend-sponsorship',
  schema: extendSchema,
  personal: [],
  streams,
  decide: (body, states, context) =>
    decideExtendSponsorship(body, ...before(body.sponsorship, states), context),
};

const changeSchema = z.strictObject({
  sponsorship: idSchema,
  each: amountSchema,
  reason: textSchema(),
  effectiveOn: daySchema,
});

/** Changes the amount of the periods to come. */
export const changeSponsorship: Handler<z.infer<typeof changeSchema>> = {
  name: 'change-sponsorship',
  schema: changeSchema,
  personal: ['reason'],
  streams,
  decide: (body, states, context) =>
    decideChangeSponsorship(body, ...before(body.sponsorship, states), context),
};
