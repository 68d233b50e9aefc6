import { basename, join } from 'node:path';
import type { Refusal } from '#kernel';
import { type FoundTotals, type TotalDifference, differencesOf } from '../domain/totals.ts';
import type { CellRefusal, Kind, PlannedStep, StepAnswer } from './kind.ts';
import { BATCH_ROWS } from './limits.ts';
import {
  type FoundFile,
  type ReadRow,
  type ReadTable,
  findFiles,
  moneyIn,
  readImportFile,
} from './read-file.ts';

/** A command as the import sends it. */
export interface ImportCommand {
  readonly name: string;
  readonly key: string;
  readonly actor: string;
  readonly body: object;
}

/** What the ledger said to a command. `duplicate`: it had been recorded by an earlier import. */
export type ImportAnswer =
  | {
      readonly ok: true;
      readonly duplicate: boolean;
      readonly hashes: readonly string[];
      /** `stream@revision` of each event. */
      readonly at: readonly string[];
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** Where the commands of an import go: the ledger of this process, or the server that holds the data folder. */
export interface ImportGate {
  /** Decides the commands one after another in this order; one answer each, in the same order. */
  send(commands: readonly ImportCommand[]): Promise<readonly ImportAnswer[]>;
}

/** What became of a row. `there`: an earlier import recorded all of it. `not-tried`: another row stopped it. */
export type Fate = 'recorded' | 'there' | 'refused' | 'not-tried';

export interface RowFate {
  readonly row: number;
  readonly ref: string | null;
  readonly fate: Fate;
  /** Steps that are in the ledger now: `propose`, `approve` … */
  readonly done: readonly string[];
  /** The step that was refused; null when the row was refused before any command. */
  readonly stoppedAt: string | null;
  readonly refusal: CellRefusal | null;
  /** Where it stands in the log: `stream@revision`. */
  readonly at: readonly string[];
}

export interface FileFates {
  readonly file: string;
  readonly kind: Kind | undefined;
  /** Why no row of the file was read. */
  readonly refusal: CellRefusal | null;
  readonly rows: readonly RowFate[];
}

export interface ImportOptions {
  /** The person who imports, an opaque id. */
  readonly actor: string;
  readonly onProgress?: (done: number, all: number, file: string) => void;
}

/** A row on its way: its steps, how far they went, and why they stopped. */
export interface PlannedRow {
  readonly row: number;
  readonly ref: string | null;
  readonly steps: readonly PlannedStep[];
  readonly answers: (StepAnswer & { readonly duplicate: boolean; readonly at: readonly string[] })[];
  refusal: CellRefusal | null;
}

/**
 * Imports the files of a folder, kind after kind. Each step of a row is a command of its own with a key made
 * from kind, ref and step: importing again changes nothing and goes on where a row stopped. A row that is
 * refused stops alone.
 */
export async function importFolder(
  folder: string,
  gate: ImportGate,
  options: ImportOptions,
): Promise<FileFates[]> {
  const found = await findFiles(folder);
  const refs = new Map<string, Set<string>>();
  const fates: FileFates[] = [];
  for (const { file, kind } of found) {
    const seen = refs.get(kind?.name ?? '') ?? new Set();
    refs.set(kind?.name ?? '', seen);
    fates.push(await importFile(join(folder, file), { file, kind }, seen, gate, options));
  }
  return fates;
}

async function importFile(
  path: string,
  { file, kind }: FoundFile,
  seen: Set<string>,
  gate: ImportGate,
  { actor, onProgress }: ImportOptions,
): Promise<FileFates> {
  const refused = (refusal: CellRefusal): FileFates => ({ file, kind, refusal, rows: [] });
  if (!kind) return refused({ code: 'FILE_NOT_RECOGNISED', details: { file: basename(file) }, column: null });
  const read = await readImportFile(path, kind);
  if (!read.ok) return refused(read.error);
  const declared = read.value.totals;
  // Only a batch must declare everything; an import is held against what its file states.
  const different =
    declared === null
      ? []
      : differencesOf(declared, totalsOf(read.value)).filter((one) => one.declared !== null);
  if (different.length > 0) return refused({ ...totalsRefusal(different, read.value), column: null });
  const rows = planRows(read.value.rows, kind, seen);
  for (let from = 0; from < rows.length; from += BATCH_ROWS) {
    await sendSteps(rows.slice(from, from + BATCH_ROWS), gate, actor);
    onProgress?.(Math.min(from + BATCH_ROWS, rows.length), rows.length, file);
  }
  return { file, kind, refusal: null, rows: rows.map(fateOf) };
}

/** What the rows of a table come to: how many they are, and the sum of each commodity that can be read. */
export function totalsOf({ rows }: Pick<ReadTable, 'rows'>): FoundTotals & { readonly unread: number } {
  const sums = new Map<string, bigint>();
  let unread = 0;
  for (const { cells } of rows) {
    const money = cells.ok ? moneyIn(cells.value) : null;
    if (!cells.ok || money?.ok === false) unread += 1;
    if (!money?.ok) continue;
    const { commodity, amount } = money.value;
    sums.set(commodity, (sums.get(commodity) ?? 0n) + BigInt(amount));
  }
  return { count: rows.length, sums, unread };
}

/** Totals that differ, with both figures of each. */
export const totalsRefusal = (
  differences: readonly TotalDifference[],
  table: Pick<ReadTable, 'rows'>,
): Refusal => {
  const told = differences.map(({ of, declared, found }) => `${of} ${declared ?? '–'} / ${found}`);
  const { unread } = totalsOf(table);
  return { code: 'BATCH_TOTALS_DIFFER', details: { differences: told.join(' · '), unread: String(unread) } };
};

/** Reads every row whole before anything of any is sent. */
export const planRows = (rows: readonly ReadRow[], kind: Kind, seen: Set<string> = new Set()): PlannedRow[] =>
  rows.map((row) => plan(row, kind, seen));

/** Reads a row whole before anything of it is sent, so that a bad cell never leaves half a life behind. */
function plan({ row, cells }: ReadRow, kind: Kind, seen: Set<string>): PlannedRow {
  const ref = cells.ok ? (cells.value.get('ref') ?? null) : null;
  const refused = (refusal: CellRefusal): PlannedRow => ({ row, ref, steps: [], answers: [], refusal });
  if (!cells.ok) return refused(cells.error);
  if (ref !== null && seen.has(ref))
    return refused({ code: 'REF_REPEATED', details: { ref }, column: 'ref' });
  if (ref !== null) seen.add(ref);
  const planned = kind.plan(cells.value);
  return planned.ok ? { row, ref, steps: planned.value, answers: [], refusal: null } : refused(planned.error);
}

/** Sends the first steps of the rows together, then the second steps of those that still go on, and so on. */
export async function sendSteps(
  rows: readonly PlannedRow[],
  gate: ImportGate,
  importer: string,
): Promise<void> {
  for (let at = 0; ; at += 1) {
    const going = rows.flatMap((row) => {
      const step = row.refusal === null ? row.steps[at] : undefined;
      return step ? [{ row, step }] : [];
    });
    if (going.length === 0) return;
    const answers = await gate.send(
      going.map(({ row, step: { command: name, key, actor, body } }) => ({
        name,
        key,
        actor: actor ?? importer,
        body: body(row.answers),
      })),
    );
    for (const [i, { row }] of going.entries()) {
      const answer = answers[i];
      if (answer?.ok) row.answers.push(answer);
      else
        row.refusal = {
          ...(answer?.refusal ?? { code: 'LEDGER_UNREACHABLE', details: { cause: 'no answer' } }),
          column: null,
        };
    }
  }
}

export function fateOf({ row, ref, steps, answers, refusal }: PlannedRow): RowFate {
  const there = refusal === null && answers.every(({ duplicate }) => duplicate);
  return {
    row,
    ref,
    fate: refusal !== null ? 'refused' : there ? 'there' : 'recorded',
    done: steps.slice(0, answers.length).map(({ name }) => name),
    stoppedAt: refusal === null ? null : (steps[answers.length]?.name ?? null),
    refusal,
    at: answers.flatMap(({ at }) => at),
  };
}
