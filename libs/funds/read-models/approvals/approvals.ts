import type { Transaction } from 'kysely';
import type { Day } from '#kernel';
import { type Cell, type Projection, insertInto } from '#read-models';
import { type JudgingRule, type Judged, neededApprovers } from '../../domain/approvals.ts';
import type { ApprovalEvents, ApprovalRule, ProposedKind } from '../../domain/events-approvals.ts';
import type { BookEvent } from '../../domain/events.ts';
import { fundOf } from '../../domain/wire.ts';

const RULE = [
  'fund',
  'position',
  'line',
  'day',
  'kind',
  'valid_from',
  'commodity',
  'one_above',
  'two_above',
] as const;
const STEP = [
  'decision',
  'position',
  'step',
  'fund',
  'day',
  'actor',
  'kind',
  'commodity',
  'amount',
  'makers',
  'made',
] as const;

const TYPES = [
  'book.approval-rule-set.v1',
  'book.decision-approval-given.v1',
  'book.decision-ended.v1',
  'book.decision-proposed.v1',
] as const satisfies (keyof ApprovalEvents)[];

/** What becomes of a proposal. `replaced`: worded anew under another id. */
export type DecisionStep = 'proposed' | 'approved' | 'made' | 'rejected' | 'withdrawn' | 'replaced';

/** The approval rules of every fund, and every step of what is proposed for approval. */
export const approvals: Projection = {
  name: 'approvals',
  version: 1,
  types: TYPES,
  tables: {
    approval_rule: {
      columns: {
        fund: 'text',
        position: 'whole',
        line: 'whole',
        day: 'text',
        kind: 'text',
        valid_from: 'text',
        commodity: 'text?',
        one_above: 'text?',
        two_above: 'text?',
      },
      key: ['fund', 'position', 'line'],
    },
    decision_step: {
      columns: {
        decision: 'text',
        position: 'whole',
        step: 'text',
        fund: 'text',
        day: 'text',
        actor: 'text',
        kind: 'text',
        commodity: 'text?',
        amount: 'whole?',
        makers: 'text?',
        made: 'text?',
      },
      key: ['decision', 'position'],
      indexes: [{ columns: ['position'], where: "step = 'proposed'" }],
    },
  },
  open: (physical) => {
    const [rule, step] = [
      insertInto(physical('approval_rule'), RULE),
      insertInto(physical('decision_step'), STEP),
    ];
    return async (page, tx) => {
      const events = page.events as readonly BookEvent[];
      await tx.run(rule, events.flatMap(ruleRows));
      await tx.run(step, events.flatMap(stepRows));
    };
  },
};

/** A rule by its thresholds; one without any is a line without a commodity. */
function ruleRows(event: BookEvent): Cell[][] {
  if (event.type !== 'book.approval-rule-set.v1') return [];
  const { stream, position, effectiveOn, data } = event;
  const { kind, validFrom, thresholds } = data;
  const rows: readonly (readonly (string | null)[])[] =
    thresholds.length === 0
      ? [[null, null, null]]
      : thresholds.map(({ commodity, oneAbove, twoAbove }) => [commodity, oneAbove, twoAbove]);
  return rows.map((row, line) => [fundOf(stream), position, line, effectiveOn, kind, validFrom, ...row]);
}

function stepRows(event: BookEvent): Cell[][] {
  const { stream, position, effectiveOn, actor } = event;
  const row = (
    decision: string,
    step: DecisionStep,
    kind: ProposedKind,
    more: readonly Cell[] = [null, null, null, null],
  ): Cell[] => [decision, position, step, fundOf(stream), effectiveOn, actor, kind, ...more];
  switch (event.type) {
    case 'book.decision-proposed.v1': {
      const { decision, kind, commodity, amount, makers, replaces } = event.data;
      const said = [commodity, amount === null ? null : BigInt(amount), makers.join(' '), null];
      const made = row(decision, 'proposed', kind, said);
      return replaces === null ? [made] : [row(replaces, 'replaced', kind), made];
    }
    case 'book.decision-approval-given.v1': {
      const { decision, kind, made } = event.data;
      return [row(decision, made === null ? 'approved' : 'made', kind, [null, null, null, made])];
    }
    case 'book.decision-ended.v1': {
      const { decision, kind, how } = event.data;
      return [row(decision, how, kind)];
    }
    default:
      return [];
  }
}

/** The tables of this read model, for whoever queries them. */
export interface ApprovalTables {
  readonly approval_rule: {
    readonly fund: string;
    readonly position: bigint;
    readonly line: bigint;
    readonly day: Day;
    readonly kind: string;
    readonly valid_from: Day;
    readonly commodity: string | null;
    readonly one_above: string | null;
    readonly two_above: string | null;
  };
  readonly decision_step: {
    readonly decision: string;
    readonly position: bigint;
    readonly step: string;
    readonly fund: string;
    readonly day: Day;
    readonly actor: string;
    readonly kind: string;
    readonly commodity: string | null;
    readonly amount: bigint | null;
    readonly makers: string | null;
    readonly made: string | null;
  };
}

/** A rule as it stands in the read model, with where it was set. */
export type KnownRule = JudgingRule & { readonly fund: string; readonly position: number };

/** Lines of rules one read looks at: settings, of which a fund sets a few a year. */
const RULE_LINES_MAX = 20_000;

/** Every rule of these funds as known then, in the order they were set. */
export async function knownRules<Tables extends ApprovalTables>(
  trx: Transaction<Tables>,
  funds: readonly string[],
  { knownAt, through }: { readonly knownAt: number; readonly through: Day },
): Promise<readonly KnownRule[]> {
  const lines = await (trx as unknown as Transaction<ApprovalTables>)
    .selectFrom('approval_rule')
    .selectAll()
    .where('fund', 'in', funds.length === 0 ? [''] : [...new Set(funds)])
    .where('position', '<=', BigInt(knownAt))
    .where('day', '<=', through)
    .orderBy('position')
    .orderBy('line')
    .limit(RULE_LINES_MAX)
    .execute();
  return [...Map.groupBy(lines, ({ fund, position }) => `${fund} ${position}`).values()].flatMap((of) => {
    const [first] = of;
    if (first === undefined) return [];
    return {
      fund: first.fund,
      position: Number(first.position),
      kind: first.kind as ApprovalRule['kind'],
      validFrom: first.valid_from,
      thresholds: of.flatMap(({ commodity, one_above: oneAbove, two_above: twoAbove }) =>
        commodity === null ? [] : [{ commodity, oneAbove, twoAbove }],
      ),
    };
  });
}

/** An approval of a proposal. `void`: the proposal was worded anew after it. */
export interface ApprovalShown {
  readonly person: string;
  readonly effectiveOn: Day;
  readonly position: number;
  readonly void: boolean;
}

/** How far the approvals of a proposal are. */
export interface ApprovalsShown {
  readonly approvals: readonly ApprovalShown[];
  /** Those that count: of the wording as it is now. */
  readonly given: number;
  /** Null: nothing is waited for any more. */
  readonly needed: number | null;
  /** Persons who may not approve it: who made it, who is paid, who approved it already. */
  readonly barred: readonly string[];
}

/** A proposal and what is asked about it. */
export interface ProposalShown extends Judged {
  readonly fund: string;
  readonly makers: readonly string[];
  readonly payee: string | null;
  /** Where and for which day it was worded as it is now. */
  readonly worded: { readonly position: number; readonly day: Day };
  readonly approvals: readonly ApprovalShown[];
  readonly isWaiting: boolean;
  /** The day whose rule counts beside that of the wording. */
  readonly on: Day | undefined;
}

/** What the deciders would ask for, told from the read model. */
export function shownApprovals(shown: ProposalShown, rules: readonly KnownRule[]): ApprovalsShown {
  const { fund, makers, payee, worded, approvals: given, isWaiting, on, ...judged } = shown;
  const own = rules.filter((rule) => rule.fund === fund);
  const asked = neededApprovers(
    own.filter(({ position }) => position < worded.position),
    judged,
    [worded.day],
  );
  const counted = given.filter((approval) => !approval.void).map(({ person }) => person);
  return {
    approvals: given,
    given: new Set(counted).size,
    needed: isWaiting ? Math.max(asked, on === undefined ? 0 : neededApprovers(own, judged, [on])) : null,
    barred: isWaiting ? [...new Set([...makers, ...(payee === null ? [] : [payee]), ...counted])] : [],
  };
}
