import { type Context, type Day, type Fact, type Result, mint, ok, parseAmount, refuse } from '#kernel';
import { judgeByCap } from './admin-cap.ts';
import { type Approvals, checkApproved } from './approvals.ts';
import { type BookState, poolOf, toWire } from './book.ts';
import { checkAccount, checkBook, checkCommodity, parseParts } from './checks.ts';
import { type Covers, type PoolAmount, checkPools, drawPools, inParts, numbered } from './draw-pools.ts';
import type {
  AdminCap,
  AdminCapSet,
  CapJudgement,
  ExpenseKind,
  ExpenseRecorded,
  IncomeKind,
  IncomeRecorded,
} from './events-daily.ts';
import { type Period, bookStream } from './events.ts';
import { type Restriction, poolId } from './restriction.ts';
import { nextVoucher } from './vouchers.ts';

export interface RecordIncome {
  readonly fund: string;
  readonly account: string;
  readonly kind: IncomeKind;
  readonly commodity: string;
  readonly amount: string;
  /** What it may be used for: that of the money it was earned on. */
  readonly restriction: Restriction;
  readonly period: Period | null;
  readonly narrative: string | null;
  readonly effectiveOn: Day;
}

/** Where money of a decision stands, own account or held apart from one, and the voucher that is written for it. */
export interface Paper {
  readonly account: string;
  readonly voucher: string;
}

/** Records what the fund earned by itself, such as interest: it mints in the pool it is stated for. */
export function decideRecordIncome(command: RecordIncome, book: BookState, context: Context): Result<Fact[]> {
  const { fund, account, commodity, effectiveOn } = command;
  for (const checked of [
    checkBook(book, fund, effectiveOn, context),
    checkCommodity(book, commodity),
    checkAccount(book, account, commodity),
  ])
    if (!checked.ok) return checked;
  return incomeInto({ account, voucher: nextVoucher(book, 'receipt') }, command, book, context);
}

/** Income of the fund that stands where the paper says, of a book that was checked. */
export function incomeInto(
  { account, voucher }: Paper,
  command: Omit<RecordIncome, 'account'>,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const { fund, commodity, restriction, effectiveOn, kind, period, narrative } = command;
  for (const checked of [checkBook(book, fund, effectiveOn, context), checkCommodity(book, commodity)])
    if (!checked.ok) return checked;
  const amount = parseAmount(command.amount);
  if (!amount.ok) return amount;
  if (restriction.until !== undefined && restriction.until < effectiveOn)
    return refuse('RESTRICTION_EXPIRED', { until: restriction.until, date: effectiveOn });
  const pool = poolId({ fund, commodity, restriction, designation: {} });
  const data: IncomeRecorded = {
    receipt: context.commandId,
    voucher,
    account,
    source: 'income',
    commodity,
    amount: command.amount,
    pool,
    minted: toWire(mint(poolOf(book, pool), amount.value).minted),
    donor: null,
    place: restriction.place ?? null,
    pledge: null,
    period,
    valuation: null,
    narrative,
    kind,
  };
  return ok([{ stream: bookStream(fund, book.year), type: 'book.income-recorded.v1', effectiveOn, data }]);
}

export interface RecordExpense {
  readonly fund: string;
  readonly account: string;
  readonly kind: ExpenseKind;
  readonly commodity: string;
  readonly amount: string;
  readonly programme: string | null;
  readonly purpose: string | null;
  /** Pools to use; empty: the general one. */
  readonly pools: readonly { readonly pool: string; readonly amount: string }[];
  readonly proposedBy: string | null;
  /** Id of the person who is paid, where it is known. */
  readonly payeePerson?: string | undefined;
  readonly narrative: string | null;
  /** Whose rules of approval count; `judged`: what the expense is part of was held against them already. */
  readonly ruledAs?: 'expense' | 'supplier-debt' | 'judged';
  readonly approvals?: Approvals;
  readonly effectiveOn: Day;
}

/**
 * Records what the fund spent on itself, out of pools that admit it. Over the cap on such costs it is refused,
 * unless the person who may allow that records what somebody else proposed.
 */
export function decideRecordExpense(
  command: RecordExpense,
  book: BookState,
  covers: Covers,
  context: Context,
): Result<Fact[]> {
  const { fund, account, commodity, effectiveOn } = command;
  for (const checked of [
    checkBook(book, fund, effectiveOn, context),
    checkCommodity(book, commodity),
    checkAccount(book, account, commodity),
  ])
    if (!checked.ok) return checked;
  return expenseOutOf({ account, voucher: nextVoucher(book, 'payment') }, command, book, covers, context);
}

/** An expense of the fund out of where the paper says: an own account, an advance, a debt, what is missing. */
export function expenseOutOf(
  { account, voucher }: Paper,
  command: Omit<RecordExpense, 'account'>,
  book: BookState,
  covers: Covers,
  context: Context,
): Result<Fact[]> {
  const { fund, commodity, kind, programme, purpose, proposedBy, effectiveOn } = command;
  for (const checked of [checkBook(book, fund, effectiveOn, context), checkCommodity(book, commodity)])
    if (!checked.ok) return checked;
  const amount = parseAmount(command.amount);
  if (!amount.ok) return amount;
  const { approvals, payeePerson, ruledAs = 'expense' } = command;
  const decided = { commodity, amount: amount.value, proposedBy, approvals } as const;
  const by = { payees: [payeePerson], on: effectiveOn };
  const allowed =
    ruledAs !== 'judged'
      ? checkApproved(book, { ...decided, ...by, kind: ruledAs }, context)
      : approvals === undefined && proposedBy === context.actor
        ? refuse('MAKER_IS_CHECKER', { person: proposedBy })
        : ok(undefined);
  if (!allowed.ok) return allowed;
  const pools = ownPools(command, amount.value, book, covers);
  if (!pools.ok) return pools;
  const cap = underCap(command, amount.value, book, context);
  if (!cap.ok) return cap;
  const recorded: ExpenseRecorded[] = numbered(inParts(drawPools(book, pools.value)), (drawn) => ({
    expense: context.commandId,
    voucher,
    account,
    commodity,
    amount: command.amount,
    kind,
    programme,
    purpose,
    drawn,
    proposedBy,
    ...(payeePerson !== undefined && { payeePerson }),
    cap: cap.value,
    narrative: command.narrative,
  }));
  const stream = bookStream(fund, book.year);
  return ok(recorded.map((data) => ({ stream, type: 'book.expense-recorded.v1', effectiveOn, data })));
}

/** The pools an own cost takes from, which admit it and hold enough: those named, or the general one. */
export function ownPools(
  command: Pick<RecordExpense, 'fund' | 'commodity' | 'programme' | 'purpose' | 'pools' | 'effectiveOn'>,
  amount: bigint,
  book: BookState,
  covers: Covers,
): Result<PoolAmount[]> {
  const { fund, commodity, programme, purpose, effectiveOn } = command;
  const general = poolId({ fund, commodity, restriction: {}, designation: {} });
  const named = command.pools.length > 0 ? command.pools : [{ pool: general, amount: String(amount) }];
  const amounts = parseParts(
    amount,
    named.map((p) => p.amount),
  );
  if (!amounts.ok) return amounts;
  const pools = named.map(({ pool }, index) => ({ pool, amount: amounts.value[index] ?? 0n }));
  const use = { programme: programme ?? undefined, purpose: purpose ?? undefined, on: effectiveOn };
  const checked = checkPools(book, commodity, pools, [use], covers);
  return checked.ok ? ok(pools) : checked;
}

function underCap(
  { commodity, kind, effectiveOn, proposedBy, approvals }: Omit<RecordExpense, 'account'>,
  amount: bigint,
  book: BookState,
  { actor }: Context,
): Result<CapJudgement | null> {
  const judged = judgeByCap(book.admin, commodity, kind, effectiveOn);
  if (judged === null) return ok(null);
  const { most, approver, ...judgement } = judged;
  if (amount <= most) return ok({ ...judgement, overridden: false });
  // What is only proposed may go over it: whoever may allow that is asked when it is approved.
  if (approvals === 'tried') return ok({ ...judgement, overridden: true });
  const deciders = [actor, ...(approvals?.approvers ?? [])];
  if (approver !== null && deciders.includes(approver) && proposedBy !== null)
    return ok({ ...judgement, overridden: true });
  const left = String(most > 0n ? most : 0n);
  return refuse('ADMIN_CAP_EXCEEDED', { asked: String(amount), left, base: judgement.base, commodity });
}

export interface SetAdminCap extends Omit<AdminCap, 'cap'> {
  readonly fund: string;
  readonly proposedBy: string;
  readonly effectiveOn: Day;
}

export const BASIS_POINTS_MAX = 10_000;

/** Sets the cap on the fund's own costs from a day on, by decision of somebody other than who proposed it. */
export function decideSetAdminCap(
  { fund, effectiveOn, ...setting }: SetAdminCap,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const checked = checkBook(book, fund, effectiveOn, context);
  if (!checked.ok) return checked;
  if (setting.proposedBy === context.actor) return refuse('MAKER_IS_CHECKER', { person: context.actor });
  const data: AdminCapSet = { cap: context.commandId, ...setting, from: null };
  return ok([{ stream: bookStream(fund, book.year), type: 'book.admin-cap-set.v1', effectiveOn, data }]);
}
