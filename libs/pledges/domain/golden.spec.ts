import { readFileSync, readdirSync } from 'node:fs';
import type { Fact } from '#kernel';
import { handlers as people } from '#people';
import { handlers, pledgeKind, sponsorshipKind } from '#pledges';
import { expect, test } from 'vitest';
import { decide, factsOf, given } from '../../../tests/support/given.ts';
import { decidePledgePayment, takeBackPledgePayment } from './apply-payment.ts';
import type { PledgeEvents } from './events.ts';
import { handOverPledge, handOverSponsorship } from './hand-over.ts';
import type { SponsorshipEvents } from './sponsorships/events.ts';

/**
 * The stored form of every event of a pledge and a sponsorship, and of what they tell a beneficiary. Stored bytes are
 * never rewritten, so a file here changes only together with a new version of the event's type and an upcaster.
 */
const folder = new URL('golden/', import.meta.url);

const ON = { pledge: 'ck-1', reason: 'ab'.repeat(32), effectiveOn: '2023-03-01' };
const payment = {
  pledge: 'ck-1',
  receipt: '00000000-0000-8000-8000-000000000001',
  fund: 'qbt-06',
  donor: 'nt-1',
  commodity: 'VND',
  amount: '130000',
  effectiveOn: '2023-02-01',
};
const pay = (facts: readonly Fact[]): Fact[] => {
  const fact = decidePledgePayment(payment, given(facts).of(pledgeKind, 'pledge-ck-1'));
  if (!fact.ok) throw new Error(fact.error.code);
  return [...facts, fact.value];
};

const schedule = { every: 'monthly', first: '2023-01-31', anchorDay: 31, count: 3, each: '100000' };
const promised = factsOf([
  [people.registerDonor, { donor: 'nt-1', kind: 'individual', effectiveOn: '2023-01-01' }],
  [people.registerBeneficiary, { beneficiary: 'te-1', kind: 'child', effectiveOn: '2023-01-01' }],
  [
    handlers.makePledge,
    {
      pledge: 'ck-1',
      donor: 'nt-1',
      fund: 'qbt-06',
      commodity: 'VND',
      qualifier: 'at-least',
      schedule,
      narrative: 'cd'.repeat(32),
      effectiveOn: '2023-01-05',
    },
  ],
]);
const changed = factsOf(
  [
    [handlers.remindPledge, { pledge: 'ck-1', instalment: 2, step: 2, effectiveOn: '2023-03-01' }],
    [handlers.writeOffPledge, { ...ON, instalments: [{ index: 2, amount: '20000' }] }],
    [
      handlers.amendPledge,
      { ...ON, remaining: { schedule: { ...schedule, every: 'weekly', anchorDay: null, count: 1 } } },
    ],
    [handlers.cancelPledge, ON],
  ],
  pay(promised),
);
const SPONSORSHIP = {
  sponsorship: 'dd-1',
  beneficiary: 'te-1',
  donor: 'nt-1',
  fund: 'qbt-06',
  commodity: 'VND',
  each: '500000',
  every: 'quarterly',
  first: '2023-01-31',
  anchorDay: 31,
  periods: 2,
  effectiveOn: '2023-01-05',
};
const sponsored = { sponsorship: 'dd-1', effectiveOn: '2023-03-01' };
const all = factsOf(
  [
    [handlers.registerSponsorship, SPONSORSHIP],
    [handlers.extendSponsorship, { ...sponsored, periods: 3 }],
    [handlers.changeSponsorship, { ...sponsored, each: '600000', reason: 'ef'.repeat(32) }],
    [
      handlers.endSponsorship,
      { ...sponsored, beneficiary: 'te-1', cause: 'completed', reason: 'ef'.repeat(32) },
    ],
    [handlers.endBeneficiary, { beneficiary: 'te-1', reason: 'ef'.repeat(32), effectiveOn: '2023-04-01' }],
  ],
  [...pay(changed), takeBackPledgePayment(payment)],
);

const merged = { from: 'qbt-06', into: 'qbt-19', effectiveOn: '2023-07-01' };
const states = given(all);
const handedOver = [
  ...handOverPledge('ck-1', states.of(pledgeKind, 'pledge-ck-1'), merged),
  ...handOverSponsorship('dd-1', states.of(sponsorshipKind, 'sponsorship-dd-1'), merged),
];

const types: Record<keyof (PledgeEvents & SponsorshipEvents) | BeneficiaryTypes, true> = {
  'pledge.made.v1': true,
  'pledge.amended.v1': true,
  'pledge.payment-applied.v1': true,
  'pledge.payment-reversed.v1': true,
  'pledge.received-after-cancellation.v1': true,
  'pledge.written-off.v1': true,
  'pledge.reminded.v1': true,
  'pledge.cancelled.v1': true,
  'pledge.handed-over.v1': true,
  'sponsorship.registered.v1': true,
  'sponsorship.extended.v1': true,
  'sponsorship.changed.v1': true,
  'sponsorship.ended.v1': true,
  'sponsorship.handed-over.v1': true,
  'beneficiary.sponsored.v1': true,
  'beneficiary.sponsorship-ended.v1': true,
  'beneficiary.ended.v1': true,
};
type BeneficiaryTypes =
  'beneficiary.sponsored.v1' | 'beneficiary.sponsorship-ended.v1' | 'beneficiary.ended.v1';

test.each(Object.keys(types))('%s is stored as it always was, key by key', (type) => {
  const stored = [...all, ...handedOver].find((fact) => fact.type === type)?.data;
  const golden: unknown = JSON.parse(readFileSync(new URL(`${type}.json`, folder), 'utf8'));
  expect(JSON.stringify(stored, null, 2)).toBe(JSON.stringify(golden, null, 2));
});

test('there is a golden file for each type and no other', () => {
  expect(readdirSync(folder).toSorted()).toStrictEqual(
    Object.keys(types)
      .map((type) => `${type}.json`)
      .toSorted(),
  );
});

test('an end of a sponsorship that ended leaves nothing', () => {
  const end = { ...sponsored, beneficiary: 'te-1', cause: 'completed', reason: 'x' };
  expect(decide(handlers.endSponsorship, end, all).ok).toBe(false);
});
