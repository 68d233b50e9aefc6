import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readSheet } from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Serving, serve } from '../../apps/standalone/serve.ts';
import { linesOf, pagesOf, pdfJudge } from '../support/pdf.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const NOW = Date.parse('2025-06-30T03:00:00Z');
let folder: string;
let serving: Serving;
let position = 0;

async function post(url: string, body: unknown): Promise<void> {
  const answer = await serving.app.inject({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      'lalanh-actor': 'ke-toan',
    },
    payload: JSON.stringify(body),
  });
  expect({ status: answer.statusCode, body: answer.body }).toMatchObject({ status: 201 });
  position = (JSON.parse(answer.body) as { position: number }).position;
}

const get = (url: string) =>
  serving.app.inject({ method: 'GET', url: `${url}${url.includes('?') ? '&' : '?'}atLeast=${position}` });

/** Runs the command line program from source on the folder that the server holds. */
const lalanh = async (...args: string[]): Promise<string> => {
  const node = ['--conditions=source', '--disable-warning=ExperimentalWarning', 'apps/cli/main.ts'];
  const env = { ...process.env, LALANH_DATA: folder };
  return (await promisify(execFile)(process.execPath, [...node, ...args], { cwd: root, env })).stdout;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-books-'));
  serving = await serve(folder, { port: 0, clock: () => NOW });
  await post('/v1/places', {
    code: '06',
    name: 'Tỉnh Bắc Kạn',
    level: 'province',
    effectiveOn: '2021-01-01',
  });
  await post('/v1/books', {
    fund: 'qbt-06',
    year: 2025,
    name: '=Quỹ Bảo trợ trẻ em',
    level: 'province',
    place: { code: '06' },
    accounts: [
      { account: 'tien-mat', kind: 'cash' },
      { account: 'nh-1', kind: 'bank' },
    ],
    effectiveOn: '2025-01-01',
  });
  for (const [amount, effectiveOn] of [
    ['500000', '2025-02-01'],
    ['700000', '2025-04-02'],
    ['900000', '2025-05-03'],
  ])
    await post('/v1/receipts', {
      fund: 'qbt-06',
      account: 'nh-1',
      source: 'voluntary',
      commodity: 'VND',
      amount,
      effectiveOn,
    });
});
afterAll(async () => {
  await serving.stop();
  rmSync(folder, { recursive: true });
});

describe('a bank book over HTTP', () => {
  const url = '/v1/books/qbt-06/2025/bank-book?profile=vn-public&from=2025-04-01';

  it('opens with what stood there and goes on page by page', async () => {
    const first = JSON.parse((await get(`${url}&limit=1`)).body) as {
      rows: { cells: Record<string, string | null> }[];
      totals: unknown[];
      page: { next: string };
    };
    expect(first.rows.map(({ cells }) => [cells['in'], cells['balance']])).toStrictEqual([
      [null, '500000'],
      ['700000', '1200000'],
    ]);
    expect(first.totals).toStrictEqual([]);
    const second = JSON.parse((await get(`${url}&after=${first.page.next}`)).body) as typeof first;
    expect(second.rows.map(({ cells }) => [cells['in'], cells['balance']])).toStrictEqual([
      [null, '1200000'],
      ['900000', '2100000'],
    ]);
    expect(second.totals).toHaveLength(3);
  });

  it('is the same book as CSV and as XLSX', async () => {
    const csv = await get(`${url}&format=csv`);
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.body.split('\r\n').filter((line) => line.startsWith('line,'))).toStrictEqual([
      'line,2025-04-02,PT-000002,2025-04-02,Tiếp nhận đóng góp,700000,,1200000',
      'line,2025-05-03,PT-000003,2025-05-03,Tiếp nhận đóng góp,900000,,2100000',
    ]);
    const xlsx = await get(`${url}&format=xlsx`);
    expect(xlsx.headers['content-disposition']).toBe('attachment; filename="qbt-06-2025-bank-book.xlsx"');
    const rows = await readSheet(xlsx.rawPayload);
    expect(rows.map((row) => row.at(4)).filter((cell) => typeof cell === 'number')).toStrictEqual([
      700_000, 900_000, 1_600_000, 2_100_000,
    ]);
  });

  it.each([
    ['/v1/books/qbt-06/2025/so-la', 404, 'BOOK_NAME_UNKNOWN'],
    ['/v1/books/qbt-06/2025/journal?profile=khac', 400, 'PROFILE_UNKNOWN'],
    ['/v1/books/qbt-06/2025/general-ledger', 400, 'BOOK_NEEDS_ACCOUNT'],
    ['/v1/books/qbt-06/2025/general-ledger?account=999', 400, 'ACCOUNT_NOT_IN_CHART'],
    ['/v1/books/qbt-06/2025/detail-ledger?account=112&by=donor', 400, 'DETAIL_NOT_KEPT'],
    ['/v1/books/qbt-06/2025/journal?to=2026-01-01', 400, 'PERIOD_OUTSIDE_YEAR'],
    ['/v1/books/qbt-06/2025/cash-book?after=x', 400, 'PLACE_INVALID'],
    ['/v1/books/qbt-07/2025/journal', 404, 'RECORD_UNKNOWN'],
    ['/v1/exports/hledger?profile=khac', 400, 'PROFILE_UNKNOWN'],
  ])('answers %s with %i %s', async (path, status, code) => {
    const answer = await get(path);
    expect(answer.statusCode).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ code });
  });
});

describe('books on the command line', () => {
  it('are the same, and a file when one is asked for', async () => {
    const book = JSON.parse(
      await lalanh('book', 'trial-balance', '--fund', 'qbt-06', '--year', '2025', '--format', 'json'),
    ) as { totals: { cells: Record<string, string> }[] };
    expect(book.totals.map(({ cells }) => [cells['closingDebit'], cells['closingCredit']])).toStrictEqual([
      ['2100000', '2100000'],
    ]);
    const out = join(folder, 'so-cai.xlsx');
    const args = [
      '--fund',
      'qbt-06',
      '--year',
      '2025',
      '--account',
      '3661',
      '--format',
      'xlsx',
      '--out',
      out,
    ];
    expect(await lalanh('book', 'general-ledger', ...args)).toBe('');
    const rows = await readSheet(readFileSync(out));
    expect(rows.flat()).toContain('Sổ Cái');
    expect(rows[0]?.[0]).toBe('Đơn vị: =Quỹ Bảo trợ trẻ em');
  });

  it.skipIf(pdfJudge === undefined)('are printed, with the same bytes over HTTP', async () => {
    const out = join(folder, 'so.pdf');
    const args = ['--fund', 'qbt-06', '--year', '2025', '--account', 'nh-1', '--format', 'pdf', '-o', out];
    expect(await lalanh('book', 'bank-book', ...args)).toBe('');
    const answer = await get('/v1/books/qbt-06/2025/bank-book?account=nh-1&format=pdf');
    expect(answer.headers['content-type']).toBe('application/pdf');
    expect(answer.headers['content-disposition']).toBe('attachment; filename="qbt-06-2025-bank-book.pdf"');
    expect(answer.rawPayload.equals(readFileSync(out))).toBe(true);
    const account = '112:nh-1 Tiền gửi ngân hàng, kho bạc (nh-1)';
    expect(linesOf(pagesOf(answer.rawPayload))).toStrictEqual([
      'Đơn vị: =Quỹ Bảo trợ trẻ em | Mẫu số: S12-H',
      'Địa chỉ: Tỉnh Bắc Kạn | (số mẫu cần kế toán xác nhận)',
      'Sổ tiền gửi ngân hàng, kho bạc',
      'Năm 2025',
      `Tài khoản: ${account}`,
      'Nơi mở tài khoản, số tài khoản: nh-1',
      'Đơn vị tính: đồng',
      'Ngày ghi | Chứng từ',
      'Diễn giải | Gửi vào | Rút ra | Còn lại',
      'sổ | Số | Ngày',
      'Số dư đầu kỳ | 0',
      '01/02/2025 PT-000001 01/02/2025 Tiếp nhận đóng góp | 500.000 | 500.000',
      '02/04/2025 PT-000002 02/04/2025 Tiếp nhận đóng góp | 700.000 | 1.200.000',
      '03/05/2025 PT-000003 03/05/2025 Tiếp nhận đóng góp | 900.000 | 2.100.000',
      'Cộng phát sinh | 2.100.000 | 0',
      'Lũy kế từ đầu năm | 2.100.000 | 0',
      'Số dư cuối kỳ | 2.100.000',
      'Số hiệu tài khoản và mẫu sổ cần kế toán xác nhận trước khi nộp báo cáo.',
      '- Sổ này có 1 trang, đánh số từ trang 1 đến trang 1',
      '- Ngày mở sổ: 01/01/2025',
      'Ngày ..... tháng ..... năm .........',
      'Người lập sổ | Kế toán trưởng (phụ trách kế toán) | Thủ trưởng đơn vị',
      '(Ký, họ tên) | (Ký, họ tên) | (Ký, họ tên, đóng dấu)',
      `Sổ tiền gửi ngân hàng, kho bạc · ${account} · nh-1 · Năm 2025 · =Quỹ Bảo trợ trẻ em | Trang 1/1`,
      `Số liệu đến vị trí ${position} của nhật ký, 30/06/2025 10:00 · vn-public`,
    ]);
  });

  it.skipIf(pdfJudge === undefined)(
    'and vouchers are listed, printed, and have signed files put to them',
    async () => {
      const args = ['--fund', 'qbt-06', '--year', '2025'];
      const out = join(folder, 'phieu.pdf');
      const voucher = async (...more: string[]): Promise<string> =>
        lalanh('voucher', 'PT-000001', ...args, ...more);
      const stamps: (string | undefined)[] = [];
      for (const more of [[], ['--print'], ['--print']]) {
        expect(await voucher('--format', 'pdf', '-o', out, ...more)).toBe('');
        stamps.push(linesOf(pagesOf(readFileSync(out))).find((line) => /BẢN/.test(line)));
      }
      expect(stamps).toStrictEqual(['BẢN NHÁP / DRAFT', undefined, 'BẢN SAO SỐ 1 / COPY No. 1']);
      const signed = join(folder, 'phieu.p7s');
      writeFileSync(signed, Buffer.from('308006092a864886f70d010702a0800201', 'hex'));
      const { files } = JSON.parse(await voucher('--attach', signed, '--format', 'json')) as {
        files: { href: string }[];
      };
      const kept = await serving.app.inject({
        method: 'GET',
        url: files[0]?.href ?? '',
        headers: { 'lalanh-actor': 'ke-toan' },
      });
      expect(kept.rawPayload.equals(readFileSync(signed))).toBe(true);
      const csv = await lalanh('voucher', ...args, '--format', 'csv');
      expect(csv.split('\r\n').slice(1, 3)).toStrictEqual([
        'PT-000001,2025-02-01,Tiếp nhận đóng góp,500000,VND,,2,1',
        'PT-000002,2025-04-02,Tiếp nhận đóng góp,700000,VND,,0,0',
      ]);
    },
  );

  it('of a ledger with prints and signed files is verified whole', async () => {
    expect(await lalanh('verify', '--all')).toContain('Clean');
  });

  it('are exported whole, and over HTTP alike', async () => {
    const text = await lalanh('export', '--format', 'ledger', '--profile', 'general', '--assertions');
    expect(text).toContain('2025-04-02 * (PT-000002) Tiếp nhận đóng góp / Contribution received');
    expect(text).toContain('    Assets:qbt-06:1010:nh-1  700000 VND\n');
    const answer = await get('/v1/exports/ledger?profile=general&assertions=true');
    expect(answer.body).toBe(text);
  });
});
