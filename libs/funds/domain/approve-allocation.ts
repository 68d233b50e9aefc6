import {
  type Context,
  type Day,
  type Fact,
  type Pool,
  type Result,
  mintMoved,
  ok,
  parseAmount,
  refuse,
  sizeOf,
} from '#kernel';
import { type Approvals, checkApproved } from './approvals.ts';
import { type BookState, heldFromWire, poolOf, toWire } from './book.ts';
import { checkBook, checkCommodity, parseParts } from './checks.ts';
import {
  type Covers,
  type PoolAmount,
  SPANS_PER_EVENT_MAX,
  checkPools,
  drawPools,
  inParts,
  numbered,
  offerPools,
} from './draw-pools.ts';
import { type AllocationApproved, type Move, type PoolUnits, bookStream } from './events.ts';
import { type Designation, mayBeDesignated, poolId, poolKey } from './restriction.ts';

export interface ApproveAllocation {
  readonly fund: string;
  readonly commodity: string;
  readonly amount: string;
  /** What the board sets the units aside for. At least one dimension. */
  readonly designation: Designation;
  /** Pools to take from; empty: undesignated pools whose restriction admits the designation, in offering order. */
  readonly pools: readonly { readonly pool: string; readonly amount: string }[];
  readonly proposedBy: string;
  readonly narrative: string | null;
  readonly approvals?: Approvals;
  readonly effectiveOn: Day;
}

/**
 * The board's decision to set units aside for a place, a programme or a group. Changes the designation of
 * units, never their restriction. Whoever proposed it may not approve it, and it takes the approvers that the rules ask for.
 */
export function decideApproveAllocation(
  command: ApproveAllocation,
  book: BookState,
  covers: Covers,
  context: Context,
): Result<Fact[]> {
  const { fund, commodity, designation, effectiveOn } = command;
  for (const checked of [checkBook(book, fund, effectiveOn, context), checkCommodity(book, commodity)])
    if (!checked.ok) return checked;
  if (Object.keys(designation).length === 0) return refuse('DESIGNATION_EMPTY');
  const amount = parseAmount(command.amount);
  if (!amount.ok) return amount;
  const { proposedBy, approvals } = command;
  const decided = { kind: 'allocation', commodity, amount: amount.value, proposedBy, approvals } as const;
  const allowed = checkApproved(book, { ...decided, payees: [], on: effectiveOn }, context);
  if (!allowed.ok) return allowed;
  const purpose = { ...designation, on: effectiveOn };
  const pools = namedOrOffered(command, book, amount.value, purpose, covers);
  if (!pools.ok) return pools;
  // Several sources may share a target, so targets are minted one after another on their own running state.
  const targets = new Map<string, Pool>();
  const move = (from: PoolUnits): Move => {
    const pool = poolId({ ...poolKey(from.pool), designation });
    const amount = sizeOf(heldFromWire(from).units);
    const { pool: after, minted } = mintMoved(targets.get(pool) ?? poolOf(book, pool), amount);
    targets.set(pool, after);
    return { from, to: { pool, minted: toWire(minted) } };
  };
  // Each span drawn may be a move of its own with one span minted.
  const parts = inParts(drawPools(book, pools.value), SPANS_PER_EVENT_MAX / 2);
  const approved: AllocationApproved[] = numbered(parts, (drawn) => ({
    allocation: context.commandId,
    proposedBy: command.proposedBy,
    commodity,
    amount: command.amount,
    moves: drawn.map(move),
    narrative: command.narrative,
  }));
  const stream = bookStream(fund, book.year);
  return ok(approved.map((data) => ({ stream, type: 'book.allocation-approved.v1', effectiveOn, data })));
}

/** Pools to take from: as named, or as offered. */
function namedOrOffered(
  command: ApproveAllocation,
  book: BookState,
  amount: bigint,
  purpose: Designation & { readonly on: Day },
  covers: Covers,
): Result<PoolAmount[]> {
  const { commodity, designation } = command;
  if (command.pools.length === 0) {
    const undesignated: BookState = {
      ...book,
      pools: new Map([...book.pools].filter(([id]) => Object.keys(poolKey(id).designation).length === 0)),
    };
    return offerPools(undesignated, commodity, amount, [purpose], covers);
  }
  const amounts = parseParts(
    amount,
    command.pools.map((p) => p.amount),
  );
  if (!amounts.ok) return amounts;
  const pools = command.pools.map(({ pool }, index) => ({ pool, amount: amounts.value[index] ?? 0n }));
  const checked = checkPools(book, commodity, pools, [], covers);
  if (!checked.ok) return checked;
  const self = pools.find(({ pool }) => poolId({ ...poolKey(pool), designation }) === pool);
  if (self) return refuse('ALLOCATION_TO_ITSELF', { pool: self.pool });
  const broken = pools.find(({ pool }) => !mayBeDesignated(poolKey(pool).restriction, designation, covers));
  if (broken) return refuse('RESTRICTION_BROKEN', { pool: broken.pool });
  return ok(pools);
}
