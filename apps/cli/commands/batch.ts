import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type BatchReport, type Kind, declaredTotals, explain, kinds, runBatch } from '#batches';
import { EventLogError } from '#event-log';
import type { Refusal } from '#kernel';
import { fillIn } from '#platform';
import { allRefusals } from '../../ledger/handlers.ts';
import { type LedgerFolder, openLedgerFolder } from '../../ledger/open-folder.ts';
import { dataFolder } from '../data-folder.ts';
import { CliFailure, EXIT } from '../failure.ts';
import { type Format, type OutputTable, render } from '../output.ts';
import { createProgress } from '../progress.ts';
import { serverOf } from '../server-file.ts';
import { both, idOption, withData, withFormat } from './options.ts';

interface Options {
  readonly data?: string;
  readonly actor: string;
  readonly count?: number;
  readonly total: readonly string[];
  readonly goOn?: boolean;
  readonly allOrNothing?: boolean;
  readonly dryRun?: boolean;
  readonly format: Format;
}

/** How long one batch may take over HTTP; sending it again is safe. */
const TIMEOUT_MS = 600_000;

const countOption = (text: string): number => {
  if (!/^\d{1,7}$/.test(text))
    throw new CliFailure(`“${text}” không phải là số dòng.`, `“${text}” is no number of rows.`, EXIT.usage);
  return Number(text);
};

/** `lalanh batch <kind> <file>`: enters rows under control totals that a person declares. */
export const addBatch = (program: Command): void => {
  withFormat(
    withData(
      program
        .command('batch')
        .description(
          both(
            'nhập một lô có số kiểm tra; kết quả từng dòng ghi cạnh tệp',
            'enter a batch with control totals; the fate of each row is written beside the file',
          ),
        )
        .argument('<kind>', both('loại lô, ví dụ receipts', 'kind of batch, such as receipts'))
        .argument('<file>', both('tệp CSV, XLSX hoặc NDJSON', 'CSV, XLSX or NDJSON file'))
        .option('--count <n>', both('số dòng của lô', 'number of rows'), countOption)
        .option(
          '--total <sum>',
          both('tổng tiền: 251473000 hoặc EUR=1200,50; lặp lại được', 'sum; may stand several times'),
          (text: string, before: readonly string[]) => [...before, text],
          [],
        )
        .option('--go-on', both('vẫn nhập khi số kiểm tra lệch', 'enter although totals differ'))
        .option('--all-or-nothing', both('một dòng sai thì không nhập dòng nào', 'one bad row stops all'))
        .option('--dry-run', both('chỉ cho biết kết quả', 'only tell what would become of the rows'))
        .option('--actor <id>', both('mã người nhập', 'id of the person who enters'), idOption, 'ke-toan'),
    ),
  ).action(run);
};

async function run(name: string, path: string, options: Options): Promise<void> {
  const kind = kinds.find((one) => one.name === name || one.files.vi === name);
  if (!kind) {
    const known = kinds.map((one) => one.name).join(', ');
    throw refusalOf({ code: 'BATCH_KIND_UNKNOWN', details: { kind: name, kinds: known } }, EXIT.usage);
  }
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new CliFailure(`Không đọc được tệp ${path}.`, `The file ${path} can not be read.`, EXIT.usage, {
      cause,
    });
  });
  const report = await enter(kind, bytes, options);
  const table = tableOf(report, kind);
  const { format } = options;
  if (!report.dryRun) {
    const beside = `${path}.ket-qua.csv`;
    await writeFile(beside, render('csv', table));
    process.stderr.write(`• kết quả từng dòng / fate of each row: ${beside}\n`);
  }
  process.stdout.write(render(format, table, report));
  const { batch, recorded, there, refused, notTried } = report;
  process.stderr.write(
    `• lô / batch ${batch}: ${recorded} đã ghi / recorded · ${there} đã có / already there · ` +
      `${refused} bị từ chối / refused · ${notTried} chưa thử / not tried\n`,
  );
  if (refused + notTried > 0) process.exitCode = EXIT.findings;
}

/** Enters it in this process, or through the server that holds the folder. */
async function enter(kind: Kind, bytes: Uint8Array, options: Options): Promise<BatchReport> {
  const { data, actor, count = null, total, goOn, allOrNothing, dryRun } = options;
  const declared = declaredTotals(count, total);
  if (!declared.ok) throw refusalOf(declared.error, EXIT.usage);
  const opened = await openOrServer(dataFolder(data));
  if (typeof opened === 'string') return send(opened, kind, bytes, options);
  const progress = createProgress();
  try {
    const report = await runBatch(opened, {
      kind,
      bytes,
      actor,
      declared: declared.value,
      goOn,
      allOrNothing,
      dryRun,
      onProgress: (done, all) => progress.at('lô / batch', done, all),
    });
    if (!report.ok) {
      const { vi, en, nextVi, nextEn, code, column } = explain(report.error, kind, allRefusals);
      const at = column === null ? '' : ` [${column}]`;
      throw new CliFailure(`${vi}${at}. ${nextVi} [${code}]`, `${en}${at}. ${nextEn}`, EXIT.findings);
    }
    return report.value;
  } finally {
    progress.end();
    await opened.close();
  }
}

async function openOrServer(folder: string): Promise<LedgerFolder | string> {
  try {
    return await openLedgerFolder(folder);
  } catch (error) {
    const address =
      error instanceof EventLogError && error.code === 'ES_LOCKED' ? serverOf(folder) : undefined;
    if (address === undefined) throw error;
    return address;
  }
}

async function send(
  address: string,
  kind: Kind,
  bytes: Uint8Array,
  { actor, count, total, goOn, allOrNothing, dryRun }: Options,
): Promise<BatchReport> {
  const query = new URLSearchParams({
    ...(count !== undefined && { count: String(count) }),
    ...(goOn && { goOn: 'true' }),
    ...(allOrNothing && { allOrNothing: 'true' }),
    ...(dryRun && { dryRun: 'true' }),
  });
  for (const one of total) query.append('total', one);
  const response = await fetch(`${address}/v1/batches/${kind.name}?${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', 'lalanh-actor': actor },
    body: new Uint8Array(bytes),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new CliFailure(
      `Máy chủ ${address} không trả lời. Gửi lại sau; không dòng nào bị ghi hai lần.`,
      `The server ${address} does not answer. Send it again later; no row is booked twice.`,
      undefined,
      { cause },
    );
  });
  const answer = (await response.json()) as BatchReport & Partial<Refusal>;
  if (!response.ok)
    throw refusalOf({ code: answer.code ?? '', details: answer.details ?? {} }, EXIT.findings);
  return answer;
}

function refusalOf({ code, details }: Refusal, exit: number): CliFailure {
  const text = allRefusals[code];
  if (!text) return new CliFailure(code, code, exit);
  const { vi, en, nextVi, nextEn } = text;
  return new CliFailure(
    `${fillIn(vi, details)} ${fillIn(nextVi, details)} [${code}]`,
    `${fillIn(en, details)} ${fillIn(nextEn, details)}`,
    exit,
  );
}

const FATES = {
  recorded: 'đã ghi / recorded',
  there: 'đã có / already there',
  refused: 'bị từ chối / refused',
  'not-tried': 'chưa thử / not tried',
} as const;

const tableOf = ({ rows }: BatchReport, kind: Kind): OutputTable => ({
  columns: [
    { key: 'row', vi: 'Dòng', en: 'Row', numeric: true },
    { key: 'ref', vi: 'Số tham chiếu', en: 'Ref' },
    { key: 'fate', vi: 'Kết quả', en: 'Fate' },
    { key: 'vouchers', vi: 'Chứng từ', en: 'Vouchers' },
    { key: 'at', vi: 'Vị trí', en: 'Place' },
    { key: 'code', vi: 'Mã', en: 'Code' },
    { key: 'column', vi: 'Cột', en: 'Column' },
    { key: 'vi', vi: 'Lý do và việc cần làm', en: 'Why (Vietnamese)' },
    { key: 'en', vi: 'Lý do (tiếng Anh)', en: 'Why, and what to do' },
  ],
  rows: rows.map(({ row, ref, fate, vouchers, at, refusal }) => {
    const why = refusal && explain(refusal, kind, allRefusals);
    return {
      row,
      ref,
      fate: FATES[fate],
      vouchers: vouchers.join(' '),
      at: at.join(' '),
      code: why?.code ?? null,
      column: why?.column ?? null,
      vi: why ? `${why.vi}. ${why.nextVi}` : null,
      en: why ? `${why.en}. ${why.nextEn}` : null,
    };
  }),
});
