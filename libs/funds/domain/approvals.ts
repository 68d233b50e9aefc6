import {
  type CommodityCode,
  type Context,
  type Day,
  type Fact,
  type Json,
  type LedgerEvent,
  type Result,
  isGoodCode,
  isCurrency,
  ok,
  parseAmount,
  refuse,
} from '#kernel';
import type { BookState } from './book-state.ts';
import { checkBook } from './checks.ts';
import type {
  ApprovalRule,
  ApprovalRuleSet,
  DecisionCarried,
  DecisionKind,
  ProposedKind,
  Threshold,
} from './events-approvals.ts';
import { bookStream } from './events.ts';

/** Who stands behind a proposal as it is worded now. */
export interface Approving {
  /** Who proposed it and who changed it since: none of them may approve it. */
  readonly makers: readonly string[];
  /** Who approved exactly this wording, in the order they did. */
  readonly approvers: readonly string[];
  /** 1 for the proposal, one more for each change. */
  readonly version: number;
  /** Approvers that the rule of its day asked for when it was worded so: a looser rule set since does not lower it. */
  readonly asked: number;
}

/** A proposal that waits for approvals. */
export interface OpenDecision extends Judged {
  readonly kind: ProposedKind;
  readonly body: Json;
  readonly proposalHash: string;
  readonly approving: Approving;
}

/** The rules of a book, in the order they were set, and what waits for approval by them. */
export interface ApprovalState {
  readonly rules: ApprovalRuleSet[];
  readonly decisions: Map<string, OpenDecision>;
}

export const noApprovals = (): ApprovalState => ({ rules: [], decisions: new Map() });

export const forkApprovals = ({ rules, decisions }: ApprovalState): ApprovalState => ({
  rules: [...rules],
  decisions: new Map(decisions),
});

/**
 * A proposal nobody has approved yet. One that replaces another is that proposal worded anew: whoever approved it
 * before has not approved this, and whoever made it before may not approve this either.
 */
export const worded = (
  { rules }: ApprovalState,
  judged: Judged,
  { actor, effectiveOn }: Pick<LedgerEvent, 'actor' | 'effectiveOn'>,
  before?: Approving,
): Approving => ({
  makers: [...new Set([...(before?.makers ?? []), actor])],
  approvers: [],
  version: (before?.version ?? 0) + 1,
  asked: neededApprovers(rules, judged, [effectiveOn]),
});

/** Fewest approvers of each kind, whatever a rule says: the second pair of eyes of DESIGN §8. */
const LEAST = {
  advance: 0,
  allocation: 1,
  'approval-rule': 1,
  disbursement: 1,
  expense: 0,
  purchase: 1,
  refund: 0,
  release: 1,
  'supplier-debt': 0,
  'write-off': 1,
} as const satisfies Record<DecisionKind, number>;

/** The rule of a kind on a day: the last one that begins on it or before. */
const ruleOn = <Rule extends Pick<ApprovalRule, 'kind' | 'validFrom'>>(
  rules: readonly Rule[],
  kind: DecisionKind,
  day: Day,
): Rule | undefined =>
  rules
    .filter((rule) => rule.kind === kind && rule.validFrom <= day)
    .reduce<Rule | undefined>(
      (last, rule) => (last === undefined || rule.validFrom >= last.validFrom ? rule : last),
      undefined,
    );

const isAbove = (amount: bigint, limit: string | null): boolean => limit !== null && amount > BigInt(limit);

const askedBy = ({ oneAbove, twoAbove }: Threshold, amount: bigint): number =>
  isAbove(amount, twoAbove) ? 2 : isAbove(amount, oneAbove) ? 1 : 0;

/** What a decision is about, as rules judge it. */
export interface Judged {
  readonly kind: DecisionKind;
  readonly commodity: CommodityCode | null;
  readonly amount: bigint | null;
}

/** As much of a rule as judging takes. */
export type JudgingRule = Pick<ApprovalRule, 'kind' | 'validFrom' | 'thresholds'>;

/**
 * How many approvers a decision takes: the most that the rule of any of these days asks for. A new rule takes as
 * many as the strictest rule in force, or it would be the way around them.
 */
export function neededApprovers(
  rules: readonly JudgingRule[],
  { kind, commodity, amount }: Judged,
  days: readonly Day[],
): number {
  const asked = days.flatMap((day) =>
    kind === 'approval-rule'
      ? RULED_KINDS.flatMap((ruled) => ruleOn(rules, ruled, day)?.thresholds ?? []).map(({ twoAbove }) =>
          twoAbove === null ? 1 : 2,
        )
      : (ruleOn(rules, kind, day)?.thresholds ?? [])
          .filter((threshold) => threshold.commodity === commodity)
          .map((threshold) => askedBy(threshold, amount ?? 0n)),
  );
  return Math.max(LEAST[kind], ...asked);
}

/** The kinds a rule can be set for. */
export const RULED_KINDS = Object.keys(LEAST).filter(
  (kind): kind is ApprovalRule['kind'] => kind !== 'approval-rule',
);

/** An approval that is about to be given. */
export interface Asked extends Judged {
  readonly approving: Pick<Approving, 'makers' | 'approvers' | 'asked'>;
  /** Persons the money goes to, as far as they are known: they decide nothing about it. */
  readonly payees: readonly (string | null | undefined)[];
  readonly on: Day;
}

/** How far an approval takes a proposal. */
export interface Standing {
  readonly given: number;
  readonly needed: number;
}

/**
 * Whether the acting person may approve, and how far that takes it. Persons are counted, never approvals. What
 * counts is the strictest of the rule when it was proposed, the rule of the day it is approved for and today's: so
 * neither a looser rule set meanwhile nor a day written back lets through what a rule would have held, and a stricter
 * rule holds whatever was not decided before it.
 */
export function judgeApproval(
  { rules }: ApprovalState,
  { approving, payees, on, ...judged }: Asked,
  { actor, today }: Pick<Context, 'actor' | 'today'>,
): Result<Standing> {
  const { makers, approvers, asked } = approving;
  if (makers.includes(actor)) return refuse('MAKER_IS_CHECKER', { person: actor });
  if (payees.includes(actor)) return refuse('PAYEE_DECIDES', { person: actor });
  if (approvers.includes(actor)) return refuse('APPROVED_ALREADY', { person: actor });
  return ok({
    given: new Set([...approvers, actor]).size,
    needed: Math.max(asked, neededApprovers(rules, judged, [on, today])),
  });
}

/**
 * How a command that needs approvals is decided. `tried`: it is only proposed, so its sense is checked and nothing is
 * done; otherwise who stands behind it, when it was proposed before. Absent: one person decides it at once.
 */
export type Approvals = 'tried' | Pick<Approving, 'makers' | 'approvers' | 'asked'>;

/** A command that is decided at once or with the last of several approvals. */
export interface Decided extends Judged {
  /** Who asked for it; null: nobody but the person who decides. */
  readonly proposedBy: string | null;
  readonly payees: readonly (string | null | undefined)[];
  readonly approvals: Approvals | undefined;
  readonly on: Day;
}

/** Whether as many persons as the rules ask for stand behind a command, none of them its maker or its payee. */
export function checkApproved(
  book: BookState,
  { proposedBy: maker, approvals, ...asked }: Decided,
  context: Pick<Context, 'actor' | 'today'>,
): Result<void> {
  const { actor, today } = context;
  // Staff ask for an advance themselves (giấy đề nghị tạm ứng, 03-TT); they only never approve their own.
  const mayAsk = asked.kind === 'advance';
  if (approvals === 'tried')
    return asked.payees.includes(actor) && !mayAsk
      ? refuse('PAYEE_DECIDES', { person: actor })
      : ok(undefined);
  if (approvals === undefined && maker === null) {
    if (asked.payees.includes(actor)) return refuse('PAYEE_DECIDES', { person: actor });
    const needed = neededApprovers(book.approvals.rules, asked, [asked.on, today]);
    return needed === 0 ? ok(undefined) : missing({ given: 0, needed });
  }
  const approving = approvals ?? { makers: maker === null ? [] : [maker], approvers: [], asked: 0 };
  const deciders = [...(mayAsk ? [] : approving.makers), ...approving.approvers];
  const paid = deciders.find((person) => asked.payees.includes(person));
  if (paid !== undefined) return refuse('PAYEE_DECIDES', { person: paid });
  const judged = judgeApproval(book.approvals, { ...asked, approving }, context);
  if (!judged.ok) return judged;
  return judged.value.given < judged.value.needed ? missing(judged.value) : ok(undefined);
}

const missing = ({ given, needed }: Standing): Result<never> =>
  refuse('APPROVALS_MISSING', { given: String(given), needed: String(needed) });

/** Commodities one rule names. */
export const THRESHOLDS_MAX = 20;

export interface SetApprovalRule extends Omit<ApprovalRule, 'rule'> {
  readonly fund: string;
  readonly proposedBy: string;
  readonly approvals?: Approvals;
  readonly effectiveOn: Day;
}

/** Sets how many approvers a kind of decision takes from a day on. Takes approvals itself. */
export function decideSetApprovalRule(
  { fund, effectiveOn, approvals, ...setting }: SetApprovalRule,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const checked = checkBook(book, fund, effectiveOn, context);
  if (!checked.ok) return checked;
  const allowed = checkApproved(
    book,
    {
      kind: 'approval-rule',
      commodity: null,
      amount: null,
      proposedBy: setting.proposedBy,
      payees: [],
      approvals,
      on: effectiveOn,
    },
    context,
  );
  if (!allowed.ok) return allowed;
  const sound = checkThresholds(book, setting.thresholds);
  if (!sound.ok) return sound;
  const data: ApprovalRuleSet = { rule: context.commandId, ...setting, from: null };
  return ok([{ stream: bookStream(fund, book.year), type: 'book.approval-rule-set.v1', effectiveOn, data }]);
}

function checkThresholds(book: BookState, thresholds: readonly Threshold[]): Result<void> {
  for (const [index, { commodity, oneAbove, twoAbove }] of thresholds.entries()) {
    if (thresholds.findIndex((threshold) => threshold.commodity === commodity) !== index)
      return refuse('THRESHOLD_TWICE', { commodity });
    if (!isCurrency(commodity) && !(isGoodCode(commodity) && book.goods.has(commodity)))
      return refuse('COMMODITY_UNKNOWN', { commodity, fund: book.fund });
    for (const limit of [oneAbove, twoAbove]) {
      if (limit === null || limit === '0') continue;
      const parsed = parseAmount(limit);
      if (!parsed.ok) return parsed;
    }
    if (twoAbove !== null && (oneAbove === null || BigInt(twoAbove) < BigInt(oneAbove)))
      return refuse('THRESHOLDS_CROSSED', { commodity });
  }
  return ok(undefined);
}

/** Keeps a rule. One of the same kind and first day counts no more. */
export const keepRule = ({ rules }: ApprovalState, rule: ApprovalRuleSet): void => {
  const same = rules.findIndex(({ kind, validFrom }) => kind === rule.kind && validFrom === rule.validFrom);
  if (same >= 0) rules.splice(same, 1);
  rules.push(rule);
};

/** What waits for approval, which the next book takes over as it stands. */
export const carriedDecisions = ({ decisions }: ApprovalState, from: number): DecisionCarried[] =>
  [...decisions].map(([decision, { amount, kind, commodity, body, proposalHash, approving }]) => ({
    decision,
    kind,
    commodity,
    amount: amount === null ? null : String(amount),
    body,
    proposalHash,
    approving,
    from,
  }));

/** The rules that the next book takes over: those in force on its first day, and those of later days. */
export const carriedRules = ({ rules }: ApprovalState, from: number, firstDay: Day): ApprovalRuleSet[] =>
  rules
    .filter((rule) => rule.validFrom > firstDay || ruleOn(rules, rule.kind, firstDay) === rule)
    .map((rule) => ({ ...rule, from }));
