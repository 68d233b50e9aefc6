import type { Scope } from '#access';
import type { EventLogReader } from '#event-log';
import { type DonorEvent, donorStream } from '#people';
import { parseEnvelope } from '#platform';
import { findReferences } from '#pledges';
import type { Vault } from '#privacy';
import type { ReadContext } from '#read-models';
import { BOOKED_AS, type BookedAs, isBookedAs } from '../domain/book-line.ts';
import { CONFIRMED_MAX, type Confirmed, fingerprintOf, learn } from '../domain/match/learn.ts';
import type { Knowledge, OpenEntry, OpenLine } from '../domain/match/open.ts';
import { ownReferences } from '../domain/match/references.ts';
import { absolute } from '../domain/statement.ts';
import { squeeze } from '../domain/words.ts';
import {
  type BankAccountRow,
  type BankUnitRow,
  type DecidedMatch,
  readOpenSide,
} from '../read-models/index.ts';
import { type ReferenceBook, referenceBook } from './references.ts';

/** What matching stands on. */
export interface MatchPorts {
  readonly context: ReadContext;
  readonly vault: Pick<Vault, 'get'>;
  readonly log: Pick<EventLogReader, 'readAll' | 'readStream'>;
}

/** What is open on both sides of an account, and what is known that helps to match it. */
export interface OpenBoard {
  readonly position: number;
  readonly account: BankAccountRow;
  readonly lines: readonly OpenLine[];
  readonly entries: readonly OpenEntry[];
  readonly knowledge: Knowledge;
  /** What people booked lines of a fingerprint as, when they agree. */
  readonly bookedAs: ReadonlyMap<string, BookedAs>;
  readonly references: ReferenceBook;
}

/** Donors whose names are looked up; further ones are matched by reference and money alone. */
const NAMES_MAX = 50_000;

/** Undefined: there is no such account, or the scope does not see all of its funds. */
export async function openBoard(
  ports: MatchPorts,
  scope: Scope,
  account: string,
): Promise<OpenBoard | undefined> {
  const { side, position } = await readOpenSide(ports.context, {
    scope,
    account,
    lineOf: (unit) => openLine(ports.vault, unit),
    rules: BOOKED_AS,
    decidedMax: CONFIRMED_MAX,
  });
  if (!side) return undefined;
  const { lines, entries, decided } = side;
  const references = referenceBook(ports.log);
  const codes = await codesOf(references, entries);
  const names = await namesOf(ports, entries);
  const confirmed = await confirmedIn(ports.vault, decided);
  const knowledge: Knowledge = {
    referencesOf: (entry) => {
      const code = entry.pledge === null ? undefined : codes.get(entry.pledge);
      return code === undefined ? ownReferences(entry) : [...ownReferences(entry), code];
    },
    nameOf: ({ donor }) => (donor === null ? undefined : names.get(donor)),
    learned: learn(confirmed.donors),
  };
  const bookedAs = learn(confirmed.kinds) as ReadonlyMap<string, BookedAs>;
  return { position, account: side.account, lines, entries, knowledge, bookedAs, references };
}

async function textsOf(
  vault: Pick<Vault, 'get'>,
  { narrative, counterparty }: Pick<BankUnitRow, 'narrative' | 'counterparty'>,
): Promise<{ readonly narrative: string; readonly counterparty: string | null }> {
  return {
    narrative: (narrative !== null && (await vault.get(narrative))) || '',
    counterparty: (counterparty !== null && (await vault.get(counterparty))) || null,
  };
}

async function openLine(vault: Pick<Vault, 'get'>, unit: BankUnitRow): Promise<OpenLine> {
  const { narrative, counterparty } = await textsOf(vault, unit);
  const told = squeeze(`${narrative} ${counterparty ?? ''}`);
  // A code that was misread (O for 0) stands beside the text as it was printed.
  const codes = findReferences(`${narrative} ${counterparty ?? ''}`)
    .map(({ code }) => code)
    .filter((code) => !told.includes(code));
  return {
    line: unit.unit,
    day: unit.day,
    ...absolute(unit.amount),
    squeezed: [told, ...codes].join(' '),
    fingerprint: fingerprintOf(narrative, counterparty),
  };
}

/** The printed codes of the pledges that open entries are on. */
async function codesOf(
  references: ReferenceBook,
  entries: readonly OpenEntry[],
): Promise<ReadonlyMap<string, string>> {
  const codes = new Map<string, string>();
  for (const pledge of new Set(entries.flatMap((entry) => entry.pledge ?? []))) {
    const code = await references.codeOf(pledge);
    if (code !== undefined) codes.set(pledge, code);
  }
  return codes;
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

/** What people decided: which giver stands behind a payer, and what a payer's lines were booked as. */
async function confirmedIn(
  vault: Pick<Vault, 'get'>,
  decided: readonly DecidedMatch[],
): Promise<{ readonly donors: readonly Confirmed[]; readonly kinds: readonly Confirmed[] }> {
  const donors: Confirmed[] = [];
  const kinds: Confirmed[] = [];
  for (const { rule, donors: given, ...texts } of decided) {
    const { narrative, counterparty } = await textsOf(vault, texts);
    const fingerprint = fingerprintOf(narrative, counterparty);
    const [party = '', ...others] = given;
    if (party !== '' && others.length === 0) donors.push({ fingerprint, party });
    // What was held was not understood: it teaches nothing.
    if (isBookedAs(rule) && rule !== 'holding') kinds.push({ fingerprint, party: rule });
  }
  return { donors, kinds };
}
