import { hash } from 'node:crypto';
import type { Scope } from '#access';
import type { EventLogReader } from '#event-log';
import { type Refusal, type Result, ok, refuse, yearOf } from '#kernel';
import { type DonorEvent, donorStream } from '#people';
import { type Ledger, canonicalJson, parseEnvelope } from '#platform';
import type { Vault } from '#privacy';
import type { ReadContext } from '#read-models';
import { type Candidate, candidatesFor } from '../domain/match/candidates.ts';
import { fingerprintOf, learn } from '../domain/match/learn.ts';
import { RULES_DEFAULT, type RuleId, type RuleMatch, matchByRules } from '../domain/match/match.ts';
import type { Knowledge, OpenEntry, OpenLine } from '../domain/match/open.ts';
import { ownReferences } from '../domain/match/references.ts';
import { absolute } from '../domain/statement.ts';
import { squeeze } from '../domain/words.ts';
import { type BankSide, type BankUnitRow, readBankSide } from '../read-models/index.ts';
import { uuidFrom } from './line-ids.ts';
import type { MatchLinesBody } from './match-lines.ts';
import { MATCHES_MAX } from './shared.ts';

/** What matching stands on. */
export interface MatchPorts {
  readonly context: ReadContext;
  readonly vault: Pick<Vault, 'get'>;
  readonly log: Pick<EventLogReader, 'readStream'>;
  /** References of an entry as a bank carries them; its voucher and pledge when absent. */
  readonly referencesOf?: (entry: OpenEntry) => readonly string[];
}

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

/** Donors whose names are looked up; further ones are matched by reference and money alone. */
const NAMES_MAX = 50_000;
/** Commands under way at once. */
const COMMANDS_AT_ONCE = 5;

/** Lines and entries of one command, so that its events stay far below what one append may hold. */
const UNITS_MAX = 1_000;

/** What is open on both sides of an account, and what is known that helps to match it. */
interface Board {
  readonly position: number;
  readonly lines: readonly OpenLine[];
  readonly entries: readonly OpenEntry[];
  readonly knowledge: Knowledge;
}

/** Matches what the rules are sure of and leaves the rest; each match names its rule. */
export async function matchAccount(
  ports: MatchPorts & { readonly ledger: Pick<Ledger, 'executeMany'> },
  { scope, account, actor, rules = RULES_DEFAULT, dryRun = false }: MatchAccount,
): Promise<Result<MatchReport>> {
  const board = await openBoard(ports, scope, account);
  if (!board) return refuse('BANK_ACCOUNT_UNKNOWN', { account });
  const { lines, entries, knowledge, position } = board;
  const found = matchByRules(lines, entries, knowledge, rules);
  const refusals: Refusal[] = [];
  const counts: Partial<Record<RuleId, number>> = {};
  let matchedLines = 0;
  let matchedEntries = 0;
  const batches = batchesOf(account, found);
  for (let at = 0; at < batches.length; at += COMMANDS_AT_ONCE) {
    const some = batches.slice(at, at + COMMANDS_AT_ONCE);
    const commands = some.map(({ body }) => ({
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
          counts[match.rule] = (counts[match.rule] ?? 0) + 1;
          matchedLines += match.lines.length;
          matchedEntries += match.entries.length;
        }
    }
  }
  return ok({
    account,
    position,
    matched: counts,
    lines: matchedLines,
    openLines: lines.length - matchedLines,
    openEntries: entries.length - matchedEntries,
    refusals,
  });
}

/** What one open line could be, the likeliest first; undefined: there is no such open line. */
export async function candidatesOf(
  ports: MatchPorts,
  { scope, account, line }: { readonly scope: Scope; readonly account: string; readonly line: string },
): Promise<{ readonly position: number; readonly candidates: readonly Candidate[] } | undefined> {
  const board = await openBoard(ports, scope, account);
  const open = board?.lines.find((one) => one.line === line);
  if (!board || !open) return undefined;
  return { position: board.position, candidates: candidatesFor(open, board.entries, board.knowledge) };
}

async function openBoard(ports: MatchPorts, scope: Scope, account: string): Promise<Board | undefined> {
  const { side, position } = await readBankSide(ports.context, { scope, account });
  if (!side) return undefined;
  const { startsOn } = side.account;
  const lines: OpenLine[] = [];
  for (const unit of side.units) if (unit.match === null) lines.push(await openLine(ports.vault, unit));
  const entries = side.entries.filter(({ match, day }) => match === null && day >= startsOn);
  const names = await namesOf(ports, entries);
  const learned = learn(await confirmedIn(ports.vault, side));
  const knowledge: Knowledge = {
    referencesOf: ports.referencesOf ?? ownReferences,
    nameOf: ({ donor }) => (donor === null ? undefined : names.get(donor)),
    learned,
  };
  return { position, lines, entries, knowledge };
}

async function textsOf(
  vault: Pick<Vault, 'get'>,
  { narrative, counterparty }: BankUnitRow,
): Promise<{ readonly narrative: string; readonly counterparty: string | null }> {
  return {
    narrative: (narrative !== null && (await vault.get(narrative))) || '',
    counterparty: (counterparty !== null && (await vault.get(counterparty))) || null,
  };
}

async function openLine(vault: Pick<Vault, 'get'>, unit: BankUnitRow): Promise<OpenLine> {
  const { narrative, counterparty } = await textsOf(vault, unit);
  return {
    line: unit.unit,
    day: unit.day,
    ...absolute(unit.amount),
    squeezed: squeeze(`${narrative} ${counterparty ?? ''}`),
    fingerprint: fingerprintOf(narrative, counterparty),
  };
}

/** Squeezed names of the donors of open entries. */
async function namesOf(
  { log, vault }: MatchPorts,
  entries: readonly OpenEntry[],
): Promise<ReadonlyMap<string, string>> {
  const donors = [...new Set(entries.flatMap(({ donor }) => donor ?? []))].slice(0, NAMES_MAX);
  const names = new Map<string, string>();
  for (const donor of donors) {
    const [first] = await log.readStream(donorStream(donor), { from: 0, limit: 1 });
    const name = first && (parseEnvelope(first) as unknown as DonorEvent).data.name;
    const text = name ? await vault.get(name) : undefined;
    if (text !== undefined) names.set(donor, squeeze(text));
  }
  return names;
}

/** Matches that people decided, one line to one giver: what rules are learned from. */
async function confirmedIn(
  vault: Pick<Vault, 'get'>,
  { units, entries, matches }: BankSide,
): Promise<{ readonly fingerprint: string; readonly party: string }[]> {
  const donors = new Map(entries.map(({ entry, donor }) => [entry, donor]));
  const confirmed: { fingerprint: string; party: string }[] = [];
  for (const unit of units) {
    const match = unit.match === null ? undefined : matches.get(unit.match);
    if (!match || match.rule !== null) continue;
    const [party, ...others] = new Set(match.entries.map((entry) => donors.get(entry)));
    if (!party || others.length > 0) continue;
    const { narrative, counterparty } = await textsOf(vault, unit);
    confirmed.push({ fingerprint: fingerprintOf(narrative, counterparty), party });
  }
  return confirmed;
}

interface Batch {
  readonly body: MatchLinesBody;
  readonly matches: readonly RuleMatch[];
}

/** Matches as commands, those of one year together: a command writes one stream. */
function batchesOf(account: string, found: readonly RuleMatch[]): Batch[] {
  const byYear = Map.groupBy(found, ({ lines }) => yearOf(lines[0]?.day ?? ''));
  const batches: Batch[] = [];
  for (const [year, matches] of byYear) {
    let some: RuleMatch[] = [];
    let units = 0;
    const end = (): void => {
      if (some.length > 0)
        batches.push({ body: { account, year, matches: some.map(proposed) }, matches: some });
      some = [];
      units = 0;
    };
    for (const match of matches) {
      some.push(match);
      units += match.lines.length + match.entries.length;
      if (some.length >= MATCHES_MAX || units >= UNITS_MAX) end();
    }
    end();
  }
  return batches;
}

const proposed = ({ rule, lines, entries }: RuleMatch): MatchLinesBody['matches'][number] => ({
  rule,
  lines: lines.map(({ line }) => line),
  entries: entries.map(({ entry, fund, amount, direction, day }) => ({
    entry,
    fund,
    amount: String(amount),
    direction,
    day,
  })),
});
