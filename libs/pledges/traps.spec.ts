import { type Fact, type Result, ok } from '#kernel';
import { handlers as people } from '#people';
import {
  type PledgePayment,
  type PledgeState,
  balanceOf,
  decidePledgePayment,
  dueReminders,
  filledInstalments,
  handlers,
  outstandingInstalments,
  outstandingUnscheduled,
  pledgeKind,
  refusals,
  takeBackPledgePayment,
} from '#pledges';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, factsOf, given, leftOpen } from '../../tests/support/given.ts';

const { makePledge, amendPledge, writeOffPledge, reinstatePledge, remindPledge, cancelPledge } = handlers;

const DONOR = factsOf([
  [people.registerDonor, { donor: 'kinderhilfe', kind: 'organisation', effectiveOn: '2023-01-01' }],
]);
const MONTHLY = { every: 'monthly', first: '2023-01-31', count: 3, each: '100' };
const PLEDGE = {
  pledge: 'ck-1',
  donor: 'kinderhilfe',
  fund: 'qbt-06',
  commodity: 'VND',
  schedule: MONTHLY,
  effectiveOn: '2023-01-05',
};
const ON = { pledge: 'ck-1', reason: 'ly do', effectiveOn: '2023-03-01' };

const made = (changes: object = {}): Fact[] => factsOf([[makePledge, { ...PLEDGE, ...changes }]], DONOR);
const stateAfter = (facts: readonly Fact[]): PledgeState => given(facts).of(pledgeKind, 'pledge-ck-1');
const payment = (amount: string, receipt = 'pt-1'): PledgePayment => ({
  pledge: 'ck-1',
  receipt,
  fund: 'qbt-06',
  donor: 'kinderhilfe',
  commodity: 'VND',
  amount,
  effectiveOn: '2023-02-01',
});
const paid = (facts: readonly Fact[], amount: string, receipt?: string): Fact[] => {
  const fact = decidePledgePayment(payment(amount, receipt), stateAfter(facts));
  if (!fact.ok) throw new Error(fact.error.code);
  return [...facts, fact.value];
};
const open = (facts: readonly Fact[]): [number, bigint][] =>
  outstandingInstalments(stateAfter(facts)).map(({ index, amount }) => [index, amount]);
const balance = (facts: readonly Fact[]) => balanceOf(stateAfter(facts));

function expectRefused(result: Result<unknown>, code: string): void {
  expect(result).toMatchObject({ ok: false, error: { code } });
  expect(result.ok ? [] : leftOpen(result.error, refusals)).toStrictEqual([]);
}

describe('the traps of pledges that others fell into', () => {
  test('CRM-17469: received money fulfils, never what was scheduled for the day', () => {
    const facts = paid(made(), '70');
    expect(open(facts)).toStrictEqual([
      [1, 30n],
      [2, 100n],
      [3, 100n],
    ]);
  });

  test('OC#6934: what is expected is never received, however long ago it was due', () => {
    expect(balance(made({ schedule: { ...MONTHLY, first: '1990-01-31' } }))).toMatchObject({
      received: 0n,
      outstanding: 300n,
    });
  });

  test('CRM-19110, CRM-14995: an amendment leaves settled instalments as they are, and adds none twice', () => {
    const facts = paid(made(), '130');
    const remaining = { schedule: { every: 'quarterly', first: '2023-04-30', count: 2, each: '80' } };
    const amended = factsOf([[amendPledge, { ...ON, remaining }]], facts);
    expect(amended.at(-1)?.data).toStrictEqual({
      pledge: 'ck-1',
      fund: 'qbt-06',
      donor: 'kinderhilfe',
      commodity: 'VND',
      version: 2,
      amount: '290',
      qualifier: 'exact',
      // The first is settled and not named; of the second the part that came in stays; the third is dropped.
      changed: [
        { index: 2, amount: '30' },
        { index: 3, amount: '0' },
      ],
      instalments: [
        { index: 4, due: '2023-04-30', amount: '80' },
        { index: 5, due: '2023-07-30', amount: '80' },
      ],
      reason: 'ly do',
    });
    expect(filledInstalments(stateAfter(amended)).map(({ index, filled }) => [index, filled])).toStrictEqual([
      [1, 100n],
      [2, 30n],
      [4, 0n],
      [5, 0n],
    ]);
    expect(balance(amended)).toMatchObject({ pledged: 290n, received: 130n, outstanding: 160n });
  });

  test('CRM-14995: what came in without a schedule does not fill what is promised from now on', () => {
    const facts = paid(made({ schedule: null, amount: '300' }), '120');
    const remaining = { amount: '50', instalments: [{ due: '2023-06-30', amount: '50' }] };
    const amended = factsOf([[amendPledge, { ...ON, remaining }]], facts);
    expect(open(amended)).toStrictEqual([[2, 50n]]);
    expect(balance(amended)).toMatchObject({ pledged: 170n, received: 120n, outstanding: 50n });
  });

  test('NPSP#3824: more than was pledged closes it, and the excess is a quantity of its own', () => {
    expect(balance(paid(made(), '320'))).toMatchObject({ outstanding: 0n, overReceived: 20n });
  });

  test('NPSP#4368: a write-off is not counted twice', () => {
    const once = factsOf([[writeOffPledge, { ...ON, instalments: [{ index: 2 }] }]], made());
    expect(balance(once)).toMatchObject({ writtenOff: 100n, outstanding: 200n });
    expectRefused(
      decide(writeOffPledge, { ...ON, instalments: [{ index: 2 }] }, once),
      'PLEDGE_NOT_SO_MUCH_LEFT',
    );
    expectRefused(
      decide(writeOffPledge, { ...ON, instalments: [{ index: 3 }, { index: 3 }] }, once),
      'PLEDGE_INSTALMENT_TWICE',
    );
    const cancelled = factsOf([[cancelPledge, ON]], once);
    expect(balance(cancelled)).toMatchObject({ writtenOff: 300n, outstanding: 0n });
  });

  test('NPSP#4036: a second write-off adds to the first and deletes nothing', () => {
    const facts = factsOf(
      [
        [writeOffPledge, { ...ON, instalments: [{ index: 1, amount: '40' }] }],
        [writeOffPledge, { ...ON, instalments: [{ index: 1, amount: '10' }, { index: 3 }] }],
      ],
      made(),
    );
    expect(balance(facts)).toMatchObject({ writtenOff: 150n, outstanding: 150n });
    const back = factsOf([[reinstatePledge, { ...ON, instalments: [{ index: 1 }] }]], facts);
    expect(back.at(-1)?.data).toMatchObject({
      writeOff: 3,
      amount: '-50',
      instalments: [{ index: 1, amount: '-50' }],
    });
    expect(balance(back)).toMatchObject({ writtenOff: 100n, outstanding: 200n });
    expectRefused(
      decide(reinstatePledge, { ...ON, instalments: [{ index: 2 }] }, back),
      'PLEDGE_NOT_SO_MUCH_LEFT',
    );
  });

  test('NPSP#4389, #4744, #4461: what is written off leaves the match set', () => {
    const facts = factsOf([[writeOffPledge, { ...ON, instalments: [{ index: 1 }] }]], made());
    expect(open(facts)).toStrictEqual([
      [2, 100n],
      [3, 100n],
    ]);
    expect(open(paid(facts, '150'))).toStrictEqual([[3, 50n]]);
    expect(dueReminders(stateAfter(facts), '2023-02-01').map(({ index }) => index)).toStrictEqual([]);
  });

  test('NPSP#1729: a schedule from a 31st promises so many instalments as it says', () => {
    const [, fact] = made({ schedule: { ...MONTHLY, count: 12 } });
    const { amount, instalments } = (fact as Fact).data as {
      amount: string;
      instalments: { index: number; due: string }[];
    };
    expect([amount, instalments.length, instalments[1]?.due, instalments.at(-1)]).toStrictEqual([
      '1200',
      12,
      '2023-02-28',
      { index: 12, due: '2023-12-31', amount: '100' },
    ]);
  });

  test('NPSP#6408, #7234: all instalments are there from the start, and an index is never used again', () => {
    const remaining = { schedule: { ...MONTHLY, first: '2023-05-31', count: 2 } };
    const facts = factsOf(
      [
        [amendPledge, { ...ON, remaining }],
        [amendPledge, { ...ON, remaining }],
      ],
      made(),
    );
    expect(open(facts)).toStrictEqual([
      [6, 100n],
      [7, 100n],
    ]);
    expectRefused(decide(makePledge, PLEDGE, facts), 'PLEDGE_EXISTS');
  });

  test('OC#6930: money for a cancelled pledge fulfils nothing; it is over-received and the donor is asked', () => {
    const facts = paid(factsOf([[cancelPledge, ON]], paid(made(), '120')), '90', 'pt-2');
    expect(facts.at(-1)?.type).toBe('pledge.received-after-cancellation.v1');
    expect(balance(facts)).toStrictEqual({
      pledged: 300n,
      received: 210n,
      outstanding: 0n,
      writtenOff: 180n,
      overReceived: 90n,
      afterCancellation: 90n,
    });
    const returned = [...facts, takeBackPledgePayment(payment('90', 'pt-2'))];
    expect(balance(returned)).toMatchObject({ received: 120n, writtenOff: 180n, afterCancellation: 0n });
    const bounced = [...facts, takeBackPledgePayment(payment('120', 'pt-1'))];
    expect(balance(bounced)).toMatchObject({ received: 90n, writtenOff: 300n, afterCancellation: 90n });
  });
});

describe('schedules', () => {
  test('given the whole amount, then it is split evenly and to the last unit', () => {
    const facts = made({ schedule: { ...MONTHLY, each: null }, amount: '100' });
    expect(open(facts)).toStrictEqual([
      [1, 34n],
      [2, 33n],
      [3, 33n],
    ]);
  });

  test.each([
    [{ instalments: [{ due: '2023-01-31', amount: '1' }] }, 'PLEDGE_SCHEDULED_TWICE'],
    [{ schedule: { ...MONTHLY, each: null } }, 'PLEDGE_SCHEDULE_WITHOUT_AMOUNT'],
    [{ amount: '301' }, 'PLEDGE_INSTALMENTS_DO_NOT_SUM'],
    [{ schedule: { ...MONTHLY, anchorDay: 30 } }, 'PLEDGE_ANCHOR_DIFFERS'],
    [{ schedule: { ...MONTHLY, every: 'weekly', anchorDay: 31 } }, 'PLEDGE_ANCHOR_OF_WEEKS'],
    [{ schedule: { ...MONTHLY, first: '9999-11-30' } }, 'PLEDGE_SCHEDULE_TOO_LONG'],
  ])('given %j, then it is refused', (changes, code) => {
    expectRefused(decide(makePledge, { ...PLEDGE, ...changes }, DONOR), code);
  });
});

describe('amending', () => {
  const remaining = { amount: '10' };
  test.each([
    ['no such pledge', DONOR, {}, 'PLEDGE_UNKNOWN'],
    ['a cancelled one', factsOf([[cancelPledge, ON]], made()), {}, 'PLEDGE_CANCELLED'],
    ['a day before the plan', made(), { effectiveOn: '2023-01-04' }, 'PLEDGE_PLANNED_LATER'],
    ['nothing that remains', made(), { remaining: {} }, 'PLEDGE_AMENDED_WITHOUT_AMOUNT'],
  ])('given %s, then it is refused', (_title, facts, changes, code) => {
    expectRefused(decide(amendPledge, { ...ON, remaining, ...changes }, facts), code);
  });

  test('given more open instalments than a plan has, then it is refused', () => {
    const schedule = { ...MONTHLY, count: 520 };
    expect(decide(amendPledge, { ...ON, remaining: { schedule } }, made()).ok).toBe(true);
    expect(() =>
      decide(amendPledge, { ...ON, remaining: { schedule: { ...schedule, count: 521 } } }, made()),
    ).toThrow('count');
  });

  test('given an amount without days, then it is expected without a day', () => {
    const facts = factsOf([[amendPledge, { ...ON, remaining: { amount: '70' } }]], paid(made(), '130'));
    expect([open(facts), outstandingUnscheduled(stateAfter(facts))]).toStrictEqual([[], 70n]);
    const less = factsOf([[writeOffPledge, { ...ON, unscheduled: '30' }]], facts);
    expect(balance(less)).toMatchObject({ pledged: 200n, outstanding: 40n, writtenOff: 30n });
    const again = factsOf([[amendPledge, { ...ON, remaining: { amount: '5' } }]], less);
    expect(balance(again)).toMatchObject({ pledged: 165n, received: 130n, outstanding: 5n, writtenOff: 30n });
  });

  test('given an unknown amount, then it becomes known', () => {
    const facts = paid(made({ schedule: null }), '40');
    expect(balance(factsOf([[amendPledge, { ...ON, remaining: { amount: '60' } }]], facts))).toMatchObject({
      pledged: 100n,
      outstanding: 60n,
    });
  });
});

describe('writing off', () => {
  test.each([
    ['an unknown instalment', { instalments: [{ index: 9 }] }, 'PLEDGE_INSTALMENT_UNKNOWN'],
    ['more than is left', { instalments: [{ index: 1, amount: '101' }] }, 'PLEDGE_NOT_SO_MUCH_LEFT'],
    ['what has no day, where all has one', { unscheduled: '1' }, 'PLEDGE_NOT_SO_MUCH_LEFT'],
    ['nothing', {}, 'PLEDGE_NOTHING_NAMED'],
  ])('given %s, then it is refused', (_title, changes, code) => {
    expectRefused(decide(writeOffPledge, { ...ON, ...changes }, made()), code);
  });

  test('the reason goes to the vault', () => {
    expect([writeOffPledge, reinstatePledge, amendPledge].map(({ personal }) => personal)).toStrictEqual([
      ['reason'],
      ['reason'],
      ['reason'],
    ]);
  });
});

describe('reminding', () => {
  const remind = (step: number, effectiveOn: string, instalment = 1) => ({
    pledge: 'ck-1',
    instalment,
    step,
    effectiveOn,
  });

  test.each([
    ['2023-01-23', []],
    ['2023-01-24', [[1, 1]]],
    ['2023-01-31', [[1, 2]]],
    [
      '2023-02-21',
      [
        [1, 3],
        [2, 1],
      ],
    ],
    [
      '2023-03-02',
      [
        [1, 4],
        [2, 2],
      ],
    ],
  ])('on %s these instalments have these steps: %j', (on, expected) => {
    const due = dueReminders(stateAfter(made()), on);
    expect(due.map(({ index, step }) => [index, step])).toStrictEqual(expected);
  });

  test('given a reminder, then neither that step nor an earlier one comes again, and a later one does', () => {
    const facts = factsOf([[remindPledge, remind(2, '2023-02-01')]], made());
    expect(facts.at(-1)?.data).toMatchObject({ instalment: 1, step: 2, amount: '100' });
    expect(dueReminders(stateAfter(facts), '2023-02-01')).toStrictEqual([]);
    expectRefused(decide(remindPledge, remind(2, '2023-02-01'), facts), 'PLEDGE_REMINDED_ALREADY');
    expectRefused(decide(remindPledge, remind(1, '2023-02-01'), facts), 'PLEDGE_REMINDED_ALREADY');
    expect(decide(remindPledge, remind(3, '2023-02-14'), facts).ok).toBe(true);
  });

  test.each([
    ['a step that is not due', made(), remind(3, '2023-02-13'), 'PLEDGE_REMINDER_EARLY'],
    ['no step due at all', made(), remind(1, '2023-01-23'), 'PLEDGE_REMINDER_EARLY'],
    ['an unknown instalment', made(), remind(1, '2023-02-13', 8), 'PLEDGE_INSTALMENT_UNKNOWN'],
    ['a settled one', paid(made(), '100'), remind(2, '2023-02-13'), 'PLEDGE_INSTALMENT_SETTLED'],
  ])('given %s, then it is refused', (_title, facts, body, code) => {
    expectRefused(decide(remindPledge, body, facts), code);
  });
});

describe('over random histories', () => {
  const amount = fc.integer({ min: 1, max: 120 }).map(String);
  const index = fc.integer({ min: 1, max: 8 });
  const schedule = fc.record({
    every: fc.constantFrom('monthly', 'quarterly', 'yearly'),
    first: fc.constant('2023-01-31'),
    count: fc.integer({ min: 1, max: 4 }),
    each: amount,
  });
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('pay' as const), amount }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('take-back' as const), amount }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('write-off' as const), index, amount: fc.option(amount) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('reinstate' as const), index }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('unscheduled' as const), amount }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('amend' as const),
        remaining: fc.oneof(
          schedule.map((s) => ({ schedule: s })),
          amount.map((a) => ({ amount: a })),
        ),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const) }) },
  );

  const applied = (facts: readonly Fact[], what: StepOf): Result<readonly Fact[]> => {
    const state = stateAfter(facts);
    switch (what.kind) {
      case 'pay': {
        const fact = decidePledgePayment(payment(what.amount, `pt-${facts.length}`), state);
        return fact.ok ? ok([fact.value]) : fact;
      }
      case 'take-back': {
        const payments = facts.filter(({ type }) => PAID.has(type)).map(({ data }) => data as PledgePayment);
        const gone = new Set(
          facts
            .filter(({ type }) => type === 'pledge.payment-reversed.v1')
            .map(({ data }) => (data as PledgePayment).receipt),
        );
        const left = payments.filter(({ receipt }) => !gone.has(receipt));
        const back = left[Number(what.amount) % Math.max(1, left.length)];
        return ok(back === undefined ? [] : [takeBackPledgePayment({ ...back, effectiveOn: '2023-02-01' })]);
      }
      case 'write-off':
        return decide(
          writeOffPledge,
          { ...ON, instalments: [{ index: what.index, amount: what.amount }] },
          facts,
        );
      case 'reinstate':
        return decide(reinstatePledge, { ...ON, instalments: [{ index: what.index }] }, facts);
      case 'unscheduled':
        return decide(writeOffPledge, { ...ON, unscheduled: what.amount }, facts);
      case 'amend':
        return decide(amendPledge, { ...ON, remaining: what.remaining }, facts);
      case 'cancel':
        return decide(cancelPledge, ON, facts);
    }
  };
  type StepOf = typeof step extends fc.Arbitrary<infer S> ? S : never;
  const PAID = new Set(['pledge.payment-applied.v1', 'pledge.received-after-cancellation.v1']);

  test('pledged = received + outstanding + written off − over-received at every position', () => {
    const seen = { accepted: 0, over: 0, writtenOff: 0, late: 0, amended: 0 };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), schedule, fc.boolean(), (steps, first, scheduled) => {
        let facts = made(scheduled ? { schedule: first } : { schedule: null, amount: first.each });
        let used = new Set<number>();
        for (const what of steps) {
          const settled = new Map(
            filledInstalments(stateAfter(facts))
              .filter(({ filled, writtenOff, amount: whole }) => filled + writtenOff === whole)
              .map((instalment) => [instalment.index, instalment]),
          );
          const result = applied(facts, what);
          if (!result.ok || result.value.length === 0) continue;
          facts = [...facts, ...result.value];
          const state = stateAfter(facts);
          const now = balanceOf(state);
          const { received, writtenOff, overReceived } = now;
          const outstanding = now.outstanding ?? -1n;
          expect(now.pledged).toBe(received + outstanding + writtenOff - overReceived);
          expect([received, outstanding, writtenOff, overReceived].every((n) => n >= 0n)).toBe(true);
          const scheduledSum = outstandingInstalments(state).reduce((sum, part) => sum + part.amount, 0n);
          expect(scheduledSum + outstandingUnscheduled(state)).toBe(outstanding);
          // No index twice, and one that is there never becomes another.
          const indexes = state.instalments.map((instalment) => instalment.index);
          expect(new Set(indexes).size).toBe(indexes.length);
          if (what.kind === 'amend') {
            seen.amended += 1;
            for (const [at, before] of settled)
              expect(filledInstalments(state).find((instalment) => instalment.index === at)).toStrictEqual(
                before,
              );
            const fresh = indexes.filter((at) => !used.has(at) && !settled.has(at));
            expect(fresh.every((at) => at < state.nextIndex)).toBe(true);
          }
          used = new Set([...used, ...indexes]);
          seen.accepted += 1;
          seen.over += overReceived > 0n ? 1 : 0;
          seen.writtenOff += writtenOff > 0n ? 1 : 0;
          seen.late += now.afterCancellation > 0n ? 1 : 0;
        }
      }),
      { numRuns: 400, seed: 5 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(30);
  });
});
