import { type Fact, type Result, ok, refuse } from '#kernel';
import { handlers as people } from '#people';
import {
  type PledgePayment,
  type PledgeState,
  balanceOf,
  decidePledgePayment,
  handlers,
  outstandingInstalments,
  pledgeKind,
  refusals,
  takeBackPledgePayment,
} from '#pledges';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, factsOf, given, leftOpen } from '../../tests/support/given.ts';

const { makePledge, cancelPledge } = handlers;

const DONOR = factsOf([
  [people.registerDonor, { donor: 'kinderhilfe', kind: 'organisation', effectiveOn: '2023-01-01' }],
]);
const PLEDGE = {
  pledge: 'ck-1',
  donor: 'kinderhilfe',
  fund: 'qbt-06',
  commodity: 'VND',
  amount: '300',
  effectiveOn: '2023-01-05',
};
const PAYMENT: PledgePayment = {
  pledge: 'ck-1',
  receipt: 'pt-1',
  fund: 'qbt-06',
  donor: 'kinderhilfe',
  commodity: 'VND',
  amount: '120',
  effectiveOn: '2023-02-01',
};
const CANCEL = { pledge: 'ck-1', reason: 'Người tặng rút lại', effectiveOn: '2023-03-01' };

const stateAfter = (facts: readonly Fact[]): PledgeState => given(facts).of(pledgeKind, 'pledge-ck-1');
const made = (changes: object = {}): Fact[] => factsOf([[makePledge, { ...PLEDGE, ...changes }]], DONOR);
const paid = (facts: Fact[], changes: Partial<PledgePayment> = {}): Fact[] => {
  const fact = decidePledgePayment({ ...PAYMENT, ...changes }, stateAfter(facts));
  if (!fact.ok) throw new Error(fact.error.code);
  return [...facts, fact.value];
};

function expectRefused(result: Result<unknown>, code: string): void {
  expect(result).toMatchObject({ ok: false, error: { code } });
  expect(result.ok ? [] : leftOpen(result.error, refusals)).toStrictEqual([]);
}

describe('making a pledge', () => {
  test('given a registered donor, then instalments are numbered in the order of their days', () => {
    const instalments = [
      { due: '2023-09-30', amount: '200' },
      { due: '2023-03-31', amount: '100' },
    ];
    expect(decide(makePledge, { ...PLEDGE, instalments }, DONOR)).toStrictEqual(
      ok([
        {
          stream: 'pledge-ck-1',
          type: 'pledge.made.v1',
          effectiveOn: '2023-01-05',
          data: {
            pledge: 'ck-1',
            donor: 'kinderhilfe',
            fund: 'qbt-06',
            commodity: 'VND',
            amount: '300',
            qualifier: 'exact',
            instalments: [
              { index: 1, due: '2023-03-31', amount: '100' },
              { index: 2, due: '2023-09-30', amount: '200' },
            ],
            narrative: null,
          },
        },
      ]),
    );
  });

  test('given no donor and no amount in the source, then both stay unknown', () => {
    const facts = made({ donor: null, amount: null });
    expect(stateAfter(facts)).toStrictEqual({
      status: 'open',
      fund: 'qbt-06',
      donor: null,
      commodity: 'VND',
      qualifier: 'exact',
      pledged: null,
      received: 0n,
      late: new Map(),
      writtenOff: 0n,
      instalments: [],
      nextIndex: 1,
      version: 1,
      plannedOn: '2023-01-05',
      writeOffs: 0,
      reminded: new Map(),
    });
    expect(balanceOf(stateAfter(facts)).outstanding).toBeNull();
  });

  test.each([
    ['no positive amount', { amount: '0' }, 'AMOUNT_ZERO'],
    [
      'an instalment of a fraction',
      { instalments: [{ due: '2023-03-31', amount: '1.5' }] },
      'AMOUNT_FRACTIONAL',
    ],
    ['a day to come', { effectiveOn: '2026-07-01' }, 'DATE_IN_FUTURE'],
    ['an unknown donor', { donor: 'ai-do' }, 'DONOR_UNKNOWN'],
  ])('given %s, then it is refused', (_title, changes, code) => {
    expect(decide(makePledge, { ...PLEDGE, ...changes }, DONOR)).toMatchObject({
      ok: false,
      error: { code },
    });
  });

  const part = { due: '2023-03-31', amount: '299' };
  test.each([
    ['instalments below the amount', { instalments: [part] }, 'PLEDGE_INSTALMENTS_DO_NOT_SUM'],
    ['instalments above the amount', { instalments: [part, part] }, 'PLEDGE_INSTALMENTS_DO_NOT_SUM'],
    [
      'instalments of an unknown amount',
      { amount: null, instalments: [part] },
      'PLEDGE_INSTALMENTS_WITHOUT_AMOUNT',
    ],
    [
      'a bound of an unknown amount',
      { amount: null, qualifier: 'at-least' },
      'PLEDGE_QUALIFIER_WITHOUT_AMOUNT',
    ],
  ])('given %s, then it is refused', (_title, changes, code) => {
    expectRefused(decide(makePledge, { ...PLEDGE, ...changes }, DONOR), code);
  });

  test('given the pledge is there, then it is not made again', () => {
    expectRefused(decide(makePledge, PLEDGE, made()), 'PLEDGE_EXISTS');
  });

  test('narrative and reason are personal', () => {
    expect(makePledge.personal).toStrictEqual(['narrative']);
    expect(cancelPledge.personal).toStrictEqual(['reason']);
  });
});

describe('money on a pledge', () => {
  test('given an open pledge, then the payment is a fact of its stream', () => {
    const { effectiveOn, ...data } = PAYMENT;
    expect(decidePledgePayment(PAYMENT, stateAfter(made()))).toStrictEqual(
      ok({ stream: 'pledge-ck-1', type: 'pledge.payment-applied.v1', effectiveOn, data }),
    );
  });

  test('given a pledge of nobody named, then any donor may pay', () => {
    const state = stateAfter(made({ donor: null }));
    expect(decidePledgePayment(PAYMENT, state).ok).toBe(true);
    expect(decidePledgePayment({ ...PAYMENT, donor: null }, state).ok).toBe(true);
  });

  test.each([
    ['another fund', { fund: 'qbt-19' }, 'PLEDGE_OF_OTHER_FUND'],
    ['another commodity', { commodity: 'EUR' }, 'PLEDGE_OF_OTHER_COMMODITY'],
    ['another donor', { donor: 'fleur-blanche' }, 'PLEDGE_OF_OTHER_DONOR'],
    ['no donor named', { donor: null }, 'PLEDGE_OF_OTHER_DONOR'],
  ])('given %s, then it is refused', (_title, changes, code) => {
    expectRefused(decidePledgePayment({ ...PAYMENT, ...changes }, stateAfter(made())), code);
  });

  test('given no such pledge, then it is refused', () => {
    expectRefused(decidePledgePayment(PAYMENT, stateAfter([])), 'PLEDGE_UNKNOWN');
  });

  test('given a bad amount, then it is refused', () => {
    expect(decidePledgePayment({ ...PAYMENT, amount: '-1' }, stateAfter(made()))).toStrictEqual(
      refuse('AMOUNT_NEGATIVE', { amount: '-1' }),
    );
  });

  test('given more than was pledged, then the excess is over-received and nothing is outstanding', () => {
    expect(balanceOf(stateAfter(paid(paid(made()), { amount: '200' })))).toStrictEqual({
      pledged: 300n,
      received: 320n,
      outstanding: 0n,
      writtenOff: 0n,
      overReceived: 20n,
      afterCancellation: 0n,
    });
  });

  test('given instalments, then money fills the earliest first', () => {
    const instalments = [
      { due: '2023-03-31', amount: '100' },
      { due: '2023-06-30', amount: '150' },
      { due: '2023-09-30', amount: '50' },
    ];
    expect(outstandingInstalments(stateAfter(paid(made({ instalments }))))).toStrictEqual([
      { index: 2, due: '2023-06-30', amount: 130n },
      { index: 3, due: '2023-09-30', amount: 50n },
    ]);
  });
});

describe('cancelling a pledge', () => {
  test('given a part came in, then the rest is written off and the part stays', () => {
    const facts = factsOf(
      [[cancelPledge, CANCEL]],
      paid(made({ instalments: [{ due: '2023-03-31', amount: '300' }] })),
    );
    expect(facts.at(-1)).toStrictEqual({
      stream: 'pledge-ck-1',
      type: 'pledge.cancelled.v1',
      effectiveOn: '2023-03-01',
      data: { pledge: 'ck-1', reason: 'Người tặng rút lại' },
    });
    expect(balanceOf(stateAfter(facts))).toStrictEqual({
      pledged: 300n,
      received: 120n,
      outstanding: 0n,
      writtenOff: 180n,
      overReceived: 0n,
      afterCancellation: 0n,
    });
    expect(outstandingInstalments(stateAfter(facts))).toStrictEqual([]);
  });

  test('given a pledge of unknown amount, then nothing is written off', () => {
    const facts = factsOf([[cancelPledge, CANCEL]], made({ amount: null }));
    expect(stateAfter(facts)).toMatchObject({ status: 'cancelled', writtenOff: 0n });
  });

  test.each([
    ['no such pledge', [], 'PLEDGE_UNKNOWN'],
    ['a cancelled one', factsOf([[cancelPledge, CANCEL]], made()), 'PLEDGE_ALREADY_CANCELLED'],
    ['one received in full', paid(made(), { amount: '300' }), 'PLEDGE_FULFILLED'],
  ])('given %s, then it is refused', (_title, facts, code) => {
    expectRefused(decide(cancelPledge, CANCEL, facts), code);
  });

  test('given a day to come, then it is refused', () => {
    expect(decide(cancelPledge, { ...CANCEL, effectiveOn: '2026-07-01' }, made())).toStrictEqual(
      refuse('DATE_IN_FUTURE', { date: '2026-07-01', today: '2026-06-30' }),
    );
  });
});

describe('over random histories', () => {
  const amounts = fc.bigInt({ min: 1n, max: 60n });
  const history = fc.record({
    instalments: fc.array(amounts, { maxLength: 5 }),
    whole: amounts,
    steps: fc.array(fc.option(amounts, { freq: 8, nil: 'cancel' as const }), { maxLength: 12 }),
  });

  test('pledged = received + outstanding + written off − over-received after every step', () => {
    let [accepted, over, cancelled] = [0, 0, 0];
    fc.assert(
      fc.property(history, ({ instalments, whole, steps }) => {
        const amount = instalments.length === 0 ? whole : instalments.reduce((a, b) => a + b);
        let facts = made({
          amount: String(amount),
          instalments: instalments.map((part, i) => ({ due: `2023-0${i + 1}-28`, amount: String(part) })),
        });
        let received = 0n;
        for (const step of steps) {
          const before = stateAfter(facts);
          const result: Result<readonly Fact[]> =
            step === 'cancel'
              ? decide(cancelPledge, CANCEL, facts)
              : ((fact) => (fact.ok ? ok([fact.value]) : fact))(
                  decidePledgePayment({ ...PAYMENT, amount: String(step) }, before),
                );
          // Only a finished pledge says no here.
          if (!result.ok) {
            expect(before.status === 'cancelled' || balanceOf(before).outstanding === 0n).toBe(true);
            continue;
          }
          facts = [...facts, ...result.value];
          accepted += 1;
          if (step !== 'cancel') received += step;
          const state = stateAfter(facts);
          const now = balanceOf(state);
          expect(now.received).toBe(received);
          expect(now.pledged).toBe(
            now.received + (now.outstanding ?? 0n) + now.writtenOff - now.overReceived,
          );
          expect(
            [now.outstanding, now.writtenOff, now.overReceived].every((n) => n !== null && n >= 0n),
          ).toBe(true);
          if (instalments.length > 0)
            expect(outstandingInstalments(state).reduce((sum, part) => sum + part.amount, 0n)).toBe(
              now.outstanding,
            );
          over += now.overReceived > 0n ? 1 : 0;
          cancelled += state.status === 'cancelled' ? 1 : 0;
        }
      }),
      { numRuns: 300, seed: 3 },
    );
    expect(Math.min(accepted / 300, over / 10, cancelled / 10)).toBeGreaterThan(3);
  });
});

test('an event of another kind, or money on what was never pledged, stops the fold', () => {
  const stray = { stream: 'pledge-ck-1', effectiveOn: '2023-01-01', data: {} };
  expect(() => stateAfter([{ ...stray, type: 'donor.registered.v1' }])).toThrow('donor.registered.v1');
  expect(() => stateAfter([{ ...stray, type: 'pledge.payment-applied.v1' }])).toThrow('open pledges only');
});

describe('taking a payment back', () => {
  const back = (amount: string): Fact => takeBackPledgePayment({ ...PAYMENT, amount });

  test('given an open pledge, then the money is outstanding again', () => {
    const { received, outstanding, writtenOff } = balanceOf(stateAfter([...paid(made()), back('120')]));
    expect({ received, outstanding, writtenOff }).toStrictEqual({
      received: 0n,
      outstanding: 300n,
      writtenOff: 0n,
    });
  });

  test('given a pledge cancelled since, then it will not come any more', () => {
    const facts = [...factsOf([[cancelPledge, CANCEL]], paid(made())), back('20')];
    const { received, outstanding, writtenOff } = balanceOf(stateAfter(facts));
    expect({ received, outstanding, writtenOff }).toStrictEqual({
      received: 100n,
      outstanding: 0n,
      writtenOff: 200n,
    });
  });
});
