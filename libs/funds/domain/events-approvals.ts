import type { CommodityCode, Day, Json } from '#kernel';
import type { Approving } from './approvals.ts';
import type { DisbursementProposed } from './events.ts';

/** What is proposed by one person, approved by others and done by the last approval. */
export type ProposedKind =
  | 'advance'
  | 'allocation'
  | 'approval-rule'
  | 'expense'
  | 'purchase'
  | 'refund'
  | 'release'
  | 'supplier-debt'
  | 'write-off';

/** What a fund can ask approvals for. */
export type DecisionKind = ProposedKind | 'disbursement';

/** From which amount of a commodity on a decision takes one approver, or two: above it, not at it. */
export interface Threshold {
  readonly commodity: CommodityCode;
  /** Minor units; `0`: any amount takes one. Null: none is asked for. */
  readonly oneAbove: string | null;
  /** Null: two are never asked for. */
  readonly twoAbove: string | null;
}

/** How many approvers a kind of decision takes, from a day on: it replaces the rule of that kind before it. */
export interface ApprovalRule {
  readonly rule: string;
  readonly kind: Exclude<DecisionKind, 'approval-rule'>;
  /** A commodity that is not named takes the fewest approvers that the kind allows. */
  readonly thresholds: readonly Threshold[];
  readonly validFrom: Day;
}

export interface ApprovalRuleSet extends ApprovalRule {
  readonly proposedBy: string;
  /** Year of the book that carried it forward; null: it was decided in this one. */
  readonly from: number | null;
}

/** A proposal written anew before it was approved: it has a hash of its own, and approvals of the one before are void. */
export interface DisbursementChanged extends DisbursementProposed {
  /** The proposal is version 1, its first change 2. */
  readonly version: number;
  /** SHA-256 (hex) of the stored bytes of the version it replaces. */
  readonly replaces: string;
  /** Who had approved that version, and has not approved this one. */
  readonly voids: readonly string[];
  /** Commitment to free text in the vault. */
  readonly reason: string;
}

/** What every approval says: what it is bound to, and how far it goes. */
interface Approval {
  /** SHA-256 (hex) of the stored bytes of what is approved. */
  readonly proposalHash: string;
  /** Approvals of exactly that, with this one. */
  readonly given: number;
  /** Approvals it takes, by the rule that counts on this day. */
  readonly needed: number;
}

/** An approval of a disbursement that takes another one: nothing is drawn yet. */
export interface DisbursementApprovalGiven extends Approval {
  readonly disbursement: string;
}

/** Something proposed for others to approve: the command itself, and it is done with the last approval. */
export interface DecisionProposed {
  readonly decision: string;
  readonly kind: ProposedKind;
  /** Null where it is not about an amount. */
  readonly commodity: CommodityCode | null;
  readonly amount: string | null;
  /** The command as it will be decided, texts replaced by their commitments. */
  readonly body: Json;
  /** Who proposed it and what it replaces, in that order: none of them approves it. */
  readonly makers: readonly string[];
  /** The proposal that this one takes the place of, whose approvals are void; null: none. */
  readonly replaces: string | null;
}

/** An approval of a proposal; the last one stands in the same append as what it does, after it. */
export interface DecisionApprovalGiven extends Approval {
  readonly decision: string;
  readonly kind: ProposedKind;
  /** The item the last approval made; null: another approval is needed. */
  readonly made: string | null;
}

/** A proposal that will not be done: turned down by somebody else, or taken back by who made it. */
export interface DecisionEnded {
  readonly decision: string;
  readonly kind: ProposedKind;
  readonly how: 'rejected' | 'withdrawn';
  /** Commitment to free text in the vault. */
  readonly reason: string;
}

/** A proposal as the fund's book before left it: it waits on in this one, with the approvals it has. */
export interface DecisionCarried {
  readonly decision: string;
  readonly kind: ProposedKind;
  readonly commodity: CommodityCode | null;
  readonly amount: string | null;
  readonly body: Json;
  readonly proposalHash: string;
  readonly approving: Approving;
  /** Year of the book that carried it forward. */
  readonly from: number;
}

/** The events of approvals by their type. */
export interface ApprovalEvents {
  'book.approval-rule-set.v1': ApprovalRuleSet;
  'book.decision-approval-given.v1': DecisionApprovalGiven;
  'book.decision-carried.v1': DecisionCarried;
  'book.decision-ended.v1': DecisionEnded;
  'book.decision-proposed.v1': DecisionProposed;
  'book.disbursement-approval-given.v1': DisbursementApprovalGiven;
  'book.disbursement-changed.v1': DisbursementChanged;
}
