import { deflateRawSync } from 'node:zlib';
import writeXlsx from 'write-excel-file/node';
import { describe, expect, test } from 'vitest';
import { leftOpen } from '../../../tests/support/given.ts';
import { refusals } from '../domain/refusals.ts';
import { readStatementFile } from './index.ts';
import { RATIO_MAX, UNPACKED_BYTES_MAX } from '#sheets';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The code a file is refused with; its texts are there and whole, in both languages. */
async function refusedWith(file: string | Uint8Array): Promise<string> {
  const read = await readStatementFile(typeof file === 'string' ? bytes(file) : file, {
    saved: [],
    bin: null,
    commodity: 'VND',
  });
  if (read.ok) return 'read';
  expect(leftOpen(read.error, refusals)).toStrictEqual([]);
  return read.error.code;
}

/** A ZIP of one entry with a directory that says what it is told to say. */
function zipOf(name: string, data: Uint8Array, unpacked: number, entries = 1): Uint8Array {
  const packed = deflateRawSync(data);
  const title = Buffer.from(name);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(unpacked, 22);
  local.writeUInt16LE(title.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(unpacked, 24);
  central.writeUInt16LE(title.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(46 + title.length, 12);
  end.writeUInt32LE(30 + title.length + packed.length, 16);
  return Buffer.concat([local, title, packed, central, title, end]);
}

const SHEET = 'xl/worksheets/sheet1.xml';
const HEADER = 'Ngày;Nội dung;Ghi nợ;Ghi có;Số dư\n';
const XML = '<?xml version="1.0"?>';
const DOCUMENT = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">';

const goodXlsx = async (cells: readonly object[] = []): Promise<Uint8Array> =>
  new Uint8Array(
    await writeXlsx([
      ['Ngày', 'Nội dung', 'Ghi nợ', 'Ghi có'].map((value) => ({ value, type: String })),
      [
        { value: '01/02/2026', type: String },
        { value: 'a', type: String },
        { value: '', type: String },
        { value: 5, type: Number },
        ...cells,
      ],
    ] as never).toBuffer(),
  );

describe('a file that is cut off is refused', () => {
  test.each([
    ['CSV in a quote', `${HEADER}01/02/2026;"Ung ho`, 'STATEMENT_TRUNCATED'],
    ['CSV in a row', `${HEADER}01/02/2026;a;;5;5\n02/02/2026;b`, 'STATEMENT_TRUNCATED'],
    ['XML in an element', `${XML}${DOCUMENT}<BkToCstmrStmt><Stmt><Id>S</Id>`, 'STATEMENT_TRUNCATED'],
    ['XML in a text', `${XML}${DOCUMENT}<BkToCstmrStmt><Stmt><Id>S`, 'STATEMENT_TRUNCATED'],
    ['HTML in its table', '<html><table><tr><td>Ngày</td></tr>', 'STATEMENT_TRUNCATED'],
    ['MT940 before its end', ':20:X\n:25:1\n:60F:C260101VND0,\n:61:260101C5,NTRFX', 'STATEMENT_TRUNCATED'],
    ['nothing at all', '', 'STATEMENT_EMPTY'],
  ])('%s', async (_, file, code) => {
    expect(await refusedWith(file)).toBe(code);
  });

  test('XLSX at any place', async () => {
    const whole = await goodXlsx();
    expect(await refusedWith(whole)).toBe('read');
    for (const part of [0.2, 0.5, 0.9, 0.99])
      expect(await refusedWith(whole.subarray(0, Math.floor(whole.length * part)))).toBe(
        'STATEMENT_TRUNCATED',
      );
  });
});

describe('a file whose text was lost is refused', () => {
  test.each([
    [
      'Latin letters',
      new Uint8Array([...bytes('Ngay;Noi dung;Ghi no;Ghi co\n01/02/2026;'), 0xe0, 0xe8, 0x3b]),
    ],
    ['a lone surrogate written as bytes', new Uint8Array([...bytes(HEADER), 0xed, 0xa0, 0x80])],
    ['replacement characters', `${HEADER}01/02/2026;\ufffdng h\ufffd;;5;5\n`],
    ['UTF-8 read as Latin and written again', 'NgÃ y;Ná»™i dung;Ghi ná»£;Ghi cÃ³\n'],
    ['UTF-16 without its mark', new Uint8Array(Buffer.from(HEADER, 'utf16le'))],
  ])('%s', async (_, file) => {
    expect(await refusedWith(file)).toBe('STATEMENT_ENCODING');
  });
});

describe('a ZIP bomb is refused before it is unpacked', () => {
  test('by the size its directory states', async () => {
    const file = zipOf(SHEET, bytes('<x/>'), UNPACKED_BYTES_MAX + 1);
    expect(await refusedWith(file)).toBe('STATEMENT_ZIP_BOMB');
  });

  test('by the ratio', async () => {
    const size = 8 * 1024 * 1024;
    const file = zipOf(SHEET, new Uint8Array(size), size);
    expect(file.length * RATIO_MAX).toBeLessThan(size);
    expect(await refusedWith(file)).toBe('STATEMENT_ZIP_BOMB');
  });

  test('by the number of entries', async () => {
    expect(await refusedWith(zipOf(SHEET, bytes('<x/>'), 4, 60_000))).toBe('STATEMENT_ZIP_BOMB');
  });

  test('when its directory lies about the size', async () => {
    expect(await refusedWith(zipOf(SHEET, new Uint8Array(2_000_000), 100))).toBe('STATEMENT_ZIP_BOMB');
  });
});

describe('XML with a document type is refused before it is read', () => {
  test.each([
    [
      'an external entity',
      `${XML}<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>${DOCUMENT}&x;</Document>`,
    ],
    [
      'entities in entities',
      `${XML}<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>${DOCUMENT}&b;</Document>`,
    ],
    ['an external type', `${XML}<!doctype Document SYSTEM "http://127.0.0.1/x.dtd">${DOCUMENT}</Document>`],
  ])('%s', async (_, file) => {
    expect(await refusedWith(file)).toBe('STATEMENT_DOCTYPE');
  });

  test('inside an XLSX too', async () => {
    const sheet = bytes(`${XML}<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>`);
    expect(await refusedWith(zipOf(SHEET, sheet, sheet.length))).toBe('STATEMENT_DOCTYPE');
  });

  test('and an entity that nobody declared stays text', async () => {
    expect(await refusedWith(`${XML}${DOCUMENT}<BkToCstmrStmt>&x;</BkToCstmrStmt></Document>`)).toBe(
      'STATEMENT_EMPTY',
    );
  });
});

describe('a file that is enormous is refused', () => {
  test.each([
    ['too many columns', `${HEADER}${';'.repeat(500)}\n`, 'STATEMENT_TOO_LARGE'],
    ['elements without end', `${XML}${DOCUMENT}${'<a>'.repeat(500)}`, 'STATEMENT_TOO_LARGE'],
    ['too many rows', HEADER + '01/02/2026;a;;5;5\n'.repeat(200_001), 'STATEMENT_TOO_LARGE'],
  ])('%s', async (_, file, code) => {
    expect(await refusedWith(file)).toBe(code);
  });
});

describe('formulas in cells are refused', () => {
  test.each([
    ['CSV', `${HEADER}01/02/2026;=HYPERLINK("x");;5;5\n`],
    ['HTML', '<table><tr><td>=1+1</td></tr></table>'],
  ])('%s', async (_, file) => {
    expect(await refusedWith(file)).toBe('STATEMENT_FORMULA');
  });

  test('XLSX', async () => {
    expect(await refusedWith(await goodXlsx([{ value: 'SUM(D2:D2)', type: 'Formula' }]))).toBe(
      'STATEMENT_FORMULA',
    );
  });

  test('but not the way banks keep zeros from being eaten', async () => {
    expect(await refusedWith(`${HEADER}01/02/2026;="00123";;5;5\n`)).toBe('read');
  });
});

describe('what could be misread is refused, not guessed', () => {
  test.each([
    ['no header', 'a;b;c\n1;2;3\n', 'STATEMENT_LAYOUT_UNKNOWN'],
    [
      'both decimal signs',
      `${HEADER}01/02/2026;a;;1.000,00;\n02/02/2026;b;;1,000.00;\n`,
      'STATEMENT_AMOUNTS_MIXED',
    ],
    [
      'fifty or fifty thousand',
      `${HEADER}01/02/2026;a;;1,000.00;\n02/02/2026;b;;50.000;\n`,
      'STATEMENT_AMOUNT_UNREADABLE',
    ],
    ['half a đồng', `${HEADER}01/02/2026;a;;10,50;\n`, 'STATEMENT_AMOUNT_UNREADABLE'],
    ['words for an amount', `${HEADER}01/02/2026;a;;nam tram;\n`, 'STATEMENT_AMOUNT_UNREADABLE'],
    ['both orders of dates', `${HEADER}31/01/2026;a;;5;\n01/31/2026;b;;5;\n`, 'STATEMENT_DATES_MIXED'],
    ['no such day', `${HEADER}30/02/2026;a;;5;\n`, 'STATEMENT_DATE_UNREADABLE'],
    ['an amount without a sign', 'Ngày;Nội dung;Số tiền\n01/02/2026;a;5\n', 'STATEMENT_AMOUNT_WITHOUT_SIGN'],
    ['money on both sides', `${HEADER}01/02/2026;a;5;7;\n`, 'STATEMENT_ROW_BOTH_SIDES'],
    [
      'another message',
      `${XML}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"></Document>`,
      'STATEMENT_MESSAGE_UNKNOWN',
    ],
    [
      'a damaged MT940 line',
      ':20:X\n:25:1\n:60F:C260101VND0,\n:61:nonsense\n:62F:C260101VND0,\n',
      'STATEMENT_LINE_UNREADABLE',
    ],
    ['old Excel', new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'STATEMENT_OLD_EXCEL'],
    ['a PDF', '%PDF-1.7', 'STATEMENT_IS_PDF'],
  ])('%s', async (_, file, code) => {
    expect(await refusedWith(file)).toBe(code);
  });
});

test('balances that do not add up are exceptions of the statement, not a reason to stop', async () => {
  const text = `Số dư đầu kỳ;;;;100\n${HEADER}01/02/2026;a;;5;105\n02/02/2026;b;;5;999\nSố dư cuối kỳ;;;;1000\n`;
  const read = await readStatementFile(bytes(text), { saved: [], bin: null, commodity: 'VND' });
  expect(read.ok && read.value[0]?.lines.length).toBe(2);
  expect(read.ok && read.value[0]?.exceptions).toStrictEqual([
    { code: 'BALANCE_BREAK', details: { row: '4', expected: '110', stated: '999' } },
    { code: 'CLOSING_DIFFERS', details: { expected: '999', stated: '1000' } },
  ]);
});

test('every refusal has its texts', () => {
  for (const [code, { vi, en, nextVi, nextEn }] of Object.entries(refusals))
    expect([code, ...[vi, en, nextVi, nextEn].filter((text) => text.trim() === '')]).toStrictEqual([code]);
});
