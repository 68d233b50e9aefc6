import { readFile, readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { type FileFates, importFolder } from '#batches';
import { type HoldReport, type ImportReport, type MatchReport, RULES } from '#banking';
import { type Day, isDay } from '#kernel';
import { acceptStatement, matchPath, post, readStatement, refusalOf } from '../commands/bank.ts';
import { type CommandGate, sendCommandFile } from '../do/command-file.ts';
import { CliFailure } from '../failure.ts';
import { matchPairs, openLinesOf, readHeld, readPairs } from './pair.ts';

/** Periods of one folder of work. */
const STEPS_MAX = 1_000;

/** Bank files of a period: `<account>.<anything>`. */
const STATEMENTS = ['sao-ke', 'statements'] as const;
/** Matches that a person decided, beside the bank files. */
const PAIRS = 'khop.csv';
/** Lines that a person books as money of nobody known; `lalanh bank hold` does it for single ones. */
const HELD = 'tam-giu.csv';
/** Command files for after the reconciliation: locking a month, closing a year. */
const AFTERWARDS = ['sau-doi-chieu', 'afterwards'] as const;

export interface WorkPorts {
  /** The data folder. */
  readonly data: string;
  /** The server that holds it. */
  readonly address: string;
  readonly gate: CommandGate;
  readonly actor: string;
}

/** A bank account reconciled and accepted at the end of a period, in minor units. */
export interface ReconciledAccount {
  readonly account: string;
  readonly on: Day;
  readonly layouts: readonly string[];
  /** Lines that were new, and lines matched now, by rule. */
  readonly recorded: number;
  readonly matched: Readonly<Record<string, number>>;
  readonly bank: bigint;
  readonly book: bigint;
  readonly items: number;
  readonly listed: bigint;
  /** bank − book − listed: 0, or it is not accepted. */
  readonly difference: bigint;
}

export interface StepDone {
  readonly step: string;
  readonly files: readonly FileFates[];
  readonly accounts: readonly ReconciledAccount[];
}

/** The periods of a folder of work: its folders whose name begins with a digit, in the order of their names. */
export async function stepsOf(root: string): Promise<readonly string[]> {
  const found = await readdir(root, { withFileTypes: true }).catch((cause: unknown) => {
    throw new CliFailure(
      `Không đọc được thư mục ${root}.`,
      `The folder ${root} can not be read.`,
      undefined,
      {
        cause,
      },
    );
  });
  const steps = found
    .filter((entry) => entry.isDirectory() && /^\d/.test(entry.name))
    .map(({ name }) => name)
    .toSorted();
  if (steps.length > STEPS_MAX)
    throw new CliFailure(
      `Thư mục ${root} có hơn ${STEPS_MAX} kỳ.`,
      `The folder ${root} has more than ${STEPS_MAX} periods.`,
    );
  return steps;
}

/**
 * Does the work of one period: import files, then command files by name, then bank files, matching, reconciliation of
 * each account on the last day its files tell of, then the command files for afterwards. Doing it again records nothing.
 */
export async function workStep(root: string, step: string, ports: WorkPorts): Promise<StepDone> {
  const folder = join(root, step);
  const { gate, actor } = ports;
  const hashes = new Map<string, string>();
  const sendAll = async (under: string): Promise<FileFates[]> => {
    const fates: FileFates[] = [];
    for (const name of (await namesIn(under)).filter((file) => file.endsWith('.ndjson')))
      fates.push(await sendCommandFile(join(under, name), gate, { actor, hashes }));
    return fates;
  };
  const imported = await importFolder(folder, gate, { actor });
  const sent = await sendAll(folder);
  const accounts: ReconciledAccount[] = [];
  for (const name of STATEMENTS) accounts.push(...(await reconcileAll(join(folder, name), ports)));
  const after: FileFates[] = [];
  for (const name of AFTERWARDS) after.push(...(await sendAll(join(folder, name))));
  return { step, files: [...imported, ...sent, ...after], accounts };
}

/** Names in a folder in their order; none when there is no such folder. */
const namesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder).catch(() => [])).filter((name) => !/^[.~]/.test(name)).toSorted();

/** Everything is imported before anything is matched, so that money between own accounts meets both its lines. */
async function reconcileAll(folder: string, ports: WorkPorts): Promise<ReconciledAccount[]> {
  const reports = new Map<string, ImportReport[]>();
  const names = await namesIn(folder);
  for (const name of names) {
    if (name === PAIRS || name === HELD) continue;
    const [account = ''] = parse(name).name.split('.');
    const bytes = await readFile(join(folder, name));
    const path = `/v1/bank/accounts/${account}/files`;
    const report = (await post(ports.address, path, ports.actor, bytes)) as ImportReport;
    reports.set(account, [...(reports.get(account) ?? []), report]);
  }
  const paired = names.includes(PAIRS) ? await pairAll(join(folder, PAIRS), ports) : new Map();
  const held = names.includes(HELD) ? await readHeld(join(folder, HELD)) : new Map();
  for (const [account, lines] of held) await holdOpen(account, lines, ports);
  const done: ReconciledAccount[] = [];
  for (const [account, files] of reports)
    done.push(await reconcileOne(account, files, paired.get(account) ?? 0, ports));
  return done;
}

/** Books lines as money of nobody known, which matches them too. */
async function holdOpen(
  account: string,
  named: Parameters<typeof openLinesOf>[1],
  ports: WorkPorts,
): Promise<void> {
  const lines = await openLinesOf(account, named, ports);
  if (lines.length === 0) return;
  const path = `/v1/bank/accounts/${account}/hold`;
  const report = (await post(ports.address, path, ports.actor, { lines })) as HoldReport;
  const refused = report.lines.find(({ refusal }) => refusal !== null)?.refusal;
  if (refused) throw refusalOf(refused);
}

/** What a person decided comes before the rules, which would take a part of it. */
async function pairAll(path: string, ports: WorkPorts): Promise<ReadonlyMap<string, number>> {
  const matched = await matchPairs(await readPairs(path), ports);
  if (!matched.ok) throw refusalOf(matched.error);
  return matched.value;
}

async function reconcileOne(
  account: string,
  files: readonly ImportReport[],
  byPerson: number,
  { data, address, gate, actor }: WorkPorts,
): Promise<ReconciledAccount> {
  const matched: Record<string, number> = byPerson > 0 ? { person: byPerson } : {};
  // Money and day alone come last: they take what nothing surer took.
  for (const rules of [undefined, RULES]) {
    const report = (await post(address, matchPath(account, rules), actor)) as MatchReport;
    for (const [rule, count] of Object.entries(report.matched)) matched[rule] = (matched[rule] ?? 0) + count;
  }
  const statements = files.flatMap((file) => file.statements);
  const on = statements
    .map(({ to }) => to)
    .toSorted()
    .at(-1);
  if (on === undefined || !isDay(on))
    throw new CliFailure(
      `Sao kê của ${account} không nêu ngày nào.`,
      `The statement of ${account} names no day.`,
    );
  const found = await readStatement(data, { account, actor, on });
  await acceptStatement(gate, actor, found);
  const { bank, book, items, listed, difference } = found.statement;
  return {
    account,
    on,
    layouts: [...new Set(statements.map(({ layout }) => layout))],
    recorded: statements.reduce((sum, { recorded }) => sum + recorded, 0),
    matched,
    bank,
    book,
    items: items.length,
    listed,
    difference,
  };
}
