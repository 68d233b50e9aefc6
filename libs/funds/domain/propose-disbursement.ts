import { type Context, type Day, type Fact, type Result, ok, parseAmount, refuse } from '#kernel';
import { type BookState, payeesOf } from './book.ts';
import { checkBook, checkCommodity, parseParts } from './checks.ts';
import { type Covers, type PoolAmount, checkPools, offerPools } from './draw-pools.ts';
import type { DisbursementChanged } from './events-approvals.ts';
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
  /** Id of the person who is paid, where it is known. */
  readonly payeePerson?: string | undefined;
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
  const { fund, effectiveOn } = command;
  const data = proposalOf(command, context.commandId, book, covers, context);
  if (!data.ok) return data;
  const stream = bookStream(fund, book.year);
  return ok([{ stream, type: 'book.disbursement-proposed.v1', effectiveOn, data: data.value }]);
}

/** Times one proposal can be changed: it is proposed anew after that. */
export const VERSIONS_MAX = 50;

/**
 * Writes a proposal anew that waits for approval. What was approved before was another wording: those approvals are
 * void, and whoever changes it is one of its makers from now on.
 */
export function decideChangeDisbursement(
  { disbursement, reason, ...command }: ProposeDisbursement & Changing,
  book: BookState,
  covers: Covers,
  context: Context,
): Result<Fact[]> {
  const { fund, effectiveOn } = command;
  const checked = checkBook(book, fund, effectiveOn, context);
  if (!checked.ok) return checked;
  const open = book.open.get(disbursement);
  if (open === undefined) return refuse('DISBURSEMENT_NOT_OPEN', { disbursement });
  if (open.status !== 'proposed')
    return refuse('DISBURSEMENT_IN_OTHER_STATE', { status: open.status, wanted: 'proposed' });
  const { version, approvers } = open.approving;
  if (version >= VERSIONS_MAX) return refuse('VERSIONS_TOO_MANY', { max: String(VERSIONS_MAX) });
  const proposal = proposalOf(command, disbursement, book, covers, context);
  if (!proposal.ok) return proposal;
  const data: DisbursementChanged = {
    ...proposal.value,
    version: version + 1,
    replaces: open.proposalHash,
    voids: approvers,
    reason,
  };
  const stream = bookStream(fund, book.year);
  return ok([{ stream, type: 'book.disbursement-changed.v1', effectiveOn, data }]);
}

interface Changing {
  readonly disbursement: string;
  readonly reason: string;
}

/** The proposal a command words, when it is sound. */
function proposalOf(
  command: ProposeDisbursement,
  disbursement: string,
  book: BookState,
  covers: Covers,
  context: Context,
): Result<DisbursementProposed> {
  const { fund, commodity, effectiveOn, payeePerson } = command;
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
  const person = payeePerson === undefined ? {} : { payeePerson };
  if (payeesOf({ ...person, lines: command.lines }).includes(context.actor))
    return refuse('PAYEE_DECIDES', { person: context.actor });
  const pools = choosePools(command, book, amount.value, covers);
  if (!pools.ok) return pools;
  return ok({
    disbursement,
    commodity,
    amount: command.amount,
    programme: command.programme,
    group: command.group,
    purpose: command.purpose,
    lines: command.lines,
    pools: pools.value.map((p) => ({ pool: p.pool, amount: String(p.amount) })),
    payee: command.payee,
    ...person,
    narrative: command.narrative,
  });
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
