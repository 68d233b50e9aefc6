import {
  type CommodityCode,
  type Context,
  type Day,
  type Fact,
  type Json,
  type Result,
  ok,
  refuse,
} from '#kernel';
import { type OpenDecision, type Standing, judgeApproval } from './approvals.ts';
import type { BookState } from './book-state.ts';
import { checkBook } from './checks.ts';
import type {
  ApprovalEvents,
  DecisionApprovalGiven,
  DecisionEnded,
  DecisionProposed,
  ProposedKind,
} from './events-approvals.ts';
import { bookStream } from './events.ts';
import { VERSIONS_MAX } from './propose-disbursement.ts';

interface OnDay {
  readonly fund: string;
  readonly effectiveOn: Day;
}

/** What is proposed: a command that was tried already, and what rules judge of it. */
export interface ProposeDecision extends OnDay {
  readonly kind: ProposedKind;
  readonly commodity: CommodityCode | null;
  readonly amount: string | null;
  readonly body: Json;
  /** The proposal it takes the place of; null: none. */
  readonly replaces: string | null;
}

/** What every later step names. */
export interface OnDecision extends OnDay {
  readonly decision: string;
}

const fact = <Type extends keyof ApprovalEvents>(
  { effectiveOn }: OnDay,
  book: BookState,
  type: Type,
  data: ApprovalEvents[Type],
): Fact => ({ stream: bookStream(book.fund, book.year), type, effectiveOn, data });

/** Decisions of one book that may wait for approvals: what its state keeps of them stays small. */
export const DECISIONS_OPEN_MAX = 500;

/**
 * Proposes a command for others to approve. It does nothing yet. One that replaces another of its kind is that one
 * worded anew: the other's approvals are void.
 */
export function decideProposeDecision(
  { kind, commodity, amount, body, replaces, ...on }: ProposeDecision,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const checked = checkBook(book, on.fund, on.effectiveOn, context);
  if (!checked.ok) return checked;
  const { decisions } = book.approvals;
  let makers: readonly string[] = [];
  if (replaces !== null) {
    const before = openDecision({ ...on, decision: replaces }, book);
    if (!before.ok) return before;
    if (before.value.kind !== kind) return refuse('DECISION_OF_OTHER_KIND', { kind: before.value.kind });
    if (before.value.approving.version >= VERSIONS_MAX)
      return refuse('VERSIONS_TOO_MANY', { max: String(VERSIONS_MAX) });
    ({ makers } = before.value.approving);
  } else if (decisions.size >= DECISIONS_OPEN_MAX)
    return refuse('DECISIONS_TOO_MANY', { max: String(DECISIONS_OPEN_MAX) });
  const data: DecisionProposed = {
    decision: context.commandId,
    kind,
    commodity,
    amount,
    body,
    makers: [...new Set([...makers, context.actor])],
    replaces,
  };
  return ok([fact(on, book, 'book.decision-proposed.v1', data)]);
}

const openDecision = ({ fund, decision }: OnDecision, book: BookState): Result<OpenDecision> => {
  const open = book.approvals.decisions.get(decision);
  return open === undefined ? refuse('DECISION_NOT_OPEN', { decision, fund }) : ok(open);
};

/** The decision that an approval is about, and how far it takes it. */
export interface Approved extends Standing {
  readonly open: OpenDecision;
}

/**
 * Judges an approval of a proposal, bound to its hash. It is not checked here that what was proposed can still be
 * done: the last approval does it, and is refused when it can not.
 */
export function judgeDecision(
  command: OnDecision & { readonly proposalHash: string },
  book: BookState,
  context: Context,
): Result<Approved> {
  const checked = checkBook(book, command.fund, command.effectiveOn, context);
  if (!checked.ok) return checked;
  const found = openDecision(command, book);
  if (!found.ok) return found;
  const open = found.value;
  const { kind, commodity, amount, approving } = open;
  const asked = { kind, commodity, amount, approving, payees: [], on: command.effectiveOn };
  const judged = judgeApproval(book.approvals, asked, context);
  if (!judged.ok) return judged;
  if (open.proposalHash !== command.proposalHash)
    return refuse('DECISION_IS_ANOTHER', { decision: command.decision });
  return ok({ open, ...judged.value });
}

/** The fact of an approval: `made` is the item that the last one made. */
export const approvalFact = (
  command: OnDecision,
  book: BookState,
  { open, given, needed }: Approved,
  made: string | null,
): Fact => {
  const { decision } = command;
  const { kind, proposalHash } = open;
  const data: DecisionApprovalGiven = { decision, kind, proposalHash, given, needed, made };
  return fact(command, book, 'book.decision-approval-given.v1', data);
};

/** Ends a proposal without doing it: whoever made it withdraws it, anybody else rejects it. */
export function decideEndDecision(
  command: OnDecision & { readonly reason: string },
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const checked = checkBook(book, command.fund, command.effectiveOn, context);
  if (!checked.ok) return checked;
  const open = openDecision(command, book);
  if (!open.ok) return open;
  const { kind, approving } = open.value;
  const how: DecisionEnded['how'] = approving.makers.includes(context.actor) ? 'withdrawn' : 'rejected';
  const { decision, reason } = command;
  return ok([fact(command, book, 'book.decision-ended.v1', { decision, kind, how, reason })]);
}
