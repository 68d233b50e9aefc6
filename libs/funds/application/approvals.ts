import { type Context, type Fact, type Json, type LedgerEvent, type Result, ok, refuse } from '#kernel';
import {
  type Handler,
  type States,
  amountSchema,
  commoditySchema,
  daySchema,
  idSchema,
  textSchema,
  uuidSchema,
} from '#platform';
import { z } from 'zod';
import { type Approvals, RULED_KINDS, THRESHOLDS_MAX, decideSetApprovalRule } from '../domain/approvals.ts';
import {
  approvalFact,
  decideEndDecision,
  decideProposeDecision,
  judgeDecision,
} from '../domain/decide-decision.ts';
import type { DecisionProposed, ProposedKind } from '../domain/events-approvals.ts';
import type { BookEvent } from '../domain/events.ts';
import { advanceDecided, advanceSchema, advanceStreams } from './advances.ts';
import { allocationDecided, allocationSchema, allocationStreams } from './allocate.ts';
import { purchaseDecided, purchaseSchema, purchaseStreams } from './buy-goods.ts';
import { resolveDecided, resolveSchema, resolveStreams } from './counts.ts';
import { expenseDecided, expenseSchema, expenseStreams } from './own-costs.ts';
import { refundDecided, refundSchema } from './refund-to-donor.ts';
import { releaseDecided, releaseSchema, releaseStreams } from './release-restriction.ts';
import { debtDecided, debtSchema, debtStreams } from './supplier-debts.ts';
import { bookOf, bookState, hashSchema, nullable, onBook } from './shared.ts';

const limitSchema = nullable(amountSchema);

const ruleSchema = z.strictObject({
  ...onBook,
  kind: z.enum(RULED_KINDS),
  thresholds: z
    .array(z.strictObject({ commodity: commoditySchema, oneAbove: limitSchema, twoAbove: limitSchema }))
    .max(THRESHOLDS_MAX)
    .meta({ description: 'Above which amount one approver is needed, and two. Null: never; 0: always' }),
  validFrom: daySchema,
  proposedBy: idSchema,
});
type RuleBody = z.infer<typeof ruleSchema>;

const ruleDecided = (
  body: RuleBody,
  states: States,
  context: Context,
  approvals?: Approvals,
): Result<Fact[]> =>
  decideSetApprovalRule({ ...body, ...(approvals && { approvals }) }, bookState(body, states), context);

/** Sets how many approvers a kind of decision takes from a day on. */
export const setApprovalRule: Handler<RuleBody> = {
  name: 'set-approval-rule',
  schema: ruleSchema,
  personal: [],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => ruleDecided(body, states, context),
};

/** How a command that was proposed is tried and, with the last approval, done. */
interface Proposable<Body> {
  readonly streams: (body: Body) => readonly string[];
  readonly history?: (body: Body) => readonly string[];
  readonly decided: (
    body: Body & { readonly proposedBy: string },
    states: States,
    context: Context,
    approvals: Approvals,
  ) => Result<Fact[]>;
}

/** Every command that can be proposed. Adding one: its kind, its fewest approvers, and a line here and below. */
const proposables: Readonly<Record<ProposedKind, Proposable<never>>> = {
  advance: { streams: advanceStreams, decided: advanceDecided },
  allocation: { streams: allocationStreams, decided: allocationDecided },
  'approval-rule': { streams: bookAlone, decided: ruleDecided },
  expense: { streams: expenseStreams, decided: expenseDecided },
  purchase: { streams: purchaseStreams, decided: purchaseDecided },
  refund: {
    streams: bookAlone,
    history: ({ receipt }: { readonly receipt: string }) => [receipt],
    decided: refundDecided,
  },
  release: { streams: releaseStreams, decided: releaseDecided },
  'supplier-debt': { streams: debtStreams, decided: debtDecided },
  'write-off': { streams: resolveStreams, decided: writeOffDecided },
};

type WriteOff = Omit<Parameters<typeof resolveDecided>[0], 'person' | 'name'>;

/** A difference that is written off is nobody's. */
function writeOffDecided(
  body: WriteOff,
  states: States,
  context: Context,
  approvals?: Approvals,
): Result<Fact[]> {
  return resolveDecided({ ...body, person: null, name: null }, states, context, approvals);
}

function bookAlone(body: Parameters<typeof bookOf>[0]): readonly string[] {
  return [bookOf(body)];
}

const replacing = {
  replaces: nullable(uuidSchema).meta({
    description: 'The proposal that this one takes the place of, whose approvals are void then',
  }),
};

interface Proposed {
  readonly fund: string;
  readonly effectiveOn: string;
  readonly replaces: string | null;
}

/** The command that proposes another one: of the same form, without the person who proposes it. */
function proposing<Body extends Proposed>(
  kind: ProposedKind,
  schema: z.ZodType<Body>,
  personal: readonly (keyof Body & string)[],
): Handler<Body> {
  const { streams, history, decided } = proposables[kind];
  return {
    name: `propose-${kind}`,
    schema,
    personal,
    streams: (body) => streams(body as never),
    ...(history && { history: (body) => history(body as never) }),
    decide: (whole, states, context) => {
      const { replaces, ...body } = whole;
      const { fund, effectiveOn } = whole;
      const tried = decided({ ...body, proposedBy: context.actor } as never, states, context, 'tried');
      if (!tried.ok) return tried;
      // What was left out stays out: a member without a value is none in what is stored.
      const stored = JSON.parse(JSON.stringify(body)) as Json;
      const proposal = { fund, effectiveOn, kind, ...amountIn(tried.value), body: stored, replaces };
      return decideProposeDecision(proposal, bookState(whole, states), context);
    },
  };
}

/** What the command would do, as its own facts say it. */
function amountIn([first]: readonly Fact[]): {
  readonly commodity: string | null;
  readonly amount: string | null;
} {
  const data = first?.data as { readonly commodity?: string; readonly amount?: string } | undefined;
  return { commodity: data?.commodity ?? null, amount: data?.amount ?? null };
}

/** Proposes an advance for own costs; what a disbursement is advanced was approved with it. */
export const proposeAdvance = proposing(
  'advance',
  advanceSchema
    .omit({ proposedBy: true, disbursement: true })
    .extend({ ...replacing, disbursement: z.null().default(null) }),
  ['name', 'narrative'],
);

export const proposeAllocation = proposing(
  'allocation',
  allocationSchema.omit({ proposedBy: true }).extend(replacing),
  ['narrative'],
);

export const proposeExpense = proposing(
  'expense',
  expenseSchema.omit({ proposedBy: true }).extend(replacing),
  ['narrative'],
);

export const proposePurchase = proposing(
  'purchase',
  purchaseSchema.omit({ proposedBy: true }).extend(replacing),
  ['supplier', 'narrative'],
);

export const proposeRefund = proposing('refund', refundSchema.extend(replacing), ['reason']);

export const proposeRelease = proposing(
  'release',
  releaseSchema.omit({ proposedBy: true }).extend(replacing),
  ['reason'],
);

/** Proposes to take over an invoice of own costs, to be paid later. */
export const proposeSupplierDebt = proposing(
  'supplier-debt',
  debtSchema
    .omit({ proposedBy: true, disbursement: true })
    .extend({ ...replacing, disbursement: z.null().default(null) }),
  ['name', 'narrative'],
);

/** Proposes to write off what a count found missing, or what a person owes for it. */
export const proposeWriteOff = proposing(
  'write-off',
  resolveSchema
    .omit({ proposedBy: true, how: true, person: true, name: true })
    .extend({ ...replacing, how: z.literal('written-off').default('written-off') }),
  ['reason'],
);

export const proposeApprovalRule = proposing(
  'approval-rule',
  ruleSchema.omit({ proposedBy: true }).extend(replacing),
  [],
);

const onDecision = { ...onBook, decision: uuidSchema };

/** The proposal a past begins with; undefined while it is not read yet. */
const proposalIn = (history: readonly LedgerEvent[]): DecisionProposed | undefined => {
  const [first] = history as readonly BookEvent[];
  return first?.type === 'book.decision-proposed.v1' ? first.data : undefined;
};

const approveSchema = z.strictObject({
  ...onDecision,
  proposalHash: hashSchema.meta({
    description: 'Hash of the proposal event, as the proposal was answered and is shown',
  }),
});
type ApproveBody = z.infer<typeof approveSchema>;

/** The command that was proposed, for the day it is approved for. */
const commandOf = (body: Json, { effectiveOn }: ApproveBody): never =>
  ({ ...(body as object), effectiveOn }) as never;

/**
 * Approves exactly the proposal that has this hash. The last approval it needs does what was proposed, on the day of
 * that approval; an earlier one only tries it, so that nobody approves what can not be done.
 */
export const approveDecision: Handler<ApproveBody> = {
  name: 'approve-decision',
  schema: approveSchema,
  personal: [],
  history: ({ decision }, { history }) => {
    const proposal = proposalIn(history(decision));
    const more = proposal && proposables[proposal.kind].history?.(proposal.body as never);
    return [decision, ...(more ?? [])];
  },
  streams: (body, _context, { history }) => {
    const proposal = proposalIn(history(body.decision));
    const more = proposal && proposables[proposal.kind].streams(commandOf(proposal.body, body));
    return [...new Set([bookOf(body), ...(more ?? [])])];
  },
  decide: (body, states, context) => {
    const book = bookState(body, states);
    const judged = judgeDecision(body, book, context);
    if (!judged.ok) return judged;
    if (proposalIn(states.history(body.decision)) === undefined)
      return refuse('HISTORY_BEHIND', { item: body.decision });
    const { open, given, needed } = judged.value;
    const { approving, kind } = open;
    const isLast = given >= needed;
    const command = { ...(commandOf(open.body, body) as object), proposedBy: approving.makers[0] } as never;
    const done = proposables[kind].decided(command, states, context, isLast ? approving : 'tried');
    if (!done.ok) return done;
    return isLast
      ? ok([...done.value, approvalFact(body, book, judged.value, context.commandId)])
      : ok([approvalFact(body, book, judged.value, null)]);
  },
};

const endSchema = z.strictObject({ ...onDecision, reason: textSchema() });

/** Turns a proposal down, or takes back one's own. */
export const endDecision: Handler<z.infer<typeof endSchema>> = {
  name: 'end-decision',
  schema: endSchema,
  personal: ['reason'],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideEndDecision(body, bookState(body, states), context),
};
