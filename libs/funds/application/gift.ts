import { type Fact, type Result, invariant, ok } from '#kernel';
import { pledgeStream } from '#pledges';
import { type States, daySchema, idSchema, periodSchema, placeRefSchema, textSchema } from '#platform';
import { z } from 'zod';
import type { ReceiptRecorded } from '../domain/events.ts';
import type { Restriction } from '../domain/restriction.ts';
import { payPledge } from './pay-pledge.ts';
import {
  bookState,
  checkDonor,
  limitsIn,
  nullable,
  placeIn,
  restrictionSchema,
  sourceSchema,
  streamsOf,
} from './shared.ts';

/** What is said of a gift besides what came and where it is. */
export const giftFields = {
  source: sourceSchema,
  donor: nullable(idSchema),
  place: nullable(placeRefSchema),
  pledge: nullable(idSchema),
  restriction: restrictionSchema.default({}),
  period: nullable(periodSchema),
  narrative: nullable(textSchema()),
};

const giftSchema = z.strictObject({ fund: idSchema, effectiveOn: daySchema, ...giftFields });
type GiftBody = z.infer<typeof giftSchema>;

/** The streams behind what a gift names. */
export const giftStreams = (body: GiftBody): string[] => [
  ...(body.pledge === null ? [] : [pledgeStream(body.pledge)]),
  ...streamsOf({
    donor: body.donor,
    programme: body.restriction.programme,
    beneficiaries: [body.restriction.beneficiary],
  }),
];

/**
 * Decides on a gift with everything it names known and resolved. With a pledge, the receipt that `decide` puts
 * first and the payment on the pledge are one append: both or neither.
 */
export function decideGift<Body extends GiftBody>(
  body: Body,
  states: States,
  commandId: string,
  decide: (
    resolved: Omit<Body, 'restriction' | 'place'> & {
      readonly restriction: Restriction;
      readonly place: string | null;
    },
  ) => Result<Fact[]>,
): Result<Fact[]> {
  const donor = checkDonor(states, body.donor);
  if (!donor.ok) return donor;
  const restriction = limitsIn(states, body.restriction, body.effectiveOn);
  if (!restriction.ok) return restriction;
  const place = placeIn(states, body.place, body.effectiveOn);
  if (!place.ok) return place;
  const received = decide({ ...body, restriction: restriction.value, place: place.value });
  if (!received.ok || body.pledge === null) return received;
  const [first] = received.value;
  invariant(first !== undefined, 'a gift that is accepted leads to a receipt');
  const { commodity, amount } = first.data as ReceiptRecorded;
  const { fund, pledge, effectiveOn } = body;
  const payment = { pledge, receipt: commandId, fund, donor: body.donor, commodity, amount, effectiveOn };
  const paid = payPledge(payment, bookState(body, states), states);
  return paid.ok ? ok([...received.value, ...paid.value]) : paid;
}
