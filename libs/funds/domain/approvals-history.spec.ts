import fc from 'fast-check';
import { expect, test } from 'vitest';
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
  cancel,
  given,
  openBook,
  pay,
  propose,
  receive,
  refund,
  reject,
  take,
} from '../../../tests/support/funds.ts';
import type { DecisionKind } from './events-approvals.ts';
import type { BookEvent } from './events.ts';

/**
 * Whatever is sent, by whomever, in whatever order: nothing is spent, set aside, given back, released or decided on
 * approvals themselves without as many different persons as the rules ask for, none of whom proposed it. Judged from
 * the events alone, by a count that shares nothing with the deciders.
 */

const PERSONS = ['lan', 'chi', 'dung', 'em'];
const KINDS = ['allocation', 'expense', 'refund', 'release', 'approval-rule'] as const;
const RULED = ['disbursement', 'allocation', 'expense', 'refund', 'release'] as const;
const LEAST: Readonly<Record<DecisionKind, number>> = {
  disbursement: 1,
  allocation: 1,
  release: 1,
  'approval-rule': 1,
  expense: 0,
  advance: 0,
  'supplier-debt': 0,
  purchase: 1,
  refund: 0,
  'write-off': 1,
};
const TODAY = '2026-06-30';

interface Command {
  readonly what: (typeof WHAT)[number];
  readonly kind: (typeof KINDS)[number];
  readonly ruled: (typeof RULED)[number];
  readonly actor: string;
  readonly other: string;
  readonly amount: number;
  readonly two: number | null;
  readonly pick: number;
}

const WHAT = [
  'propose',
  'propose',
  'approve',
  'approve',
  'approve',
  'change',
  'cancel',
  'reject',
  'pay',
  'propose-that',
  'approve-that',
  'approve-that',
  'end-that',
  'replace-that',
  'expense',
  'allocate',
  'refund',
  'rule',
] as const;

const command: fc.Arbitrary<Command> = fc.record({
  what: fc.constantFrom(...WHAT),
  kind: fc.constantFrom(...KINDS),
  ruled: fc.constantFrom(...RULED),
  actor: fc.constantFrom(...PERSONS),
  other: fc.constantFrom(...PERSONS),
  amount: fc.integer({ min: 1, max: 40 }),
  two: fc.option(fc.integer({ min: 0, max: 30 })),
  pick: fc.nat(),
});

const GIVEN = given(
  openBook(),
  ...Array.from({ length: 8 }, () => receive('60', { donor: 'nt-1' })),
  receive('60', { restriction: { group: 'mo-coi' } }),
);
const receipts = GIVEN.log.flatMap((event) =>
  event.type === 'book.receipt-recorded.v1' ? [event.data.receipt] : [],
);

const of = (step: Step, actor: string): Step => ({ ...step, actor });

function stepOf(made: Command, { book }: World): Step | undefined {
  const pick = <T>(from: Iterable<T>): T | undefined => {
    const list = [...from];
    return list[made.pick % Math.max(1, list.length)];
  };
  const { actor, other, kind } = made;
  const amount = String(made.amount);
  const [disbursement, decision] = [pick(book.open.keys()), pick(book.approvals.decisions.keys())];
  const receipt = pick(receipts) ?? '';
  const rule = {
    kind: made.ruled,
    thresholds: [vnd('0', made.two === null ? null : String(made.two))],
    validFrom: made.pick % 2 === 0 ? '2026-02-01' : '2026-05-01',
  };
  const that = (more: object = {}): Step => {
    const wording = {
      allocation: { amount },
      expense: { amount },
      refund: { amount, receipt },
      release: { amount, pool: 'qbt-06/VND/group=mo-coi' },
      'approval-rule': rule,
    };
    return proposeThat(kind, { ...wording[kind], ...more }, actor);
  };
  switch (made.what) {
    case 'propose':
      return of(propose(amount), actor);
    case 'approve':
      return disbursement === undefined ? undefined : approve(disbursement, {}, actor);
    case 'change':
      return disbursement === undefined ? undefined : changeProposal(disbursement, amount, {}, actor);
    case 'cancel':
      return disbursement === undefined ? undefined : cancel(disbursement);
    case 'reject':
      return disbursement === undefined ? undefined : reject(disbursement, actor);
    case 'pay':
      return disbursement === undefined ? undefined : pay(disbursement);
    case 'propose-that':
      return that();
    case 'approve-that':
      return decision === undefined ? undefined : approveThat(decision, actor);
    case 'end-that':
      return decision === undefined ? undefined : endThat(decision, actor);
    case 'replace-that':
      return decision === undefined ? undefined : that({ replaces: decision });
    case 'expense':
      return spend(amount, { proposedBy: made.pick % 3 === 0 ? null : other }, actor);
    case 'allocate':
      return of(allocate(amount, { designation: { group: 'mo-coi' }, proposedBy: other }), actor);
    case 'refund':
      return of(refund(receipt, amount), actor);
    case 'rule':
      return setRule(null, { ...rule, proposedBy: other }, actor);
  }
}

/** What the events say of one thing that waits. */
interface Waiting {
  readonly makers: ReadonlySet<string>;
  readonly approvers: ReadonlySet<string>;
}

const fresh = (maker: string, before?: Waiting): Waiting => ({
  makers: new Set([...(before?.makers ?? []), maker]),
  approvers: new Set(),
});
const also = (waiting: Waiting, person: string): Waiting => ({
  ...waiting,
  approvers: new Set([...waiting.approvers, person]),
});

type Rules = ReadonlyMap<string, { readonly from: string; readonly two: string | null; readonly at: number }>;

/** Approvers that the rules known ask for today: the last rule of the kind that has begun. */
function asked(rules: Rules, kind: DecisionKind, amount: bigint): number {
  const begun = (of: string): { readonly two: string | null } | undefined =>
    [...rules]
      .filter(([key, { from }]) => key.startsWith(`${of} `) && from <= TODAY)
      .map(([, rule]) => rule)
      .toSorted((a, b) => (a.from === b.from ? a.at - b.at : a.from < b.from ? -1 : 1))
      .at(-1);
  if (kind === 'approval-rule') return RULED.some((ruled) => (begun(ruled)?.two ?? null) !== null) ? 2 : 1;
  const rule = begun(kind);
  if (rule === undefined) return LEAST[kind];
  return rule.two !== null && amount > BigInt(rule.two) ? 2 : 1;
}

/** The first thing done with too few persons behind it; undefined: none. */
function tooFew(log: readonly BookEvent[]): string | undefined {
  const waiting = new Map<string, Waiting>();
  const rules = new Map<string, { from: string; two: string | null; at: number }>();
  const know = (id: string): Waiting => waiting.get(id) ?? fresh('');
  for (const [at, event] of log.entries()) {
    const { actor, type, data } = event;
    /** Persons behind what a command did at once, or with the last approval of the same append. */
    const behind = (proposedBy: string | null): Waiting => {
      const approval = log.find(
        (other) => other.type === 'book.decision-approval-given.v1' && other.commandId === event.commandId,
      );
      if (approval?.type === 'book.decision-approval-given.v1')
        return also(know(approval.data.decision), actor);
      return proposedBy === null ? fresh(actor) : also(fresh(proposedBy), actor);
    };
    const judge = (kind: DecisionKind, amount: string, by: Waiting): string | undefined => {
      const persons = [...by.approvers].filter((person) => !by.makers.has(person)).length;
      const needed = asked(rules, kind, BigInt(amount));
      return persons < needed ? `${type} of ${amount} with ${persons} of ${needed} persons` : undefined;
    };
    let wrong: string | undefined;
    switch (type) {
      case 'book.disbursement-proposed.v1':
        waiting.set(data.disbursement, fresh(actor));
        break;
      case 'book.disbursement-changed.v1':
        waiting.set(data.disbursement, fresh(actor, know(data.disbursement)));
        break;
      case 'book.disbursement-approval-given.v1':
        waiting.set(data.disbursement, also(know(data.disbursement), actor));
        break;
      case 'book.disbursement-approved.v1':
        wrong = judge('disbursement', data.amount, also(know(data.disbursement), actor));
        break;
      case 'book.decision-proposed.v1':
        waiting.set(data.decision, fresh(actor, data.replaces === null ? undefined : know(data.replaces)));
        break;
      case 'book.decision-approval-given.v1':
        waiting.set(data.decision, also(know(data.decision), actor));
        break;
      case 'book.allocation-approved.v1':
        wrong = judge('allocation', data.amount, behind(data.proposedBy));
        break;
      case 'book.restriction-released.v1':
        wrong = judge('release', data.amount, behind(data.proposedBy));
        break;
      case 'book.expense-recorded.v1':
        wrong = judge('expense', data.amount, behind(data.proposedBy));
        break;
      case 'book.donor-refunded.v1':
        wrong = judge('refund', data.amount, behind(null));
        break;
      case 'book.approval-rule-set.v1':
        wrong = judge('approval-rule', '0', behind(data.proposedBy));
        rules.set(`${data.kind} ${data.validFrom}`, {
          from: data.validFrom,
          two: data.thresholds[0]?.twoAbove ?? null,
          at,
        });
        break;
      default:
    }
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** A world after the commands that were accepted; `seen` is what a decider is shown of it. */
const played = (commands: readonly Command[], seen: (world: World) => World): World =>
  commands.reduce((world, made) => {
    const step = stepOf(made, world);
    if (step === undefined) return world;
    return take(world, { actor: step.actor, decide: (of, context) => step.decide(seen(of), context) }).world;
  }, GIVEN);

/** The world as a decider sees it that takes every approval for that of another person. */
const forgetful = (world: World): World => ({
  ...world,
  book: {
    ...world.book,
    open: new Map(
      [...world.book.open].map(([key, open]) => {
        const approvers = open.approving.approvers.map((person) => `${person} again`);
        return [key, { ...open, approving: { ...open.approving, approvers } }];
      }),
    ),
  },
});

const histories = fc.array(command, { minLength: 10, maxLength: 40 });
const RUNS = 300;

test('nothing is done without as many different persons as the rules ask for, whatever is sent (property)', () => {
  const done = new Map<string, number>();
  fc.assert(
    fc.property(histories, (commands) => {
      const { log } = played(commands, (world) => world);
      for (const { type } of log) done.set(type, (done.get(type) ?? 0) + 1);
      expect(tooFew(log)).toBeUndefined();
    }),
    { numRuns: RUNS, seed: 20_261_124 },
  );
  // A run in which nothing was ever approved by two would prove nothing.
  for (const type of [
    'book.disbursement-approval-given.v1',
    'book.disbursement-approved.v1',
    'book.disbursement-changed.v1',
    'book.decision-approval-given.v1',
    'book.allocation-approved.v1',
    'book.expense-recorded.v1',
    'book.donor-refunded.v1',
    'book.restriction-released.v1',
    'book.approval-rule-set.v1',
  ])
    expect([type, done.get(type) ?? 0]).not.toStrictEqual([type, 0]);
});

test('a decider that counts one person twice is caught by the same check', () => {
  const found = fc.check(
    fc.property(histories, (commands) => tooFew(played(commands, forgetful).log) === undefined),
    { numRuns: RUNS * 4, seed: 20_261_124 },
  );
  expect(found.failed).toBe(true);
  expect(tooFew(played(found.counterexample?.[0] ?? [], forgetful).log)).toMatch(/1 of 2 persons/);
});
