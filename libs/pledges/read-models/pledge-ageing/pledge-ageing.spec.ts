import { expect, test } from 'vitest';
import { everything, onlyFunds } from '#access';
import type { Fact } from '#kernel';
import { handlers as people } from '#people';
import { factsOf, given } from '../../../../tests/support/given.ts';
import { logOf } from '../../../../tests/support/fact-log.ts';
import { describeStores, projected } from '../../../../tests/support/stores.ts';
import type { Instalment } from '../../domain/events.ts';
import { decidePledgePayment, handlers, pledgeKind, referenceOf } from '../../index.ts';
import { pledgeProjections, readDueReminders, readPledgeAgeing, readSponsorships } from '../index.ts';

const due = (...list: readonly (readonly [string, string])[]): Instalment[] =>
  list.map(([day, amount], index) => ({ index, due: day, amount }));
const made = (pledge: string, amount: string | null, instalments: Instalment[], qualifier = 'exact') =>
  [
    pledge,
    'pledge.made.v1',
    '2024-01-01',
    {
      pledge,
      donor: 'd-1',
      fund: 'qbt-06',
      commodity: 'VND',
      amount,
      qualifier,
      instalments,
      narrative: null,
    },
  ] as const;
const paid = (pledge: string, amount: string) =>
  [
    pledge,
    'pledge.payment-applied.v1',
    '2024-03-01',
    { pledge, receipt: 'r', fund: 'qbt-06', donor: 'd-1', commodity: 'VND', amount },
  ] as const;

describeStores('pledge ageing', (fresh) => {
  test('what is outstanding stands in the bucket of its lateness; unknown amounts are counted, never summed', async () => {
    const facts = [
      // Money fills the earliest instalment first: 60 of the first 100 is left, due 31 days before the day asked.
      made('p-1', '300', due(['2024-05-31', '100'], ['2024-06-01', '100'], ['2024-07-01', '100'])),
      paid('p-1', '40'),
      made('p-2', '50', [], 'at-least'),
      made('p-3', null, []),
      made('p-4', '70', due(['2024-04-02', '30'], ['2024-04-01', '40'])),
      made('p-5', '80', due(['2024-01-31', '80'])),
      ['p-5', 'pledge.cancelled.v1', '2024-06-15', { pledge: 'p-5', reason: 'thoi' }] as const,
    ];
    const log = await logOf(
      facts.map(([pledge, type, effectiveOn, data]) => ({
        stream: `pledge-${pledge}`,
        type,
        effectiveOn,
        data,
      })),
    );
    const context = await projected(fresh, log, pledgeProjections);
    const query = { scope: everything('ke-toan'), on: '2024-07-01' };
    const { rows } = await readPledgeAgeing(context, query);
    expect(rows).toStrictEqual([
      {
        fund: 'qbt-06',
        commodity: 'VND',
        ages: {
          notDue: 100n,
          days1to30: 100n,
          days31to60: 60n,
          days61to90: 30n,
          over90: 40n,
          unscheduled: 50n,
        },
        notExact: 50n,
        unknown: 1,
        writtenOff: 80n,
        overReceived: 0n,
        afterCancellation: 0n,
      },
    ]);
    const beforePayment = await readPledgeAgeing(context, { ...query, effectiveThrough: '2024-02-29' });
    expect(beforePayment.rows[0]?.ages).toStrictEqual({
      notDue: 100n,
      days1to30: 100n,
      days31to60: 100n,
      days61to90: 30n,
      over90: 120n,
      unscheduled: 50n,
    });
    const hidden = await readPledgeAgeing(context, { ...query, scope: onlyFunds('khach', ['qbt-19']) });
    expect([hidden.rows, hidden.pledges]).toStrictEqual([[], []]);
    await context.close();
  });

  test('what is written off, over-received and late is summed by fund and by donor, never into the ages', async () => {
    const context = await projected(fresh, await logOf(story()), pledgeProjections);
    const query = { scope: everything('ke-toan'), on: '2023-06-30' };
    const { rows, donors, pledges } = await readPledgeAgeing(context, query);
    const sums = { writtenOff: 110n, overReceived: 75n, afterCancellation: 70n, notExact: 0n, unknown: 0 };
    const ages = {
      notDue: 0n,
      days1to30: 0n,
      days31to60: 0n,
      days61to90: 0n,
      over90: 60n,
      unscheduled: 0n,
    };
    expect(rows).toStrictEqual([{ fund: 'qbt-06', commodity: 'VND', ages, ...sums }]);
    expect(donors).toStrictEqual([
      { donor: 'nt-1', commodity: 'VND', ages, ...sums, overReceived: 70n },
      {
        donor: 'nt-2',
        commodity: 'VND',
        ages: { ...ages, over90: 0n },
        ...sums,
        writtenOff: 0n,
        overReceived: 5n,
        afterCancellation: 0n,
      },
    ]);
    for (const { pledged, received, outstanding, writtenOff, overReceived } of pledges)
      expect(pledged).toBe(received + (outstanding ?? 0n) + writtenOff - overReceived);
    expect(pledges.map(({ pledge, version, reference }) => [pledge, version, reference])).toStrictEqual([
      ['ck-1', 1, referenceOf('pledge', 3)],
      ['ck-2', 2, referenceOf('pledge', 4)],
      ['ck-3', 1, referenceOf('pledge', 5)],
    ]);
    const before = await readPledgeAgeing(context, { ...query, knownAt: 5 });
    expect(before.rows[0]).toMatchObject({ writtenOff: 0n, ages: { over90: 245n } });
    await context.close();
  });

  test('a reminder is due once for an instalment and a step, and never for what is settled or written off', async () => {
    const on = { scope: everything('ke-toan'), on: '2023-02-21' };
    const facts = factsOf([
      ...PEOPLE,
      [handlers.makePledge, { ...MONTHLY, pledge: 'ck-1', donor: 'nt-1' }],
      [handlers.makePledge, { ...MONTHLY, pledge: 'ck-2', donor: 'nt-2' }],
      [handlers.writeOffPledge, { ...OF, pledge: 'ck-2', instalments: [{ index: 1 }] }],
    ]);
    const all = await projected(fresh, await logOf(facts), pledgeProjections);
    const { rows } = await readDueReminders(all, on);
    expect(rows).toStrictEqual([
      reminder({ pledge: 'ck-1', instalment: 1, due: '2023-01-31', daysLate: 21, step: 3 }),
      reminder({ pledge: 'ck-1', instalment: 2, due: '2023-02-28', daysLate: -7, step: 1 }),
      reminder({ pledge: 'ck-2', donor: 'nt-2', instalment: 2, due: '2023-02-28', daysLate: -7, step: 1 }),
    ]);
    await all.close();
    const reminded = factsOf(
      rows.map(({ pledge, instalment, step }) => [
        handlers.remindPledge,
        { pledge, instalment, step, effectiveOn: on.on },
      ]),
      facts,
    );
    const done = await projected(fresh, await logOf(reminded), pledgeProjections);
    expect((await readDueReminders(done, on)).rows).toStrictEqual([]);
    const later = await readDueReminders(done, { ...on, on: '2023-03-02' });
    expect(later.rows.map(({ pledge, instalment, step }) => [pledge, instalment, step])).toStrictEqual([
      ['ck-1', 1, 4],
      ['ck-1', 2, 2],
      ['ck-2', 2, 2],
    ]);
    const hidden = await readDueReminders(done, { ...on, scope: onlyFunds('khach', ['qbt-19']) });
    expect(hidden.rows).toStrictEqual([]);
    await done.close();
  });

  test('sponsorships show how far they are paid, and after the end what the donor is to be asked about', async () => {
    const { pledge: _, schedule, ...rest } = { ...MONTHLY, pledge: '' };
    const sponsorship = { ...rest, ...schedule, count: undefined, periods: 2, donor: 'nt-1' };
    const { count: _count, ...body } = sponsorship;
    const start = factsOf([
      ...PEOPLE,
      [people.registerBeneficiary, { beneficiary: 'te-1', kind: 'child', effectiveOn: '2023-01-01' }],
      [handlers.registerSponsorship, { ...body, sponsorship: 'dd-1', beneficiary: 'te-1' }],
    ]);
    const running = pay(start, 'dd-1', '150');
    const row = {
      sponsorship: 'dd-1',
      beneficiary: 'te-1',
      donor: 'nt-1',
      fund: 'qbt-06',
      commodity: 'VND',
      every: 'monthly',
      shared: false,
      status: 'running',
      periods: 2,
      each: 100n,
      settled: 1,
      nextDue: '2023-02-28',
      cause: null,
      toAsk: 0n,
    };
    const query = { scope: everything('ke-toan') };
    const now = await projected(fresh, await logOf(running), pledgeProjections);
    expect((await readSponsorships(now, query)).rows).toStrictEqual([row]);
    const hidden = await readSponsorships(now, { scope: onlyFunds('khach', ['qbt-19']) });
    expect(hidden.rows).toStrictEqual([]);
    await now.close();
    const left = { beneficiary: 'te-1', sponsorships: ['dd-1'], reason: 'ly do', effectiveOn: '2023-02-10' };
    const ended = pay(factsOf([[handlers.endBeneficiary, left]], running), 'dd-1', '30');
    const after = await projected(fresh, await logOf(ended), pledgeProjections);
    expect((await readSponsorships(after, query)).rows).toStrictEqual([
      { ...row, status: 'ended', nextDue: null, cause: 'child-left', toAsk: 80n },
    ]);
    await after.close();
  });
});

const PEOPLE = ['nt-1', 'nt-2'].map(
  (donor) => [people.registerDonor, { donor, kind: 'individual', effectiveOn: '2023-01-01' }] as const,
);
const MONTHLY = {
  fund: 'qbt-06',
  commodity: 'VND',
  schedule: { every: 'monthly', first: '2023-01-31', count: 2, each: '100' },
  effectiveOn: '2023-01-05',
};
const OF = { reason: 'ly do', effectiveOn: '2023-02-10' };

const reminder = (changes: object): object => ({
  fund: 'qbt-06',
  donor: 'nt-1',
  commodity: 'VND',
  amount: 100n,
  reference: referenceOf('pledge', (changes as { pledge: string }).pledge === 'ck-1' ? 3 : 4),
  ...changes,
});

function pay(facts: readonly Fact[], pledge: string, amount: string): Fact[] {
  const state = given(facts).of(pledgeKind, `pledge-${pledge}`);
  const { fund, donor, commodity } = state;
  const receipt = `pt-${facts.length}`;
  const payment = { pledge, receipt, fund, donor, commodity, amount, effectiveOn: '2023-02-01' };
  const fact = decidePledgePayment(payment, state);
  if (!fact.ok) throw new Error(fact.error.code);
  return [...facts, fact.value];
}

/** One pledge cancelled and paid afterwards, one amended and written off, one paid more than promised. */
function story(): Fact[] {
  const one = { ...MONTHLY, schedule: { ...MONTHLY.schedule, count: 1 } };
  const promised = factsOf([
    ...PEOPLE,
    [handlers.makePledge, { ...one, pledge: 'ck-1', donor: 'nt-1' }],
    [handlers.makePledge, { ...one, pledge: 'ck-2', donor: 'nt-1' }],
    [
      handlers.makePledge,
      { ...one, pledge: 'ck-3', donor: 'nt-2', schedule: { ...one.schedule, each: '45' } },
    ],
  ]);
  const changed = factsOf(
    [
      [handlers.cancelPledge, { ...OF, pledge: 'ck-1' }],
      [
        handlers.amendPledge,
        {
          ...OF,
          pledge: 'ck-2',
          remaining: { amount: '70', instalments: [{ due: '2023-03-01', amount: '70' }] },
        },
      ],
      [handlers.writeOffPledge, { ...OF, pledge: 'ck-2', instalments: [{ index: 2, amount: '10' }] }],
    ],
    promised,
  );
  return pay(pay(changed, 'ck-1', '70'), 'ck-3', '50');
}
