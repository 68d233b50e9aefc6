import {
  type Context,
  type Day,
  type Fact,
  type LedgerEvent,
  type Result,
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
  heldFromWire,
  heldToWire,
} from './book.ts';
import { checkAccount, checkBook } from './checks.ts';
import { heldTotal } from './draw-pools.ts';
import { type BookEvent, type DisbursementReturned, bookStream } from './events.ts';
import { voucherNumber } from './record-receipt.ts';

export interface ReturnDisbursement {
  readonly fund: string;
  readonly disbursement: string;
  readonly account: string;
  /** What came back of each line, by the line's place in the proposal, from 0. */
  readonly lines: readonly { readonly line: number; readonly amount: string }[];
  readonly reason: string;
  readonly effectiveOn: Day;
}

/** A paid disbursement as its events tell it; undefined when they do not tell of a paid one. */
export function paidDisbursement(events: readonly BookEvent[]): (OpenDisbursement & { delivered: boolean }) | undefined {
  let found: (OpenDisbursement & { delivered: boolean }) | undefined;
  for (const event of events) {
    if (event.type === 'book.disbursement-proposed.v1')
      found = {
        status: 'proposed',
        proposal: event.data,
        proposalHash: '',
        maker: event.actor,
        lines: event.data.lines,
        held: [],
        delivered: false,
      };
    if (!found) continue;
    if (event.type === 'book.disbursement-approved.v1')
      found = { ...found, held: [...found.held, ...event.data.drawn.map(heldFromWire)] };
    if (event.type === 'book.disbursement-paid.v1') found = { ...found, status: 'paid' };
    if (event.type === 'book.disbursement-delivered.v1') found = { ...found, delivered: true };
    if (event.type === 'book.disbursement-returned.v1') found = { ...found, ...afterReturn(found, event.data) };
  }
  return found?.status === 'paid' ? found : undefined;
}

/**
 * Books money or goods that came back from a paid disbursement, before or after its delivery: the last units
 * of its backing are free again (DESIGN §4).
 */
export function decideReturnDisbursement(
  command: ReturnDisbursement,
  book: BookState,
  history: readonly LedgerEvent[],
  context: Context,
): Result<Fact[]> {
  const { fund, effectiveOn } = command;
  const checked = checkBook(book, fund, effectiveOn, context);
  if (!checked.ok) return checked;
  const paid = paidIn(command, book, history as readonly BookEvent[]);
  if (!paid.ok) return paid;
  const { proposal, lines, held, delivered } = paid.value;
  const account = checkAccount(book, command.account, proposal.commodity);
  if (!account.ok) return account;
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
  const data: DisbursementReturned = {
    ...headOf(proposal),
    amount: String(total),
    lines: proposal.lines.map((line, index) => ({ ...line, amount: String(back.get(index) ?? 0n), children: null })),
    account: command.account,
    voucher: voucherNumber('PT', book.vouchers.receipt),
    reason: command.reason,
    afterDelivery: delivered,
    restored: lastUnits(held, total).map(heldToWire),
  };
  return ok([{ stream: bookStream(fund, book.year), type: 'book.disbursement-returned.v1', effectiveOn, data }]);
}

function paidIn(
  { disbursement, fund }: ReturnDisbursement,
  book: BookState,
  history: readonly BookEvent[],
): Result<OpenDisbursement & { delivered: boolean }> {
  const open = book.open.get(disbursement);
  if (open?.status === 'paid') return ok({ ...open, delivered: false });
  if (open) return refuse('DISBURSEMENT_IN_OTHER_STATE', { status: open.status, wanted: 'paid' });
  const returns = history.filter((e) => e.type === 'book.disbursement-returned.v1').length;
  if (returns !== (book.reworked.get(disbursement) ?? 0)) return refuse('HISTORY_BEHIND', { item: disbursement });
  const paid = paidDisbursement(history);
  if (paid && history[0]?.stream === bookStream(fund, book.year)) return ok(paid);
  return refuse('DISBURSEMENT_NOT_OPEN', { disbursement });
}

/** The last units of a backing that may lie in several pools, pool by pool from the end. */
function lastUnits(held: readonly Held[], amount: bigint): Held[] {
  const taken: Held[] = [];
  let missing = amount;
  for (const { pool, units } of held.toReversed()) {
    const here = sizeOf(units) < missing ? sizeOf(units) : missing;
    if (here > 0n) taken.unshift({ pool, units: takeLast(units, here).taken });
    missing -= here;
  }
  if (heldTotal(taken) !== amount) throw new Error('invariant broken: a return restores what it returns');
  return taken;
}
