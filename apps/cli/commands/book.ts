import { createWriteStream, writeFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { everything } from '#access';
import {
  BOOK_NAMES,
  type Book,
  type BookQuery,
  DETAILS,
  csvLines,
  paperworkOf,
  pdfOf,
  quarterOf,
  readWholeBook,
  refusals as bookRefusals,
  xlsxOf,
} from '#books';
import { type Refusal, formatVietnamese } from '#kernel';
import { dataFolder, withReads } from '../data-folder.ts';
import { CliFailure, EXIT, refusedBy } from '../failure.ts';
import { type OutputTable, asJson, asTable } from '../output.ts';
import { createProgress } from '../progress.ts';
import { both, dayOption, idOption, withData, withDates, yearOption } from './options.ts';

interface Options extends Pick<
  BookQuery,
  'account' | 'by' | 'key' | 'commodity' | 'from' | 'to' | 'profile'
> {
  readonly data?: string;
  readonly fund: string;
  readonly year: number;
  readonly quarter?: string;
  readonly effectiveThrough?: string;
  readonly knownAt?: number | string;
  readonly format: 'table' | 'json' | 'csv' | 'xlsx' | 'pdf';
  readonly out?: string;
}

/** `lalanh book <name>`: a whole book or statement. */
export const addBook = (program: Command): void => {
  const command = program
    .command('book')
    .description(both('sổ, báo cáo kế toán', 'an accounting book or statement'))
    .argument('<name>', BOOK_NAMES.join(', '))
    .requiredOption('--fund <id>', both('quỹ', 'fund'), idOption)
    .requiredOption('--year <year>', both('năm', 'year'), yearOption)
    .option('--profile <name>', both('chế độ kế toán', 'accounting profile'))
    .option('--from <day>', both('từ ngày', 'from this day'), dayOption)
    .option('--to <day>', both('đến ngày', 'to this day'), dayOption)
    .addOption(new Option('--quarter <n>', both('quý', 'quarter')).choices(['1', '2', '3', '4']))
    .option('--account <code>', both('tài khoản, hoặc quỹ tiền mặt, ngân hàng', 'account, or own account'))
    .addOption(new Option('--by <detail>', both('chi tiết theo', 'detail')).choices(DETAILS))
    .option('--key <value>', both('giá trị của chi tiết', 'value of the detail'))
    .option('--commodity <code>', both('loại tiền hoặc hiện vật', 'currency or good'))
    .option('-o, --out <file>', both('ghi vào tệp', 'write into a file'))
    .addOption(
      new Option('--format <format>', both('dạng kết quả', 'how results are written'))
        .choices(['table', 'json', 'csv', 'xlsx', 'pdf'])
        .default('table'),
    );
  withDates(withData(command)).action(async (name: string, options: Options) => {
    const { data, quarter, format, out, ...asked } = options;
    if ((format === 'xlsx' || format === 'pdf') && out === undefined)
      throw new CliFailure('Tệp XLSX, PDF cần --out.', 'An XLSX or PDF file needs --out.', EXIT.usage);
    const period = quarter === undefined ? {} : quarterOf(asked.year, Number(quarter));
    const query: BookQuery = { ...asked, ...period, book: name, scope: everything('cli') };
    const found = await withReads(dataFolder(data), createProgress(), async (context) => {
      const book = await readWholeBook(context, query);
      if (format === 'pdf' && book?.ok && out !== undefined)
        await pipeline(
          pdfOf(book.value, await paperworkOf(context, book.value, query.scope)),
          createWriteStream(out),
        );
      return book;
    });
    if (found === null)
      throw new CliFailure(
        `Không có sổ của quỹ ${asked.fund} năm ${asked.year}.`,
        `There is no book of ${asked.fund} for ${asked.year}.`,
      );
    if (!found.ok) throw failureOf(found.error);
    if (format === 'pdf') return;
    const bytes =
      format === 'xlsx'
        ? await xlsxOf(found.value)
        : format === 'csv'
          ? [...csvLines(found.value)].join('')
          : format === 'json'
            ? asJson(found.value)
            : tableText(found.value);
    if (out === undefined) process.stdout.write(bytes);
    else writeFileSync(out, bytes);
  });
};

/** A refusal of a read in the words of its table. */
export const failureOf = (refusal: Refusal): CliFailure => refusedBy(bookRefusals, refusal, EXIT.usage);

function tableText(book: Book): string {
  const table: OutputTable = {
    columns: book.columns.map(({ key, vi, en, kind, group }) => ({
      key,
      vi: group ? `${group.vi}: ${vi}` : vi,
      en: group ? `${group.en}: ${en}` : en,
      numeric: kind === 'amount' || kind === 'count',
    })),
    rows: [...book.rows, ...book.totals].map(({ cells, commodity }) =>
      Object.fromEntries(
        Object.entries(cells).map(([key, cell]) => [
          key,
          typeof cell === 'bigint' ? formatVietnamese(cell, book.exponents[commodity] ?? 0) : cell,
        ]),
      ),
    ),
  };
  const { title, unit, period, facts, notes } = book;
  const head = [
    `${title.vi} / ${title.en}`,
    `${unit.name}, ${period.from} – ${period.to}`,
    ...facts.map(({ label, value }) => `${label.vi}: ${value}`),
  ];
  return `${head.join('\n')}\n${asTable(table)}${notes.map(({ vi, en }) => `${vi} / ${en}\n`).join('')}`;
}
