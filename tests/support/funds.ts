import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { decideApproveAllocation } from '../../libs/funds/domain/approve-allocation.ts';
import { type BookState, bookKind } from '../../libs/funds/domain/book.ts';
import type { BookEvent, DisbursementLine } from '../../libs/funds/domain/events.ts';
import { checklistOf, unexplained } from '../../libs/funds/domain/checklist.ts';
import { decideCloseBook, decideListGood, decideOpenAccount } from '../../libs/funds/domain/extend-book.ts';
import { decideOpenBook } from '../../libs/funds/domain/open-book.ts';
import { decideProposeDisbursement } from '../../libs/funds/domain/propose-disbursement.ts';
import { decideRecordReceipt } from '../../libs/funds/domain/record-receipt.ts';
import { decideReduceAllocation } from '../../libs/funds/domain/reduce-allocation.ts';
import { decideReturnDisbursement } from '../../libs/funds/domain/return-disbursement.ts';
import {
  decideApproveDisbursement,
  decideCancelDisbursement,
  decideDeliverDisbursement,
  decidePayDisbursement,
  decideRejectDisbursement,
} from '../../libs/funds/domain/settle-disbursement.ts';
import { decideCorrectReceipt } from '../../libs/funds/domain/correct-receipt.ts';
import { decideRefundToDonor } from '../../libs/funds/domain/refund-to-donor.ts';
import { decideReleaseRestriction } from '../../libs/funds/domain/release-restriction.ts';
import { decideReverseReceipt } from '../../libs/funds/domain/reverse-receipt.ts';
import { conclude } from '../../libs/funds/domain/conclude.ts';
import { decideVoidVoucher } from '../../libs/funds/domain/void-voucher.ts';
import { bookItems } from '../../libs/funds/application/item-rules.ts';
import { type Context, type Fact, type LedgerEvent, type Result, ok } from '../../libs/kernel/index.ts';

/**
 * Given / when / then for one book. A step is a command with its decider; `given` runs steps that must be
 * accepted, `when` answers what one more step leads to. Worlds are values: no step changes one.
 */
export interface World {
  readonly book: BookState;
  readonly log: readonly BookEvent[];
}

export interface Step {
  readonly actor: string;
  readonly decide: (world: World, context: Context) => Result<Fact[]>;
}

const TODAY = '2026-06-30';
const RECORDED_AT = `${TODAY}T01:02:03.004Z`;

/** The id of the n-th command of a test (from 1), and so of the item that it makes. */
export const id = (n: number): string => `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`;

const contextOf = (log: readonly BookEvent[], actor: string): Context => ({
  commandId: id(new Set(log.map((event) => event.commandId)).size + 1),
  actor,
  recordedAt: RECORDED_AT,
  today: TODAY,
});

/** Facts as the log gives them back: with id, revision, position and, where it is bound to, the hash. */
export const recorded = (facts: readonly Fact[], context: Context, before: number): BookEvent[] =>
  facts.map((fact, index) => ({
    ...fact,
    id: context.commandId.replace(/^.{8}/, String(index).padStart(8, '0')),
    revision: before + index,
    position: before + index + 1,
    recordedAt: context.recordedAt,
    actor: context.actor,
    commandId: context.commandId,
    correlationId: context.commandId,
    causationId: context.commandId,
    ...(bookKind.boundTo?.has(fact.type) && { hash: hashOf(fact) }),
  })) as LedgerEvent[] as BookEvent[];

const hashOf = (fact: Fact): string => createHash('sha256').update(JSON.stringify(fact)).digest('hex');

export const emptyWorld = (): World => ({ book: bookKind.initial('book-qbt-06-2026'), log: [] });

/** What a step leads to in a world, which it leaves as it was. */
export function when(world: World, step: Step): Result<Fact[]> {
  const before = structuredClone(world.book);
  const made = step.decide(world, contextOf(world.log, step.actor));
  const concluded = made.ok ? conclude(made.value, () => world.book) : made;
  const decided = concluded.ok ? ok([...concluded.value]) : concluded;
  if (!isDeepStrictEqual(world.book, before)) throw new Error('a decision changed the state it was given');
  return decided;
}

/** The world after a step, and what was decided. The world before stays as it was. */
export function take(world: World, step: Step): { world: World; decided: Result<Fact[]> } {
  const decided = when(world, step);
  if (!decided.ok) return { world, decided };
  const events = recorded(decided.value, contextOf(world.log, step.actor), world.log.length);
  const book = events.reduce<BookState>(
    (state, event) => bookKind.evolve(state, event),
    structuredClone(world.book),
  );
  return { world: { book, log: [...world.log, ...events] }, decided };
}

/** A book with this past. A step that is refused is a mistake in the test. */
export const given = (...steps: readonly Step[]): World =>
  steps.reduce((world, step) => {
    const { world: after, decided } = take(world, step);
    if (!decided.ok) throw new Error(`given step refused: ${JSON.stringify(decided.error)}`);
    return after;
  }, emptyWorld());

/** The past of an item as the log gives it. */
export const historyOf = ({ log }: Pick<World, 'log'>, item: string): BookEvent[] => {
  const history: BookEvent[] = [];
  for (const event of log)
    if (
      bookItems.about(event).includes(item) ||
      (bookItems.watch?.is(history) && bookItems.watch.touches(history, event))
    )
      history.push(event);
  return history;
};

/** A place admits itself and what lies in it: `bk` covers `bk.ns`. */
export const covers = (place: string, of: string): boolean => of === place || of.startsWith(`${place}.`);

/** What a decider takes as its command. */
type Command<Decide extends (command: never, ...rest: never[]) => unknown> = Parameters<Decide>[0];

const ON = { fund: 'qbt-06', effectiveOn: '2026-03-01' };

/** `others`: the fund's books of other years. */
export const openBook = (
  change: Partial<Command<typeof decideOpenBook>> = {},
  others: readonly BookState[] = [],
): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideOpenBook(
      {
        fund: 'qbt-06',
        year: 2026,
        name: 'Quỹ Bảo trợ trẻ em tỉnh Bắc Kạn',
        level: 'province',
        place: 'bk',
        accounts: [
          { account: 'tien-mat', kind: 'cash' },
          { account: 'kho', kind: 'store' },
          { account: 'khong-neu', kind: 'unstated' },
        ],
        goods: [{ code: 'xe-dap', unit: 'chiếc', exponent: 0 }],
        effectiveOn: '2026-01-01',
        ...change,
      },
      book,
      others,
      context,
    ),
});

export const openAccount = (change: Partial<Command<typeof decideOpenAccount>> = {}): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideOpenAccount({ ...ON, account: 'kho-bac', kind: 'treasury', ...change }, book, context),
});

export const listGood = (change: Partial<Command<typeof decideListGood>> = {}): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideListGood({ ...ON, code: 'gao', unit: 'kg', exponent: 3, ...change }, book, context),
});

/** Closes the book, with a reason where one is asked for. */
export const closeBook = (change: Partial<Command<typeof decideCloseBook>> = {}): Step => ({
  actor: 'lan',
  decide: ({ book }, context) => {
    const checklist = checklistOf(book, change.effectiveOn ?? ON.effectiveOn);
    const reason = unexplained(checklist).length > 0 ? 'ly-do' : null;
    return decideCloseBook({ ...ON, year: 2026, reason, ...change }, book, context);
  },
});

export const receive = (amount: string, change: Partial<Command<typeof decideRecordReceipt>> = {}): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideRecordReceipt(
      {
        ...ON,
        account: 'tien-mat',
        source: 'voluntary',
        commodity: 'VND',
        amount,
        donor: null,
        place: null,
        pledge: null,
        restriction: {},
        period: null,
        valuation: null,
        narrative: null,
        ...change,
      },
      book,
      context,
    ),
});

export const allocate = (
  amount: string,
  change: Partial<Command<typeof decideApproveAllocation>> = {},
): Step => ({
  actor: 'chi',
  decide: ({ book }, context) =>
    decideApproveAllocation(
      {
        ...ON,
        commodity: 'VND',
        amount,
        designation: { programme: 'ao-am' },
        pools: [],
        proposedBy: 'lan',
        narrative: null,
        ...change,
      },
      book,
      covers,
      context,
    ),
});

/** Reduces an allocation; `seen` says how much of the item's past the log has already. */
export const reduce = (
  allocation: string,
  amount: string,
  change: Partial<Command<typeof decideReduceAllocation>> = {},
  seen: (history: BookEvent[]) => BookEvent[] = (history) => history,
): Step => ({
  actor: 'chi',
  decide: (world, context) =>
    decideReduceAllocation(
      { ...ON, allocation, amount, narrative: null, ...change },
      world.book,
      seen(historyOf(world, allocation)),
      context,
    ),
});

/** One line of a disbursement. */
export const line = (amount: string, change: Partial<DisbursementLine> = {}): DisbursementLine => ({
  amount,
  beneficiary: null,
  place: null,
  children: null,
  ...change,
});

export const propose = (
  amount: string,
  change: Partial<Command<typeof decideProposeDisbursement>> = {},
): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideProposeDisbursement(
      {
        ...ON,
        commodity: 'VND',
        amount,
        programme: null,
        group: null,
        purpose: null,
        lines: [line(amount)],
        pools: [],
        payee: null,
        narrative: null,
        ...change,
      },
      book,
      covers,
      context,
    ),
});

/** Approves what stands proposed, by its own hash unless told another. */
export const approve = (
  disbursement: string,
  change: Partial<Command<typeof decideApproveDisbursement>> = {},
  actor = 'chi',
): Step => ({
  actor,
  decide: ({ book }, context) => {
    const proposalHash = book.open.get(disbursement)?.proposalHash ?? '';
    return decideApproveDisbursement({ ...ON, disbursement, proposalHash, ...change }, book, covers, context);
  },
});

export const reject = (disbursement: string, actor = 'chi'): Step => ({
  actor,
  decide: ({ book }, context) =>
    decideRejectDisbursement({ ...ON, disbursement, reason: 'ly-do' }, book, context),
});

export const cancel = (disbursement: string): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideCancelDisbursement({ ...ON, disbursement, reason: 'ly-do' }, book, context),
});

export const pay = (
  disbursement: string,
  change: Partial<Command<typeof decidePayDisbursement>> = {},
): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decidePayDisbursement({ ...ON, disbursement, account: 'tien-mat', ...change }, book, context),
});

export const deliver = (
  disbursement: string,
  change: Partial<Command<typeof decideDeliverDisbursement>> = {},
): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideDeliverDisbursement({ ...ON, disbursement, evidence: null, files: [], ...change }, book, context),
});

/** Books what came back of the lines; `seen` says how much of the item's past the log has already. */
export const giveBack = (
  disbursement: string,
  lines: Command<typeof decideReturnDisbursement>['lines'],
  change: Partial<Command<typeof decideReturnDisbursement>> = {},
  seen: (history: BookEvent[]) => BookEvent[] = (history) => history,
): Step => ({
  actor: 'lan',
  decide: (world, context) =>
    decideReturnDisbursement(
      { ...ON, disbursement, account: 'tien-mat', lines, reason: 'con-du', ...change },
      world.book,
      seen(historyOf(world, disbursement)),
      context,
    ),
});

/** Corrects a receipt. */
export const correct = (
  receipt: string,
  change: Partial<Command<typeof decideCorrectReceipt>> = {},
): Step => ({
  actor: 'lan',
  decide: (world, context) =>
    decideCorrectReceipt(
      {
        ...ON,
        receipt,
        labels: {},
        amount: null,
        account: null,
        restriction: null,
        reason: 'ghi-sai',
        ...change,
      },
      world.book,
      historyOf(world, receipt),
      context,
    ),
});

/** Reverses a receipt; `seen` says how much of its past the log has already. */
export const reverseReceipt = (
  receipt: string,
  change: Partial<Command<typeof decideReverseReceipt>> = {},
  seen: (history: BookEvent[]) => BookEvent[] = (history) => history,
): Step => ({
  actor: 'lan',
  decide: (world, context) =>
    decideReverseReceipt(
      { ...ON, receipt, kind: 'wrong-entry', account: null, recordAgain: null, reason: 'sai', ...change },
      world.book,
      seen(historyOf(world, receipt)),
      context,
    ),
});

export const refund = (
  receipt: string,
  amount: string,
  change: Partial<Command<typeof decideRefundToDonor>> = {},
): Step => ({
  actor: 'lan',
  decide: (world, context) =>
    decideRefundToDonor(
      { ...ON, receipt, amount, account: 'tien-mat', reason: 'tra-lai', ...change },
      world.book,
      historyOf(world, receipt),
      context,
    ),
});

export const voidVoucher = (
  item: string,
  voucher: string,
  change: Partial<Command<typeof decideVoidVoucher>> = {},
): Step => ({
  actor: 'lan',
  decide: (world, context) =>
    decideVoidVoucher(
      { ...ON, item, voucher, reason: 'in-hong', ...change },
      world.book,
      historyOf(world, item),
      context,
    ),
});

export const release = (
  pool: string,
  amount: string,
  change: Partial<Command<typeof decideReleaseRestriction>> = {},
): Step => ({
  actor: 'chi',
  decide: ({ book }, context) =>
    decideReleaseRestriction(
      {
        ...ON,
        pool,
        amount,
        restriction: {},
        ground: 'donor-consent',
        proposedBy: 'lan',
        reason: 'dong-y',
        files: ['ef'.repeat(32)],
        ...change,
      },
      book,
      covers,
      context,
    ),
});
