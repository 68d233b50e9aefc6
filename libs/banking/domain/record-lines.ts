import { type Context, type Day, type Fact, type Result, ok, parseAmount, refuse, yearOf } from '#kernel';
import type { BankAccountState, BankState } from './bank.ts';
import { type LineRecorded, type StatementImported, bankStream } from './events.ts';

export interface RecordLines {
  readonly account: string;
  readonly year: number;
  readonly lines: readonly (Omit<LineRecorded, 'account'> & { readonly bookedOn: Day })[];
}

/** Records the lines of a file that are not there yet, one fact each; a line is what its id says, whatever file brings it. */
export function decideRecordLines(
  { account, year, lines }: RecordLines,
  { registered }: BankAccountState,
  bank: BankState,
  context: Context,
): Result<Fact[]> {
  if (!registered) return refuse('BANK_ACCOUNT_UNKNOWN', { account });
  const facts: Fact[] = [];
  const seen = new Set<string>();
  for (const { bookedOn, ...line } of lines) {
    if (yearOf(bookedOn) !== year)
      return refuse('BANK_LINE_OUTSIDE_YEAR', { date: bookedOn, year: String(year) });
    if (bookedOn > context.today) return refuse('DATE_IN_FUTURE', { date: bookedOn, today: context.today });
    if (bookedOn < registered.startsOn)
      return refuse('BANK_LINE_BEFORE_START', { date: bookedOn, start: registered.startsOn });
    const amount = parseAmount(line.amount);
    if (!amount.ok) return amount;
    if (bank.lines.has(line.line) || seen.has(line.line)) continue;
    seen.add(line.line);
    facts.push({
      stream: bankStream(account, year),
      type: 'bank.line-recorded.v1',
      effectiveOn: bookedOn,
      data: { account, ...line },
    });
  }
  return facts.length === 0 ? refuse('BANK_LINES_KNOWN', { count: String(lines.length) }) : ok(facts);
}

/** Records that a file was read and what it stated; the same file again is refused and changes nothing. */
export function decideImportStatement(
  data: StatementImported,
  { registered }: BankAccountState,
  bank: BankState,
  context: Context,
): Result<Fact[]> {
  const { account, statement, to } = data;
  if (!registered) return refuse('BANK_ACCOUNT_UNKNOWN', { account });
  if (bank.statements.has(statement)) return refuse('BANK_STATEMENT_KNOWN', { statement });
  if (to > context.today) return refuse('DATE_IN_FUTURE', { date: to, today: context.today });
  return ok([
    { stream: bankStream(account, yearOf(to)), type: 'bank.statement-imported.v1', effectiveOn: to, data },
  ]);
}
