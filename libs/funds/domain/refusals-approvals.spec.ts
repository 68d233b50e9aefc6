import {
  approveThat,
  changeProposal,
  endThat,
  proposeThat,
  setRule,
  vnd,
} from '../../../tests/support/approvals.ts';
import { spend } from '../../../tests/support/daily.ts';
import {
  type Step,
  type World,
  allocate,
  approve,
  given,
  id,
  openBook,
  propose,
  receive,
  refund,
} from '../../../tests/support/funds.ts';
import { type RefusalCase, describeRefusals } from '../../../tests/support/refusal-cases.ts';
import { DECISIONS_OPEN_MAX } from './decide-decision.ts';
import { VERSIONS_MAX } from './propose-disbursement.ts';
import { approvalRefusals } from './refusals-approvals.ts';

/** Command 1 opens the book, 2 receives 1,000 đ of nt-1, 3 asks for two persons above 20 đ. */
const ruled = (kind: string, ...more: Step[]): World =>
  given(openBook(), receive('1000', { donor: 'nt-1' }), setRule('20', { kind }), ...more);
const two = { given: '1', needed: '2' };

const cases: Record<string, RefusalCase[]> = {
  APPROVALS_MISSING: [
    {
      state: 'an allocation of one person where two are asked for',
      world: () => ruled('allocation'),
      step: allocate('30', { designation: { group: 'mo-coi' } }),
      details: two,
    },
    {
      state: 'an expense that nobody proposed',
      world: () => ruled('expense'),
      step: spend('30'),
      details: { given: '0', needed: '2' },
    },
    {
      state: 'a refund of one person',
      world: () => ruled('refund'),
      step: refund(id(2), '10'),
      details: { given: '0', needed: '1' },
    },
    { state: 'the rule itself', world: () => ruled('expense'), step: setRule(null), details: two },
  ],
  APPROVED_ALREADY: [
    {
      state: 'a disbursement',
      world: () => ruled('disbursement', propose('30'), approve(id(4))),
      step: approve(id(4)),
      details: { person: 'chi' },
    },
    {
      state: 'a proposal',
      world: () => ruled('expense', proposeThat('expense'), approveThat(id(4), 'chi')),
      step: approveThat(id(4), 'chi'),
      details: { person: 'chi' },
    },
  ],
  DECISION_IS_ANOTHER: [
    {
      state: 'another hash',
      world: () => ruled('expense', proposeThat('expense')),
      step: approveThat(id(4), 'chi', { proposalHash: 'ab'.repeat(32) }),
      details: { decision: id(4) },
    },
  ],
  DECISION_NOT_OPEN: [
    approveThat(id(9), 'chi'),
    endThat(id(9), 'chi'),
    proposeThat('expense', { replaces: id(9) }),
  ].map((step) => ({
    state: 'none waits',
    world: () => ruled('expense'),
    step,
    details: { decision: id(9), fund: 'qbt-06' },
  })),
  DECISION_OF_OTHER_KIND: [
    {
      state: 'an allocation replaces an expense',
      world: () => ruled('expense', proposeThat('expense')),
      step: proposeThat('allocation', { replaces: id(4) }),
      details: { kind: 'expense' },
    },
  ],
  DECISIONS_TOO_MANY: [
    {
      state: 'as many wait as a book keeps',
      world: () => {
        const world = ruled('expense', proposeThat('expense'));
        const waiting = world.book.approvals.decisions.get(id(4));
        const decisions = new Map(
          Array.from({ length: DECISIONS_OPEN_MAX }, (_, n) => [`d-${n}`, waiting] as const).flatMap(
            ([key, value]) => (value === undefined ? [] : [[key, value] as const]),
          ),
        );
        return { ...world, book: { ...world.book, approvals: { ...world.book.approvals, decisions } } };
      },
      step: proposeThat('expense'),
      details: { max: String(DECISIONS_OPEN_MAX) },
    },
  ],
  PAYEE_DECIDES: [
    {
      state: 'who is paid proposes',
      world: () => ruled('disbursement'),
      step: propose('30', { payeePerson: 'lan' }),
      details: { person: 'lan' },
    },
    {
      state: 'who is paid approves',
      world: () => ruled('disbursement', propose('30', { payeePerson: 'em' })),
      step: approve(id(4), {}, 'em'),
      details: { person: 'em' },
    },
    {
      state: 'who is paid records an expense',
      world: () => ruled('disbursement'),
      step: spend('1', { payeePerson: 'lan' }),
      details: { person: 'lan' },
    },
    {
      state: 'who is paid asked for the expense',
      world: () => ruled('disbursement'),
      step: spend('1', { payeePerson: 'em', proposedBy: 'em' }),
      details: { person: 'em' },
    },
    {
      state: 'who is paid proposes an expense',
      world: () => ruled('expense'),
      step: proposeThat('expense', { payeePerson: 'lan' }),
      details: { person: 'lan' },
    },
  ],
  THRESHOLD_TWICE: [
    {
      state: 'one commodity twice',
      world: () => ruled('expense'),
      step: proposeThat('approval-rule', { thresholds: [vnd('0', null), vnd('5', null)] }),
      details: { commodity: 'VND' },
    },
  ],
  THRESHOLDS_CROSSED: [
    {
      state: 'two below one',
      world: () => ruled('expense'),
      step: proposeThat('approval-rule', { thresholds: [vnd('50', '20')] }),
      details: { commodity: 'VND' },
    },
    {
      state: 'two and never one',
      world: () => ruled('expense'),
      step: proposeThat('approval-rule', { thresholds: [vnd(null, '20')] }),
      details: { commodity: 'VND' },
    },
  ],
  VERSIONS_TOO_MANY: [
    {
      state: 'a disbursement changed as often as it may be',
      world: () =>
        ruled(
          'disbursement',
          propose('30'),
          ...Array.from({ length: VERSIONS_MAX - 1 }, () => changeProposal(id(4), '30')),
        ),
      step: changeProposal(id(4), '30'),
      details: { max: String(VERSIONS_MAX) },
    },
    {
      state: 'a proposal replaced as often as it may be',
      world: () =>
        ruled(
          'expense',
          proposeThat('expense'),
          ...Array.from({ length: VERSIONS_MAX - 1 }, (_, n) =>
            proposeThat('expense', { replaces: id(4 + n) }),
          ),
        ),
      step: proposeThat('expense', { replaces: id(3 + VERSIONS_MAX) }),
      details: { max: String(VERSIONS_MAX) },
    },
  ],
};

describeRefusals('of approvals', cases, approvalRefusals);
