import { type Context, type Day, type Fact, type Result, ok, parseAmount, refuse } from '#kernel';
import type { BookState } from './book.ts';
import { checkBook, checkCommodity, parseParts } from './checks.ts';
import { type Covers, type PoolAmount, checkPools, offerPools } from './draw-pools.ts';
import {
  type DisbursementHead,
  type DisbursementLine,
  type DisbursementProposed,
  bookStream,
} from './events.ts';
import type { Purpose } from './restriction.ts';

export interface ProposeDisbursement {
  readonly fund: string;
  readonly commodity: string;
  readonly amount: string;
  readonly programme: string | null;
  readonly group: string | null;
  readonly purpose: string | null;
  readonly lines: readonly DisbursementLine[];
  /** Pools to use; empty: those that admit every line, in the offering order of DESIGN §4. */
  readonly pools: readonly { readonly pool: string; readonly amount: string }[];
  readonly payee: string | null;
  readonly narrative: string | null;
  readonly effectiveOn: Day;
}

/** Keeps the envelope under 65,535 bytes; more lines go into another disbursement. */
export const LINES_MAX = 200;

/** What each line is for, as restrictions judge it. */
export const purposesOf = (
  head: Omit<DisbursementHead, 'disbursement' | 'amount' | 'commodity'>,
  on: Day,
): Purpose[] =>
  head.lines.map((line) => ({
    programme: head.programme ?? undefined,
    group: head.group ?? undefined,
    purpose: head.purpose ?? undefined,
    place: line.place ?? undefined,
    beneficiary: line.beneficiary ?? undefined,
    on,
  }));

/**
 * Proposes a disbursement: names pools and amounts, and holds nothing yet. Restrictions are judged here and
 * again at approval.
 */
export function decideProposeDisbursement(
  command: ProposeDisbursement,
  book: BookState,
  covers: Covers,
  context: Context,
): Result<Fact[]> {
  const { fund, commodity, effectiveOn } = command;
  for (const checked of [checkBook(book, fund, effectiveOn, context), checkCommodity(book, commodity)])
    if (!checked.ok) return checked;
  const amount = parseAmount(command.amount);
  if (!amount.ok) return amount;
  if (command.lines.length === 0 || command.lines.length > LINES_MAX)
    return refuse('LINES_OUT_OF_BOUNDS', { count: String(command.lines.length), max: String(LINES_MAX) });
  const lines = parseParts(
    amount.value,
    command.lines.map((line) => line.amount),
  );
  if (!lines.ok) return lines;
  const pools = choosePools(command, book, amount.value, covers);
  if (!pools.ok) return pools;
  const data: DisbursementProposed = {
    disbursement: context.commandId,
    commodity,
    amount: command.amount,
    programme: command.programme,
    group: command.group,
    purpose: command.purpose,
    lines: command.lines,
    pools: pools.value.map((p) => ({ pool: p.pool, amount: String(p.amount) })),
    payee: command.payee,
    narrative: command.narrative,
  };
  return ok([
    { stream: bookStream(fund, book.year), type: 'book.disbursement-proposed.v1', effectiveOn, data },
  ]);
}

function choosePools(
  command: ProposeDisbursement,
  book: BookState,
  amount: bigint,
  covers: Covers,
): Result<PoolAmount[]> {
  const purposes = purposesOf(command, command.effectiveOn);
  if (command.pools.length === 0) return offerPools(book, command.commodity, amount, purposes, covers);
  const amounts = parseParts(
    amount,
    command.pools.map((p) => p.amount),
  );
  if (!amounts.ok) return amounts;
  const pools = command.pools.map(({ pool }, index) => ({ pool, amount: amounts.value[index] ?? 0n }));
  const checked = checkPools(book, command.commodity, pools, purposes, covers);
  return checked.ok ? ok(pools) : checked;
}
