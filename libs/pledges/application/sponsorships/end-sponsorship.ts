import { beneficiaryKind, beneficiaryStream } from '#people';
import { type Handler, type States, daySchema, idSchema, textSchema } from '#platform';
import { z } from 'zod';
import { pledgeStream } from '../../domain/events.ts';
import { pledgeKind } from '../../domain/pledge.ts';
import {
  type Sponsored,
  decideChildLeft,
  decideEndSponsorship,
} from '../../domain/sponsorships/end-sponsorship.ts';
import { sponsorshipStream } from '../../domain/sponsorships/events.ts';
import { sponsorshipKind } from '../../domain/sponsorships/sponsorship.ts';

const sponsoredIn = (sponsorship: string, states: States): Sponsored => ({
  sponsorship,
  state: states.of(sponsorshipKind, sponsorshipStream(sponsorship)),
  pledge: states.of(pledgeKind, pledgeStream(sponsorship)),
});

const schema = z.strictObject({
  sponsorship: idSchema,
  beneficiary: idSchema,
  cause: z.enum(['sponsor-stopped', 'completed']),
  reason: textSchema(),
  effectiveOn: daySchema,
});

/** Ends a sponsorship while the child stays. */
export const endSponsorship: Handler<z.infer<typeof schema>> = {
  name: 'end-sponsorship',
  schema,
  personal: ['reason'],
  streams: ({ sponsorship, beneficiary }) => [
    sponsorshipStream(sponsorship),
    pledgeStream(sponsorship),
    beneficiaryStream(beneficiary),
  ],
  decide: (body, states, context) =>
    decideEndSponsorship(body, sponsoredIn(body.sponsorship, states), context),
};

/** Sponsorships of one child. */
const SPONSORSHIPS_MAX = 50;

const leftSchema = z.strictObject({
  beneficiary: idSchema,
  sponsorships: z
    .array(idSchema)
    .max(SPONSORSHIPS_MAX)
    .default([])
    .meta({ description: 'All that run for the child: they end with it' }),
  reason: textSchema(),
  effectiveOn: daySchema,
});

/** Ends a beneficiary who left, and every sponsorship of it in the same append. */
export const endBeneficiary: Handler<z.infer<typeof leftSchema>> = {
  name: 'end-beneficiary',
  schema: leftSchema,
  personal: ['reason'],
  streams: ({ beneficiary, sponsorships }) => [
    beneficiaryStream(beneficiary),
    ...[...new Set(sponsorships)].flatMap((id) => [sponsorshipStream(id), pledgeStream(id)]),
  ],
  decide: (body, states, context) => {
    const sponsored = [...new Set(body.sponsorships)].map((id) => sponsoredIn(id, states));
    const beneficiary = states.of(beneficiaryKind, beneficiaryStream(body.beneficiary));
    return decideChildLeft(body, beneficiary, sponsored, context);
  },
};
