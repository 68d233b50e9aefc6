import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileFates, importFolder, importRefusals } from '#batches';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import writeXlsxFile, { type SheetData } from 'write-excel-file/node';
import { allRefusals } from '../../ledger/handlers.ts';
import { type OpenGate, folderGate } from '../gate.ts';
import { countFates, renderReport } from './report.ts';

let folder: string;
let files: string;
let gate: OpenGate;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-import-'));
  files = mkdtempSync(join(tmpdir(), 'lalanh-files-'));
  gate = await folderGate(folder, { thread: false });
});

afterEach(async () => {
  await gate.close();
  rmSync(folder, { recursive: true });
  rmSync(files, { recursive: true });
});

const file = (name: string, ...lines: string[]): void => writeFileSync(join(files, name), lines.join('\n'));
const run = (): Promise<FileFates[]> => importFolder(files, gate, { actor: 'ke-toan' });

/** `row fate code column done→stopped` of every row, or the code of a file that was not read. */
const told = (fates: readonly FileFates[]): string[] =>
  fates.flatMap(({ refusal, rows }) =>
    refusal
      ? [refusal.code]
      : rows.map((row) =>
          [
            row.row,
            row.fate,
            row.refusal?.code,
            row.refusal?.column,
            [...row.done, row.stoppedAt ?? ''].join('→'),
          ]
            .filter((part) => part !== undefined && part !== null)
            .join(' '),
        ),
  );

const books = (): void =>
  file(
    'so-quy.csv',
    'Số tham chiếu,Mã quỹ,Năm,Tên quỹ,Cấp,Mã tài khoản,Loại tài khoản',
    'S1,qbt,2023,Quỹ tỉnh,tỉnh,nh-1,ngân hàng',
  );
const places = (): void =>
  file(
    'places.csv',
    'Ref,Action,Date,Code,Name,Level,Parent code,Takes over code,Into codes',
    'P1,establish,2021-01-01,06,Tỉnh Bắc Kạn,province,,,',
    'P2,establish,2021-01-01,062,Huyện Ngân Sơn,district,06,,',
    'P3,establish,2021-01-01,01864,Xã Bộc Bố,commune,062,,',
    'P4,establish,2025-07-01,19,Tỉnh Thái Nguyên,province,,,',
    'P5,establish,2025-07-01,01864,Xã Bằng Thành,commune,19,yes,',
    'P6,merge,2025-07-01,01864,Xã Bộc Bố,,,,01864',
  );
const RECEIPT = 'Ref,Fund,Account,Date,Amount,Commodity,Source,Place code,Place name,Narrative';
const receipts = (...rows: string[]): void => file('receipts.csv', RECEIPT, ...rows);

describe('a folder that is imported twice', () => {
  it('is recorded once, whatever the order of its files and the language of its headers', async () => {
    receipts('R1,qbt,nh-1,31/12/2023,95.076.000,,voluntary,062,Ngân Sơn,Tết');
    books();
    places();
    expect(countFates(await run())).toStrictEqual({ recorded: 8, there: 0, refused: 0 });
    expect(countFates(await run())).toStrictEqual({ recorded: 0, there: 8, refused: 0 });
  });

  it('refuses a row that kept its ref and changed what it says', async () => {
    books();
    receipts('R1,qbt,nh-1,31/12/2023,100,,voluntary,,,');
    await run();
    receipts('R1,qbt,nh-1,31/12/2023,101,,voluntary,,,', 'R2,qbt,nh-1,31/12/2023,102,,voluntary,,,');
    expect(told(await run()).slice(1)).toStrictEqual([
      '2 refused IDEMPOTENCY_MISMATCH record',
      '3 recorded record→',
    ]);
  });
});

describe('bad rows', () => {
  const bad = [
    ['FUND,khong-co,nh-1,31/12/2023,100,,voluntary,,,', 'BOOK_UNKNOWN'],
    ['CELL,qbt,nh-1,31/12/2023,,,voluntary,,,', 'CELL_MISSING amount'],
    ['COMMODITY,qbt,nh-1,31/12/2023,100,xe-dap,voluntary,,,', 'COMMODITY_UNKNOWN'],
    ['ZERO,qbt,nh-1,31/12/2023,0,,voluntary,,,', 'AMOUNT_ZERO amount'],
    ['NEGATIVE,qbt,nh-1,31/12/2023,-5,,voluntary,,,', 'AMOUNT_NEGATIVE amount'],
    ['FRACTION,qbt,nh-1,31/12/2023,"100,5",,voluntary,,,', 'AMOUNT_FRACTIONAL amount'],
    ['LARGE,qbt,nh-1,31/12/2023,1.000.000.000.000.001,,voluntary,,,', 'AMOUNT_TOO_LARGE amount'],
    ['TEXT,qbt,nh-1,31/12/2023,trăm,,voluntary,,,', 'AMOUNT_NOT_A_NUMBER amount'],
    ['YEAR,qbt,nh-1,31/12/2022,100,,voluntary,,,', 'BOOK_UNKNOWN'],
    ['DAY,qbt,nh-1,31/02/2023,100,,voluntary,,,', 'DATE_INVALID date'],
    ['SOURCE,qbt,nh-1,31/12/2023,100,,gift,,,', 'CHOICE_UNKNOWN source'],
    ['ACCOUNT,qbt,nh-9,31/12/2023,100,,voluntary,,,', 'ACCOUNT_UNKNOWN'],
    ['PLACE,qbt,nh-1,31/12/2023,100,,voluntary,01999,,', 'PLACE_UNKNOWN'],
    ['REUSED,qbt,nh-1,31/12/2023,100,,voluntary,01864,Xã Bằng Thành,', 'PLACE_CODE_MEANS_OTHER'],
    ['EARLY,qbt,nh-1,31/12/2023,100,,voluntary,19,,', 'PLACE_NOT_VALID_ON_DATE'],
    ['NAME,qbt,nh-1,31/12/2023,100,,voluntary,,Xã Bằng Thành,', 'CELL_MISSING placeCode'],
    ['CELLS,qbt,nh-1', 'ROW_MALFORMED'],
    ['QUOTE,qbt,nh-1,31/12/2023,100,,voluntary,,,"never closed', 'ROW_MALFORMED'],
    ['GOOD,qbt,nh-1,31/12/2023,100,,voluntary,,,', 'REF_REPEATED ref'],
    ['Mã Quỹ,Quỹ A,nh-1,31/12/2023,100,,voluntary,,,', 'ID_INVALID fund'],
  ] as const;

  it('are refused one by one, with their number, code and column, and hold nobody else up', async () => {
    places();
    books();
    receipts(
      'GOOD,qbt,nh-1,31/12/2023,100,,voluntary,,,',
      ...bad.map(([row]) => row),
      'LAST,qbt,nh-1,31/12/2023,200,,voluntary,,,',
    );
    const rows = (await run()).find(({ file: name }) => name === 'receipts.csv')?.rows ?? [];
    expect(
      rows.map(({ row, fate, refusal }) => [
        row,
        fate,
        refusal && `${refusal.code}${refusal.column === null ? '' : ` ${refusal.column}`}`,
      ]),
    ).toStrictEqual([
      [2, 'recorded', null],
      ...bad.map(([, why], i) => [i + 3, 'refused', why]),
      [bad.length + 3, 'recorded', null],
    ]);
  });

  it('are told in Vietnamese and English, each code with its own words', async () => {
    books();
    receipts(...bad.map(([row]) => row));
    const report = JSON.parse(renderReport('json', await run(), allRefusals)) as {
      readonly rows: readonly {
        readonly code: string | null;
        readonly vi: string | null;
        readonly en: string | null;
      }[];
    };
    const untold = report.rows.filter(
      ({ code, vi, en }) => code !== null && (vi === code || en === code || /\{\w+\}/.test(`${vi}${en}`)),
    );
    expect(untold).toStrictEqual([]);
  });
});

describe('a file that cannot be taken as a whole', () => {
  it.each([
    ['quyet-toan.csv', 'Ref\nA', 'FILE_NOT_RECOGNISED'],
    ['receipts.csv', 'Ref,Fund\nA,qbt', 'COLUMN_MISSING'],
    ['receipts.csv', `${RECEIPT},Colour\n`, 'COLUMN_UNKNOWN'],
    ['receipts.csv', `${RECEIPT},Quỹ,Số tiền hoặc số lượng\n`, 'COLUMN_UNKNOWN'],
    ['receipts.csv', `${RECEIPT},Mã quỹ\n`, 'COLUMN_REPEATED'],
    ['receipts.csv', '', 'COLUMN_MISSING'],
    ['receipts.xlsx', 'no zip', 'COLUMN_UNKNOWN'],
    ['receipts.xlsx', '%PDF-1.7', 'FILE_UNREADABLE'],
  ])('%s with %j is refused as %s, and the other files go on', async (name, text, code) => {
    books();
    file(name, text);
    const fates = await run();
    expect(told(fates)).toStrictEqual(['2 recorded open→', code]);
    expect(importRefusals[code]).toBeDefined();
  });
});

describe('a disbursement that carries its life', () => {
  const HEADER =
    'Ref,Fund,Proposed on,Amount,Proposed by,Approved on,Approved by,Paid on,Account,Delivered on';
  const disbursement = (row: string): void => file('disbursements.csv', HEADER, row);

  beforeEach(() => {
    books();
    receipts('R1,qbt,nh-1,01/01/2023,1.000,,voluntary,,,');
  });

  it('goes through all its steps in one import', async () => {
    disbursement('D1,qbt,01/02/2023,400,ke-toan,02/02/2023,giam-doc,03/02/2023,nh-1,04/02/2023');
    expect(told(await run()).at(-1)).toBe('2 recorded propose→approve→pay→deliver→');
    expect(told(await run()).at(-1)).toBe('2 there propose→approve→pay→deliver→');
  });

  it('stops where a step is refused, and goes on from there when the row is mended', async () => {
    disbursement('D1,qbt,01/02/2023,400,ke-toan,02/02/2023,giam-doc,03/02/2023,nh-9,04/02/2023');
    expect(told(await run()).at(-1)).toBe('2 refused ACCOUNT_UNKNOWN propose→approve→pay');
    disbursement('D1,qbt,01/02/2023,400,ke-toan,02/02/2023,giam-doc,03/02/2023,nh-1,04/02/2023');
    expect(told(await run()).at(-1)).toBe('2 recorded propose→approve→pay→deliver→');
  });

  it('is continued by a later import whose row has more cells', async () => {
    disbursement('D1,qbt,01/02/2023,400,ke-toan,,,,,');
    expect(told(await run()).at(-1)).toBe('2 recorded propose→');
    disbursement('D1,qbt,01/02/2023,400,ke-toan,02/02/2023,giam-doc,,,');
    expect(told(await run()).at(-1)).toBe('2 recorded propose→approve→');
  });

  it('is not approved by the person who proposed it', async () => {
    disbursement('D1,qbt,01/02/2023,400,ke-toan,02/02/2023,ke-toan,,,');
    expect(told(await run()).at(-1)).toBe('2 refused MAKER_IS_CHECKER propose→approve');
  });

  it('of more than there is is refused', async () => {
    disbursement('D1,qbt,01/02/2023,1.001,ke-toan,02/02/2023,giam-doc,,,');
    expect(told(await run()).at(-1)).toBe('2 refused POOLS_INSUFFICIENT propose');
  });

  it('with a gap in its life is refused whole: nothing of it is recorded', async () => {
    disbursement('D1,qbt,01/02/2023,400,ke-toan,,,03/02/2023,nh-1,');
    expect(told(await run()).at(-1)).toBe('2 refused CELL_MISSING approvedOn ');
  });
});

describe('an XLSX file', () => {
  it('is the same file as a CSV: importing both records once', async () => {
    books();
    receipts('R1,qbt,nh-1,31/12/2023,95.076.000,,voluntary,,,');
    await run();
    rmSync(join(files, 'receipts.csv'));
    const cells = [
      'R1',
      'qbt',
      'nh-1',
      new Date('2023-12-31T00:00:00Z'),
      95_076_000,
      null,
      'voluntary',
      null,
      null,
      null,
    ];
    const sheet = [
      RECEIPT.split(',').map((value) => ({ value })),
      cells.map((value) => (value instanceof Date ? { value, type: Date, format: 'dd/mm/yyyy' } : { value })),
    ];
    await (await writeXlsxFile(sheet as SheetData)).toFile(join(files, 'tiep-nhan.xlsx'));
    expect(told(await run()).at(-1)).toBe('2 there record→');
  });
});
