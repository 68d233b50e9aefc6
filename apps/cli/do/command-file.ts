import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  BATCH_ROWS,
  type CellRefusal,
  type FileFates,
  IMPORT_BYTES_MAX,
  type ImportCommand,
  type ImportGate,
  ROWS_MAX,
  type RowFate,
  stepKey,
} from '#batches';
import { type Refusal, type Result, ok, refuse } from '#kernel';

/** Where commands go that may name evidence: `keep` puts the bytes into the vault and gives the name of the file. */
export interface CommandGate extends ImportGate {
  keep(bytes: Uint8Array): Promise<string>;
}

export interface CommandFileOptions {
  /** Who acts where a line names nobody. */
  readonly actor: string;
  /** Hashes that the lines of earlier files were answered with, by ref; grows with this file. */
  readonly hashes?: Map<string, string>;
  readonly onProgress?: (done: number, all: number) => void;
}

/** A line as it is written: `{"ref", "name", "actor"?, "body", "note"?}`; `note` is for people alone. */
interface WrittenLine {
  readonly ref: string;
  readonly name: string;
  readonly actor?: string;
  readonly body: object;
}

interface Line {
  readonly row: number;
  readonly written: WrittenLine | undefined;
  refusal: CellRefusal | null;
  answer: { readonly duplicate: boolean; readonly at: readonly string[] } | null;
}

/** The step of an import row whose command made the thing that the row is about. */
const FIRST_STEPS: Readonly<Record<string, string>> = {
  receipts: 'record',
  allocations: 'approve',
  disbursements: 'propose',
};

/**
 * The key of the command that a ref means: `receipts/PT-1` is the row of an import file, anything else the line of a
 * command file.
 */
export function keyOfRef(ref: string): string {
  const [kind = '', ...rest] = ref.split('/');
  const step = FIRST_STEPS[kind];
  return step === undefined ? stepKey('commands', ref, 'do') : stepKey(kind, rest.join('/'), step);
}

/** Name and value of an object with one member. */
function onlyMember(value: object): readonly [string, unknown] | undefined {
  const members = Object.entries(value);
  return members.length === 1 ? members[0] : undefined;
}

/** Everything in a body that stands for something else: `{"ref": …}`, `{"hashOf": …}`, `{"file": …}`. */
function* pointersIn(value: unknown): Generator<readonly [string, string]> {
  if (typeof value !== 'object' || value === null) return;
  const [name = '', target] = onlyMember(value) ?? [];
  if (typeof target === 'string' && name in POINTERS) yield [name, target];
  else for (const member of Object.values(value)) yield* pointersIn(member);
}

interface Sources {
  readonly hashes: ReadonlyMap<string, string>;
  /** Names in the vault of the evidence files of this command file. */
  readonly files: ReadonlyMap<string, string>;
}

/** What each kind of pointer stands for; undefined: nothing is known of it. */
const POINTERS: Readonly<Record<string, (target: string, sources: Sources) => string | undefined>> = {
  ref: keyOfRef,
  hashOf: (target, { hashes }) => hashes.get(target),
  file: (target, { files }) => files.get(target),
};

function resolved(value: unknown, sources: Sources): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => resolved(member, sources));
  const [name = '', target] = onlyMember(value) ?? [];
  if (typeof target === 'string' && name in POINTERS) return POINTERS[name]?.(target, sources);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolved(member, sources)]));
}

function parseLine(text: string): Result<WrittenLine> {
  let line: Partial<WrittenLine>;
  try {
    line = JSON.parse(text) as Partial<WrittenLine>;
  } catch (error) {
    return refuse('LINE_NOT_JSON', { cause: error instanceof Error ? error.message : String(error) });
  }
  const { ref, name, actor, body } = line;
  if (typeof ref !== 'string' || ref === '') return refuse('LINE_INCOMPLETE', { member: 'ref' });
  if (typeof name !== 'string' || name === '') return refuse('LINE_INCOMPLETE', { member: 'name' });
  if (typeof body !== 'object' || body === null) return refuse('LINE_INCOMPLETE', { member: 'body' });
  return ok({ ref, name, body, ...(typeof actor === 'string' && { actor }) });
}

/**
 * Sends the commands of an NDJSON file, in order. The key of a command is made from its ref, so that sending the file
 * again changes nothing; a line that is refused does not hinder the others, except those that need its answer.
 */
export async function sendCommandFile(
  path: string,
  gate: CommandGate,
  options: CommandFileOptions,
): Promise<FileFates> {
  const file = basename(path);
  const bytes = await readFile(path).catch(() => undefined);
  const whole = (refusal: Refusal): FileFates => ({
    file,
    kind: undefined,
    refusal: { ...refusal, column: null },
    rows: [],
  });
  if (bytes === undefined) return whole({ code: 'FILE_UNREADABLE', details: { cause: path } });
  if (bytes.length > IMPORT_BYTES_MAX) return whole({ code: 'FILE_TOO_LARGE', details: {} });
  const texts = bytes.toString('utf8').split(/\r?\n/);
  if (texts.length > ROWS_MAX) return whole({ code: 'FILE_TOO_LARGE', details: {} });
  const lines = linesOf(texts);
  const hashes = options.hashes ?? new Map<string, string>();
  const files = await keepFiles(lines, dirname(path), gate);
  await sendAll(lines, gate, { ...options, hashes }, files);
  return { file, kind: undefined, refusal: null, rows: lines.map(fateOf) };
}

/** Blank lines are skipped; a ref that stands twice is refused the second time. */
function linesOf(texts: readonly string[]): Line[] {
  const seen = new Set<string>();
  return texts.flatMap((text, at): Line[] => {
    if (text.trim() === '') return [];
    const parsed = parseLine(text);
    const row = at + 1;
    if (!parsed.ok)
      return [{ row, written: undefined, refusal: { ...parsed.error, column: null }, answer: null }];
    const { ref } = parsed.value;
    const refusal = seen.has(ref) ? { code: 'REF_REPEATED', details: { ref }, column: null } : null;
    seen.add(ref);
    return [{ row, written: parsed.value, refusal, answer: null }];
  });
}

/** Puts the evidence that lines name into the vault; a line whose file can not be read is refused. */
async function keepFiles(
  lines: readonly Line[],
  folder: string,
  gate: CommandGate,
): Promise<ReadonlyMap<string, string>> {
  const kept = new Map<string, string>();
  for (const line of lines)
    for (const [name, target] of pointersIn(line.written?.body)) {
      if (name !== 'file' || kept.has(target)) continue;
      const bytes = await readFile(join(folder, target)).catch(() => undefined);
      if (bytes === undefined)
        line.refusal = { code: 'FILE_UNREADABLE', details: { cause: target }, column: null };
      else kept.set(target, await gate.keep(bytes));
    }
  return kept;
}

/** Lines go in batches; a batch ends before a line that names one of it, whose answer it needs. */
async function sendAll(
  lines: readonly Line[],
  gate: CommandGate,
  { actor, hashes, onProgress }: CommandFileOptions & { readonly hashes: Map<string, string> },
  files: ReadonlyMap<string, string>,
): Promise<void> {
  let batch: { readonly line: Line; readonly command: ImportCommand; readonly ref: string }[] = [];
  const flush = async (done: number): Promise<void> => {
    if (batch.length === 0) return;
    const answers = await gate.send(batch.map(({ command }) => command));
    for (const [i, { line, ref }] of batch.entries()) {
      const answer = answers[i];
      if (answer?.ok) {
        line.answer = answer;
        const [hash] = answer.hashes;
        if (hash !== undefined) hashes.set(ref, hash);
      } else
        line.refusal = {
          ...(answer?.refusal ?? { code: 'LEDGER_UNREACHABLE', details: { cause: 'no answer' } }),
          column: null,
        };
    }
    batch = [];
    onProgress?.(done, lines.length);
  };
  for (const [at, line] of lines.entries()) {
    const { written } = line;
    if (written === undefined || line.refusal !== null) continue;
    const pointers = [...pointersIn(written.body)];
    const needsBatch = pointers.some(([, target]) => batch.some(({ ref }) => ref === target));
    if (needsBatch || batch.length === BATCH_ROWS) await flush(at);
    const unknown = pointers.find(([name, target]) => name === 'hashOf' && !hashes.has(target));
    if (unknown) {
      line.refusal = { code: 'HASH_OF_NOTHING', details: { ref: unknown[1] }, column: null };
      continue;
    }
    const command = {
      name: written.name,
      key: keyOfRef(written.ref),
      actor: written.actor ?? actor,
      body: resolved(written.body, { hashes, files }) as object,
    };
    batch.push({ line, command, ref: written.ref });
  }
  await flush(lines.length);
}

const fateOf = ({ row, written, refusal, answer }: Line): RowFate => ({
  row,
  ref: written?.ref ?? null,
  fate: refusal !== null ? 'refused' : answer?.duplicate ? 'there' : 'recorded',
  done: answer === null || written === undefined ? [] : [written.name],
  stoppedAt: refusal === null ? null : (written?.name ?? null),
  refusal,
  at: answer?.at ?? [],
});
