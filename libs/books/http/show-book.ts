import { Readable } from 'node:stream';
import { asOfQuery, queryEndpoint, refused, wholeQuery } from '#http';
import { commoditySchema, daySchema, idSchema } from '#platform';
import { z } from 'zod';
import { DETAILS, PAGE_ROWS_MAX, csvLines, quarterOf, readBook, readWholeBook, xlsxOf } from '../index.ts';

const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const showBookEndpoint = queryEndpoint({
  path: '/v1/books/{fund}/{year}/{book}',
  tag: 'books',
  summary: 'Sổ, báo cáo theo chế độ kế toán / A book or statement in an accounting profile',
  query: z.strictObject({
    ...asOfQuery,
    fund: idSchema,
    year: z
      .string()
      .regex(/^\d{4}$/, 'YEAR_INVALID')
      .transform(Number),
    book: z.string().max(40),
    profile: z.string().max(40).optional(),
    from: daySchema.optional(),
    to: daySchema.optional(),
    quarter: z
      .enum(['1', '2', '3', '4'])
      .transform(Number)
      .optional()
      .meta({ description: 'Instead of from and to' }),
    account: z.string().max(80).optional(),
    by: z.enum(DETAILS).optional(),
    key: z.string().max(80).optional(),
    commodity: commoditySchema.optional(),
    after: z.string().max(60).optional(),
    limit: wholeQuery(PAGE_ROWS_MAX),
    format: z.enum(['json', 'csv', 'xlsx']).optional(),
  }),
  read: async (reads, { format, quarter, ...asked }) => {
    const period = quarter === undefined ? {} : quarterOf(asked.year, quarter);
    // A file holds the whole book; a screen asks page by page.
    const read = format === 'csv' || format === 'xlsx' ? readWholeBook : readBook;
    const found = await read(reads, { ...asked, ...period });
    return found === null ? null : found.ok ? found.value : refused(found.error);
  },
  file: async (book, { format }) => {
    const name = `${book.unit.fund}-${book.period.year}-${book.name}`;
    if (format === 'xlsx') return { type: XLSX_TYPE, name: `${name}.xlsx`, body: await xlsxOf(book) };
    if (format !== 'csv') return null;
    const body = Readable.from(csvLines(book));
    return { type: 'text/csv; charset=utf-8', name: `${name}.csv`, body };
  },
});
