import type { Day } from '#kernel';
import type { BookState, OpenDisbursement } from './book-state.ts';
import type { Check, ChecklistLine } from './events-periods.ts';
import type { OpenItemKind } from './events-daily.ts';

/** Items of a check that are named; the others are counted. */
export const CHECKED_SHOWN_MAX = 20;

const accountsNotReconciled = (book: BookState, through: Day): string[] =>
  [...book.accounts].flatMap(([account, kind]) =>
    kind === 'bank' && (book.reconciled.get(account) ?? '') < through ? [account] : [],
  );

const openItems = (book: BookState, through: Day, ...kinds: readonly OpenItemKind[]): string[] =>
  [...book.items].flatMap(([item, open]) =>
    kinds.includes(open.kind) && open.since <= through ? [item] : [],
  );

const disbursements = (book: BookState, through: Day, status: OpenDisbursement['status']): string[] =>
  [...book.open].flatMap(([item, open]) =>
    open.status === status && open.proposedOn <= through ? [item] : [],
  );

/** Other proposals that wait for approvals: once approved they would be dated as they were proposed. */
const decisions = (book: BookState, through: Day): string[] =>
  [...book.approvals.decisions].flatMap(([decision, { body }]) => {
    const { effectiveOn } = body as { readonly effectiveOn?: unknown };
    return typeof effectiveOn === 'string' && effectiveOn <= through ? [decision] : [];
  });

const FIND: Readonly<Record<Check, (book: BookState, through: Day) => string[]>> = {
  'bank-unreconciled': accountsNotReconciled,
  'money-in-transit': (book, through) => openItems(book, through, 'transit'),
  'unidentified-receipts': (book, through) => openItems(book, through, 'unidentified'),
  'count-differences': (book, through) => openItems(book, through, 'shortage', 'surplus'),
  'proposals-undecided': (book, through) => [
    ...disbursements(book, through, 'proposed'),
    ...decisions(book, through),
  ],
  'approved-unpaid': (book, through) => disbursements(book, through, 'approved'),
  'paid-undelivered': (book, through) => disbursements(book, through, 'paid'),
  'advances-out': (book, through) => openItems(book, through, 'advance'),
  'suppliers-unpaid': (book, through) => openItems(book, through, 'supplier-debt'),
};

/** What goes on into the next month or year by itself, and needs no explanation. */
const GOES_ON: ReadonlySet<Check> = new Set([
  'approved-unpaid',
  'paid-undelivered',
  'advances-out',
  'suppliers-unpaid',
]);

/** What of a book is unfinished at the end of a day, check by check; checks that find nothing are left out. */
export const checklistOf = (book: BookState, through: Day): ChecklistLine[] =>
  Object.entries(FIND).flatMap(([check, find]): ChecklistLine[] => {
    const items = find(book, through).toSorted();
    if (items.length === 0) return [];
    return [{ check: check as Check, count: items.length, items: items.slice(0, CHECKED_SHOWN_MAX) }];
  });

/** What has to be explained by whoever locks or closes all the same. */
export const unexplained = (checklist: readonly ChecklistLine[]): ChecklistLine[] =>
  checklist.filter(({ check }) => !GOES_ON.has(check));

/** The checklist as the details of a refusal: `bank-unreconciled 2, money-in-transit 1`. */
export const sayChecklist = (checklist: readonly ChecklistLine[]): string =>
  checklist.map(({ check, count }) => `${check} ${count}`).join(', ');
