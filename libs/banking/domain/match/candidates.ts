import { type Knowledge, type OpenEntry, type OpenLine, WINDOW_DAYS, daysApart } from './open.ts';
import { SUBSET_OF_MAX, subsetsOf } from './subsets.ts';

/** Why something could be the line, in the order of weight. */
export type Reason = 'reference' | 'name' | 'learned' | 'amount' | 'day' | 'sum';

/** Entries that together could be a line, with the reasons; the higher the score, the likelier. */
export interface Candidate {
  readonly entries: readonly OpenEntry[];
  readonly reasons: readonly Reason[];
  readonly score: number;
  /** Line less entries: 0 when it could be matched as it is. */
  readonly difference: bigint;
}

/** Candidates that are shown of one line. */
export const CANDIDATES_MAX = 10;
/** Combinations of entries that are shown of one line. */
const SUMS_MAX = 3;
/** Days around a line in which candidates are looked for: further than a rule would go. */
const LOOK_DAYS = 31;

const WEIGHTS: Readonly<Record<Reason, number>> = {
  // More than all the others together: what was printed for the payer comes first.
  reference: 120,
  amount: 30,
  name: 25,
  learned: 25,
  sum: 20,
  day: 10,
};

/** A ranked list of what a line could be, for a person to choose from. Ties stand by day and id, so it never jumps. */
export function candidatesFor(
  line: OpenLine,
  entries: readonly OpenEntry[],
  { referencesOf, nameOf, learned }: Knowledge,
): readonly Candidate[] {
  const near = entries.filter(
    ({ direction, day }) => direction === line.direction && daysApart(day, line.day) <= LOOK_DAYS,
  );
  const scored = near.map((entry): Candidate => {
    const name = nameOf(entry);
    const holds: Readonly<Record<Reason, boolean>> = {
      reference: referencesOf(entry).some(
        (reference) => reference !== '' && line.squeezed.includes(reference),
      ),
      amount: entry.amount === line.amount,
      name: name !== undefined && name !== '' && line.squeezed.includes(name),
      learned: entry.donor !== null && learned.get(line.fingerprint) === entry.donor,
      sum: false,
      day: entry.day === line.day,
    };
    const reasons = (Object.keys(WEIGHTS) as Reason[]).filter((reason) => holds[reason]);
    const score =
      reasons.reduce((sum, reason) => sum + WEIGHTS[reason], 0) - daysApart(entry.day, line.day) / 4;
    return { entries: [entry], reasons, score, difference: line.amount - entry.amount };
  });
  const window = near
    .filter(({ day }) => daysApart(day, line.day) <= WINDOW_DAYS)
    .toSorted(
      (a, b) => daysApart(a.day, line.day) - daysApart(b.day, line.day) || (a.entry < b.entry ? -1 : 1),
    )
    .slice(0, SUBSET_OF_MAX);
  const sums = subsetsOf(
    window.map(({ amount }) => amount),
    line.amount,
    SUMS_MAX,
  ).map((indexes): Candidate => {
    const group = indexes.map((index) => window[index] as OpenEntry);
    return { entries: group, reasons: ['sum'], score: WEIGHTS.sum + 1 / group.length, difference: 0n };
  });
  return [...scored.filter(({ reasons }) => reasons.some((reason) => reason !== 'day')), ...sums]
    .toSorted((a, b) => b.score - a.score || (keyOf(a) < keyOf(b) ? -1 : 1))
    .slice(0, CANDIDATES_MAX);
}

const keyOf = ({ entries }: Candidate): string =>
  entries.map(({ day, entry }) => `${day} ${entry}`).join(' ');
