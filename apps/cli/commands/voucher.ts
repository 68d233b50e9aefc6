import { randomUUID } from 'node:crypto';
import { createWriteStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { everything } from '#access';
import {
  type ListedVoucher,
  type Voucher,
  type VoucherPrint,
  handOverPdf,
  namesFrom,
  readVoucher,
  readVouchers,
  voucherFileFormat,
  voucherPdf,
  voucherSchema,
} from '#books';
import { type Refusal, formatVietnamese } from '#kernel';
import { fillIn } from '#platform';
import { FILE_BYTES_MAX, openVault } from '#privacy';
import { allRefusals } from '../../ledger/handlers.ts';
import { type FolderReads, dataFolder, requireLedger, withReads } from '../data-folder.ts';
import { CliFailure, EXIT } from '../failure.ts';
import { openGate } from '../gate.ts';
import { type OutputTable, asJson, render } from '../output.ts';
import { createProgress } from '../progress.ts';
import { both, idOption, withData, withDates, yearOption } from './options.ts';

interface Options {
  readonly data?: string;
  readonly fund: string;
  readonly year: number;
  readonly kind?: string;
  readonly profile?: string;
  readonly effectiveThrough?: string;
  readonly knownAt?: number | string;
  readonly format: 'table' | 'json' | 'csv' | 'pdf';
  readonly out?: string;
  readonly print?: boolean;
  readonly list?: boolean;
  readonly names?: boolean;
  readonly attach?: string;
  readonly actor: string;
}

/** Pages of a list that are read: five million vouchers of one book. */
const PAGES_MAX = 10_000;
const PAGE = 500;

const voucherArgument = (text: string): string => {
  if (voucherSchema.safeParse(text).success) return text;
  throw new InvalidArgumentError(both('không phải là số chứng từ.', 'no number of a voucher.'));
};

/** `lalanh voucher [number]`: the vouchers of a book, or one of them to read, to print or to put a signed file to. */
export const addVoucher = (program: Command): void => {
  const command = program
    .command('voucher')
    .description(both('chứng từ: xem, in, gắn tệp đã ký', 'vouchers: read, print, attach a signed file'))
    .argument(
      '[number]',
      both('số chứng từ; bỏ trống thì liệt kê', 'its number; all when absent'),
      voucherArgument,
    )
    .requiredOption('--fund <id>', both('quỹ', 'fund'), idOption)
    .requiredOption('--year <year>', both('năm', 'year'), yearOption)
    .addOption(
      new Option('--kind <kind>', both('loại chứng từ', 'series')).choices([
        'receipt',
        'payment',
        'adjustment',
      ]),
    )
    .option('--profile <name>', both('chế độ kế toán', 'accounting profile'))
    .option(
      '--print',
      both('ghi nhận một lần in; bản in sau là bản sao', 'record a print; later ones are copies'),
    )
    .option('--list', both('danh sách chi hỗ trợ của phiếu', 'its hand-over list'))
    .option('--names', both('ghi cả tên người nhận', 'names of recipients too'))
    .option('--attach <file>', both('gắn tệp đã ký (.p7s, .pdf)', 'put a signed file to it'))
    .option('--actor <id>', both('mã người làm', 'id of the acting person'), idOption, 'ke-toan')
    .option('-o, --out <file>', both('tệp PDF', 'the PDF file'))
    .addOption(
      new Option('--format <format>', both('dạng kết quả', 'how results are written'))
        .choices(['table', 'json', 'csv', 'pdf'])
        .default('table'),
    );
  withDates(withData(command)).action(async (number: string | undefined, options: Options) => {
    const folder = requireLedger(dataFolder(options.data));
    if (number === undefined) return list(folder, options);
    if (options.attach !== undefined) await attach(folder, number, options, options.attach);
    return one(folder, number, options);
  });
};

async function list(folder: string, { format, kind, fund, year, actor, ...dates }: Options): Promise<void> {
  if (format === 'pdf')
    throw new CliFailure('Nêu số chứng từ để in.', 'Name the voucher to print.', EXIT.usage);
  const rows: ListedVoucher[] = [];
  await withReads(folder, createProgress(), async (context) => {
    const { effectiveThrough, knownAt } = dates;
    let after: string | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const query = {
        scope: everything(actor),
        fund,
        year,
        kind,
        effectiveThrough,
        knownAt,
        after,
        limit: PAGE,
      };
      const found = await readVouchers(context, query);
      rows.push(...found.rows);
      if (found.next === null) break;
      after = found.next;
    }
  });
  process.stdout.write(render(format, tableOf(rows), rows));
}

const tableOf = (rows: readonly ListedVoucher[]): OutputTable => ({
  columns: [
    { key: 'voucher', vi: 'Số', en: 'Number' },
    { key: 'day', vi: 'Ngày', en: 'Date' },
    { key: 'what', vi: 'Nội dung', en: 'For' },
    { key: 'amount', vi: 'Số tiền', en: 'Minor units', numeric: true },
    { key: 'commodity', vi: 'Loại', en: 'Commodity' },
    { key: 'status', vi: 'Tình trạng', en: 'Status' },
    { key: 'prints', vi: 'Lần in', en: 'Prints', numeric: true },
    { key: 'files', vi: 'Tệp', en: 'Files', numeric: true },
  ],
  rows: rows.map(({ description, replacedBy, replaces, status, ...row }) => ({
    ...row,
    what: description?.vi ?? `viết lại thay cho ${replaces ?? ''}`,
    status: status === 'voided' ? `đã hủy, thay bằng ${replacedBy ?? ''}` : '',
  })),
});

/** Sends one command and says why when it is refused. */
async function send(folder: string, name: string, key: string, actor: string, body: object): Promise<void> {
  const gate = await openGate(folder);
  try {
    const [answer] = await gate.send([{ name, key, actor, body }]);
    if (answer?.ok !== true) throw failureOf(answer?.refusal ?? { code: 'LEDGER_UNREACHABLE', details: {} });
  } finally {
    await gate.close();
  }
}

async function attach(folder: string, voucher: string, options: Options, path: string): Promise<void> {
  const bytes = readFileSync(path);
  const format = bytes.length <= FILE_BYTES_MAX ? voucherFileFormat(bytes) : undefined;
  if (format === undefined) throw failureOf({ code: 'VOUCHER_FILE_KIND', details: {} });
  const vault = openVault(folder);
  const file = await vault.putFile(bytes).finally(() => vault.close());
  const { fund, year, actor } = options;
  const body = { fund, year, voucher, file, format, bytes: bytes.length };
  await send(folder, 'attach-voucher-file', randomUUID(), actor, body);
}

async function one(folder: string, voucher: string, options: Options): Promise<void> {
  const { format, out, fund, year, actor } = options;
  if (format === 'pdf' && out === undefined)
    throw new CliFailure('Tệp PDF cần --out.', 'A PDF file needs --out.', EXIT.usage);
  if (options.print === true && format !== 'pdf')
    throw new CliFailure('--print cần --format pdf.', '--print needs --format pdf.', EXIT.usage);
  const key = randomUUID();
  if (options.print === true) await send(folder, 'print-voucher', key, actor, { fund, year, voucher });
  const found = await withReads(folder, createProgress(), async (context) => {
    const read = await readOne(context, folder, voucher, options);
    const print = read.prints.find((each) => each.key === key) ?? null;
    if (format === 'pdf' && out !== undefined) await write(read, print, options, out);
    return read;
  });
  if (format === 'pdf') return;
  process.stdout.write(format === 'json' ? asJson(found) : render(format, entriesOf(found), found.entries));
}

async function readOne(
  context: FolderReads,
  folder: string,
  voucher: string,
  { fund, year, actor, profile, names, effectiveThrough, knownAt }: Options,
): Promise<Voucher> {
  const vault = openVault(folder);
  try {
    const found = await readVoucher(context, {
      scope: everything(actor),
      fund,
      year,
      voucher,
      profile,
      effectiveThrough,
      knownAt,
      names: namesFrom(context.log, vault),
      withBeneficiaries: names,
    });
    if (found === null)
      throw failureOf({ code: 'VOUCHER_NOT_WRITTEN', details: { fund, year: String(year), voucher } });
    if (!found.ok) throw failureOf(found.error);
    return found.value;
  } finally {
    await vault.close();
  }
}

async function write(
  voucher: Voucher,
  print: VoucherPrint | null,
  { list }: Options,
  out: string,
): Promise<void> {
  const paper = list === true ? handOverPdf(voucher, print) : voucherPdf(voucher, print);
  if (paper === null) throw failureOf({ code: 'VOUCHER_HAS_NO_LIST', details: { voucher: voucher.voucher } });
  await pipeline(paper, createWriteStream(out));
}

const entriesOf = ({ entries }: Voucher): OutputTable => ({
  columns: [
    { key: 'debit', vi: 'Nợ', en: 'Debit' },
    { key: 'credit', vi: 'Có', en: 'Credit' },
    { key: 'amount', vi: 'Số tiền', en: 'Amount' },
    { key: 'commodity', vi: 'Loại', en: 'Commodity' },
  ],
  rows: entries.map(({ amount, exponent, ...entry }) => ({
    ...entry,
    amount: formatVietnamese(amount, exponent),
  })),
});

function failureOf({ code, details }: Refusal): CliFailure {
  const { vi = code, en = code, nextVi = '', nextEn = '' } = allRefusals[code] ?? {};
  return new CliFailure(fillIn(`${vi}. ${nextVi}`, details), fillIn(`${en}. ${nextEn}`, details), EXIT.usage);
}
