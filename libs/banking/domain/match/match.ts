import { type Knowledge, type OpenEntry, type OpenLine, WINDOW_DAYS, dayNumber, daysApart } from './open.ts';
import { referenceFinder } from './references.ts';

/** A match that a rule proposes: both sides come to the same money, and nothing else fits as well. */
export interface RuleMatch {
  readonly rule: RuleId;
  readonly lines: readonly OpenLine[];
  readonly entries: readonly OpenEntry[];
}

/** Rules in the order they are asked. `amount-day` sees no more than money and date, and is asked only when wanted. */
export const RULES = ['reference', 'reference-sum', 'learned', 'name', 'amount-day'] as const;
export type RuleId = (typeof RULES)[number];
export const RULES_DEFAULT: readonly RuleId[] = ['reference', 'reference-sum', 'learned', 'name'];

/** Entries or lines of one match; an event has to hold them all. */
export const MATCH_SIDE_MAX = 100;
/** Pairs of one money and direction that are looked at for one line. */
const SAME_MONEY_MAX = 2_000;

/** The open lines and entries of an account, indexed by what the rules ask for. */
interface Board {
  readonly lines: Set<OpenLine>;
  readonly entries: Set<OpenEntry>;
  readonly byMoney: ReadonlyMap<string, readonly OpenEntry[]>;
  readonly byReference: ReadonlyMap<string, readonly OpenEntry[]>;
  readonly referencesIn: (line: OpenLine) => readonly string[];
  readonly knowledge: Knowledge;
}

const money = ({ amount, direction }: Pick<OpenLine, 'amount' | 'direction'>): string =>
  `${direction}${amount}`;

const isNear = (line: OpenLine, entry: OpenEntry): boolean => daysApart(line.day, entry.day) <= WINDOW_DAYS;

/** Open entries with the money of a line within the window. */
function sameMoney({ byMoney, entries }: Board, line: OpenLine): OpenEntry[] {
  const all = byMoney.get(money(line)) ?? [];
  const first = lowerBound(all, dayNumber(line.day) - WINDOW_DAYS);
  const found: OpenEntry[] = [];
  for (let at = first; at < all.length && found.length < SAME_MONEY_MAX; at += 1) {
    const entry = all[at] as OpenEntry;
    if (dayNumber(entry.day) > dayNumber(line.day) + WINDOW_DAYS) break;
    if (entries.has(entry)) found.push(entry);
  }
  return found;
}

function lowerBound(entries: readonly OpenEntry[], day: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (dayNumber((entries[middle] as OpenEntry).day) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The entries each rule thinks a line could be; it is asked for open lines alone. */
const PAIRS: Readonly<
  Record<Exclude<RuleId, 'reference-sum'>, (board: Board, line: OpenLine) => OpenEntry[]>
> = {
  reference: (board, line) => {
    const found = board.referencesIn(line).flatMap((reference) => board.byReference.get(reference) ?? []);
    return [...new Set(found)].filter(
      (entry) => board.entries.has(entry) && money(entry) === money(line) && isNear(line, entry),
    );
  },
  learned: (board, line) => {
    const party = board.knowledge.learned.get(line.fingerprint);
    return party === undefined ? [] : sameMoney(board, line).filter(({ donor }) => donor === party);
  },
  name: (board, line) =>
    sameMoney(board, line).filter((entry) => {
      const name = board.knowledge.nameOf(entry);
      return name !== undefined && name.length >= NAME_CHARS_MIN && line.squeezed.includes(name);
    }),
  'amount-day': (board, line) => sameMoney(board, line),
};

/** Squeezed names shorter than this stand in any text by chance. */
const NAME_CHARS_MIN = 6;

/**
 * Matches what the rules are sure of: a pair counts only when the line fits no other entry and the entry no other
 * line by that rule. Of several, those of one day are paired when each day has one of both. What stays ambiguous is
 * left to a person. The answer does not depend on the order of lines or entries.
 */
export function matchByRules(
  lines: readonly OpenLine[],
  entries: readonly OpenEntry[],
  knowledge: Knowledge,
  rules: readonly RuleId[] = RULES_DEFAULT,
): RuleMatch[] {
  const board = boardOf(lines, entries, knowledge);
  const found: RuleMatch[] = [];
  const take = (rule: RuleId, matchLines: readonly OpenLine[], matchEntries: readonly OpenEntry[]): void => {
    for (const line of matchLines) board.lines.delete(line);
    for (const entry of matchEntries) board.entries.delete(entry);
    found.push({ rule, lines: matchLines, entries: matchEntries });
  };
  for (const rule of RULES) {
    if (!rules.includes(rule)) continue;
    if (rule === 'reference-sum') for (const sum of sumsOf(board)) take(rule, sum.lines, sum.entries);
    else
      for (const [line, entry] of [
        ...surePairs(board, PAIRS[rule], true),
        ...surePairs(board, PAIRS[rule], false),
      ])
        if (board.lines.has(line) && board.entries.has(entry)) take(rule, [line], [entry]);
  }
  return found;
}

function boardOf(lines: readonly OpenLine[], entries: readonly OpenEntry[], knowledge: Knowledge): Board {
  const sorted = entries.toSorted((a, b) =>
    a.day < b.day ? -1 : a.day > b.day ? 1 : a.entry < b.entry ? -1 : 1,
  );
  const byReference = new Map<string, OpenEntry[]>();
  for (const entry of sorted)
    for (const reference of knowledge.referencesOf(entry)) {
      const same = byReference.get(reference);
      if (same) same.push(entry);
      else byReference.set(reference, [entry]);
    }
  const finder = referenceFinder(byReference.keys());
  const known = new Map<OpenLine, readonly string[]>();
  return {
    lines: new Set(lines.toSorted((a, b) => (a.line < b.line ? -1 : 1))),
    entries: new Set(sorted),
    byMoney: Map.groupBy(sorted, money),
    byReference,
    referencesIn: (line) => {
      const references = known.get(line) ?? finder.find(line.squeezed);
      known.set(line, references);
      return references;
    },
    knowledge,
  };
}

/** Pairs where each side has no other choice; `sameDay` looks at entries of the line's own day alone. */
function surePairs(
  board: Board,
  candidates: (board: Board, line: OpenLine) => OpenEntry[],
  sameDay: boolean,
): (readonly [OpenLine, OpenEntry])[] {
  const ofLine = new Map<OpenLine, OpenEntry>();
  const claims = new Map<OpenEntry, number>();
  for (const line of board.lines) {
    const found = candidates(board, line).filter(({ day }) => !sameDay || day === line.day);
    for (const entry of found) claims.set(entry, (claims.get(entry) ?? 0) + 1);
    const [only, ...others] = found;
    if (only && others.length === 0) ofLine.set(line, only);
  }
  return [...ofLine].filter(([, entry]) => claims.get(entry) === 1);
}

/** Lines and entries under one reference that come to the same money as a whole: one to many, or many to one. */
function* sumsOf(board: Board): Generator<{ readonly lines: OpenLine[]; readonly entries: OpenEntry[] }> {
  const linesBy = new Map<string, OpenLine[]>();
  for (const line of board.lines) {
    const references = board.referencesIn(line);
    // A line with two references belongs to neither alone.
    const [reference, ...others] = references;
    if (reference === undefined || others.length > 0) continue;
    const key = `${line.direction} ${reference}`;
    const same = linesBy.get(key);
    if (same) same.push(line);
    else linesBy.set(key, [line]);
  }
  for (const [key, group] of linesBy) {
    const [direction = '', reference = ''] = key.split(' ');
    const open = group.filter((line) => board.lines.has(line));
    const [first] = open;
    if (!first) continue;
    const entries = (board.byReference.get(reference) ?? []).filter(
      (entry) =>
        board.entries.has(entry) &&
        entry.direction === direction &&
        open.every((line) => isNear(line, entry)),
    );
    const isOneToMany = open.length === 1 && entries.length > 1;
    const isManyToOne = open.length > 1 && entries.length === 1;
    if (!(isOneToMany || isManyToOne) || open.length > MATCH_SIDE_MAX || entries.length > MATCH_SIDE_MAX)
      continue;
    const sum = (side: readonly { readonly amount: bigint }[]): bigint =>
      side.reduce((total, { amount }) => total + amount, 0n);
    if (sum(open) === sum(entries) && isOneYear(open)) yield { lines: open, entries };
  }
}

/** Lines of one match stand in one stream, so in one year. */
const isOneYear = (lines: readonly OpenLine[]): boolean =>
  lines.every(({ day }) => day.slice(0, 4) === lines[0]?.day.slice(0, 4));
