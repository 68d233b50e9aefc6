import {
  approveDecision,
  endDecision,
  proposeAdvance,
  proposeAllocation,
  proposeApprovalRule,
  proposeExpense,
  proposePurchase,
  proposeRefund,
  proposeRelease,
  proposeSupplierDebt,
  proposeWriteOff,
  setApprovalRule,
} from '../../libs/funds/application/approvals.ts';
import type { Threshold } from '../../libs/funds/domain/events-approvals.ts';
import { decideChangeDisbursement } from '../../libs/funds/domain/propose-disbursement.ts';
import { type Fact, type Result, ok } from '../../libs/kernel/index.ts';
import type { AnyHandler, States } from '../../libs/platform/index.ts';
import { type Step, type World, covers, historyOf, line } from './funds.ts';

/** Steps of approvals, for worlds as `funds.ts` makes them. */

type Command<Decide extends (command: never, ...rest: never[]) => unknown> = Parameters<Decide>[0];

const ON = { fund: 'qbt-06', effectiveOn: '2026-03-01' };

/** What a handler may read of a world: its book, and the past of what it names. */
const statesOf = (world: World): States => ({
  of: (kind, stream) =>
    kind.kind === 'book' && stream === `book-qbt-06-${world.book.year}`
      ? (world.book as never)
      : kind.initial(stream),
  all: (directory) => directory.initial(),
  history: (item) => historyOf(world, item),
});

/** A step that goes through a handler, as a client sends it. */
export const through = (handler: AnyHandler, body: object, actor: string): Step => ({
  actor,
  decide: (world, context): Result<Fact[]> => {
    const parsed = handler.schema.parse({ ...ON, ...body });
    const states = statesOf(world);
    for (const stream of handler.streams(parsed, context, states))
      if (!stream.startsWith('book-')) throw new Error(`these worlds are one book, not ${stream}`);
    const decided = handler.decide(parsed, states, context);
    return decided.ok ? ok([...decided.value]) : (decided as Result<never>);
  },
});

export const vnd = (oneAbove: string | null, twoAbove: string | null): Threshold => ({
  commodity: 'VND',
  oneAbove,
  twoAbove,
});

/** A rule that asks for two persons above `twoAbove` đồng, proposed by lan and decided by chi. */
export const setRule = (twoAbove: string | null, change: object = {}, actor = 'chi'): Step =>
  through(
    setApprovalRule,
    {
      kind: 'disbursement',
      thresholds: [vnd('0', twoAbove)],
      validFrom: '2026-02-01',
      proposedBy: 'lan',
      ...change,
    },
    actor,
  );

const PROPOSALS = {
  advance: proposeAdvance,
  allocation: proposeAllocation,
  'approval-rule': proposeApprovalRule,
  expense: proposeExpense,
  purchase: proposePurchase,
  refund: proposeRefund,
  release: proposeRelease,
  'supplier-debt': proposeSupplierDebt,
  'write-off': proposeWriteOff,
} as const satisfies Record<string, AnyHandler>;

const BODIES: Readonly<Record<keyof typeof PROPOSALS, object>> = {
  allocation: { commodity: 'VND', amount: '30', designation: { group: 'mo-coi' } },
  advance: { commodity: 'VND', amount: '30', account: 'tien-mat', person: 'em' },
  'approval-rule': { kind: 'expense', thresholds: [vnd('0', '20')], validFrom: '2026-03-01' },
  expense: { commodity: 'VND', amount: '30', account: 'tien-mat', kind: 'administration' },
  purchase: {
    commodity: 'VND',
    amount: '30',
    account: 'tien-mat',
    store: 'kho',
    good: 'xe-dap',
    quantity: '3',
  },
  refund: { amount: '30', account: 'tien-mat', reason: 'tra-lai' },
  release: { amount: '30', ground: 'donor-consent', reason: 'dong-y', files: ['ef'.repeat(32)] },
  'supplier-debt': {
    commodity: 'VND',
    amount: '30',
    supplier: 'nha-in',
    invoice: '1C26TAA-1',
    invoiceDay: '2026-03-01',
    kind: 'administration',
  },
  'write-off': { reason: 'mat' },
};

/** Proposes something for others to approve. */
export const proposeThat = (kind: keyof typeof PROPOSALS, change: object = {}, actor = 'lan'): Step =>
  through(PROPOSALS[kind], { ...BODIES[kind], ...change }, actor);

/** Approves what waits, by its own hash unless told another. */
export const approveThat = (decision: string, actor: string, change: object = {}): Step => ({
  actor,
  decide: (world, context) => {
    const proposalHash = world.book.approvals.decisions.get(decision)?.proposalHash ?? '0'.repeat(64);
    return through(approveDecision, { decision, proposalHash, ...change }, actor).decide(world, context);
  },
});

export const endThat = (decision: string, actor: string): Step =>
  through(endDecision, { decision, reason: 'thoi' }, actor);

/** Writes a proposal anew. */
export const changeProposal = (
  disbursement: string,
  amount: string,
  change: Partial<Command<typeof decideChangeDisbursement>> = {},
  actor = 'lan',
): Step => ({
  actor,
  decide: ({ book }, context) =>
    decideChangeDisbursement(
      {
        ...ON,
        disbursement,
        commodity: 'VND',
        amount,
        programme: null,
        group: null,
        purpose: null,
        lines: [line(amount)],
        pools: [],
        payee: null,
        narrative: null,
        reason: 'sua-so',
        ...change,
      },
      book,
      covers,
      context,
    ),
});
