import { type Fact, type Result, ok, sizeOf } from '#kernel';
import { type PledgePayment, pledgeStream, takeBackPledgePayment } from '#pledges';
import {
  type Handler,
  type States,
  amountSchema,
  idSchema,
  periodSchema,
  placeRefSchema,
  textSchema,
  uuidSchema,
} from '#platform';
import { z } from 'zod';
import { decideCorrectReceipt } from '../domain/correct-receipt.ts';
import type { ReceiptLabels } from '../domain/events-corrections.ts';
import { type Gift, giftFrom } from '../domain/gift.ts';
import { payPledge } from './pay-pledge.ts';
import {
  bookOf,
  bookState,
  checkDonor,
  nullable,
  onBook,
  placeIn,
  restrictionSchema,
  sourceSchema,
  streamsOf,
} from './shared.ts';

const schema = z.strictObject({
  ...onBook,
  receipt: uuidSchema,
  donor: idSchema.nullable().optional().meta({ description: 'Left out: stays; null: nobody is named' }),
  place: placeRefSchema.nullable().optional(),
  source: sourceSchema.optional(),
  pledge: idSchema.nullable().optional(),
  period: periodSchema.nullable().optional(),
  narrative: textSchema().nullable().optional(),
  amount: nullable(amountSchema).meta({ description: 'The right amount; the difference is booked' }),
  account: nullable(idSchema).meta({ description: 'Where the difference goes; null: that of the receipt' }),
  restriction: nullable(restrictionSchema).meta({
    description: 'Never corrected: such a receipt is reversed and recorded again',
  }),
  reason: textSchema(),
});
type Body = z.infer<typeof schema>;

/** Corrects what a receipt says of its donor, place, source, pledge, period or text, and its amount. */
export const correctReceipt: Handler<Body> = {
  name: 'correct-receipt',
  schema,
  personal: ['narrative', 'reason'],
  history: ({ receipt }) => [receipt],
  streams: (body, _context, known) => [
    bookOf(body),
    ...pledgeStreams([giftFrom(body.receipt, known.history(body.receipt))?.labels.pledge, body.pledge]),
    ...streamsOf({ donor: body.donor ?? null }),
  ],
  decide: (body, states, context) => {
    const { receipt, donor } = body;
    const named = checkDonor(states, donor ?? null);
    if (!named.ok) return named;
    const place = placeIn(states, body.place, body.effectiveOn);
    if (!place.ok) return place;
    const history = states.history(receipt);
    const labels = labelsIn({ ...body, place: body.place === undefined ? undefined : place.value });
    const decided = decideCorrectReceipt({ ...body, labels }, bookState(body, states), history, context);
    const before = giftFrom(receipt, history);
    if (!decided.ok || before === undefined) return decided;
    const amount = body.amount === null ? sizeOf(before.units) : BigInt(body.amount);
    const after = { labels: { ...before.labels, ...labels }, amount };
    const paid = pledgeFacts(body, before, after, states);
    return paid.ok ? ok([...decided.value, ...paid.value]) : paid;
  },
};

/** The labels that a body names, those left out left out. */
function labelsIn(body: {
  readonly [K in keyof ReceiptLabels]?: ReceiptLabels[K] | undefined;
}): Partial<ReceiptLabels> {
  const { donor, place, source, pledge, period, narrative } = body;
  const given = Object.entries({ donor, place, source, pledge, period, narrative });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as Partial<ReceiptLabels>;
}

/** Streams of the pledges named, none twice. */
export const pledgeStreams = (pledges: readonly (string | null | undefined)[]): string[] => [
  ...new Set(pledges.flatMap((pledge) => (pledge ? [pledgeStream(pledge)] : []))),
];

/** What a corrected receipt means to its pledges: the payment goes with it, or changes by the difference. */
function pledgeFacts(
  { fund, receipt, effectiveOn }: Body,
  before: Gift,
  after: { readonly labels: ReceiptLabels; readonly amount: bigint },
  states: States,
): Result<Fact[]> {
  const { commodity } = before.recorded;
  const payment = (pledge: string, donor: string | null, amount: bigint): PledgePayment => ({
    pledge,
    receipt,
    fund,
    donor,
    commodity,
    amount: String(amount),
    effectiveOn,
  });
  const [was, now] = [before.labels, after.labels];
  const changed = was.pledge !== now.pledge || was.donor !== now.donor;
  const difference = after.amount - sizeOf(before.units);
  const facts: Fact[] = [];
  const back = changed ? before.applied : difference < 0n ? -difference : 0n;
  if (was.pledge !== null && back > 0n)
    facts.push(takeBackPledgePayment(payment(was.pledge, was.donor, back)));
  const comes = changed ? appliedAfter(before, after) : difference;
  if (now.pledge === null || comes <= 0n) return ok(facts);
  const book = bookState({ fund, effectiveOn }, states);
  const paid = payPledge(payment(now.pledge, now.donor, comes), book, states);
  return paid.ok ? ok([...facts, ...paid.value]) : paid;
}

/** What a receipt counts for on its pledge: moved to another, with what is left of it. */
function appliedAfter(
  before: Gift,
  { labels, amount }: { readonly labels: ReceiptLabels; readonly amount: bigint },
): bigint {
  if (labels.pledge !== before.labels.pledge) return amount;
  return before.applied + amount - sizeOf(before.units);
}
