import { refuse } from '#kernel';
import { beneficiaryKind, beneficiaryStream, donorKind, donorStream } from '#people';
import { type Handler, amountSchema, commoditySchema, daySchema, idSchema } from '#platform';
import { z } from 'zod';
import { pledgeStream } from '../../domain/events.ts';
import { pledgeKind } from '../../domain/pledge.ts';
import { sponsorshipStream } from '../../domain/sponsorships/events.ts';
import { decideRegisterSponsorship } from '../../domain/sponsorships/register-sponsorship.ts';
import { sponsorshipKind } from '../../domain/sponsorships/sponsorship.ts';
import { countSchema, recurrence } from '../shared.ts';

const schema = z.strictObject({
  sponsorship: idSchema.meta({ description: 'Also the id of its pledge' }),
  beneficiary: idSchema.meta({ description: 'The child, an opaque id' }),
  donor: idSchema,
  fund: idSchema,
  commodity: commoditySchema,
  each: amountSchema,
  ...recurrence,
  periods: countSchema.meta({ description: 'Periods promised now; more with extend-sponsorship' }),
  shared: z.boolean().default(false).meta({ description: 'The child may have other sponsors who share' }),
  effectiveOn: daySchema,
});

/** Promises a child to a sponsor: sponsorship, child and pledge change in one append. */
export const registerSponsorship: Handler<z.infer<typeof schema>> = {
  name: 'register-sponsorship',
  schema,
  personal: [],
  streams: ({ sponsorship, beneficiary, donor }) => [
    sponsorshipStream(sponsorship),
    beneficiaryStream(beneficiary),
    pledgeStream(sponsorship),
    donorStream(donor),
  ],
  decide: (body, states, context) => {
    const { sponsorship, beneficiary, donor } = body;
    if (!states.of(donorKind, donorStream(donor)).registered) return refuse('DONOR_UNKNOWN', { donor });
    const before = {
      sponsorship: states.of(sponsorshipKind, sponsorshipStream(sponsorship)),
      pledge: states.of(pledgeKind, pledgeStream(sponsorship)),
      beneficiary: states.of(beneficiaryKind, beneficiaryStream(beneficiary)),
    };
    return decideRegisterSponsorship(body, before, context);
  },
};
