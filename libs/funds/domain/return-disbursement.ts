import { noApprovals, worded } from './approvals.ts';
import {
  type CommodityCode,
  type Context,
  type Day,
  type Fact,
  type LedgerEvent,
  type Result,
  invariant,
  ok,
  parseAmount,
  refuse,
  sizeOf,
  takeLast,
} from '#kernel';
import {
  type BookState,
  type Held,
  type OpenDisbursement,
  afterReturn,
  headOf,
  judgedOf,
  heldFromWire,
} from './book.ts';
import { checkAccount, checkBook } from './checks.ts';
import { coverFromWire, coverHeld } from './covers.ts';
import { heldTotal, inParts } from './draw-pools.ts';
import { type BookEvent, bookStream } from './events.ts';
import { inEvents } from './settle-disbursement.ts';
import { lateIn } from './gift.ts';
import { holdingsOf } from './holdings.ts';
import { goesOnWith } from './predecessors.ts';
import type { Paper } from './own-costs.ts';
import { nextVoucher } from './vouchers.ts';

export interface ReturnDisbursement {
  readonly fund: string;
  readonly disbursement: string;
  readonly account: string;
  /** What came back of each line, by the line's place in the proposal, from 0. */
  readonly lines: readonly { readonly line: number; readonly amount: string }[];
  readonly reason: string;
  readonly effectiveOn: Day;
}

/** A disbursement that was paid, and whether it was delivered since. */
export type Paid = OpenDisbursement & { readonly delivered: boolean };

/** A paid disbursement as its events tell it; undefined when they do not tell of a paid one. */
export function paidDisbursement(events: readonly BookEvent[]): Paid | undefined {
  let found: Paid | undefined;
  for (const event of events) {
    if (event.type === 'book.disbursement-proposed.v1' || event.type === 'book.disbursement-changed.v1')
      found = {
        status: 'proposed',
        proposal: event.data,
        proposalHash: '',
        maker: event.actor,
        proposedOn: event.effectiveOn,
        paid: null,
        approving: worded(noApprovals(), judgedOf(event.data), event),
        lines: event.data.lines,
        held: [],
        delivered: false,
      };
    if (!found) continue;
    if (event.type === 'book.disbursement-approved.v1')
      found = { ...found, held: [...found.held, ...event.data.drawn.map(heldFromWire)] };
    if (event.type === 'book.disbursement-paid.v1')
      found = { ...found, status: 'paid', paid: { book: event.stream, on: event.effectiveOn } };
    if (event.type === 'book.disbursement-delivered.v1') found = { ...found, delivered: true };
    if (event.type === 'book.disbursement-returned.v1') found = afterReturn(found, event.data);
    for (const { use, covers } of holdingsOf(event))
      if (covers && use === found.proposal.disbursement)
        found = { ...found, held: coverHeld(found.held, covers.pool, coverFromWire(covers.cover)) };
  }
  return found?.status === 'paid' ? found : undefined;
}

/**
 * Books money or goods that came back from a paid disbursement, before or after its delivery: the last units
 * of its backing are free again (DESIGN §4). One that was finished in a closed book comes back into this one.
 */
export function decideReturnDisbursement(
  command: ReturnDisbursement,
  book: BookState,
  history: readonly LedgerEvent[],
  context: Context,
): Result<Fact[]> {
  const into = (commodity: CommodityCode): Result<Paper> => {
    const account = checkAccount(book, command.account, commodity);
    return account.ok ? ok({ account: command.account, voucher: nextVoucher(book, 'receipt') }) : account;
  };
  return returnInto(into, command, book, history, context);
}

/** Books what came back into where the paper says, which may depend on what it is. */
export function returnInto(
  into: (commodity: CommodityCode) => Result<Paper>,
  command: Omit<ReturnDisbursement, 'account'>,
  book: BookState,
  history: readonly LedgerEvent[],
  context: Context,
): Result<Fact[]> {
  const { fund, effectiveOn } = command;
  const checked = checkBook(book, fund, effectiveOn, context);
  if (!checked.ok) return checked;
  const paid = paidIn(command, book, history as readonly BookEvent[]);
  if (!paid.ok) return paid;
  const { proposal, lines, held, delivered, paid: where } = paid.value;
  const late = where ? lateIn(book, { stream: where.book, effectiveOn: where.on }) : {};
  const paper = into(proposal.commodity);
  if (!paper.ok) return paper;
  const { account, voucher } = paper.value;
  const back = new Map<number, bigint>();
  for (const { line, amount } of command.lines) {
    const parsed = parseAmount(amount);
    if (!parsed.ok) return parsed;
    if (back.has(line)) return refuse('LINE_NAMED_TWICE', { line: String(line) });
    const left = BigInt(lines[line]?.amount ?? 0);
    if (parsed.value > left)
      return refuse('RETURN_TOO_LARGE', { line: String(line), asked: amount, left: String(left) });
    back.set(line, parsed.value);
  }
  const total = [...back.values()].reduce((a, b) => a + b, 0n);
  if (total === 0n) return refuse('AMOUNT_ZERO');
  const head = {
    ...headOf(proposal),
    amount: String(total),
    lines: proposal.lines.map((line, index) => ({
      ...line,
      amount: String(back.get(index) ?? 0n),
      children: null,
    })),
  };
  return ok(
    inEvents(command, book, 'returned', head, inParts(lastUnits(held, total)), (units) => ({
      account,
      voucher,
      reason: command.reason,
      afterDelivery: delivered,
      ...late,
      restored: units,
    })),
  );
}

function paidIn(
  { disbursement, fund }: Omit<ReturnDisbursement, 'account'>,
  book: BookState,
  history: readonly BookEvent[],
): Result<Paid> {
  const stream = bookStream(fund, book.year);
  const open = book.open.get(disbursement);
  if (open?.status === 'paid') return ok({ ...open, delivered: false });
  if (open) return refuse('DISBURSEMENT_IN_OTHER_STATE', { status: open.status, wanted: 'paid' });
  const paid = paidDisbursement(history);
  const isOwn = goesOnWith(book, history[0]?.stream ?? '');
  const returns = history.filter((e) => e.type === 'book.disbursement-returned.v1' && e.stream === stream);
  // The log may not hold yet what the book has decided: a return missing from the history, or the delivery. What is
  // not delivered is open in this book, wherever it was paid.
  const unfinished = paid !== undefined && !paid.delivered && heldTotal(paid.held) > 0n;
  if (returns.length !== (book.returns.get(disbursement) ?? 0) || (isOwn && unfinished))
    return refuse('HISTORY_BEHIND', { item: disbursement });
  return paid && isOwn ? ok(paid) : refuse('DISBURSEMENT_NOT_OPEN', { disbursement });
}

/** The last units of a backing that may lie in several pools, pool by pool from the end. */
export function lastUnits(held: readonly Held[], amount: bigint): Held[] {
  const taken: Held[] = [];
  let missing = amount;
  for (const { pool, units } of held.toReversed()) {
    const here = sizeOf(units) < missing ? sizeOf(units) : missing;
    if (here > 0n) taken.unshift({ pool, units: takeLast(units, here).taken });
    missing -= here;
  }
  invariant(heldTotal(taken) === amount, 'a return restores what it returns');
  return taken;
}
