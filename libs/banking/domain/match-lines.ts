import { type Context, type Day, type Fact, type Result, ok, parseAmount, refuse, yearOf } from '#kernel';
import { type BankState, sidesOf, unitsOf } from './bank.ts';
import {
  type LineMatched,
  type LineSplit,
  type LineUnmatched,
  type MatchedEntry,
  bankStream,
} from './events.ts';
import { signed } from './statement.ts';

/** A proposed match: lines (or parts) of one year, and what the books say of the entries. */
export interface ProposedMatch {
  readonly lines: readonly string[];
  readonly entries: readonly MatchedEntry[];
  readonly rule: string | null;
}

export interface MatchLines {
  readonly account: string;
  readonly year: number;
  readonly matches: readonly ProposedMatch[];
}

/** Years whose matches a match of this year can meet: an entry is at most one year from its line. */
export const yearsAround = ({ year, matches }: MatchLines): number[] => {
  const years = matches.flatMap(({ entries }) => entries.map(({ day }) => yearOf(day)));
  return [...new Set([year, ...years.flatMap((of) => [of - 1, of, of + 1])])].toSorted((a, b) => a - b);
};

/**
 * Decides that lines are entries. Each side is free, both come to the same money; several matches stand or fall
 * together. `others`: the account's other years, so that no entry is matched twice.
 */
export function decideMatchLines(
  { account, year, matches }: MatchLines,
  bank: BankState,
  others: readonly BankState[],
  context: Context,
): Result<Fact[]> {
  const facts: Fact[] = [];
  const used = new Set<string>();
  for (const [index, { lines, entries, rule }] of matches.entries()) {
    let sum = 0n;
    let last: Day = '';
    const matched: LineMatched['lines'][number][] = [];
    for (const line of lines) {
      const unit = bank.units.get(line);
      if (!unit) return refuse('BANK_LINE_UNKNOWN', { line, year: String(year) });
      if (bank.matchOfUnit.has(line) || used.has(line)) return refuse('BANK_LINE_MATCHED', { line });
      used.add(line);
      sum += signed(unit);
      if (unit.day > last) last = unit.day;
      matched.push({ line, amount: String(unit.amount), direction: unit.direction });
    }
    for (const { entry, amount, direction, day } of entries) {
      const read = parseAmount(amount);
      if (!read.ok) return read;
      if (Math.abs(yearOf(day) - year) > 1) return refuse('BANK_ENTRY_TOO_FAR', { entry, date: day });
      if ([bank, ...others].some(({ matchOfEntry }) => matchOfEntry.has(entry)) || used.has(entry))
        return refuse('BANK_ENTRY_MATCHED', { entry });
      used.add(entry);
      sum -= signed({ amount: read.value, direction });
    }
    if (sum !== 0n) return refuse('BANK_MATCH_UNEVEN', { difference: String(sum) });
    const data: LineMatched = {
      account,
      match: `${context.commandId}.${index + 1}`,
      lines: matched,
      entries,
      rule,
    };
    facts.push({ stream: bankStream(account, year), type: 'bank.line-matched.v1', effectiveOn: last, data });
  }
  return ok(facts);
}

/** Divides a line that is not matched, or divides it anew. */
export function decideSplitLine(
  {
    account,
    year,
    ...split
  }: Omit<LineSplit, 'account'> & { readonly account: string; readonly year: number },
  bank: BankState,
): Result<Fact[]> {
  const { line, parts } = split;
  const units = unitsOf(bank, line);
  const [first] = units;
  if (!first) return refuse('BANK_LINE_UNKNOWN', { line, year: String(year) });
  if (units.some(([id]) => bank.matchOfUnit.has(id))) return refuse('BANK_LINE_MATCHED', { line });
  const whole = units.reduce((sum, [, { amount }]) => sum + amount, 0n);
  let sum = 0n;
  for (const part of parts) {
    const amount = parseAmount(part);
    if (!amount.ok) return amount;
    sum += amount.value;
  }
  if (sum !== whole) return refuse('BANK_SPLIT_UNEVEN', { line: String(whole), parts: String(sum) });
  return ok([
    {
      stream: bankStream(account, year),
      type: 'bank.line-split.v1',
      effectiveOn: first[1].day,
      data: { account, line, parts },
    },
  ]);
}

/** Undoes a match; its lines and entries are open again. */
export function decideUnmatchLine(
  {
    account,
    year,
    match,
    reason,
  }: { readonly account: string; readonly year: number; readonly match: string; readonly reason: string },
  bank: BankState,
): Result<Fact[]> {
  const found = sidesOf(bank, match);
  if (found.lines.length === 0) return refuse('BANK_MATCH_UNKNOWN', { match });
  const effectiveOn = found.lines.reduce((last, line) => {
    const day = bank.units.get(line)?.day ?? '';
    return day > last ? day : last;
  }, '');
  const data: LineUnmatched = { account, match, lines: found.lines, entries: found.entries, reason };
  return ok([{ stream: bankStream(account, year), type: 'bank.line-unmatched.v1', effectiveOn, data }]);
}
