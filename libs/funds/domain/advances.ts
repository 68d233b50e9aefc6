import {
  type Context,
  type Day,
  type Fact,
  type Result,
  isCurrency,
  ok,
  parseAmount,
  refuse,
  sizeOf,
  takeFirst,
} from '#kernel';
import { type Approvals, checkApproved } from './approvals.ts';
import { type BookState, type Held } from './book.ts';
import { checkAccount, checkBook } from './checks.ts';
import { type OpenAdvance, advanceFor } from './debts-state.ts';
import { type Covers, drawPools, inParts, numbered } from './draw-pools.ts';
import type { ExpenseKind } from './events-daily.ts';
import type { AdvancePaid, AdvanceReturned, AdvanceSettled } from './events-debts.ts';
import { type PoolUnits, bookStream } from './events.ts';
import { type OpenItem } from './open-items.ts';
import { type RecordExpense, expenseOutOf, ownPools } from './own-costs.ts';
import { advanceOf } from './posting.ts';
import { lastUnits } from './return-disbursement.ts';
import { openIn, payOutOf } from './settle-disbursement.ts';
import { afterFacts } from './shortfalls.ts';
import { openItem } from './unidentified-receipt.ts';
import { nextVoucher } from './vouchers.ts';

export interface PayAdvance extends Pick<RecordExpense, 'programme' | 'purpose' | 'pools' | 'proposedBy'> {
  readonly fund: string;
  readonly account: string;
  readonly person: string;
  readonly name: string | null;
  readonly commodity: string;
  readonly amount: string;
  readonly due: Day | null;
  /** An approved disbursement it is for; null: own costs, in that programme, for that purpose. */
  readonly disbursement: string | null;
  readonly narrative: string | null;
  readonly approvals?: Approvals;
  readonly effectiveOn: Day;
}

/** The total of an approved disbursement that money may be advanced for. */
function advanceable(
  command: PayAdvance & { readonly disbursement: string },
  book: BookState,
  context: Context,
): Result<bigint> {
  const open = openIn(command, book, ['approved'], context);
  if (!open.ok) return open;
  const { commodity, amount } = open.value.proposal;
  if (commodity !== command.commodity)
    return refuse('COMMODITY_WRONG', { pool: command.disbursement, commodity });
  const advance = advanceFor(book, command.disbursement);
  return advance === undefined
    ? ok(BigInt(amount))
    : refuse('ADVANCE_OUT', { disbursement: command.disbursement, advance });
}

interface Advanced extends Pick<
  PayAdvance,
  'disbursement' | 'person' | 'commodity' | 'proposedBy' | 'effectiveOn'
> {
  readonly approvals?: Approvals;
}

/**
 * Whether as many stand behind an advance of own costs as the rules ask for. What an approved disbursement is advanced
 * was approved with it.
 */
function mayAdvance(
  { disbursement, person, commodity, proposedBy, approvals, effectiveOn: on }: Advanced,
  amount: bigint,
  book: BookState,
  context: Context,
): Result<void> {
  if (disbursement !== null)
    return proposedBy === context.actor ? refuse('MAKER_IS_CHECKER', { person: proposedBy }) : ok(undefined);
  const judged = { kind: 'advance', commodity, amount, proposedBy, payees: [person], approvals, on } as const;
  return checkApproved(book, judged, context);
}

/** What an advance of own costs commits; nothing for a disbursement, whose approval has committed it. */
function committed(
  command: PayAdvance,
  amount: bigint,
  book: BookState,
  covers: Covers,
  context: Context,
): Result<Held[]> {
  const { disbursement } = command;
  if (disbursement === null) {
    const pools = ownPools(command, amount, book, covers);
    return pools.ok ? ok(drawPools(book, pools.value)) : pools;
  }
  const most = advanceable({ ...command, disbursement }, book, context);
  if (!most.ok) return most;
  return amount <= most.value
    ? ok([])
    : refuse('ADVANCE_TOO_LARGE', { asked: String(amount), most: String(most.value) });
}

/**
 * Hands money to a member of staff, for an approved disbursement or for own costs. While it is out its units are
 * committed, so that nobody promises them again; it is an open item of that person until it is settled or returned.
 */
export function decidePayAdvance(
  command: PayAdvance,
  book: BookState,
  covers: Covers,
  context: Context,
): Result<Fact[]> {
  const { fund, account, person, name, commodity, due, disbursement, proposedBy, effectiveOn } = command;
  for (const checked of [
    checkBook(book, fund, effectiveOn, context),
    isCurrency(commodity) ? ok(undefined) : refuse('ADVANCE_NOT_MONEY', { commodity }),
    checkAccount(book, account, commodity),
    due !== null && due < effectiveOn ? refuse('DUE_TOO_EARLY', { due, date: effectiveOn }) : ok(undefined),
  ])
    if (!checked.ok) return checked;
  const amount = parseAmount(command.amount);
  if (!amount.ok) return amount;
  const allowed = mayAdvance({ ...command, commodity, person }, amount.value, book, context);
  if (!allowed.ok) return allowed;
  const drawn = committed(command, amount.value, book, covers, context);
  if (!drawn.ok) return drawn;
  const paid: AdvancePaid[] = numbered(inParts(drawn.value), (units) => ({
    advance: context.commandId,
    voucher: nextVoucher(book, 'payment'),
    account,
    person,
    name,
    commodity,
    amount: command.amount,
    topUp: false,
    due,
    forDisbursement: disbursement,
    programme: disbursement === null ? command.programme : null,
    purpose: disbursement === null ? command.purpose : null,
    drawn: units,
    proposedBy,
    narrative: command.narrative,
  }));
  const stream = bookStream(fund, book.year);
  return ok(paid.map((data) => ({ stream, type: 'book.advance-paid.v1', effectiveOn, data })));
}

interface OnAdvance {
  readonly fund: string;
  readonly advance: string;
  readonly effectiveOn: Day;
}

/** The advance that is out, and how much of it a command is about; a null amount is all of it. */
function outstanding(
  { fund, advance, effectiveOn }: OnAdvance,
  amount: string | null,
  book: BookState,
  context: Context,
): Result<OpenItem & OpenAdvance & { readonly amount: bigint }> {
  const open = openItem({ fund, item: advance, amount, effectiveOn }, 'advance', book, context);
  if (!open.ok) return open;
  const details = book.advances.get(advance);
  return details === undefined
    ? refuse('ITEM_NOT_OPEN', { item: advance, fund })
    : ok({ ...open.value, ...details });
}

/** What a disbursement that is open comes to. */
const roomIn = (book: BookState, disbursement: string): bigint =>
  BigInt(book.open.get(disbursement)?.proposal.amount ?? 0);

export interface TopUpAdvance extends OnAdvance {
  readonly account: string;
  readonly amount: string;
  /** For own costs; empty: the general one. */
  readonly pools: RecordExpense['pools'];
  readonly proposedBy: string | null;
}

/** Hands more money to somebody who has an advance, for the same purpose. */
export function decideTopUpAdvance(
  command: TopUpAdvance,
  book: BookState,
  covers: Covers,
  context: Context,
): Result<Fact[]> {
  const { fund, advance, account, proposedBy, effectiveOn } = command;
  const open = outstanding(command, null, book, context);
  if (!open.ok) return open;
  const { person, commodity, disbursement, programme, purpose, left, due } = open.value;
  const checked = checkAccount(book, account, commodity);
  if (!checked.ok) return checked;
  const amount = parseAmount(command.amount);
  if (!amount.ok) return amount;
  // Together with what is out, so that an advance is not handed over in small parts.
  const said = { disbursement, person, commodity, proposedBy, effectiveOn };
  const allowed = mayAdvance(said, amount.value + left, book, context);
  if (!allowed.ok) return allowed;
  const most = disbursement === null ? null : roomIn(book, disbursement) - left;
  if (most !== null && amount.value > most)
    return refuse('ADVANCE_TOO_LARGE', { asked: command.amount, most: String(most) });
  const cost = { fund, commodity, programme, purpose, pools: command.pools, effectiveOn };
  const pools = disbursement === null ? ownPools(cost, amount.value, book, covers) : ok([]);
  if (!pools.ok) return pools;
  const paid: AdvancePaid[] = numbered(inParts(drawPools(book, pools.value)), (units) => ({
    advance,
    voucher: nextVoucher(book, 'payment'),
    account,
    person,
    name: null,
    commodity,
    amount: command.amount,
    topUp: true,
    due,
    forDisbursement: disbursement,
    programme,
    purpose,
    drawn: units,
    proposedBy,
    narrative: null,
  }));
  const stream = bookStream(fund, book.year);
  return ok(paid.map((data) => ({ stream, type: 'book.advance-paid.v1', effectiveOn, data })));
}

export interface SettleAdvance extends OnAdvance {
  /** Of own costs; null: all that is out. A disbursement is settled whole. */
  readonly amount: string | null;
  readonly kind: ExpenseKind | null;
  /** Pools the expense takes from; empty: those whose units the advance held. */
  readonly pools: RecordExpense['pools'];
  readonly proposedBy: string | null;
  readonly narrative: string | null;
}

/**
 * Settles an advance, all or a part, with what it was used for: an expense under the cap on own costs, or the payment of
 * its disbursement, whole. Both are booked out of the advance, with an adjusting voucher: no money moves at a desk.
 */
export function decideSettleAdvance(
  command: SettleAdvance,
  book: BookState,
  covers: Covers,
  context: Context,
): Result<Fact[]> {
  const open = outstanding(command, command.amount, book, context);
  if (!open.ok) return open;
  const { person, disbursement } = open.value;
  const paper = { account: advanceOf(person), voucher: nextVoucher(book, 'adjustment') };
  if (disbursement !== null) {
    if (command.kind !== null) return refuse('SETTLED_AS_OTHER', { advance: command.advance });
    const paid = payOutOf(paper, { ...command, disbursement }, book, context);
    if (!paid.ok) return paid;
    const amount = roomIn(book, disbursement);
    const { left } = open.value;
    if (amount > left)
      return refuse('ITEM_TOO_SMALL', { item: command.advance, asked: String(amount), left: String(left) });
    return ok([...settledFacts(command, { ...open.value, amount }, [], book, context), ...paid.value]);
  }
  const { kind, pools, proposedBy, narrative } = command;
  if (kind === null) return refuse('SETTLED_AS_OTHER', { advance: command.advance });
  const { amount, commodity, programme, purpose, held } = open.value;
  const restored = firstUnits(held, amount);
  const settled = settledFacts(command, open.value, restored, book, context);
  const after = afterFacts(book, settled);
  const expense = expenseOutOf(
    paper,
    {
      fund: command.fund,
      kind,
      commodity,
      amount: String(amount),
      programme,
      purpose,
      pools: pools.length > 0 ? pools : poolAmounts(restored),
      proposedBy,
      narrative,
      // The money went out under the rules of advances.
      ruledAs: 'judged',
      effectiveOn: command.effectiveOn,
    },
    after,
    covers,
    context,
  );
  return expense.ok ? ok([...settled, ...expense.value]) : expense;
}

/** The first units of a backing that may lie in several pools. */
function firstUnits(held: readonly Held[], amount: bigint): Held[] {
  const taken: Held[] = [];
  let missing = amount;
  for (const { pool, units } of held) {
    const here = sizeOf(units) < missing ? sizeOf(units) : missing;
    if (here > 0n) taken.push({ pool, units: takeFirst(units, here).taken });
    missing -= here;
  }
  return taken;
}

/** How much of each pool is held, no pool twice. */
const poolAmounts = (held: readonly Held[]): { pool: string; amount: string }[] =>
  [...Map.groupBy(held, ({ pool }) => pool)].map(([pool, parts]) => ({
    pool,
    amount: String(parts.reduce((sum, { units }) => sum + sizeOf(units), 0n)),
  }));

function settledFacts(
  { fund, advance, effectiveOn }: OnAdvance,
  {
    person,
    commodity,
    amount,
    left,
    disbursement,
    programme,
  }: OpenItem & OpenAdvance & { readonly amount: bigint },
  restored: readonly Held[],
  book: BookState,
  context: Context,
): Fact[] {
  const settled: AdvanceSettled[] = numbered(inParts(restored), (units) => ({
    advance,
    person,
    commodity,
    amount: String(amount),
    left: String(left - amount),
    expense: disbursement === null ? context.commandId : null,
    forDisbursement: disbursement,
    programme,
    restored: units,
  }));
  const stream = bookStream(fund, book.year);
  return settled.map((data) => ({ stream, type: 'book.advance-settled.v1', effectiveOn, data }));
}

export interface ReturnAdvance extends OnAdvance {
  readonly account: string;
  /** Null: all that is out. */
  readonly amount: string | null;
}

/** Books what came back of an advance: the last units it held are free again. */
export function decideReturnAdvance(
  command: ReturnAdvance,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const { fund, advance, account, effectiveOn } = command;
  const open = outstanding(command, command.amount, book, context);
  if (!open.ok) return open;
  const { person, commodity, amount, left, programme, held } = open.value;
  const checked = checkAccount(book, account, commodity);
  if (!checked.ok) return checked;
  const restored: PoolUnits[][] = inParts(held.length === 0 ? [] : lastUnits(held, amount));
  const returned: AdvanceReturned[] = numbered(restored, (units) => ({
    advance,
    voucher: nextVoucher(book, 'receipt'),
    account,
    person,
    commodity,
    amount: String(amount),
    left: String(left - amount),
    programme,
    restored: units,
  }));
  const stream = bookStream(fund, book.year);
  return ok(returned.map((data) => ({ stream, type: 'book.advance-returned.v1', effectiveOn, data })));
}
