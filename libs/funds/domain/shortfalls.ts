import {
  type Cover,
  type Day,
  type Fact,
  type LedgerEvent,
  type Pool,
  type Range,
  type Shortfall,
  fillShortfalls,
  pairInOrder,
  subtract,
  toSet,
} from '#kernel';
import { forkAdmin } from './admin-cap.ts';
import { forkApprovals } from './approvals.ts';
import { type BookState, fromWire, poolOf } from './book-state.ts';
import { evolveBook } from './book.ts';
import { coverToWire, shortToWire } from './covers.ts';
import { SPANS_PER_EVENT_MAX, numbered } from './draw-pools.ts';
import type { ShortfallSettled } from './events-corrections.ts';

/** A state that facts can be tried on: what a fold changes is its own. */
const forked = (book: BookState): BookState => ({
  ...book,
  accounts: new Map(book.accounts),
  balances: new Map(book.balances),
  lastMoves: new Map(book.lastMoves),
  goods: new Map(book.goods),
  pools: new Map(book.pools),
  open: new Map(book.open),
  returns: new Map(book.returns),
  vouchers: { ...book.vouchers },
  short: new Set(book.short),
  items: new Map(book.items),
  advances: new Map(book.advances),
  invoices: new Map(book.invoices),
  admin: forkAdmin(book.admin),
  predecessors: new Map(book.predecessors),
  reconciled: new Map(book.reconciled),
  approvals: forkApprovals(book.approvals),
});

/** The book after facts that are decided and not recorded yet. The book given stays as it is. */
export const afterFacts = (book: BookState, facts: readonly Fact[]): BookState =>
  facts.reduce(
    (state, fact, index) => evolveBook(state, { ...fact, ...UNRECORDED, revision: index } as LedgerEvent),
    forked(book),
  );

const UNRECORDED = {
  id: '',
  position: 0,
  recordedAt: '',
  actor: '',
  commandId: '',
  correlationId: '',
  causationId: '',
};

/**
 * The facts of any decision on books, followed by what they do to shortfalls: whatever made units free covers
 * the oldest shortfall of its pool first, and what a use gave back of one is voided (DESIGN §4). Every command of
 * the funds goes through here, so that no decision has to think of it. A book that is short nowhere costs nothing.
 */
export function settleShortfalls(
  facts: readonly Fact[],
  bookOf: (stream: string) => BookState,
): readonly Fact[] {
  const settled = [...Map.groupBy(facts, ({ stream }) => stream)].flatMap(([stream, own]) => {
    const book = stream.startsWith('book-') ? bookOf(stream) : undefined;
    const last = own.at(-1);
    if (!book || book.short.size === 0 || !last) return [];
    const after = afterFacts(book, own);
    // What a merged fund lacked is lacking in the book it went to.
    if (after.merged) return [];
    return [...book.short]
      .flatMap((pool) => settledIn(pool, poolOf(book, pool), poolOf(after, pool), coveredBy(own, pool)))
      .map((data) => ({ ...factOn(stream, last.effectiveOn), data }));
  });
  return settled.length === 0 ? facts : [...facts, ...settled];
}

const SETTLED = 'book.shortfall-settled.v1';

const factOn = (stream: string, effectiveOn: Day): Omit<Fact, 'data'> => ({
  stream,
  type: SETTLED,
  effectiveOn,
});

/** Units of older shortfalls that the facts themselves cover already. */
const coveredBy = (facts: readonly Fact[], pool: string): Range[] =>
  facts.flatMap(({ type, data }) => {
    const settled = data as ShortfallSettled;
    return type === SETTLED && settled.pool === pool
      ? settled.covered.flatMap(({ replaced }) => replaced.map(fromWire))
      : [];
  });

function settledIn(pool: string, before: Pool, after: Pool, covered: readonly Range[]): ShortfallSettled[] {
  const still = toSet([...after.shortfalls.flatMap(({ units }) => units), ...covered]);
  const lifted = before.shortfalls
    .map(({ id, units }) => ({ id, units: subtract(units, still) }))
    .filter(({ units }) => units.length > 0);
  const { covers } = fillShortfalls(after);
  if (lifted.length === 0 && covers.length === 0) return [];
  const commodity = pool.split('/')[1] ?? '';
  const pieces = [...covers.flatMap(coverPieces), ...lifted.flatMap(shortPieces)];
  return numbered(chunks(pieces), (part) => ({
    commodity,
    pool,
    covered: coversOf(part).map(coverToWire),
    lifted: shortsOf(part).map(shortToWire),
  }));
}

/** A part of what a correction does, small enough to be counted: two spans at most. */
export type Piece =
  { readonly kind: 'cover'; readonly cover: Cover } | { readonly kind: 'short'; readonly short: Shortfall };

/** A cover cut into pairs of one span each. */
export const coverPieces = ({ id, replaced, by }: Cover): Piece[] =>
  pairInOrder(replaced, by).map(({ source, target }) => ({
    kind: 'cover',
    cover: { id, replaced: [source], by: [target] },
  }));

export const shortPieces = ({ id, units }: Shortfall): Piece[] =>
  units.map((range) => ({ kind: 'short', short: { id, units: [range] } }));

/** Pieces as they go into events: none with more spans than it may hold. One empty part for none. */
export const chunks = <T>(pieces: readonly T[]): T[][] =>
  Array.from({ length: Math.max(1, Math.ceil(pieces.length / PIECES_PER_EVENT_MAX)) }, (_, index) =>
    pieces.slice(index * PIECES_PER_EVENT_MAX, (index + 1) * PIECES_PER_EVENT_MAX),
  );

const PIECES_PER_EVENT_MAX = SPANS_PER_EVENT_MAX / 2;

/** The covers among pieces, those of one use that follow one another made one. */
export function coversOf(pieces: readonly Piece[]): Cover[] {
  const joined: Cover[] = [];
  for (const piece of pieces) {
    if (piece.kind !== 'cover') continue;
    const last = joined.at(-1);
    const { id, replaced, by } = piece.cover;
    if (last?.id === id)
      joined[joined.length - 1] = { id, replaced: [...last.replaced, ...replaced], by: [...last.by, ...by] };
    else joined.push(piece.cover);
  }
  return joined;
}

/** The shortfalls among pieces, those of one use that follow one another made one. */
export function shortsOf(pieces: readonly Piece[]): Shortfall[] {
  const joined: Shortfall[] = [];
  for (const piece of pieces) {
    if (piece.kind !== 'short') continue;
    const last = joined.at(-1);
    const { id, units } = piece.short;
    if (last?.id === id) joined[joined.length - 1] = { id, units: [...last.units, ...units] };
    else joined.push(piece.short);
  }
  return joined;
}
