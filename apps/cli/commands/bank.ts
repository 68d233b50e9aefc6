import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { everything } from '#access';
import {
  type ImportReport,
  RULES,
  type ReconciliationStatement,
  type RuleId,
  exceptionTexts,
  importBankFile,
  matchAccount,
  readReconciliation,
} from '#banking';
import { EventLogError } from '#event-log';
import { type Day, type Refusal } from '#kernel';
import { openReadModels } from '#read-models';
import { allRefusals } from '../../ledger/handlers.ts';
import { type LedgerFolder, openLedgerFolder } from '../../ledger/open-folder.ts';
import { catchUpFolder, dataFolder, refuseFaulted, withReads } from '../data-folder.ts';
import { CliFailure, EXIT } from '../failure.ts';
import { openGate } from '../gate.ts';
import { stepKey } from '../import/key.ts';
import type { ImportGate } from '../import/run.ts';
import { type Format, type OutputTable, asJson, render } from '../output.ts';
import { createProgress } from '../progress.ts';
import { serverOf } from '../server-file.ts';
import { both, dayOption, idOption, withData, withFormat } from './options.ts';

interface Options {
  readonly data?: string;
  readonly account: string;
  readonly actor: string;
  readonly format: Format;
}

/** How long one file or one matching may take over HTTP. */
const TIMEOUT_MS = 300_000;

/** `lalanh bank import|match|statement`: bank files in, matching, reconciliation. */
export const addBank = (program: Command): void => {
  const bank = program
    .command('bank')
    .description(
      both('sao kê ngân hàng: nhập, khớp, đối chiếu', 'bank statements: import, match, reconcile'),
    );
  withAccount(
    bank
      .command('import')
      .description(
        both('nhập tệp sao kê; nhập lại không ghi thêm', 'import a bank file; again records nothing'),
      )
      .argument(
        '<file>',
        both('tệp CSV, XLSX, HTML, camt.053 hoặc MT940', 'CSV, XLSX, HTML, camt.053 or MT940 file'),
      ),
  ).action(runImport);
  withAccount(
    bank
      .command('match')
      .description(both('khớp những gì chắc chắn theo quy tắc', 'match what the rules are sure of')),
  )
    .option(
      '--rules <names>',
      both('chỉ các quy tắc này, cách nhau bằng dấu phẩy', 'only these rules, with commas between them') +
        `: ${RULES.join(',')}`,
      rulesOption,
    )
    .action(runMatch);
  withAccount(
    bank
      .command('statement')
      .description(both('bảng đối chiếu đến hết ngày', 'reconciliation statement on a day'))
      .requiredOption('--on <day>', both('ngày đối chiếu', 'day to reconcile'), dayOption),
  ).action(runStatement);
  withAccount(
    bank
      .command('accept')
      .description(
        both('xác nhận bảng đối chiếu như đang hiện', 'accept the reconciliation statement as it stands'),
      )
      .requiredOption('--on <day>', both('ngày đối chiếu', 'day to reconcile'), dayOption),
  ).action(runAccept);
};

const rulesOption = (text: string): readonly RuleId[] => {
  const names = text.split(',');
  const rules = RULES.filter((rule) => names.includes(rule));
  if (rules.length === names.length) return rules;
  throw new InvalidArgumentError(both('không có quy tắc này.', 'there is no such rule.'));
};

const withAccount = (command: Command): Command =>
  withFormat(
    withData(
      command
        .requiredOption('--account <id>', both('mã tài khoản ngân hàng', 'id of the bank account'), idOption)
        .option('--actor <id>', both('mã người làm', 'id of the acting person'), idOption, 'ke-toan'),
    ),
  );

/** The folder opened as its writer, or the address of the server that holds it. */
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

/** Asks a running server; a problem of its own is a refusal, told as the ledger's texts tell it. */
export async function post(
  address: string,
  path: string,
  actor: string,
  body?: Uint8Array,
): Promise<unknown> {
  const response = await fetch(`${address}${path}`, {
    method: 'POST',
    headers: { ...(body && { 'content-type': 'application/octet-stream' }), 'lalanh-actor': actor },
    ...(body && { body: new Uint8Array(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new CliFailure(
      `Máy chủ ${address} không trả lời. Làm lại sau; không có gì bị ghi hai lần.`,
      `The server ${address} does not answer. Try again later; nothing is recorded twice.`,
      undefined,
      { cause },
    );
  });
  const answer = (await response.json()) as { code?: string; details?: Record<string, string> };
  if (!response.ok) throw refusalOf({ code: answer.code ?? '', details: answer.details ?? {} });
  return answer;
}

const fill = (text: string, details: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => details[name] ?? whole);

/** A refusal as two sentences that end the command. */
export function refusalOf({ code, details }: Refusal): CliFailure {
  const text = allRefusals[code];
  const vi = text ? `${fill(text.vi, details)} ${fill(text.nextVi, details)}` : code;
  const en = text ? `${fill(text.en, details)} ${fill(text.nextEn, details)}` : code;
  return new CliFailure(`${vi} [${code}]`, en, EXIT.findings);
}

async function runImport(path: string, { data, account, actor, format }: Options): Promise<void> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new CliFailure(`Không đọc được tệp ${path}.`, `The file ${path} can not be read.`, EXIT.usage, {
      cause,
    });
  });
  const opened = await openOrServer(dataFolder(data));
  if (typeof opened === 'string') {
    const report = await post(opened, `/v1/bank/accounts/${account}/files`, actor, bytes);
    process.stdout.write(
      format === 'json' ? asJson(report) : render(format, tableOf(report as ImportReport)),
    );
    return;
  }
  const progress = createProgress();
  try {
    const report = await importBankFile(opened, {
      account,
      bytes,
      actor,
      onProgress: (done, all) => progress.at('sao kê / bank lines', done, all),
    });
    progress.end();
    if (report.refusal) {
      if (report.file) process.stderr.write(`• tệp giữ lại / file kept: ${report.file}\n`);
      throw refusalOf(report.refusal);
    }
    process.stdout.write(render(format, tableOf(report), report));
  } finally {
    progress.end();
    await opened.close();
  }
}

/** Where a server matches an account; `rules` undefined: the surest. */
export const matchPath = (account: string, rules: readonly RuleId[] | undefined): string =>
  `/v1/bank/accounts/${account}/match${rules === undefined ? '' : `?rules=${rules.join(',')}`}`;

const tableOf = ({ statements }: ImportReport): OutputTable => ({
  columns: [
    { key: 'period', vi: 'Kỳ', en: 'Period' },
    { key: 'layout', vi: 'Mẫu', en: 'Layout' },
    { key: 'lines', vi: 'Dòng', en: 'Lines', numeric: true },
    { key: 'recorded', vi: 'Ghi mới', en: 'New', numeric: true },
    { key: 'known', vi: 'Đã có', en: 'Known', numeric: true },
    { key: 'exceptions', vi: 'Cần xem', en: 'To look at' },
  ],
  rows: statements.map(({ from, to, layout, lines, recorded, known, exceptions }) => ({
    period: `${from} … ${to}`,
    layout,
    lines,
    recorded,
    known,
    exceptions: exceptions
      .map(({ code, details }) => fill(exceptionTexts[code]?.vi ?? code, details))
      .join('\n'),
  })),
});

async function runMatch({
  data,
  account,
  actor,
  format,
  rules,
}: Options & { readonly rules?: readonly RuleId[] }): Promise<void> {
  const folder = dataFolder(data);
  const opened = await openOrServer(folder);
  if (typeof opened === 'string') {
    process.stdout.write(asJson(await post(opened, matchPath(account, rules), actor)));
    return;
  }
  const progress = createProgress();
  try {
    refuseFaulted(await catchUpFolder(folder, progress));
    const models = openReadModels(join(folder, 'readmodels.db'));
    try {
      const { ledger, vault, log } = opened;
      const ports = { context: { db: models.db, log }, ledger, vault, log };
      const report = await matchAccount(ports, { scope: everything(actor), account, actor, rules });
      if (!report.ok) throw refusalOf(report.error);
      const { matched, openLines, openEntries } = report.value;
      const rows = [
        ...Object.entries(matched).map(([rule, count]) => ({ what: `khớp / matched: ${rule}`, count })),
        { what: 'dòng còn lại / lines left', count: openLines },
        { what: 'bút toán còn lại / entries left', count: openEntries },
      ];
      const columns = [
        { key: 'what', vi: 'Kết quả', en: 'Result' },
        { key: 'count', vi: 'Số', en: 'Count', numeric: true },
      ];
      process.stdout.write(render(format, { columns, rows }, report.value));
    } finally {
      await models.close();
    }
  } finally {
    progress.end();
    await opened.close();
  }
}

async function runStatement({
  data,
  account,
  actor,
  format,
  on,
}: Options & { readonly on: Day }): Promise<void> {
  const { statement } = await readStatement(dataFolder(data), { account, actor, on });
  process.stdout.write(render(format, statementTable(statement), statement));
  if (statement.difference !== 0n) process.exitCode = EXIT.findings;
}

async function runAccept({
  data,
  account,
  actor,
  format,
  on,
}: Options & { readonly on: Day }): Promise<void> {
  const folder = dataFolder(data);
  const found = await readStatement(folder, { account, actor, on });
  const gate = await openGate(folder);
  try {
    await acceptStatement(gate, actor, found);
  } finally {
    await gate.close();
  }
  process.stdout.write(render(format, statementTable(found.statement), found.statement));
}

type Found = NonNullable<Awaited<ReturnType<typeof readReconciliation>>>;

/** The reconciliation of an account as the head of the log has it. */
export async function readStatement(
  folder: string,
  { account, actor, on }: { readonly account: string; readonly actor: string; readonly on: Day },
): Promise<Found> {
  const found = await withReads(folder, createProgress(), (context) =>
    readReconciliation(context, { scope: everything(actor), account, on }),
  );
  if (!found) throw refusalOf({ code: 'BANK_ACCOUNT_UNKNOWN', details: { account } });
  return found;
}

/** Accepts a statement as it was read; one that was accepted and has not changed since is left as it is. */
export async function acceptStatement(
  gate: ImportGate,
  actor: string,
  { statement, knownAt }: Found,
): Promise<void> {
  const { account, on, bank, book, listed, items, accepted } = statement;
  if (accepted !== null && !accepted.changedSince) return;
  const [answer] = await gate.send([
    {
      name: 'accept-reconciliation',
      key: stepKey('reconciliations', `${account}/${on}/${knownAt}`, 'accept'),
      actor,
      body: {
        account,
        on,
        bank: String(bank),
        book: String(book),
        items: String(listed),
        listed: items.length,
        knownAt,
      },
    },
  ]);
  if (answer?.ok !== true)
    throw refusalOf(answer?.refusal ?? { code: 'LEDGER_UNREACHABLE', details: { cause: 'no answer' } });
}

const KINDS: Readonly<Record<ReconciliationStatement['items'][number]['kind'], string>> = {
  'opening-difference': 'Chênh lệch đầu kỳ / Opening difference',
  'at-bank-only': 'Có ở ngân hàng, chưa vào sổ / At the bank, not in the books',
  'in-books-only': 'Có trong sổ, chưa ở ngân hàng / In the books, not at the bank',
  'statement-gap': 'Sao kê không khớp số dư / Statement does not add up',
};

const statementTable = ({ on, bank, book, items, difference }: ReconciliationStatement): OutputTable => ({
  columns: [
    { key: 'what', vi: 'Khoản', en: 'Item' },
    { key: 'day', vi: 'Ngày', en: 'Day' },
    { key: 'id', vi: 'Mã', en: 'Id' },
    { key: 'amount', vi: 'Số tiền', en: 'Amount', numeric: true },
  ],
  rows: [
    { what: 'Số dư sổ / Book balance', day: on, id: '', amount: book },
    ...items.map(({ kind, day, id, voucher, amount }) => ({
      what: KINDS[kind],
      day,
      id: voucher ?? id,
      amount,
    })),
    { what: 'Số dư ngân hàng / Bank balance', day: on, id: '', amount: bank },
    { what: 'Chênh lệch không giải thích / Unexplained', day: on, id: '', amount: difference },
  ],
});
