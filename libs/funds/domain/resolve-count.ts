import { type Context, type Day, type Fact, type Result, isCurrency, ok, refuse } from '#kernel';
import { checkApproved } from './approvals.ts';
import type { BookState } from './book.ts';
import { checkAccount } from './checks.ts';
import type { Covers } from './draw-pools.ts';
import type { ChargePaid, CountDifferenceResolved, Resolution } from './events-counts.ts';
import { bookStream } from './events.ts';
import { type RecordExpense, expenseOutOf, incomeInto } from './own-costs.ts';
import { standsAt } from './postings-counts.ts';
import type { Restriction } from './restriction.ts';
import { openItem } from './unidentified-receipt.ts';
import { nextVoucher } from './vouchers.ts';

export interface ResolveCountDifference extends Pick<
  RecordExpense,
  'programme' | 'purpose' | 'pools' | 'proposedBy' | 'approvals'
> {
  readonly fund: string;
  readonly difference: string;
  readonly how: Resolution;
  /** Null: all that is left of it. */
  readonly amount: string | null;
  readonly person: string | null;
  readonly name: string | null;
  /** Of income: what the surplus may be used for. */
  readonly restriction: Restriction;
  readonly reason: string;
  readonly effectiveOn: Day;
}

/** What each kind of open item can be resolved as. */
const WAYS: Readonly<Record<CountDifferenceResolved['of'], readonly Resolution[]>> = {
  surplus: ['found', 'income'],
  shortage: ['found', 'charged', 'written-off'],
  charge: ['written-off'],
};

const isResolvable = (kind: string): kind is CountDifferenceResolved['of'] => Object.hasOwn(WAYS, kind);

/**
 * Resolves what a count found, or what a person owes for it, all or a part: explained, so that the account holds it
 * again; taken as income; charged to a person; or written off as an expense, which somebody else has proposed and
 * which is the first to touch units of a pool.
 */
export function decideResolveCountDifference(
  command: ResolveCountDifference,
  book: BookState,
  covers: Covers,
  context: Context,
): Result<Fact[]> {
  const { fund, difference, how, amount: asked, person, proposedBy, reason, effectiveOn } = command;
  const open = openItem(
    { fund, item: difference, amount: asked, effectiveOn },
    ['surplus', 'shortage', 'charge'],
    book,
    context,
  );
  if (!open.ok) return open;
  const { kind: of, account, commodity, amount, left } = open.value;
  if (!isResolvable(of) || !WAYS[of].includes(how))
    return refuse('RESOLUTION_OF_OTHER_KIND', { how, kind: of });
  if (how === 'charged' && !isCurrency(commodity)) return refuse('CHARGE_NOT_MONEY', { commodity });
  if (how === 'charged' && person === null) return refuse('CHARGE_WITHOUT_PERSON', { item: difference });
  if (how === 'written-off' && proposedBy === null)
    return refuse('WRITE_OFF_WITHOUT_PROPOSAL', { item: difference });
  const allowed = mayResolve(command, open.value, book, context);
  if (!allowed.ok) return allowed;
  const voucher = nextVoucher(book, 'adjustment');
  const booked = bookedElsewhere(command, { of, account, commodity, amount, voucher }, book, covers, context);
  if (!booked.ok) return booked;
  const data: CountDifferenceResolved = {
    resolution: context.commandId,
    difference,
    of,
    how,
    account,
    commodity,
    amount: String(amount),
    left: String(left - amount),
    voucher: booked.value.length > 0 ? null : voucher,
    person: how === 'charged' ? person : null,
    name: how === 'charged' ? command.name : null,
    proposedBy,
    reason,
  };
  const stream = bookStream(fund, book.year);
  return ok([...booked.value, { stream, type: 'book.count-difference-resolved.v1', effectiveOn, data }]);
}

/** A loss is written off by as many as the rules ask for, and never by who owes it. */
function mayResolve(
  { how, proposedBy, approvals, effectiveOn: on }: ResolveCountDifference,
  {
    kind: of,
    account,
    commodity,
    amount,
  }: { kind: string; account: string; commodity: string; amount: bigint },
  book: BookState,
  context: Context,
): Result<void> {
  if (how !== 'written-off')
    return proposedBy === context.actor ? refuse('MAKER_IS_CHECKER', { person: proposedBy }) : ok(undefined);
  const payees = of === 'charge' ? [account] : [];
  const judged = { kind: 'write-off', commodity, amount, proposedBy, payees, approvals, on } as const;
  return checkApproved(book, judged, context);
}

interface Resolved extends Pick<CountDifferenceResolved, 'of' | 'account' | 'commodity'> {
  readonly amount: bigint;
  readonly voucher: string;
}

/** The income or the expense that a resolution is; none when it is neither. */
function bookedElsewhere(
  command: ResolveCountDifference,
  { of, account, commodity, amount, voucher }: Resolved,
  book: BookState,
  covers: Covers,
  context: Context,
): Result<Fact[]> {
  const { fund, how, restriction, programme, purpose, pools, proposedBy, approvals, effectiveOn } = command;
  const paper = { account: standsAt({ of, account }), voucher };
  const said = { fund, commodity, amount: String(amount), narrative: null, effectiveOn };
  if (how === 'income')
    return incomeInto(paper, { ...said, kind: 'surplus', restriction, period: null }, book, context);
  if (how !== 'written-off') return ok([]);
  const expense = {
    ...said,
    kind: 'shortage',
    programme,
    purpose,
    pools,
    proposedBy,
    ruledAs: 'judged',
  } as const;
  return expenseOutOf(paper, { ...expense, ...(approvals && { approvals }) }, book, covers, context);
}

export interface ReceiveCharge {
  readonly fund: string;
  readonly charge: string;
  /** Own account it comes into. */
  readonly account: string;
  readonly amount: string | null;
  readonly effectiveOn: Day;
}

/** Books what a person pays of a shortage that was charged to them. */
export function decideReceiveCharge(
  { charge, account, ...on }: ReceiveCharge,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const open = openItem({ ...on, item: charge }, 'charge', book, context);
  if (!open.ok) return open;
  const { account: person, commodity, amount, left } = open.value;
  const checked = checkAccount(book, account, commodity);
  if (!checked.ok) return checked;
  const data: ChargePaid = {
    payment: context.commandId,
    charge,
    voucher: nextVoucher(book, 'receipt'),
    account,
    person,
    commodity,
    amount: String(amount),
    left: String(left - amount),
  };
  const stream = bookStream(on.fund, book.year);
  return ok([{ stream, type: 'book.charge-paid.v1', effectiveOn: on.effectiveOn, data }]);
}
