import {
  type Context,
  type Day,
  type Fact,
  type Result,
  mintMoved,
  ok,
  parseAmount,
  refuse,
  sizeOf,
} from '#kernel';
import { type Approvals, checkApproved } from './approvals.ts';
import { type BookState, heldFromWire, poolOf, toWire } from './book.ts';
import { checkBook } from './checks.ts';
import { type Covers, SPANS_PER_EVENT_MAX, checkPools, drawPools, inParts, numbered } from './draw-pools.ts';
import type { ReleaseGround, RestrictionReleased } from './events-corrections.ts';
import { type Move, type PoolUnits, bookStream } from './events.ts';
import { type Restriction, isWider, poolId, poolKey } from './restriction.ts';

export interface ReleaseRestriction {
  readonly fund: string;
  readonly pool: string;
  readonly amount: string;
  /** What the units may be used for from now on: wider than before, or nothing named. */
  readonly restriction: Restriction;
  readonly ground: ReleaseGround;
  readonly proposedBy: string;
  readonly reason: string;
  /** SHA-256 (hex) of the evidence in the vault. */
  readonly files: readonly string[];
  readonly approvals?: Approvals;
  readonly effectiveOn: Day;
}

/**
 * Moves units out of a donor's restriction into a wider one or none, on evidence: the donor's consent, a lawful
 * order, or the day the restriction ended. Whoever proposed it may not decide it. The board's designation stays.
 */
export function decideReleaseRestriction(
  command: ReleaseRestriction,
  book: BookState,
  covers: Covers,
  context: Context,
): Result<Fact[]> {
  const { fund, pool: from, restriction, ground, effectiveOn } = command;
  const checked = checkBook(book, fund, effectiveOn, context);
  if (!checked.ok) return checked;
  const amount = parseAmount(command.amount);
  if (!amount.ok) return amount;
  const key = poolKey(from);
  const { proposedBy, approvals } = command;
  const decided = { kind: 'release', commodity: key.commodity, amount: amount.value, proposedBy } as const;
  const allowed = checkApproved(book, { ...decided, payees: [], approvals, on: effectiveOn }, context);
  if (!allowed.ok) return allowed;
  const enough = checkPools(book, key.commodity, [{ pool: from, amount: amount.value }], [], covers);
  if (!enough.ok) return enough;
  if (!isWider(restriction, key.restriction, covers)) return refuse('RELEASE_NOT_WIDER', { pool: from });
  const { until } = key.restriction;
  if (ground === 'expired' && (until === undefined || until >= effectiveOn))
    return refuse('RELEASE_NOT_EXPIRED', { pool: from, until: until ?? '–', date: effectiveOn });
  if (ground !== 'expired' && command.files.length === 0) return refuse('RELEASE_WITHOUT_EVIDENCE');
  const target = poolId({ ...key, restriction });
  let minting = poolOf(book, target);
  const move = (units: PoolUnits): Move => {
    const { pool: after, minted } = mintMoved(minting, sizeOf(heldFromWire(units).units));
    minting = after;
    return { from: units, to: { pool: target, minted: toWire(minted) } };
  };
  const parts = inParts(drawPools(book, [{ pool: from, amount: amount.value }]), SPANS_PER_EVENT_MAX / 2);
  const released: RestrictionReleased[] = numbered(parts, (drawn) => ({
    release: context.commandId,
    proposedBy: command.proposedBy,
    ground,
    commodity: key.commodity,
    amount: command.amount,
    moves: drawn.map(move),
    reason: command.reason,
    files: command.files,
  }));
  const stream = bookStream(fund, book.year);
  return ok(released.map((data) => ({ stream, type: 'book.restriction-released.v1', effectiveOn, data })));
}
