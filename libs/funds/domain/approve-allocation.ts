import { type Context, type Day, type Fact, type Result, mint, ok, parseAmount, refuse } from '#kernel';
import { type BookState, heldToWire, poolOf, toWire } from './book.ts';
import { checkBook, parseParts } from './checks.ts';
import { type Covers, SPANS_PER_EVENT_MAX, checkPools, drawPools, offerPools } from './draw-pools.ts';
import { type AllocationApproved, type Move, bookStream } from './events.ts';
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
  readonly effectiveOn: Day;
}

/**
 * The board's decision to set units aside for a place, a programme or a group. Changes the designation of
 * units, never their restriction. Whoever proposed it may not approve it.
 */
export function decideApproveAllocation(
  command: ApproveAllocation,
  book: BookState,
  covers: Covers,
  context: Context,
): Result<Fact[]> {
  const { fund, commodity, designation, effectiveOn } = command;
  const checked = checkBook(book, fund, effectiveOn, context);
  if (!checked.ok) return checked;
  if (command.proposedBy === context.actor) return refuse('MAKER_IS_CHECKER', { person: context.actor });
  if (Object.keys(designation).length === 0) return refuse('DESIGNATION_EMPTY');
  const amount = parseAmount(command.amount);
  if (!amount.ok) return amount;
  const purpose = { ...designation, on: effectiveOn };
  const pools = namedOrOffered(command, book, amount.value, purpose, covers);
  if (!pools.ok) return pools;
  const drawn = drawPools(book, pools.value);
  if (!drawn.ok) return drawn;
  if (drawn.value.reduce((n, { units }) => n + units.length, 0) > SPANS_PER_EVENT_MAX)
    return refuse('ALLOCATION_TOO_SCATTERED', { max: String(SPANS_PER_EVENT_MAX) });
  // Two sources may share a target, so targets are minted one after another on their own running state.
  const targets = new Map<string, ReturnType<typeof poolOf>>();
  const moves: Move[] = drawn.value.map((held, index) => {
    const key = poolKey(held.pool);
    const pool = poolId({ ...key, designation });
    const { pool: after, minted } = mint(targets.get(pool) ?? poolOf(book, pool), pools.value[index]?.amount ?? 0n);
    targets.set(pool, after);
    return { from: heldToWire(held), to: { pool, minted: toWire(minted) } };
  });
  const data: AllocationApproved = {
    allocation: context.commandId,
    proposedBy: command.proposedBy,
    commodity,
    amount: command.amount,
    moves,
    narrative: command.narrative,
  };
  return ok([{ stream: bookStream(fund, book.year), type: 'book.allocation-approved.v1', effectiveOn, data }]);
}

function namedOrOffered(
  command: ApproveAllocation,
  book: BookState,
  amount: bigint,
  purpose: Designation & { readonly on: Day },
  covers: Covers,
): Result<{ pool: string; amount: bigint }[]> {
  const { commodity, designation } = command;
  const isTarget = (pool: string): boolean => poolId({ ...poolKey(pool), designation }) === pool;
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
  const self = pools.find(({ pool }) => isTarget(pool));
  if (self) return refuse('ALLOCATION_TO_ITSELF', { pool: self.pool });
  const broken = pools.find(({ pool }) => !mayBeDesignated(poolKey(pool).restriction, designation, covers));
  if (broken) return refuse('RESTRICTION_BROKEN', { pool: broken.pool });
  const checked = checkPools(book, commodity, pools, [], covers);
  return checked.ok ? ok(pools) : checked;
}
