import { readFile } from 'node:fs/promises';
import { everything } from '#access';
import { amountCell as amount, dayCell as day, readCsv, stepKey } from '#batches';
import { readBankSide } from '#banking';
import { type Day, type Result, isId, ok, refuse, yearOf } from '#kernel';
import { withReads } from '../data-folder.ts';
import { CliFailure, EXIT } from '../failure.ts';
import { createProgress } from '../progress.ts';
import type { WorkPorts } from './work-folder.ts';

/** Money of a day, as a person names a line or an entry; money in is positive. */
interface Named {
  readonly day: Day;
  readonly amount: bigint;
}

/** What a person decided: one line of the bank is these entries of the books. */
interface Pair {
  readonly account: string;
  readonly line: Named;
  readonly entries: readonly Named[];
}

/** Entries that one line may be. */
const ENTRIES_MAX = 20;

/** Columns of `tam-giu.csv`: the first of those of `khop.csv`. */
const HELD_COLUMNS = 3;

/** The header of `khop.csv`; entries are `day: amount` with `|` between them. */
const HEADER = ['Tài khoản', 'Ngày của dòng', 'Số tiền của dòng', 'Các bút toán'] as const;

function named(dayText: string, amountText: string): Result<Named> {
  const on = day(dayText.trim());
  if (!on.ok) return on;
  const money = amount(amountText.trim());
  return money.ok ? ok({ day: on.value, amount: BigInt(money.value) }) : money;
}

/** Reads `tam-giu.csv`: the lines that a person has booked as money of nobody known, by account. */
export async function readHeld(path: string): Promise<ReadonlyMap<string, readonly Named[]>> {
  const held = new Map<string, Named[]>();
  for (const { account, line } of await readRows(path, HEADER.slice(0, HELD_COLUMNS)))
    held.set(account, [...(held.get(account) ?? []), line]);
  return held;
}

/** The ids of lines that a person names; one that is matched already was booked before, and is left out. */
export async function openLinesOf(
  account: string,
  lines: readonly Named[],
  { data, actor }: Pick<WorkPorts, 'data' | 'actor'>,
): Promise<readonly string[]> {
  const { side } = await withReads(data, createProgress(), (context) =>
    readBankSide(context, { scope: everything(actor), account }),
  );
  const units = [...(side?.units ?? [])];
  return lines.flatMap((line) => {
    const found = takeFrom(units, line, (unit) => unit);
    if (!found) throw notOpen(account, line);
    return found.match === null ? [found.unit] : [];
  });
}

/** Reads `khop.csv`: a header and a row for each line that a person decided on. Amounts in whole units. */
export async function readPairs(path: string): Promise<readonly Pair[]> {
  return (await readRows(path, HEADER)).map(({ row, account, line, list }) => ({
    account,
    line,
    entries: list.split('|', ENTRIES_MAX).map((part) => {
      const [day = '', amount = ''] = part.split(':');
      const entry = named(day, amount);
      if (!entry.ok) throw unreadable(path, row);
      return entry.value;
    }),
  }));
}

const unreadable = (path: string, row: number): CliFailure =>
  new CliFailure(
    `${path}, dòng ${row}: cần các cột ${HEADER.join(', ')}; bút toán viết “ngày: số tiền|ngày: số tiền”.`,
    `${path}, row ${row}: the columns are ${HEADER.join(', ')}; entries are “day: amount|day: amount”.`,
    EXIT.usage,
  );

interface NamedRow {
  readonly row: number;
  readonly account: string;
  readonly line: Named;
  /** The last column, where there is one. */
  readonly list: string;
}

async function readRows(path: string, header: readonly string[]): Promise<readonly NamedRow[]> {
  const rows = readCsv(await readFile(path));
  if (!rows.ok) throw unreadable(path, 0);
  const [first, ...data] = rows.value;
  if (header.some((title, at) => first?.cells?.[at] !== title)) throw unreadable(path, 1);
  return data.map(({ row, cells }) => {
    const [account = '', on = '', money = '', list = ''] = cells ?? [];
    const line = named(on, money);
    if (!line.ok || !isId(account)) throw unreadable(path, row);
    return { row, account, line: line.value, list };
  });
}

const notOpen = (account: string, entry: Named | undefined): CliFailure =>
  new CliFailure(
    `${account}: không có bút toán chưa khớp nào ngày ${entry?.day}, số tiền ${entry?.amount}.`,
    `${account}: no open entry of ${entry?.day} has the amount ${entry?.amount}.`,
    EXIT.findings,
  );

/** Takes from `open` what a person named; undefined: nothing open is of that day and money. */
function takeFrom<T>(open: T[], { day: on, amount: money }: Named, of: (one: T) => Named): T | undefined {
  const at = open.findIndex((one) => of(one).day === on && of(one).amount === money);
  return at < 0 ? undefined : open.splice(at, 1)[0];
}

/**
 * Matches lines with entries as a person decided. A line that is matched already is left as it is, so that doing it
 * again changes nothing. Gives how many were matched now.
 */
export async function matchPairs(
  pairs: readonly Pair[],
  { data, gate, actor }: WorkPorts,
): Promise<Result<ReadonlyMap<string, number>>> {
  const matched = new Map<string, number>();
  for (const { account, line, entries } of pairs) {
    const { side } = await withReads(data, createProgress(), (context) =>
      readBankSide(context, { scope: everything(actor), account }),
    );
    if (!side) return refuse('BANK_ACCOUNT_UNKNOWN', { account });
    const details = { line: `${line.day} ${line.amount}`, year: String(yearOf(line.day)) };
    const same = side.units.filter((unit) => unit.day === line.day && unit.amount === line.amount);
    const found = same.find(({ match }) => match === null);
    if (!found && same.length > 0) continue;
    if (!found) return refuse('BANK_LINE_UNKNOWN', details);
    const open = side.entries.filter(({ match }) => match === null);
    const signed = (entry: (typeof open)[number]): Named => ({
      day: entry.day,
      amount: entry.direction === 'in' ? entry.amount : -entry.amount,
    });
    const chosen = entries.map((entry) => takeFrom(open, entry, signed));
    const lacking = chosen.findIndex((entry) => entry === undefined);
    if (lacking >= 0) throw notOpen(account, entries[lacking]);
    const [answer] = await gate.send([
      {
        name: 'match-bank-lines',
        key: stepKey('pairs', `${account}/${found.unit}`, 'match'),
        actor,
        body: {
          account,
          year: yearOf(line.day),
          matches: [
            {
              lines: [found.unit],
              entries: chosen.flatMap((entry) =>
                entry === undefined
                  ? []
                  : [
                      {
                        entry: entry.entry,
                        fund: entry.fund,
                        amount: String(entry.amount),
                        direction: entry.direction,
                        day: entry.day,
                      },
                    ],
              ),
            },
          ],
        },
      },
    ]);
    if (answer?.ok !== true)
      return refuse(answer?.refusal.code ?? 'LEDGER_UNREACHABLE', answer?.refusal.details);
    matched.set(account, (matched.get(account) ?? 0) + 1);
  }
  return ok(matched);
}
