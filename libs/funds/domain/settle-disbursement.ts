import { type Context, type Day, type Fact, type Result, ok, refuse } from '#kernel';
import { judgeApproval } from './approvals.ts';
import { type BookState, type OpenDisbursement, headOf, judgedOf, payeesOf } from './book.ts';
import { checkAccount, checkBook } from './checks.ts';
import { advanceFor } from './debts-state.ts';
import { type Covers, checkPools, drawPools, inParts, numbered } from './draw-pools.ts';
import { type DisbursementDelivered, type DisbursementHead, type PoolUnits, bookStream } from './events.ts';
import type { Paper } from './own-costs.ts';
import { purposesOf } from './propose-disbursement.ts';
import { nextVoucher } from './vouchers.ts';

/** What every step in the life of a disbursement names. */
export interface OnDisbursement {
  readonly fund: string;
  readonly disbursement: string;
  readonly effectiveOn: Day;
}

type Status = OpenDisbursement['status'];

/** The open disbursement a step is about, in one of the states the step starts from. */
export function openIn(
  command: OnDisbursement,
  book: BookState,
  from: readonly Status[],
  context: Context,
): Result<OpenDisbursement> {
  const checked = checkBook(book, command.fund, command.effectiveOn, context);
  if (!checked.ok) return checked;
  const open = book.open.get(command.disbursement);
  if (open === undefined) return refuse('DISBURSEMENT_NOT_OPEN', { disbursement: command.disbursement });
  if (from.includes(open.status)) return ok(open);
  return refuse('DISBURSEMENT_IN_OTHER_STATE', { status: open.status, wanted: from.join(', ') });
}

const fact = <Data>(
  command: OnDisbursement,
  book: BookState,
  what: string,
  data: Data,
): Fact<string, Data> => ({
  stream: bookStream(command.fund, book.year),
  type: `book.disbursement-${what}.v1`,
  effectiveOn: command.effectiveOn,
  data,
});

/** One fact for every part; the lines stand in the first only, so that they are counted once. */
export function inEvents<Extra extends object>(
  command: OnDisbursement,
  book: BookState,
  what: string,
  head: DisbursementHead,
  parts: readonly PoolUnits[][],
  extra: (units: PoolUnits[]) => Extra,
): Fact[] {
  return numbered(parts, (units, index) => ({
    ...head,
    lines: index === 0 ? head.lines : [],
    ...extra(units),
  })).map((data) => fact(command, book, what, data));
}

/**
 * Approves a proposal. When the rule that counts asks for two persons, the first approval is recorded and draws
 * nothing; the last draws exactly the amounts the proposal names, the lowest free units first. Bound to the hash of
 * the proposal, and never by the person who made or changed it, who is paid, or who approved it before.
 */
export function decideApproveDisbursement(
  command: OnDisbursement & { readonly proposalHash: string },
  book: BookState,
  covers: Covers,
  context: Context,
): Result<Fact[]> {
  const open = openIn(command, book, ['proposed'], context);
  if (!open.ok) return open;
  const { proposal, proposalHash, approving } = open.value;
  const payees = payeesOf(proposal);
  const asked = { ...judgedOf(proposal), approving, payees, on: command.effectiveOn };
  const judged = judgeApproval(book.approvals, asked, context);
  if (!judged.ok) return judged;
  if (proposalHash !== command.proposalHash)
    return refuse('PROPOSAL_IS_ANOTHER', { disbursement: command.disbursement });
  const pools = proposal.pools.map((p) => ({ pool: p.pool, amount: BigInt(p.amount) }));
  const purposes = purposesOf(proposal, command.effectiveOn);
  const checked = checkPools(book, proposal.commodity, pools, purposes, covers);
  if (!checked.ok) return checked;
  const { given, needed } = judged.value;
  if (given < needed) {
    const { disbursement } = command;
    return ok([fact(command, book, 'approval-given', { disbursement, proposalHash, given, needed })]);
  }
  const parts = inParts(drawPools(book, pools));
  return ok(
    inEvents(command, book, 'approved', headOf(proposal), parts, (units) => ({ proposalHash, drawn: units })),
  );
}

/** Turns a proposal down. Whoever made it withdraws it by cancelling instead. */
export function decideRejectDisbursement(
  command: OnDisbursement & { readonly reason: string },
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const open = openIn(command, book, ['proposed'], context);
  if (!open.ok) return open;
  if (open.value.approving.makers.includes(context.actor))
    return refuse('MAKER_IS_CHECKER', { person: context.actor });
  return ok([
    fact(command, book, 'rejected', { disbursement: command.disbursement, reason: command.reason }),
  ]);
}

/** Cancels a proposal, or an approved disbursement that was not paid: its units are free again. */
export function decideCancelDisbursement(
  command: OnDisbursement & { readonly reason: string },
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const open = openIn(command, book, ['proposed', 'approved'], context);
  if (!open.ok) return open;
  const free = withoutAdvance(command, book);
  if (!free.ok) return free;
  const { proposal, held } = open.value;
  return ok(
    inEvents(command, book, 'cancelled', headOf(proposal), inParts(held), (units) => ({
      reason: command.reason,
      restored: units,
    })),
  );
}

/** Pays an approved disbursement from an account: its units are spent. */
export function decidePayDisbursement(
  command: OnDisbursement & { readonly account: string },
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const open = openIn(command, book, ['approved'], context);
  if (!open.ok) return open;
  const free = withoutAdvance(command, book);
  if (!free.ok) return free;
  const account = checkAccount(book, command.account, open.value.proposal.commodity);
  if (!account.ok) return account;
  const paper = { account: command.account, voucher: nextVoucher(book, 'payment') };
  return payOutOf(paper, command, book, context);
}

/** Pays an approved disbursement out of where the paper says: an own account, an advance, a debt. */
export function payOutOf(
  { account, voucher }: Paper,
  command: OnDisbursement,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const open = openIn(command, book, ['approved'], context);
  if (!open.ok) return open;
  const { proposal, held } = open.value;
  return ok(
    inEvents(command, book, 'paid', headOf(proposal), inParts(held), (units) => ({
      account,
      voucher,
      settled: units,
    })),
  );
}

/** What an advance is out for is settled with it, or the advance comes back first. */
function withoutAdvance({ disbursement }: OnDisbursement, book: BookState): Result<void> {
  const advance = advanceFor(book, disbursement);
  return advance === undefined ? ok(undefined) : refuse('ADVANCE_OUT', { disbursement, advance });
}

/** Confirms that a paid disbursement reached its recipients, less what was returned before. */
export function decideDeliverDisbursement(
  command: OnDisbursement & Pick<DisbursementDelivered, 'evidence' | 'files'>,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const open = openIn(command, book, ['paid'], context);
  if (!open.ok) return open;
  const { proposal, lines } = open.value;
  const left = lines.filter((line) => line.amount !== '0');
  const amount = left.reduce((sum, line) => sum + BigInt(line.amount), 0n);
  const head = { ...headOf(proposal), amount: String(amount), lines: left };
  const data: DisbursementDelivered = { ...head, evidence: command.evidence, files: command.files };
  return ok([fact(command, book, 'delivered', data)]);
}
