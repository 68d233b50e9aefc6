import type { CommodityCode, Day } from '#kernel';

/** What a bank file can be. */
export type StatementFormat = 'csv' | 'xlsx' | 'html' | 'camt.053' | 'mt940';

/** Of the account, seen by its owner: `in` is what the bank calls a credit (Ghi có). */
export type Direction = 'in' | 'out';

/** One movement as a file tells it. */
export interface ReadLine {
  readonly bookedOn: Day;
  readonly valueOn: Day | null;
  /** Minor units, above zero. */
  readonly amount: bigint;
  readonly direction: Direction;
  /** Balance of the account after it; null: the file gives none. */
  readonly balance: bigint | null;
  /** Personal: never in an event. */
  readonly narrative: string;
  /** Name and account of the other side as far as the file has columns for them. Personal. */
  readonly counterparty: string | null;
  /** Number the bank gave it. Banks repeat them on other days, so it identifies nothing alone. */
  readonly bankRef: string | null;
  /** A reference that the format promises to be the bank's own and unique (camt AcctSvcrRef, UETR). */
  readonly uniqueRef: string | null;
  /** Row, line or entry number, by which a person finds it in the file. */
  readonly row: number;
}

/** Something in a file that does not add up or is unusual: shown with the statement, never a reason to stop. */
export interface StatementException {
  readonly code: string;
  readonly details: Readonly<Record<string, string>>;
}

/** One account in one file. */
export interface ReadStatement {
  readonly format: StatementFormat;
  /** Name of the layout its columns were read by; the message version for camt and MT940. */
  readonly layout: string;
  /** BIN of the bank that the file names; null: it names none. */
  readonly bin: string | null;
  /** Account numbers the section states, an old number among them; empty: none. */
  readonly accountNumbers: readonly string[];
  readonly commodity: CommodityCode | null;
  readonly from: Day;
  readonly to: Day;
  readonly opening: bigint | null;
  readonly closing: bigint | null;
  /** In the order they happened. */
  readonly lines: readonly ReadLine[];
  readonly exceptions: readonly StatementException[];
}

/** Money in is positive. */
export const signed = ({
  amount,
  direction,
}: {
  readonly amount: bigint;
  readonly direction: Direction;
}): bigint => (direction === 'in' ? amount : -amount);

/** Money in is positive, out is negative; the reverse of {@link signed}. */
export const absolute = (amount: bigint): { readonly amount: bigint; readonly direction: Direction } => ({
  amount: amount < 0n ? -amount : amount,
  direction: amount < 0n ? 'out' : 'in',
});

/** Exceptions that are listed of one statement; the rest is counted. */
export const EXCEPTIONS_MAX = 50;

type Balanced = Pick<ReadStatement, 'opening' | 'closing' | 'lines'>;

/**
 * What does not add up: a running balance that is not the one before and the line, and a closing balance that is
 * not the opening one and all lines. After a break counting goes on from what the file says.
 */
export function balanceExceptions({ opening, closing, lines }: Balanced): StatementException[] {
  const found: StatementException[] = [];
  let running = opening;
  for (const line of lines) {
    const expected = running === null ? null : running + signed(line);
    if (line.balance !== null && expected !== null && line.balance !== expected)
      found.push({
        code: 'BALANCE_BREAK',
        details: { row: String(line.row), expected: String(expected), stated: String(line.balance) },
      });
    running = line.balance ?? expected;
  }
  if (closing !== null && running !== null && closing !== running)
    found.push({
      code: 'CLOSING_DIFFERS',
      details: { expected: String(running), stated: String(closing) },
    });
  return found;
}

/** The first {@link EXCEPTIONS_MAX}, and how many more there are. */
export function bounded(exceptions: readonly StatementException[]): readonly StatementException[] {
  const more = exceptions.length - EXCEPTIONS_MAX;
  if (more <= 0) return exceptions;
  return [
    ...exceptions.slice(0, EXCEPTIONS_MAX),
    { code: 'MORE_EXCEPTIONS', details: { count: String(more) } },
  ];
}
