import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileFates, importFolder } from '#batches';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenGate, folderGate } from '../gate.ts';

let folder: string;
let files: string;
let gate: OpenGate;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-import-'));
  files = mkdtempSync(join(tmpdir(), 'lalanh-files-'));
  gate = await folderGate(folder, { thread: false });
  file(
    'so-quy.csv',
    'Số tham chiếu,Mã quỹ,Năm,Tên quỹ,Cấp,Mã tài khoản,Loại tài khoản',
    'S1,qbt,2023,Quỹ tỉnh,tỉnh,nh-1,ngân hàng',
  );
  file('accounts.csv', 'Ref,Fund,Date,Account,Account kind', 'A1,qbt,01/01/2023,tien-mat,cash');
  file('tiep-nhan.csv', 'Ref,Fund,Account,Date,Amount,Source', 'R1,qbt,nh-1,02/01/2023,9.000.000,voluntary');
});

afterEach(async () => {
  await gate.close();
  rmSync(folder, { recursive: true });
  rmSync(files, { recursive: true });
});

const file = (name: string, ...lines: string[]): void => writeFileSync(join(files, name), lines.join('\n'));
const run = (): Promise<FileFates[]> => importFolder(files, gate, { actor: 'ke-toan' });

/** What became of the rows of the files of daily money: `kind fate code column steps`. */
const told = async (): Promise<string[]> =>
  (await run()).flatMap(({ kind, refusal, rows }) =>
    ['books', 'accounts', 'receipts'].includes(kind?.name ?? '')
      ? []
      : [
          ...(refusal ? [`${kind?.name} ${refusal.code}`] : []),
          ...rows.map((row) =>
            [kind?.name, row.fate, row.refusal?.code, row.refusal?.column, row.done.join('→')]
              .filter((part) => part !== undefined && part !== null && part !== '')
              .join(' '),
          ),
        ],
  );

const MOVES = 'Số tham chiếu,Mã quỹ,Ngày,Từ tài khoản,Đến tài khoản,Số tiền';
const ADVANCES = [
  'Số tham chiếu,Mã quỹ,Ngày,Chi từ tài khoản,Mã người nhận,Tên người nhận,Số tiền',
  'Hạn quyết toán,Ngày quyết toán,Số đã dùng,Loại chi phí,Ngày hoàn',
].join(',');
const DEBTS = 'Ref,Fund,Date,Supplier,Invoice,Invoice date,Amount,Kind of cost,Paid on,Account';

describe('daily money in files', () => {
  it('goes from the bank to the box, to staff and to suppliers, each row as far as its cells go', async () => {
    file(
      'chuyen-noi-bo.csv',
      MOVES,
      'C1,qbt,03/01/2023,nh-1,tien-mat,4.000.000',
      'C2,qbt,04/01/2023,tien-mat,nh-1,1.000.000',
    );
    file(
      'tam-ung.csv',
      ADVANCES,
      'T1,qbt,05/01/2023,tien-mat,nv-1,Lan,3.000.000,31/01/2023,20/01/2023,2.600.000,quản lý,20/01/2023',
      'T2,qbt,06/01/2023,tien-mat,nv-1,,100.000,,,,,',
    );
    file(
      'supplier-debts.csv',
      DEBTS,
      'N1,qbt,10/01/2023,ncc-1,AA-17,2022-12-28,1.200.000,other,2023-01-20,nh-1',
      'N2,qbt,11/01/2023,ncc-1,AA-18,2022-12-29,100.000,bank fee,,',
    );
    expect(await told()).toStrictEqual([
      'money-moves recorded move',
      'money-moves recorded move',
      'advances recorded pay→settle→return',
      'advances refused ACCOUNT_BELOW_ZERO',
      'supplier-debts recorded record→pay',
      'supplier-debts recorded record',
    ]);
  });

  it('that lacks a cell it needs is refused there', async () => {
    file(
      'tam-ung.csv',
      ADVANCES,
      'T1,qbt,05/01/2023,nh-1,nv-1,,3.000.000,,20/01/2023,,,',
      'T2,qbt,05/01/2023,nh-1,nv-1,,3.000.000,,,,quản lý,',
    );
    file(
      'supplier-debts.csv',
      DEBTS,
      'N1,qbt,10/01/2023,ncc-1,AA-17,2022-12-28,1.200.000,other,2023-01-20,',
      'N2,qbt,10/01/2023,ncc-1,AA-18,2022-12-28,1.200.000,other,,nh-1',
      'N3,qbt,10/01/2023,ncc-1,AA-19,2022-12-28,1.200.000,xyz,,',
    );
    expect(await told()).toStrictEqual([
      'advances refused CELL_MISSING kind',
      'advances refused CELL_MISSING settledOn',
      'supplier-debts refused CELL_MISSING account',
      'supplier-debts refused CELL_MISSING paidOn',
      expect.stringMatching(/^supplier-debts refused \w+ kind$/),
    ]);
  });
});
