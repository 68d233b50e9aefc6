import { hash } from 'node:crypto';
import type { EventLogReader } from '#event-log';
import { type Result, ok, refuse } from '#kernel';
import { type Command, type Ledger, canonicalJson, parseEnvelope } from '#platform';
import { FILE_BYTES_MAX, type Vault } from '#privacy';
import { type BatchTotals, batchStream } from '../domain/events.ts';
import { type DeclaredTotals, type TotalDifference, differencesOf, toldTotals } from '../domain/totals.ts';
import { amount } from '../files/cells.ts';
import { stepKey } from '../files/key.ts';
import type { CellRefusal, Kind } from '../files/kind.ts';
import { ledgerGate } from '../files/ledger-gate.ts';
import { BATCH_ROWS } from '../files/limits.ts';
import { type ReadTable, type StatedTotals, readTable } from '../files/read-file.ts';
import {
  type PlannedRow,
  type RowFate,
  fateOf,
  planRows,
  sendSteps,
  totalsOf,
  totalsRefusal,
} from '../files/run.ts';
import { moneyOf } from '../files/shared.ts';

/** What entering a batch stands on. */
export interface BatchPorts {
  readonly ledger: Pick<Ledger, 'execute' | 'executeMany'>;
  readonly vault: Vault;
  readonly log: Pick<EventLogReader, 'readStream'>;
}

export interface EnterBatch {
  readonly kind: Kind;
  readonly bytes: Uint8Array;
  /** The person who enters, an opaque id. */
  readonly actor: string;
  /** What the person declares; what the file states of itself counts too. */
  readonly declared: DeclaredTotals;
  /** Enter it although totals differ. */
  readonly goOn?: boolean | undefined;
  /** Enter nothing when any row would be refused, as far as can be told before. */
  readonly allOrNothing?: boolean | undefined;
  /** Tell what would become of the rows, and leave nothing. */
  readonly dryRun?: boolean | undefined;
  readonly onProgress?: (done: number, all: number) => void;
}

/** What became of one row, and the numbers of the vouchers that were written for it. */
export interface EnteredRow extends RowFate {
  readonly vouchers: readonly string[];
}

export interface BatchReport {
  /** Under which it is looked up later; the same file of one kind is one batch. */
  readonly batch: string;
  readonly kind: string;
  /** Hash under which the vault keeps the file. */
  readonly file: string;
  readonly declared: BatchTotals;
  readonly found: BatchTotals;
  /** Not empty: it was entered although these differ. */
  readonly differences: readonly TotalDifference[];
  readonly dryRun: boolean;
  readonly recorded: number;
  readonly there: number;
  readonly refused: number;
  readonly notTried: number;
  readonly rows: readonly EnteredRow[];
}

/** Rows whose vouchers are looked up at once. */
const LOOK_UPS = 100;

/** Id of a batch: the same bytes of one kind are the same batch, whoever sends them when. */
export const batchId = (kind: string, file: string): string =>
  hash('sha256', `la-lanh/batch/v1\n${kind}\n${file}`, 'hex').slice(0, 32);

/**
 * Enters a batch of rows. Its totals are checked before anything is booked: a difference refuses it whole, with both
 * figures. Each row then stands alone, under keys made from its ref, so that the same batch again books nothing and
 * order, repetition and division of rows that do not need each other lead to the same books. The file is kept as
 * evidence whatever becomes of it, and the report on its rows under the batch's id.
 */
export async function runBatch(
  ports: BatchPorts,
  asked: EnterBatch,
): Promise<Result<BatchReport, CellRefusal>> {
  const { kind, bytes, actor, goOn = false, dryRun = false } = asked;
  const { vault, ledger } = ports;
  if (bytes.byteLength > FILE_BYTES_MAX)
    return whole(refuse('FILE_TOO_LARGE', { limit: `${FILE_BYTES_MAX / 1024 / 1024} MB` }));
  const read = await readTable(bytes, kind);
  const file = dryRun ? hash('sha256', bytes, 'hex') : await vault.putFile(bytes);
  if (!read.ok) return read;
  const checked = checkTotals(read.value, asked.declared, goOn);
  if (!checked.ok) return whole(checked);
  const rows = planRows(read.value.rows, kind);
  const isStopped = asked.allOrNothing === true && !(await wouldAllBeTaken(ledger, rows, actor));
  if (!isStopped && dryRun) await preview(ledger, rows, actor);
  if (!isStopped && !dryRun) await send(ports, rows, asked);
  const fates = rows.map(fateOf).map((fate) => (isStopped ? stopped(fate) : fate));
  const count = (fate: RowFate['fate']): number => fates.filter((one) => one.fate === fate).length;
  const report: BatchReport = {
    batch: batchId(kind.name, file),
    kind: kind.name,
    file,
    ...checked.value,
    dryRun,
    recorded: count('recorded'),
    there: count('there'),
    refused: count('refused'),
    notTried: count('not-tried'),
    rows: dryRun ? fates.map((fate) => ({ ...fate, vouchers: [] })) : await withVouchers(ports.log, fates),
  };
  if (!dryRun) await keep(ports, report, actor);
  return ok(report);
}

const whole = (refused: Result<never>): { readonly ok: false; readonly error: CellRefusal } => ({
  ok: false,
  error: { ...(refused.ok ? { code: 'INTERNAL', details: {} } : refused.error), column: null },
});

type Totals = Pick<BatchReport, 'declared' | 'found' | 'differences'>;

/** Holds what was declared, with the request and in the file, against what the rows come to. */
function checkTotals(table: ReadTable, given: DeclaredTotals, goOn: boolean): Result<Totals> {
  if (table.rows.length === 0) return refuse('BATCH_EMPTY');
  const declared = together(given, table.totals);
  if (!declared.ok) return declared;
  if (declared.value.count === null && declared.value.sums.size === 0) return refuse('BATCH_TOTALS_MISSING');
  const found = totalsOf(table);
  const differences = differencesOf(declared.value, found);
  if (differences.length > 0 && !goOn) return { ok: false, error: totalsRefusal(differences, table) };
  return ok({ declared: toldTotals(declared.value), found: toldTotals(found), differences });
}

/** Totals declared in two places are one: what stands in both is the same. */
function together(given: DeclaredTotals, stated: StatedTotals | null): Result<DeclaredTotals> {
  if (!stated) return ok(given);
  if (given.count !== null && stated.count !== null && given.count !== stated.count)
    return refuse('BATCH_TOTALS_TWICE', { of: 'count' });
  const sums = new Map(given.sums);
  for (const [of, sum] of stated.sums) {
    if ((sums.get(of) ?? sum) !== sum) return refuse('BATCH_TOTALS_TWICE', { of });
    sums.set(of, sum);
  }
  return ok({ count: given.count ?? stated.count, sums });
}

/** Reads `251473000` or `EUR=1200,50` as a declared sum. */
export function readTotal(text: string): Result<{ readonly commodity: string; readonly amount: bigint }> {
  const [, commodity = null, written = ''] = /^(?:([A-Za-z][\w.-]{0,40})[=:])?(.+)$/.exec(text.trim()) ?? [];
  const read = amount(written.trim());
  const money = read.ok ? moneyOf('amount', read.value, { commodity }) : read;
  return money.ok
    ? ok({ commodity: money.value.commodity, amount: BigInt(money.value.amount) })
    : refuse('BATCH_TOTAL_INVALID', { value: text.slice(0, 60) });
}

/** Declared totals out of texts; a commodity that stands twice is refused. */
export function declaredTotals(count: number | null, totals: readonly string[]): Result<DeclaredTotals> {
  const sums = new Map<string, bigint>();
  for (const text of totals) {
    const total = readTotal(text);
    if (!total.ok) return total;
    const { commodity, amount: sum } = total.value;
    if (sums.has(commodity)) return refuse('BATCH_TOTALS_TWICE', { of: commodity });
    sums.set(commodity, sum);
  }
  return ok({ count, sums });
}

/** Asks the ledger about the first step of every row; later ones need it to have happened. */
async function preview(
  ledger: BatchPorts['ledger'],
  rows: readonly PlannedRow[],
  actor: string,
): Promise<void> {
  const gate = ledgerGate(ledger, true);
  for (let from = 0; from < rows.length; from += BATCH_ROWS) {
    const some = rows.slice(from, from + BATCH_ROWS);
    const firsts = some.map((row) => ({ ...row, steps: row.steps.slice(0, 1) }));
    await sendSteps(firsts, gate, actor);
    for (const [i, { refusal }] of firsts.entries()) {
      const row = some[i];
      if (row) row.refusal = refusal;
    }
  }
}

async function wouldAllBeTaken(
  ledger: BatchPorts['ledger'],
  rows: readonly PlannedRow[],
  actor: string,
): Promise<boolean> {
  if (rows.every(({ refusal }) => refusal === null)) await preview(ledger, rows, actor);
  // What was answered to the question is no answer to the row.
  for (const row of rows) row.answers.splice(0);
  return rows.every(({ refusal }) => refusal === null);
}

/** Rows that were good stay untried when the batch stands or falls as one. */
const stopped = (fate: RowFate): RowFate =>
  fate.refusal === null ? { ...fate, fate: 'not-tried', done: [], at: [] } : fate;

async function send(
  { ledger }: BatchPorts,
  rows: readonly PlannedRow[],
  { actor, onProgress }: EnterBatch,
): Promise<void> {
  const gate = ledgerGate(ledger);
  for (let from = 0; from < rows.length; from += BATCH_ROWS) {
    await sendSteps(rows.slice(from, from + BATCH_ROWS), gate, actor);
    onProgress?.(Math.min(from + BATCH_ROWS, rows.length), rows.length);
  }
}

/** The vouchers that stand in the events of each row. */
async function withVouchers(log: BatchPorts['log'], fates: readonly RowFate[]): Promise<EnteredRow[]> {
  const entered: EnteredRow[] = [];
  for (let from = 0; from < fates.length; from += LOOK_UPS)
    entered.push(
      ...(await Promise.all(
        fates.slice(from, from + LOOK_UPS).map(async (fate) => {
          const found = await Promise.all(fate.at.map((at) => voucherAt(log, at)));
          return { ...fate, vouchers: [...new Set(found.flatMap((voucher) => voucher ?? []))] };
        }),
      )),
    );
  return entered;
}

async function voucherAt(log: BatchPorts['log'], at: string): Promise<string | undefined> {
  const cut = at.lastIndexOf('@');
  const [record] = await log.readStream(at.slice(0, cut), { from: Number(at.slice(cut + 1)), limit: 1 });
  const { voucher } = (record ? parseEnvelope(record).data : {}) as { readonly voucher?: unknown };
  return typeof voucher === 'string' ? voucher : undefined;
}

/** The text of a report; amounts as decimal texts, members always in one order. */
export const reportText = (report: object): string =>
  canonicalJson(
    JSON.parse(
      JSON.stringify(report, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ),
  );

/** Keeps the report, unless the batch is there already and nothing of it is new. */
async function keep({ ledger, vault, log }: BatchPorts, report: BatchReport, actor: string): Promise<void> {
  const { batch, kind, file, declared, found, recorded, there, refused, notTried } = report;
  const before = await log.readStream(batchStream(batch), { from: 0, limit: 1 });
  if (before.length > 0 && recorded === 0) return;
  const kept = await vault.putFile(Buffer.from(reportText(report)));
  const command: Command = {
    handler: 'enter-batch',
    key: stepKey('batch', `${batch}/${kept}`, 'enter'),
    actor,
    body: { batch, kind, file, report: kept, declared, found, recorded, there, refused, notTried },
  };
  const outcome = await ledger.execute(command);
  if (!outcome.ok && outcome.error.code !== 'BATCH_KNOWN')
    throw new Error(`the outcome of a batch is recorded: ${outcome.error.code}`);
}
