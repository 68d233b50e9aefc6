import { randomUUID } from 'node:crypto';
import { type EventLog, openMemoryLog } from '#event-log';
import type { Fact, Result } from '#kernel';
import { beneficiaryKind, donorKind, handlers as people, refusals as peopleRefusals } from '#people';
import { type AnyHandler, type Ledger, historyFromLog, openLedger } from '#platform';
import {
  type PledgeState,
  balanceOf,
  decidePledgePayment,
  filledInstalments,
  handlers,
  outstandingInstalments,
  pledgeKind,
  refusals,
  sponsorshipKind,
} from '#pledges';
import { openVault } from '#privacy';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, factsOf, given, leftOpen } from '../../tests/support/given.ts';

const {
  registerSponsorship,
  extendSponsorship,
  changeSponsorship,
  endSponsorship,
  endBeneficiary,
  amendPledge,
  cancelPledge,
} = handlers;

const child = (beneficiary: string): [AnyHandler, object] => [
  people.registerBeneficiary,
  { beneficiary, kind: 'child', effectiveOn: '2023-01-01' },
];
const donor = (id: string): [AnyHandler, object] => [
  people.registerDonor,
  { donor: id, kind: 'individual', effectiveOn: '2023-01-01' },
];
const PEOPLE: readonly [AnyHandler, object][] = [
  child('te-1'),
  child('te-2'),
  donor('nt-1'),
  donor('nt-2'),
  [people.registerBeneficiary, { beneficiary: 'truong-1', kind: 'school', effectiveOn: '2023-01-01' }],
];
const BEFORE = factsOf(PEOPLE);
const SPONSORSHIP = {
  sponsorship: 'dd-1',
  beneficiary: 'te-1',
  donor: 'nt-1',
  fund: 'qbt-06',
  commodity: 'VND',
  each: '100',
  every: 'monthly',
  first: '2023-01-31',
  periods: 3,
  effectiveOn: '2023-01-05',
};
const SECOND = { ...SPONSORSHIP, sponsorship: 'dd-2', donor: 'nt-2' };
const ON = { sponsorship: 'dd-1', reason: 'ly do', effectiveOn: '2023-02-10' };
const END = { ...ON, beneficiary: 'te-1', cause: 'sponsor-stopped' };
const LEFT = { beneficiary: 'te-1', sponsorships: ['dd-1'], reason: 'ly do', effectiveOn: '2023-02-10' };

const registered = (changes: object = {}): Fact[] =>
  factsOf([[registerSponsorship, { ...SPONSORSHIP, ...changes }]], BEFORE);
const pledgeOf = (facts: readonly Fact[], id = 'dd-1'): PledgeState =>
  given(facts).of(pledgeKind, `pledge-${id}`);
const paid = (facts: readonly Fact[], amount: string): Fact[] => {
  const { fund, donor: by, commodity } = SPONSORSHIP;
  const fact = decidePledgePayment(
    {
      pledge: 'dd-1',
      receipt: `pt-${facts.length}`,
      fund,
      donor: by,
      commodity,
      amount,
      effectiveOn: '2023-02-01',
    },
    pledgeOf(facts),
  );
  if (!fact.ok) throw new Error(fact.error.code);
  return [...facts, fact.value];
};

function expectRefused(result: Result<unknown>, code: string): void {
  expect(result).toMatchObject({ ok: false, error: { code } });
  expect(result.ok ? [] : leftOpen(result.error, { ...peopleRefusals, ...refusals })).toStrictEqual([]);
}

describe('registering a sponsorship', () => {
  test('given a child and a donor, then sponsorship, child and pledge change in one decision', () => {
    const facts = registered().slice(BEFORE.length);
    expect(facts.map(({ stream, type }) => [stream, type])).toStrictEqual([
      ['sponsorship-dd-1', 'sponsorship.registered.v1'],
      ['beneficiary-te-1', 'beneficiary.sponsored.v1'],
      ['pledge-dd-1', 'pledge.made.v1'],
    ]);
    expect(outstandingInstalments(pledgeOf(registered()))).toStrictEqual([
      { index: 1, due: '2023-01-31', amount: 100n },
      { index: 2, due: '2023-02-28', amount: 100n },
      { index: 3, due: '2023-03-31', amount: 100n },
    ]);
  });

  test('Nuôi em 1: a child that has a sponsor is not promised to another one', () => {
    expectRefused(decide(registerSponsorship, SECOND, registered()), 'BENEFICIARY_SPONSORED');
    expectRefused(
      decide(registerSponsorship, { ...SECOND, shared: true }, registered()),
      'BENEFICIARY_SPONSORED',
    );
    expectRefused(decide(registerSponsorship, SECOND, registered({ shared: true })), 'BENEFICIARY_SPONSORED');
    expect(decide(registerSponsorship, { ...SECOND, shared: true }, registered({ shared: true })).ok).toBe(
      true,
    );
    expect(decide(registerSponsorship, SECOND, factsOf([[endSponsorship, END]], registered())).ok).toBe(true);
  });

  test.each([
    ['an unknown donor', { donor: 'ai-do' }, 'DONOR_UNKNOWN'],
    ['an unknown child', { beneficiary: 'te-9' }, 'BENEFICIARY_UNKNOWN'],
    ['a school', { beneficiary: 'truong-1' }, 'BENEFICIARY_NO_CHILD'],
    ['the same id', { sponsorship: 'dd-1', beneficiary: 'te-2' }, 'SPONSORSHIP_EXISTS'],
  ])('given %s, then it is refused', (_title, changes, code) => {
    const facts = 'sponsorship' in changes ? registered() : BEFORE;
    const result = decide(registerSponsorship, { ...SPONSORSHIP, ...changes }, facts);
    expect(result).toMatchObject({ ok: false, error: { code } });
  });

  test('given a child that left, then it is refused', () => {
    const facts = factsOf([[endBeneficiary, { ...LEFT, sponsorships: [] }]], BEFORE);
    expectRefused(decide(registerSponsorship, SPONSORSHIP, facts), 'BENEFICIARY_ENDED');
  });
});

describe('further periods and other amounts', () => {
  const extend = (periods: number) => ({ sponsorship: 'dd-1', periods, effectiveOn: '2023-02-10' });

  test('Nuôi em 2: asked for twice, a period is promised once', () => {
    const facts = factsOf([[extendSponsorship, extend(5)]], registered());
    expect(outstandingInstalments(pledgeOf(facts)).map(({ index, due }) => [index, due])).toStrictEqual([
      [1, '2023-01-31'],
      [2, '2023-02-28'],
      [3, '2023-03-31'],
      [4, '2023-04-30'],
      [5, '2023-05-31'],
    ]);
    expectRefused(decide(extendSponsorship, extend(5), facts), 'SPONSORSHIP_PERIODS_THERE');
  });

  test('given another amount, then it holds for periods to come that nothing came in on', () => {
    const facts = factsOf([[changeSponsorship, { ...ON, each: '150' }]], paid(registered(), '100'));
    expect(filledInstalments(pledgeOf(facts)).map(({ amount, filled }) => [amount, filled])).toStrictEqual([
      [100n, 100n],
      [150n, 0n],
      [150n, 0n],
    ]);
    const more = factsOf([[extendSponsorship, extend(4)]], facts);
    expect(balanceOf(pledgeOf(more))).toMatchObject({ pledged: 550n, outstanding: 450n });
    expectRefused(decide(changeSponsorship, { ...ON, each: '150' }, facts), 'SPONSORSHIP_UNCHANGED');
  });

  test('given it is a sponsorship’s, then the pledge is not amended or cancelled by itself', () => {
    const body = { pledge: 'dd-1', reason: 'ly do', effectiveOn: '2023-02-10' };
    expectRefused(decide(cancelPledge, body, registered()), 'PLEDGE_OF_SPONSORSHIP');
    expectRefused(
      decide(amendPledge, { ...body, remaining: { amount: '1' } }, registered()),
      'PLEDGE_OF_SPONSORSHIP',
    );
  });

  test.each([
    ['no such sponsorship', BEFORE, 'SPONSORSHIP_UNKNOWN'],
    ['an ended one', factsOf([[endSponsorship, END]], registered()), 'SPONSORSHIP_ENDED'],
  ])('given %s, then it is refused', (_title, facts, code) => {
    expectRefused(decide(extendSponsorship, extend(5), facts), code);
    expectRefused(decide(changeSponsorship, { ...ON, each: '150' }, facts), code);
    expectRefused(decide(endSponsorship, END, facts), code);
  });

  test('given more than the calendar or a plan has, then it is refused', () => {
    expectRefused(decide(extendSponsorship, extend(1_000), registered()), 'PLEDGE_PLAN_TOO_LONG');
  });
});

describe('the end', () => {
  test('Nuôi em 3: when a child leaves, what is open stops, and what was paid ahead is asked about', () => {
    const facts = factsOf([[endBeneficiary, LEFT]], paid(registered(), '250'));
    expect(facts.slice(-3).map(({ type, data }) => [type, data])).toStrictEqual([
      [
        'sponsorship.ended.v1',
        {
          sponsorship: 'dd-1',
          beneficiary: 'te-1',
          donor: 'nt-1',
          cause: 'child-left',
          reason: 'ly do',
          stopped: '50',
          // Of February, due after the child left, and of March.
          paidAhead: '150',
        },
      ],
      ['pledge.cancelled.v1', { pledge: 'dd-1', reason: 'ly do' }],
      ['beneficiary.ended.v1', { beneficiary: 'te-1', reason: 'ly do' }],
    ]);
    expect(outstandingInstalments(pledgeOf(facts))).toStrictEqual([]);
    expect(balanceOf(pledgeOf(paid(facts, '100')))).toMatchObject({ afterCancellation: 100n });
  });

  test('given a sponsorship is left out or named that is not the child’s, then nothing ends', () => {
    for (const sponsorships of [[], ['dd-9'], ['dd-1', 'dd-9']])
      expectRefused(
        decide(endBeneficiary, { ...LEFT, sponsorships }, registered()),
        'BENEFICIARY_SPONSORSHIPS_DIFFER',
      );
    expectRefused(
      decide(endSponsorship, { ...END, beneficiary: 'te-2' }, registered()),
      'SPONSORSHIP_OF_OTHER_CHILD',
    );
    const left = factsOf([[endBeneficiary, LEFT]], registered());
    expectRefused(decide(endBeneficiary, { ...LEFT, sponsorships: [] }, left), 'BENEFICIARY_ENDED');
  });

  test('given two who share, then one may stop and the other goes on', () => {
    const both = factsOf([[registerSponsorship, { ...SECOND, shared: true }]], registered({ shared: true }));
    const facts = factsOf([[endSponsorship, END]], both);
    expect(given(facts).of(beneficiaryKind, 'beneficiary-te-1').sponsorships).toStrictEqual(
      new Map([['dd-2', true]]),
    );
    expect(outstandingInstalments(pledgeOf(facts, 'dd-2')).length).toBe(3);
  });
});

describe('over random histories', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('pay' as const), amount: fc.integer({ min: 1, max: 250 }) }),
    fc.record({ kind: fc.constant('extend' as const), periods: fc.integer({ min: 1, max: 12 }) }),
    fc.record({
      kind: fc.constant('change' as const),
      each: fc.integer({ min: 1, max: 200 }),
      month: fc.integer({ min: 1, max: 9 }),
    }),
  );

  test('a paid period is never billed again, no period is doubled, and what came in on one stays', () => {
    let [extended, changed] = [0, 0];
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let facts = registered();
        for (const what of steps) {
          const before = filledInstalments(pledgeOf(facts));
          if (what.kind === 'pay') facts = paid(facts, String(what.amount));
          else {
            const result =
              what.kind === 'extend'
                ? decide(
                    extendSponsorship,
                    { sponsorship: 'dd-1', periods: what.periods, effectiveOn: '2023-02-10' },
                    facts,
                  )
                : decide(
                    changeSponsorship,
                    { ...ON, each: String(what.each), effectiveOn: `2023-0${what.month}-15` },
                    facts,
                  );
            // Later changes of the plan are of later days only.
            if (!result.ok) continue;
            facts = [...facts, ...result.value];
            if (what.kind === 'extend') extended += 1;
            else changed += 1;
            for (const period of before.filter(({ filled }) => filled > 0n)) {
              const now = filledInstalments(pledgeOf(facts))[period.index - 1];
              expect([now?.index, now?.due, now?.amount]).toStrictEqual([
                period.index,
                period.due,
                period.amount,
              ]);
              expect((now?.filled ?? 0n) >= period.filled).toBe(true);
            }
          }
          const plan = filledInstalments(pledgeOf(facts));
          const sponsorship = given(facts).of(sponsorshipKind, 'sponsorship-dd-1');
          expect(plan.map(({ index }) => index)).toStrictEqual(plan.map((_, at) => at + 1));
          expect(new Set(plan.map(({ due }) => due)).size).toBe(plan.length);
          expect(sponsorship.status === 'running' && sponsorship.periods).toBe(plan.length);
        }
      }),
      { numRuns: 150, seed: 6 },
    );
    expect(Math.min(extended, changed)).toBeGreaterThan(50);
  });
});

describe('two sponsors for one child at the same moment', () => {
  const all: readonly AnyHandler[] = [...Object.values(people), ...Object.values(handlers)];
  const open = (log: EventLog, shared: boolean): Promise<Ledger> =>
    openLedger({
      log,
      vault: openVault(':memory:'),
      handlers: all,
      streamKinds: [pledgeKind, sponsorshipKind, donorKind, beneficiaryKind],
      directories: [NO_PLACES],
      clock: () => Date.parse('2024-06-30T03:00:00Z'),
      history: historyFromLog(log),
      shared,
    });
  const NO_PLACES = { prefix: 'place-', initial: () => null, evolve: () => null };
  const send = (ledger: Ledger, handler: string, body: unknown) =>
    ledger.execute({ handler, body, key: randomUUID(), actor: 'ke-toan' });

  test.each([
    ['one ledger', 1],
    ['two ledgers on one log', 2],
  ])('Nuôi em 1: through %s exactly one is accepted', async (_title, count) => {
    const log = openMemoryLog();
    const ledgers = [await open(log, count > 1), ...(count > 1 ? [await open(log, true)] : [])];
    const [one] = ledgers;
    const two = ledgers.at(-1);
    if (one === undefined || two === undefined) throw new Error('there is a ledger');
    for (const [handler, body] of PEOPLE)
      expect(await send(one, handler.name, body)).toMatchObject({ ok: true });
    for (let round = 0; round < 10; round += 1) {
      const beneficiary = `tre-${round}`;
      await send(one, 'register-beneficiary', { ...child(beneficiary)[1] });
      const outcomes = await Promise.all([
        send(one, 'register-sponsorship', { ...SPONSORSHIP, sponsorship: `a-${round}`, beneficiary }),
        send(two, 'register-sponsorship', { ...SECOND, sponsorship: `b-${round}`, beneficiary }),
      ]);
      expect(
        outcomes.map((outcome) => (outcome.ok ? 'accepted' : outcome.error.code)).toSorted(),
      ).toStrictEqual(['BENEFICIARY_SPONSORED', 'accepted']);
    }
    const { events } = await log.readAll({ limit: 1_000 });
    expect(events.filter(({ type }) => type === 'sponsorship.registered.v1').length).toBe(10);
    await Promise.all(ledgers.map((ledger) => ledger.close()));
  });
});
