import { ok } from '#kernel';
import { decidePledgePayment, pledgeKind, pledgeStream } from '#pledges';
import {
  type Handler,
  amountSchema,
  commoditySchema,
  idSchema,
  nameSchema,
  periodSchema,
  placeRefSchema,
  textSchema,
} from '#platform';
import { z } from 'zod';
import { decideRecordReceipt } from '../domain/record-receipt.ts';
import {
  bookOf,
  bookState,
  checkDonor,
  limitsIn,
  nullable,
  onBook,
  placeIn,
  restrictionSchema,
  sourceSchema,
  streamsOf,
} from './shared.ts';

const schema = z.strictObject({
  ...onBook,
  account: idSchema,
  source: sourceSchema,
  commodity: commoditySchema,
  amount: amountSchema,
  donor: nullable(idSchema),
  place: nullable(placeRefSchema),
  pledge: nullable(idSchema),
  restriction: restrictionSchema.default({}),
  period: nullable(periodSchema),
  valuation: nullable(
    z.strictObject({ amount: amountSchema, commodity: commoditySchema, technique: nameSchema }),
  ),
  narrative: nullable(textSchema()),
});

/**
 * Records money or goods that arrived. With a pledge, the receipt and the payment on the pledge are one
 * append: both or neither.
 */
export const recordReceipt: Handler<z.infer<typeof schema>> = {
  name: 'record-receipt',
  schema,
  personal: ['narrative'],
  streams: (body) => [
    bookOf(body),
    ...(body.pledge === null ? [] : [pledgeStream(body.pledge)]),
    ...streamsOf({
      donor: body.donor,
      programme: body.restriction.programme,
      beneficiaries: [body.restriction.beneficiary],
    }),
  ],
  decide: (body, states, context) => {
    const donor = checkDonor(states, body.donor);
    if (!donor.ok) return donor;
    const restriction = limitsIn(states, body.restriction, body.effectiveOn);
    if (!restriction.ok) return restriction;
    const place = placeIn(states, body.place, body.effectiveOn);
    if (!place.ok) return place;
    const command = { ...body, restriction: restriction.value, place: place.value };
    const received = decideRecordReceipt(command, bookState(body, states), context);
    if (!received.ok || body.pledge === null) return received;
    const paid = decidePledgePayment(
      {
        pledge: body.pledge,
        receipt: context.commandId,
        fund: body.fund,
        donor: body.donor,
        commodity: body.commodity,
        amount: body.amount,
        effectiveOn: body.effectiveOn,
      },
      states.of(pledgeKind, pledgeStream(body.pledge)),
    );
    return paid.ok ? ok([...received.value, paid.value]) : paid;
  },
};
