import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { everything } from '#access';
import { type ImportGate, stepKey } from '#batches';
import {
  type HoldReport,
  type ImportReport,
  type MatchPorts,
  RULES,
  type ReconciliationStatement,
  type RuleId,
  exceptionTexts,
  holdLines,
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

/** `lalanh bank import|match|hold|statement`: bank files in, matching, money held, reconciliation. */
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
      .command('hold')
      .description(
        both(
          'ghi tiền vào chưa rõ của ai vào tài khoản tạm giữ; làm lại không ghi thêm',
          'book money in that nobody knows into the holding account; again books nothing',
        ),
      )
      .argument(
        '[line...]',
        both('mã dòng; bỏ trống: mọi dòng tiền vào còn mở', 'lines; none: every open one in'),
      )
      .option('--fund <id>', both('quỹ tạm giữ', 'fund that holds it'), idOption)
      .option('--on <day>', both('ngày ghi sổ thay cho ngày của dòng', 'day to book on instead'), dayOption)
      .option('--dry-run', both('chỉ cho biết sẽ ghi gì', 'only tell what would be booked')),
  ).action(runHold);
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
    // One thread: a second heap would be as large as the first, for a program that waits for each answer anyway.
    return await openLedgerFolder(folder, { thread: false });
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
  body?: Uint8Array | object,
): Promise<unknown> {
  const bytes = body instanceof Uint8Array ? new Uint8Array(body) : body && JSON.stringify(body);
  const type = body instanceof Uint8Array ? 'application/octet-stream' : 'application/json';
  const response = await fetch(`${address}${path}`, {
    method: 'POST',
    headers: { ...(bytes && { 'content-type': type }), 'lalanh-actor': actor },
    ...(bytes && { body: bytes }),
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

/** What works on the ledger and its read models, in this process; the server does it when it holds the folder. */
async function withBoth<T>(
  folder: string,
  opened: LedgerFolder,
  work: (ports: MatchPorts & Pick<LedgerFolder, 'ledger'>) => Promise<T>,
): Promise<T> {
  const progress = createProgress();
  try {
    refuseFaulted(await catchUpFolder(folder, progress));
    const models = openReadModels(join(folder, 'readmodels.db'));
    try {
      const { ledger, vault, log } = opened;
      return await work({ context: { db: models.db, log }, ledger, vault, log });
    } finally {
      await models.close();
    }
  } finally {
    progress.end();
    await opened.close();
  }
}

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
  const report = await withBoth(folder, opened, (ports) =>
    matchAccount(ports, { scope: everything(actor), account, actor, rules }),
  );
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
}

interface HoldOptions extends Options {
  readonly fund?: string;
  readonly on?: Day;
  readonly dryRun?: boolean;
}

async function runHold(
  lines: readonly string[],
  { data, account, actor, format, fund, on, dryRun }: HoldOptions,
): Promise<void> {
  const folder = dataFolder(data);
  const asked = { ...(lines.length > 0 && { lines }), ...(fund && { fund }), ...(on && { effectiveOn: on }) };
  const opened = await openOrServer(folder);
  let report: HoldReport;
  if (typeof opened === 'string') {
    const path = `/v1/bank/accounts/${account}/hold${dryRun ? '?dryRun=true' : ''}`;
    report = (await post(opened, path, actor, asked)) as HoldReport;
  } else {
    const held = await withBoth(folder, opened, (ports) =>
      holdLines(ports, { scope: everything(actor), account, actor, dryRun, ...asked }),
    );
    if (!held.ok) throw refusalOf(held.error);
    report = held.value;
  }
  process.stdout.write(render(format, heldTable(report), report));
  if (report.more > 0 || report.lines.some(({ fate }) => fate === 'refused' || fate === 'maybe-booked'))
    process.exitCode = EXIT.findings;
}

const FATES: Readonly<Record<HoldReport['lines'][number]['fate'], string>> = {
  held: 'đã ghi tạm giữ / held',
  'already-held': 'đã có / already held',
  'maybe-booked': 'có bút toán có thể là nó / an entry could be it',
  refused: 'bị từ chối / refused',
};

const heldTable = ({ lines }: HoldReport): OutputTable => ({
  columns: [
    { key: 'line', vi: 'Dòng', en: 'Line' },
    { key: 'day', vi: 'Ngày', en: 'Day' },
    { key: 'amount', vi: 'Số tiền', en: 'Amount', numeric: true },
    { key: 'fate', vi: 'Kết quả', en: 'Fate' },
    { key: 'why', vi: 'Lý do', en: 'Why' },
  ],
  // A server tells amounts as texts.
  rows: lines.map(({ line, day, amount, fate, refusal }) => ({
    line,
    day,
    amount: amount === null ? null : BigInt(amount),
    fate: FATES[fate],
    why: refusal ? refusalOf(refusal).vi : '',
  })),
});

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
