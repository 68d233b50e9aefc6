import { type BookState, bookKind } from '../../libs/funds/domain/book.ts';
import { type MergeFund, decideMergeFund } from '../../libs/funds/domain/merge-fund.ts';
import { decideLockPeriod } from '../../libs/funds/domain/periods.ts';
import { conclude } from '../../libs/funds/domain/conclude.ts';
import { type Context, type Fact, type Result } from '../../libs/kernel/index.ts';
import { type Step, type World, id, openBook, recorded, take } from './funds.ts';

/** Two funds in one log: the one that ends, and the one that goes on with it. */
export const OLD = 'qbt-06';
export const NEXT = 'qbt-19';
const TODAY = '2026-06-30';

/** What steps on the successor's book name. */
export const BY_NEXT = { fund: NEXT };

/** A world after more steps; a step that is refused is a mistake in the test. */
export const after = (world: World, ...steps: readonly Step[]): World =>
  steps.reduce((before, step) => {
    const { world: now, decided } = take(before, step);
    if (!decided.ok) throw new Error(`step refused: ${JSON.stringify(decided.error)}`);
    return now;
  }, world);

/** Opens the book of the successor: the same accounts by other ids, the same goods. */
export const openNext = (change: Parameters<typeof openBook>[0] = {}): Step =>
  openBook({
    fund: NEXT,
    name: 'Quỹ Bảo trợ trẻ em tỉnh Thái Nguyên',
    place: 'tn',
    accounts: [
      { account: 'tien-mat-tn', kind: 'cash' },
      { account: 'kho-tn', kind: 'store' },
    ],
    ...change,
  });

/** The successor's book in the log that the old fund wrote as well. */
export const beside = (old: World, ...steps: readonly Step[]): World =>
  after({ book: bookKind.initial(`book-${NEXT}-2026`), log: old.log }, ...steps);

/** Locks a fund's months before that of the merger. */
export const lockBefore = (fund = OLD): Step => ({
  actor: 'chi',
  decide: ({ book }, context) =>
    decideLockPeriod({ fund, year: 2026, month: 5, reason: 'sap-nhap' }, book, context),
});

export const ORDER: MergeFund = {
  fund: OLD,
  into: NEXT,
  accounts: [],
  proposedBy: 'lan',
  reason: 'nghi-quyet-1683',
  files: [],
  effectiveOn: '2026-06-30',
};

const contextOf = ({ log }: World, actor: string): Context => ({
  commandId: id(new Set(log.map((event) => event.commandId)).size + 1),
  actor,
  recordedAt: `${TODAY}T02:00:00.000Z`,
  today: TODAY,
});

/** The merger as a step on the successor's book. */
export const mergeStep = (old: BookState, change: Partial<MergeFund> = {}, actor = 'chi'): Step => ({
  actor,
  decide: ({ book: successor }, context) =>
    decideMergeFund({ ...ORDER, ...change }, { book: old, successor }, context),
});

/** What merging leads to. */
export const decideMerger = (
  old: BookState,
  next: World,
  change: Partial<MergeFund> = {},
  actor = 'chi',
): Result<Fact[]> =>
  decideMergeFund({ ...ORDER, ...change }, { book: old, successor: next.book }, contextOf(next, actor));

export interface Merged {
  readonly facts: readonly Fact[];
  /** The book that ended. */
  readonly old: BookState;
  /** The successor's, in the log of both. */
  readonly world: World;
}

/** The two books after a merger that must be accepted. */
export function merge(old: BookState, next: World, change: Partial<MergeFund> = {}): Merged {
  const made = decideMerger(old, next, change);
  const bookOf = (stream: string): BookState => (stream.startsWith(`book-${OLD}-`) ? old : next.book);
  const decided = made.ok ? conclude(made.value, bookOf) : made;
  if (!decided.ok) throw new Error(`merger refused: ${JSON.stringify(decided.error)}`);
  const facts = decided.value;
  const events = recorded(facts, contextOf(next, 'chi'), next.log.length);
  const folded = (book: BookState, fund: string): BookState =>
    events
      .filter(({ stream }) => stream.startsWith(`book-${fund}-`))
      .reduce<BookState>((state, event) => bookKind.evolve(state, event), structuredClone(book));
  return {
    facts,
    old: folded(old, OLD),
    world: { book: folded(next.book, NEXT), log: [...next.log, ...events] },
  };
}
