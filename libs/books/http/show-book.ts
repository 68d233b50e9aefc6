import { Readable } from 'node:stream';
import { type Refused, asOfQuery, queryEndpoint, refused, wholeQuery } from '#http';
import { commoditySchema, daySchema, idSchema } from '#platform';
import { z } from 'zod';
import {
  type Book,
  type BookOnPaper,
  DETAILS,
  PAGE_ROWS_MAX,
  csvLines,
  paperworkOf,
  pdfOf,
  quarterOf,
  readBook,
  readWholeBook,
  xlsxOf,
} from '../index.ts';

const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** A book, and what it needs on paper when it was asked for as that. */
type Answer = Book & { readonly paperwork?: BookOnPaper };

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
    format: z.enum(['json', 'csv', 'xlsx', 'pdf']).optional(),
  }),
  read: async (reads, { format, quarter, ...asked }): Promise<Answer | Refused | null> => {
    const period = quarter === undefined ? {} : quarterOf(asked.year, quarter);
    // A file holds the whole book; a screen asks page by page.
    const read = format === undefined || format === 'json' ? readBook : readWholeBook;
    const found = await read(reads, { ...asked, ...period });
    if (found === null) return null;
    if (!found.ok) return refused(found.error);
    if (format !== 'pdf') return found.value;
    return { ...found.value, paperwork: await paperworkOf(reads, found.value, asked.scope) };
  },
  file: async (book, { format }) => {
    const name = `${book.unit.fund}-${book.period.year}-${book.name}`;
    if (format === 'xlsx') return { type: XLSX_TYPE, name: `${name}.xlsx`, body: await xlsxOf(book) };
    if (format === 'pdf' && book.paperwork !== undefined)
      return { type: 'application/pdf', name: `${name}.pdf`, body: pdfOf(book, book.paperwork) };
    if (format !== 'csv') return null;
    const body = Readable.from(csvLines(book));
    return { type: 'text/csv; charset=utf-8', name: `${name}.csv`, body };
  },
});
