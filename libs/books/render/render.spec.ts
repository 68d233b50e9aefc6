import { describe, expect, it } from 'vitest';
import { readSheet } from 'read-excel-file/node';
import { strFromU8, unzipSync } from 'fflate';
import type { Book } from '../book.ts';
import { csvLines } from './csv.ts';
import { xlsxOf } from './xlsx.ts';

const EVIL = '=HYPERLINK("http://127.0.0.1";"x")';

const book: Book = {
  name: 'cash-book',
  title: { vi: 'Sổ quỹ tiền mặt', en: 'Cash book' },
  form: { code: 'S11-H', confirm: true },
  profile: 'vn-public',
  unit: { fund: 'qbt-06', name: EVIL },
  period: { year: 2026, from: '2026-01-01', to: '2026-12-31' },
  facts: [{ label: { vi: 'Tài khoản', en: 'Account' }, value: '+111' }],
  columns: [
    { key: 'day', vi: 'Ngày', en: 'Date', kind: 'day' },
    { key: 'description', vi: 'Diễn giải', en: 'Description', kind: 'text', width: 3 },
    { key: 'in', vi: 'Thu', en: 'In', kind: 'amount', group: { vi: 'Số tiền', en: 'Amount' } },
    { key: 'out', vi: 'Chi', en: 'Out', kind: 'amount', group: { vi: 'Số tiền', en: 'Amount' } },
  ],
  rows: [
    {
      kind: 'line',
      cells: { day: '2026-03-01', description: EVIL, in: 1_792_362_000n, out: null },
      commodity: 'VND',
      source: { position: 7, voucher: 'PT-000001' },
    },
    {
      kind: 'line',
      cells: { day: '2026-03-02', description: 'a, "b"', in: -1250n, out: 123_456_789_012_345_678n },
      commodity: 'EUR',
      source: null,
    },
  ],
  totals: [{ kind: 'total', cells: { description: 'Cộng', in: 5n }, commodity: 'VND', source: null }],
  exponents: { VND: 0, EUR: 2 },
  signatures: [{ vi: 'Thủ quỹ', en: 'Treasurer' }],
  notes: [],
  page: { next: null, isFirst: true },
  position: 9,
  knownAt: 9,
  effectiveThrough: null,
};

describe('a book as CSV', () => {
  it('keeps amounts exact, text harmless, and totals apart from lines', () => {
    expect([...csvLines(book)].join('')).toBe(
      [
        'row,day,description,in,out',
        `line,2026-03-01,"'${EVIL.replaceAll('"', '""')}",1792362000,`,
        'line,2026-03-02,"a, ""b""",-12.50,1234567890123456.78',
        'total,,Cộng,5,',
        '',
      ].join('\r\n'),
    );
  });
});

describe('a book as XLSX', () => {
  it('has amounts as numbers and days as dates; longer numbers than a sheet keeps are text', async () => {
    const rows = await readSheet(await xlsxOf(book));
    const at = rows.findIndex((row) => row[1] === EVIL);
    expect(rows[at]).toStrictEqual([new Date('2026-03-01T00:00:00Z'), EVIL, 1_792_362_000, null]);
    expect(rows[at + 1]).toStrictEqual([
      new Date('2026-03-02T00:00:00Z'),
      'a, "b"',
      -12.5,
      '1.234.567.890.123.456,78',
    ]);
    expect(rows[at - 1]).toStrictEqual(['Ngày', 'Diễn giải', 'Thu', 'Chi']);
  });

  it('has no formula anywhere, whatever a name begins with, and Vietnamese separators', async () => {
    const files = unzipSync(await xlsxOf(book));
    const text = Object.values(files)
      .map((bytes) => strFromU8(bytes))
      .join('\n');
    expect(text).not.toMatch(/<f[ >]/);
    expect(text).toContain('[$-42A]#,##0');
  });
});
