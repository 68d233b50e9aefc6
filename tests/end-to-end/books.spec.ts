import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readSheet } from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Serving, serve } from '../../apps/standalone/serve.ts';

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

  it('are exported whole, and over HTTP alike', async () => {
    const text = await lalanh('export', '--format', 'ledger', '--profile', 'general', '--assertions');
    expect(text).toContain('2025-04-02 * (PT-000002) Tiếp nhận đóng góp / Contribution received');
    expect(text).toContain('    Assets:qbt-06:1010:nh-1  700000 VND\n');
    const answer = await get('/v1/exports/ledger?profile=general&assertions=true');
    expect(answer.body).toBe(text);
  });
});
