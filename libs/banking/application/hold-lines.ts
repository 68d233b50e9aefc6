import type { Scope } from '#access';
import { type Day, type Refusal, type Result, ok, refuse, yearOf } from '#kernel';
import type { Ledger } from '#platform';
import { findReferences } from '#pledges';
import { type OpenEntry, type OpenLine, WINDOW_DAYS, daysApart } from '../domain/match/open.ts';
import { uuidFrom } from './line-ids.ts';
import { type MatchPorts, type OpenBoard, openBoard } from './open-board.ts';

export interface HoldLines {
  readonly scope: Scope;
  readonly account: string;
  readonly actor: string;
  /** Lines (or parts) to hold; absent: every open one of money in that no entry of the books could be. */
  readonly lines?: readonly string[] | undefined;
  /** Absent: the fund whose reference stands in the line, else the only one of the account. */
  readonly fund?: string | undefined;
  readonly bookAccount?: string | undefined;
  /** Day they are booked on; absent: each on its own. For lines of a book that is closed. */
  readonly effectiveOn?: Day | undefined;
  readonly dryRun?: boolean | undefined;
}

/** What became of a line. `maybe-booked`: an open entry of the books could be it, so that a person decides. */
export type LineFate = 'held' | 'already-held' | 'maybe-booked' | 'refused';

export interface HeldLine {
  readonly line: string;
  readonly day: Day | null;
  readonly amount: bigint | null;
  readonly fate: LineFate;
  /** The unidentified receipt, which `identify-receipt` makes a gift once somebody is found. */
  readonly unidentified: string | null;
  readonly refusal: Refusal | null;
}

export interface HoldReport {
  readonly account: string;
  /** Position it looked at. */
  readonly position: number;
  readonly held: number;
  readonly amount: bigint;
  readonly lines: readonly HeldLine[];
  /** Open lines of money in that were not looked at, because one call takes no more than {@link HOLD_MAX}. */
  readonly more: number;
}

/** Lines of one call. */
export const HOLD_MAX = 5_000;
/** Commands under way at once. */
const COMMANDS_AT_ONCE = 200;

/** The key of holding a line is made from the line, so that whoever asks again books nothing again. */
export const holdKey = (account: string, line: string): string =>
  uuidFrom(`hold-bank-line\n${account}\n${line}`);

/**
 * Books money in that nobody knows: each line becomes an unidentified receipt and is matched with it, both or
 * neither. Never a guess: a line that an open entry of the same money could be is left to a person.
 */
export async function holdLines(
  ports: MatchPorts & { readonly ledger: Pick<Ledger, 'executeMany'> },
  ask: HoldLines,
): Promise<Result<HoldReport>> {
  const { scope, account, actor, dryRun = false } = ask;
  const board = await openBoard(ports, scope, account);
  if (!board) return refuse('BANK_ACCOUNT_UNKNOWN', { account });
  const chosen = chosenOf(board, ask.lines);
  const fates: HeldLine[] = [...chosen.unknown];
  const going: { readonly line: OpenLine; readonly body: object }[] = [];
  const mayBe = ask.lines ? () => false : bookedAlready(board.entries);
  for (const line of chosen.lines.slice(0, HOLD_MAX)) {
    const fund = mayBe(line) ? undefined : await fundOf(board, line, ask.fund);
    if (!fund) fates.push(fateOf(line, 'maybe-booked'));
    else if (!fund.ok) fates.push(fateOf(line, 'refused', { refusal: fund.error }));
    else going.push({ line, body: bodyOf(line, fund.value, ask) });
  }
  for (let at = 0; at < going.length; at += COMMANDS_AT_ONCE) {
    const some = going.slice(at, at + COMMANDS_AT_ONCE);
    const commands = some.map(({ line, body }) => ({
      handler: 'hold-bank-line',
      body,
      actor,
      dryRun,
      key: holdKey(account, line.line),
    }));
    for (const [i, outcome] of (await ports.ledger.executeMany(commands)).entries()) {
      const line = some[i]?.line;
      if (!line) continue;
      if (!outcome.ok) fates.push(fateOf(line, 'refused', { refusal: outcome.error }));
      else {
        const { commandId: unidentified, duplicate } = outcome.value;
        fates.push(fateOf(line, duplicate ? 'already-held' : 'held', { unidentified }));
      }
    }
  }
  const held = fates.filter(({ fate }) => fate === 'held');
  return ok({
    account,
    position: board.position,
    held: held.length,
    amount: held.reduce((sum, { amount }) => sum + (amount ?? 0n), 0n),
    lines: fates.toSorted(byPlace),
    more: Math.max(0, chosen.lines.length - HOLD_MAX),
  });
}

const fateOf = (
  { line, day, amount }: OpenLine,
  fate: LineFate,
  more: Partial<Pick<HeldLine, 'unidentified' | 'refusal'>> = {},
): HeldLine => ({ line, day, amount, fate, unidentified: null, refusal: null, ...more });

const byPlace = (a: HeldLine, b: HeldLine): number =>
  (a.day ?? '') < (b.day ?? '') ? -1 : (a.day ?? '') > (b.day ?? '') ? 1 : a.line < b.line ? -1 : 1;

/** The open lines that are meant. One that was named and is not open is told: it may be matched already. */
function chosenOf(
  { lines, account }: OpenBoard,
  named: readonly string[] | undefined,
): { readonly lines: readonly OpenLine[]; readonly unknown: readonly HeldLine[] } {
  if (!named) return { lines: lines.filter(({ direction }) => direction === 'in'), unknown: [] };
  const byId = new Map(lines.map((line) => [line.line, line]));
  const unknown = named
    .filter((line) => !byId.has(line))
    .map((line): HeldLine => {
      const refusal = { code: 'BANK_LINE_NOT_OPEN', details: { line, account: account.account } };
      return { line, day: null, amount: null, fate: 'refused', unidentified: null, refusal };
    });
  return { lines: [...new Set(named)].flatMap((line) => byId.get(line) ?? []), unknown };
}

/** Whether an open entry of the same money stands near a line. */
function bookedAlready(entries: readonly OpenEntry[]): (line: OpenLine) => boolean {
  const byAmount = Map.groupBy(
    entries.filter(({ direction }) => direction === 'in'),
    ({ amount }) => amount,
  );
  return ({ amount, day }) =>
    (byAmount.get(amount) ?? []).some((entry) => daysApart(entry.day, day) <= WINDOW_DAYS);
}

/** The fund that holds a line: the one asked for, that of a reference in the line, or the only one of the account. */
async function fundOf(
  { account, references }: OpenBoard,
  line: OpenLine,
  asked: string | undefined,
): Promise<Result<string>> {
  if (asked !== undefined) return ok(asked);
  const kept = new Set(account.books.map(({ fund }) => fund));
  const named = new Set<string>();
  for (const reference of findReferences(line.squeezed)) {
    const referred = await references.referred(reference);
    if (referred?.kind === 'fund' && kept.has(referred.fund)) named.add(referred.fund);
  }
  const [only, ...others] = named.size > 0 ? named : kept;
  return only !== undefined && others.length === 0
    ? ok(only)
    : refuse('BANK_FUND_AMBIGUOUS', { account: account.account });
}

const bodyOf = ({ line, day }: OpenLine, fund: string, ask: HoldLines): object => ({
  account: ask.account,
  year: yearOf(day),
  line,
  fund,
  ...(ask.bookAccount !== undefined && { bookAccount: ask.bookAccount }),
  effectiveOn: ask.effectiveOn ?? day,
});
