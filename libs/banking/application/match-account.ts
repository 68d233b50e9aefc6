import { hash } from 'node:crypto';
import type { Scope } from '#access';
import { type Refusal, type Result, ok, refuse, yearOf } from '#kernel';
import { type Ledger, canonicalJson } from '#platform';
import { RULES_DEFAULT, type RuleId, type RuleMatch, matchByRules } from '../domain/match/match.ts';
import { uuidFrom } from './line-ids.ts';
import type { MatchLinesBody } from './match-lines.ts';
import { type MatchPorts, openBoard } from './open-board.ts';
import { MATCHES_MAX } from './shared.ts';

export interface MatchAccount {
  readonly scope: Scope;
  readonly account: string;
  readonly actor: string;
  readonly rules?: readonly RuleId[] | undefined;
  /** Answers what would be matched and decides nothing. */
  readonly dryRun?: boolean | undefined;
}

export interface MatchReport {
  readonly account: string;
  /** Position it looked at. */
  readonly position: number;
  readonly matched: Readonly<Partial<Record<RuleId, number>>>;
  readonly lines: number;
  /** Lines and entries that stay for a person. */
  readonly openLines: number;
  readonly openEntries: number;
  /** Groups of matches that the ledger refused, such as one that somebody matched meanwhile. */
  readonly refusals: readonly Refusal[];
}

/** Commands under way at once. */
const COMMANDS_AT_ONCE = 2;

/** Lines and entries of one command, so that its events stay far below what one append may hold. */
const UNITS_MAX = 1_000;

/** Matches what the rules are sure of and leaves the rest; each match names its rule. */
export async function matchAccount(
  ports: MatchPorts & { readonly ledger: Pick<Ledger, 'executeMany'> },
  { scope, account, actor, rules = RULES_DEFAULT, dryRun = false }: MatchAccount,
): Promise<Result<MatchReport>> {
  const found = await findMatches(ports, scope, account, rules);
  if (!found) return refuse('BANK_ACCOUNT_UNKNOWN', { account });
  const { position, matches } = found;
  const refusals: Refusal[] = [];
  const counts: Partial<Record<RuleId, number>> = {};
  let lines = 0;
  let entries = 0;
  for (const some of chunks(batchesOf(account, matches), COMMANDS_AT_ONCE)) {
    const commands = some.map((body) => ({
      handler: 'match-bank-lines',
      body,
      actor,
      dryRun,
      key: uuidFrom(`match-bank-lines\n${position}\n${hash('sha256', canonicalJson(body), 'hex')}`),
    }));
    for (const [i, outcome] of (await ports.ledger.executeMany(commands)).entries()) {
      if (!outcome.ok) refusals.push(outcome.error);
      else
        for (const match of some[i]?.matches ?? []) {
          const rule = match.rule as RuleId;
          counts[rule] = (counts[rule] ?? 0) + 1;
          lines += match.lines.length;
          entries += match.entries.length;
        }
    }
  }
  return ok({
    account,
    position,
    matched: counts,
    lines,
    openLines: found.lines - lines,
    openEntries: found.entries - entries,
    refusals,
  });
}

/** A match as a command takes it, with the year of its lines. */
interface Proposed {
  readonly year: number;
  readonly match: MatchLinesBody['matches'][number];
}

/** What the rules are sure of. Only that is kept: the board it was found on is as large as the account. */
async function findMatches(
  ports: MatchPorts,
  scope: Scope,
  account: string,
  rules: readonly RuleId[],
): Promise<
  | {
      readonly position: number;
      readonly lines: number;
      readonly entries: number;
      readonly matches: readonly Proposed[];
    }
  | undefined
> {
  const board = await openBoard(ports, scope, account);
  if (!board) return undefined;
  const { position, lines, entries, knowledge } = board;
  const matches = matchByRules(lines, entries, knowledge, rules).map(proposed);
  return { position, lines: lines.length, entries: entries.length, matches };
}

/** Matches as commands, those of one year together: a command writes one stream. */
function* batchesOf(account: string, found: readonly Proposed[]): Generator<MatchLinesBody> {
  for (const [year, ofYear] of Map.groupBy(found, (one) => one.year)) {
    let matches: MatchLinesBody['matches'] = [];
    let units = 0;
    for (const { match } of ofYear) {
      matches.push(match);
      units += match.lines.length + match.entries.length;
      if (matches.length < MATCHES_MAX && units < UNITS_MAX) continue;
      yield { account, year, matches };
      matches = [];
      units = 0;
    }
    if (matches.length > 0) yield { account, year, matches };
  }
}

function* chunks<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let some: T[] = [];
  for (const item of items) {
    some.push(item);
    if (some.length < size) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

const proposed = ({ rule, lines, entries }: RuleMatch): Proposed => ({
  year: yearOf(lines[0]?.day ?? ''),
  match: {
    rule,
    lines: lines.map(({ line }) => line),
    entries: entries.map(({ entry, fund, amount, direction, day }) => ({
      entry,
      fund,
      amount: String(amount),
      direction,
      day,
    })),
  },
});
