import type { Fact, Result } from '#kernel';
import { describe, expect, test } from 'vitest';
import {
  approveThat,
  changeProposal,
  endThat,
  proposeThat,
  setRule,
  vnd,
} from '../../../tests/support/approvals.ts';
import { countCash, resolveCount } from '../../../tests/support/counts.ts';
import { setCap, spend } from '../../../tests/support/daily.ts';
import { payAdvance } from '../../../tests/support/debts.ts';
import {
  type Step,
  type World,
  allocate,
  approve,
  closeBook,
  given,
  id,
  openBook,
  pay,
  propose,
  receive,
  refund,
  when,
} from '../../../tests/support/funds.ts';
import { neededApprovers } from './approvals.ts';

const types = (decided: Result<Fact[]>): string[] =>
  decided.ok ? decided.value.map(({ type }) => type.replace(/^book\.|\.v1$/g, '')) : [decided.error.code];
const free = ({ book }: World): string => String(book.pools.get('qbt-06/VND/general')?.free[0]?.from ?? '');

/** Two approvers above 50 đ; 100 đ in the general pool; the next command is number 4. */
const ruled = (...more: Step[]): World => given(openBook(), receive('100'), setRule('50'), ...more);

describe('a disbursement under a rule', () => {
  test('at the amount one approval draws, above it the first records and the second draws', () => {
    expect(types(when(ruled(propose('50')), approve(id(4))))).toStrictEqual(['disbursement-approved']);
    const once = ruled(propose('51'), approve(id(4)));
    expect(once.log.at(-1)).toMatchObject({
      type: 'book.disbursement-approval-given.v1',
      actor: 'chi',
      data: { given: 1, needed: 2, disbursement: id(4) },
    });
    expect(free(once)).toBe('0');
    expect(types(when(once, pay(id(4))))).toStrictEqual(['DISBURSEMENT_IN_OTHER_STATE']);
    expect(types(when(once, approve(id(4), {}, 'dung')))).toStrictEqual(['disbursement-approved']);
  });

  test('nobody is counted twice, nor who made it, changed it or is paid', () => {
    const once = ruled(propose('60', { payeePerson: 'em' }), approve(id(4)));
    const codes = ['chi', 'lan', 'em'].map((actor) => types(when(once, approve(id(4), {}, actor)))[0]);
    expect(codes).toStrictEqual(['APPROVED_ALREADY', 'MAKER_IS_CHECKER', 'PAYEE_DECIDES']);
    expect(types(when(ruled(), propose('60', { payeePerson: 'lan' })))).toStrictEqual(['PAYEE_DECIDES']);
  });

  test('a change voids the approvals given, keeps the old hash out and makes its author a maker', () => {
    const before = ruled(propose('60'), approve(id(4)));
    const old = before.book.open.get(id(4))?.proposalHash ?? '';
    const changed = ruled(propose('60'), approve(id(4)), changeProposal(id(4), '70', {}, 'dung'));
    expect(changed.log.at(-1)).toMatchObject({
      type: 'book.disbursement-changed.v1',
      data: { version: 2, replaces: old, voids: ['chi'], amount: '70' },
    });
    expect(types(when(changed, approve(id(4), { proposalHash: old })))).toStrictEqual([
      'PROPOSAL_IS_ANOTHER',
    ]);
    for (const maker of ['lan', 'dung'])
      expect(types(when(changed, approve(id(4), {}, maker)))).toStrictEqual(['MAKER_IS_CHECKER']);
    expect(types(when(changed, approve(id(4))))).toStrictEqual(['disbursement-approval-given']);
  });

  test('a change that needs fewer approvals is judged by its own amount', () => {
    const world = ruled(propose('60'), approve(id(4)), changeProposal(id(4), '40'));
    expect(types(when(world, approve(id(4))))).toStrictEqual(['disbursement-approved']);
  });
});

describe('a rule that changes between approvals', () => {
  const looser = setRule(null, { validFrom: '2026-02-01' }, 'dung');

  test('looser: what was proposed under the stricter one still takes two', () => {
    const rule = proposeThat('approval-rule', {
      kind: 'disbursement',
      thresholds: [vnd('0', null)],
      validFrom: '2026-02-01',
    });
    const world = ruled(propose('60'), rule, approveThat(id(5), 'chi'), approveThat(id(5), 'dung'));
    expect(world.book.approvals.rules.map(({ thresholds }) => thresholds)).toStrictEqual([[vnd('0', null)]]);
    expect(types(when(world, approve(id(4))))).toStrictEqual(['disbursement-approval-given']);
    const anew = given(openBook(), receive('100'), setRule('50'), propose('60'));
    expect(types(when(anew, looser))).toStrictEqual(['APPROVALS_MISSING']);
  });

  test('stricter: what one person could approve before now takes two', () => {
    const world = given(openBook(), receive('100'), propose('60'), setRule('50'));
    expect(types(when(world, approve(id(3))))).toStrictEqual(['disbursement-approval-given']);
  });

  test('a day written back before the rule began does not avoid it: today counts too', () => {
    const world = ruled(propose('60', { effectiveOn: '2026-01-10' }));
    expect(types(when(world, approve(id(4), { effectiveOn: '2026-01-10' })))).toStrictEqual([
      'disbursement-approval-given',
    ]);
  });

  test('one that begins later does not count before its day', () => {
    const world = given(
      openBook(),
      receive('100'),
      setRule('50', { validFrom: '2027-01-01' }),
      propose('60'),
    );
    expect(types(when(world, approve(id(4))))).toStrictEqual(['disbursement-approved']);
  });
});

test('of each kind and commodity the last rule that began counts, and nothing is below the least', () => {
  const rule = (validFrom: string, one: string | null, two: string | null) =>
    ({ kind: 'expense', validFrom, thresholds: [vnd(one, two)] }) as const;
  const rules = [rule('2026-01-01', '10', '100'), rule('2026-06-01', null, null)];
  const needed = (amount: bigint, day: string, commodity = 'VND'): number =>
    neededApprovers(rules, { kind: 'expense', commodity, amount }, [day]);
  expect([10n, 11n, 100n, 101n].map((amount) => needed(amount, '2026-03-01'))).toStrictEqual([0, 1, 1, 2]);
  expect([needed(500n, '2026-06-01'), needed(500n, '2025-12-31')]).toStrictEqual([0, 0]);
  expect(needed(500n, '2026-03-01', 'EUR')).toBe(0);
  const allocation = { kind: 'allocation', commodity: 'VND', amount: 1n } as const;
  expect(neededApprovers([], allocation, ['2026-03-01'])).toBe(1);
});

describe('what is proposed for others to approve', () => {
  const twoFor = (kind: string) => setRule('20', { kind });

  test('an allocation, an expense and a release that take two are refused when one person decides', () => {
    const allocation = given(openBook(), receive('100'), twoFor('allocation'));
    expect(types(when(allocation, allocate('30', { designation: { group: 'mo-coi' } })))).toStrictEqual([
      'APPROVALS_MISSING',
    ]);
    const expense = given(openBook(), receive('100'), twoFor('expense'));
    expect(types(when(expense, spend('30', { proposedBy: 'lan' }, 'chi')))).toStrictEqual([
      'APPROVALS_MISSING',
    ]);
    expect(types(when(expense, spend('20', { proposedBy: 'lan' }, 'chi')))).toStrictEqual([
      'expense-recorded',
    ]);
    expect(types(when(expense, spend('20')))).toStrictEqual(['APPROVALS_MISSING']);
    const refunds = given(openBook(), receive('100', { donor: 'nt-1' }), twoFor('refund'));
    expect(types(when(refunds, refund(id(2), '10')))).toStrictEqual(['APPROVALS_MISSING']);
  });

  test.each([
    ['allocation', {}, 'allocation-approved'],
    ['expense', {}, 'expense-recorded'],
    ['refund', { receipt: id(2) }, 'donor-refunded'],
    ['release', { pool: 'qbt-06/VND/group=mo-coi', restriction: {} }, 'restriction-released'],
  ] as const)('%s: the first approval does nothing, the second does it', (kind, change, done) => {
    const gift = receive('100', {
      donor: 'nt-1',
      restriction: kind === 'release' ? { group: 'mo-coi' } : {},
    });
    const world = given(openBook(), gift, twoFor(kind), proposeThat(kind, change));
    const first = when(world, approveThat(id(4), 'chi'));
    expect(types(first)).toStrictEqual(['decision-approval-given']);
    const once = given(openBook(), gift, twoFor(kind), proposeThat(kind, change), approveThat(id(4), 'chi'));
    expect(once.book.pools).toStrictEqual(world.book.pools);
    expect(types(when(once, approveThat(id(4), 'chi')))).toStrictEqual(['APPROVED_ALREADY']);
    expect(types(when(once, approveThat(id(4), 'lan')))).toStrictEqual(['MAKER_IS_CHECKER']);
    const second = when(once, approveThat(id(4), 'dung'));
    expect(types(second)).toStrictEqual([done, 'decision-approval-given']);
    expect(second.ok && second.value.at(-1)?.data).toMatchObject({ given: 2, needed: 2, made: id(6) });
  });

  test('an advance is asked for by the member of staff it goes to, who never approves it', () => {
    const world = given(openBook(), receive('900000'));
    const asked = (change: Partial<Parameters<typeof payAdvance>[1]>) => payAdvance('300000', change);
    expect(types(when(world, asked({ person: 'nv-1', proposedBy: 'nv-1' })))).toStrictEqual(['advance-paid']);
    expect(types(when(world, asked({ person: 'lan', proposedBy: 'nv-1' })))).toStrictEqual(['PAYEE_DECIDES']);
  });

  test.each([
    ['advance', ['advance-paid']],
    ['supplier-debt', ['supplier-debt-recorded', 'expense-recorded']],
  ] as const)('%s: it is proposed, and done by the second approval; the payee gives none', (kind, done) => {
    const world = given(
      openBook(),
      receive('100'),
      twoFor(kind),
      proposeThat(kind),
      approveThat(id(4), 'chi'),
    );
    expect(types(when(world, approveThat(id(4), 'chi')))).toStrictEqual(['APPROVED_ALREADY']);
    if (kind === 'advance')
      expect(types(when(world, approveThat(id(4), 'em')))).toStrictEqual(['PAYEE_DECIDES']);
    expect(types(when(world, approveThat(id(4), 'dung')))).toStrictEqual([
      ...done,
      'decision-approval-given',
    ]);
  });

  test('a purchase and a write-off are proposed and done by the second approval', () => {
    const bought = given(
      openBook(),
      receive('100'),
      twoFor('purchase'),
      proposeThat('purchase'),
      approveThat(id(4), 'chi'),
    );
    expect(types(when(bought, approveThat(id(4), 'dung')))).toStrictEqual([
      'goods-bought',
      'decision-approval-given',
    ]);
    const charged = [countCash('60'), resolveCount(id(4), { how: 'charged', person: 'em' })];
    const lost = given(
      openBook(),
      receive('100'),
      twoFor('write-off'),
      ...charged,
      proposeThat('write-off', { difference: id(5) }),
    );
    expect(types(when(lost, resolveCount(id(5), { how: 'written-off', proposedBy: 'lan' })))).toStrictEqual([
      'APPROVALS_MISSING',
    ]);
    expect(types(when(lost, approveThat(id(6), 'em')))).toStrictEqual(['PAYEE_DECIDES']);
    const once = given(
      openBook(),
      receive('100'),
      twoFor('write-off'),
      ...charged,
      proposeThat('write-off', { difference: id(5) }),
      approveThat(id(6), 'chi'),
    );
    expect(types(when(once, approveThat(id(6), 'dung')))).toStrictEqual([
      'expense-recorded',
      'count-difference-resolved',
      'decision-approval-given',
    ]);
  });

  test('a proposal that replaces another voids what was approved, and its first maker stays one', () => {
    const world = given(
      openBook(),
      receive('100'),
      twoFor('allocation'),
      proposeThat('allocation'),
      approveThat(id(4), 'chi'),
      proposeThat('allocation', { replaces: id(4), amount: '40' }, 'dung'),
    );
    expect(types(when(world, approveThat(id(4), 'em')))).toStrictEqual(['DECISION_NOT_OPEN']);
    expect(types(when(world, approveThat(id(6), 'lan')))).toStrictEqual(['MAKER_IS_CHECKER']);
    expect(types(when(world, approveThat(id(6), 'chi')))).toStrictEqual(['decision-approval-given']);
  });

  test('the donor who is paid back approves nothing of it, also not first', () => {
    const world = given(
      openBook(),
      receive('100', { donor: 'nt-1' }),
      twoFor('refund'),
      proposeThat('refund', { receipt: id(2) }),
    );
    expect(types(when(world, approveThat(id(4), 'nt-1')))).toStrictEqual(['PAYEE_DECIDES']);
  });

  test('what goes over the cost cap is proposed by anybody and needs the one who may allow it among the approvers', () => {
    const world = given(
      openBook(),
      receive('100'),
      setCap(),
      twoFor('expense'),
      proposeThat('expense'),
      approveThat(id(5), 'dung'),
    );
    expect(types(when(world, approveThat(id(5), 'em')))).toStrictEqual(['ADMIN_CAP_EXCEEDED']);
    expect(types(when(world, approveThat(id(5), 'chi')))).toStrictEqual([
      'expense-recorded',
      'decision-approval-given',
    ]);
  });

  test('ended by its maker it is withdrawn, by others rejected, and it can not be approved any more', () => {
    const world = ruled(proposeThat('allocation'));
    const how = (actor: string) => {
      const ended = when(world, endThat(id(4), actor));
      return ended.ok ? (ended.value[0]?.data as { readonly how: string } | undefined)?.how : undefined;
    };
    expect([how('lan'), how('chi')]).toStrictEqual(['withdrawn', 'rejected']);
    expect(
      types(when(ruled(proposeThat('allocation'), endThat(id(4), 'lan')), approveThat(id(4), 'chi'))),
    ).toStrictEqual(['DECISION_NOT_OPEN']);
  });
});

describe('the next book', () => {
  test('takes over the rules in force and those to come, and no others', () => {
    const { book } = given(
      openBook(),
      setRule(null, { validFrom: '2025-01-01' }),
      setRule(null, { validFrom: '2026-05-01' }),
      setRule('9', { validFrom: '2027-03-01' }),
    );
    const closed = { ...book, status: 'closed' as const };
    const next = given(openBook({ year: 2027, effectiveOn: '2027-01-01' }, [closed]));
    expect(next.book.approvals.rules.map(({ validFrom, from }) => [validFrom, from])).toStrictEqual([
      ['2026-05-01', 2026],
      ['2027-03-01', 2026],
    ]);
  });

  test('takes over what waits, with the approvals it has', () => {
    const once = given(
      openBook(),
      receive('100'),
      setRule('20', { kind: 'allocation' }),
      proposeThat('allocation'),
      approveThat(id(4), 'chi'),
      closeBook(),
    );
    const next = given(openBook({ year: 2027, effectiveOn: '2027-01-01' }, [once.book]));
    expect(next.book.approvals).toStrictEqual({
      ...once.book.approvals,
      rules: once.book.approvals.rules.map((rule) => ({ ...rule, from: 2026 })),
    });
  });
});
