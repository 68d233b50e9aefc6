import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Serving, serve } from '../../apps/standalone/serve.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** Two years of one fund over HTTP and the command line: a month, a year, and what is found after it. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const NOW = Date.parse('2026-02-10T03:00:00Z');
let folder: string;
let serving: Serving;
let position = 0;

interface Posted {
  readonly status: number;
  readonly body: {
    readonly commandId: string;
    readonly code?: string;
    readonly details?: Readonly<Record<string, string>>;
    readonly events?: readonly { readonly hash?: string }[];
    readonly wouldAppend?: readonly { readonly type: string; readonly data: unknown }[];
  };
}

async function post(url: string, body: object, actor = 'ke-toan'): Promise<Posted> {
  const answer = await serving.app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), 'lalanh-actor': actor },
    payload: JSON.stringify(body),
  });
  const said = JSON.parse(answer.body) as Posted['body'] & { readonly position?: number };
  if (typeof said.position === 'number') position = said.position;
  return { status: answer.statusCode, body: said };
}

async function made(url: string, body: object, actor?: string): Promise<Posted['body']> {
  const answer = await post(url, body, actor);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body;
}

const get = async <T>(url: string): Promise<T> => {
  const asked = `${url}${url.includes('?') ? '&' : '?'}atLeast=${position}`;
  const answer = await serving.app.inject({ method: 'GET', url: asked });
  expect({ status: answer.statusCode, body: answer.body }).toMatchObject({ status: 200 });
  return JSON.parse(answer.body) as T;
};

/** Runs the command line program from source on the folder that the server holds. */
const lalanh = async (...args: string[]): Promise<string> => {
  const node = ['--conditions=source', '--disable-warning=ExperimentalWarning', 'apps/cli/main.ts'];
  const env = { ...process.env, LALANH_DATA: folder };
  return (await promisify(execFile)(process.execPath, [...node, ...args], { cwd: root, env })).stdout;
};

const openBook = (year: number): Promise<Posted['body']> =>
  made('/v1/books', {
    fund: 'qbt-06',
    year,
    name: 'Quỹ Bảo trợ trẻ em',
    level: 'province',
    accounts: [{ account: 'tien-mat', kind: 'cash' }],
    effectiveOn: `${year}-01-01`,
  });

const gift = (amount: string, effectiveOn: string, more: object = {}): object => ({
  fund: 'qbt-06',
  account: 'tien-mat',
  source: 'voluntary',
  commodity: 'VND',
  amount,
  effectiveOn,
  ...more,
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-periods-'));
  serving = await serve(folder, { port: 0, clock: () => NOW });
  await openBook(2025);
});
afterAll(async () => {
  await serving.stop();
  rmSync(folder, { recursive: true });
});

test('a year is worked, locked, closed, and what is found later stands in the next one', async () => {
  await made('/v1/receipts', gift('500000', '2025-01-20'));
  await made('/v1/books/qbt-06/2025/lock', { month: 1 }, 'truong');
  const locked = await post('/v1/receipts', gift('1', '2025-01-31'));
  expect(locked).toMatchObject({ status: 409, body: { code: 'PERIOD_LOCKED' } });
  expect(locked.body.details).toMatchObject({ month: '2025-01', open: '2025-02-01' });

  const on = ['--fund', 'qbt-06', '--year', '2025', '--actor', 'truong'];
  expect(await lalanh('period', 'unlock', ...on, '--month', '1', '--reason', 'Quên một phiếu')).toContain(
    'unlock-period qbt-06 2025-1',
  );
  await made('/v1/receipts', gift('20000', '2025-01-31'));
  await lalanh('period', 'lock', ...on, '--month', '11');

  const lines = [{ amount: '30000', beneficiary: null, place: null, children: null }];
  const proposed = await made('/v1/disbursements', {
    fund: 'qbt-06',
    commodity: 'VND',
    amount: '30000',
    lines,
    effectiveOn: '2025-12-20',
  });
  const disbursement = proposed.commandId;
  const close = { effectiveOn: '2025-12-31' };
  await expect(lalanh('period', 'close', ...on)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('proposals-undecided 1') as unknown,
  });
  await made(
    `/v1/disbursements/${disbursement}/approve`,
    { fund: 'qbt-06', effectiveOn: '2025-12-21', proposalHash: proposed.events?.[0]?.hash },
    'truong',
  );
  const { commandId: delivered, events } = await made('/v1/disbursements', {
    fund: 'qbt-06',
    commodity: 'VND',
    amount: '10000',
    lines: [{ ...lines[0], amount: '10000' }],
    effectiveOn: '2025-12-20',
  });
  await made(
    `/v1/disbursements/${delivered}/approve`,
    { fund: 'qbt-06', effectiveOn: '2025-12-21', proposalHash: events?.[0]?.hash },
    'truong',
  );
  await made(`/v1/disbursements/${delivered}/pay`, {
    fund: 'qbt-06',
    account: 'tien-mat',
    effectiveOn: '2025-12-22',
  });
  const tried = await post('/v1/books/qbt-06/2025/close?dryRun=true', close);
  expect(tried.body.wouldAppend).toMatchObject([
    {
      type: 'book.closed.v1',
      data: {
        pools: [{ pool: 'qbt-06/VND/general', minted: '520000', free: '480000' }],
        checklist: [
          { check: 'approved-unpaid', count: 1, items: [disbursement] },
          { check: 'paid-undelivered', count: 1, items: [delivered] },
        ],
      },
    },
  ]);
  expect(await lalanh('period', 'close', ...on)).toContain('close-book qbt-06 2025');
  const closed = await get<object>('/v1/books/qbt-06/2025/activities?profile=general');

  await openBook(2026);
  await made(`/v1/disbursements/${disbursement}/pay`, {
    fund: 'qbt-06',
    account: 'tien-mat',
    effectiveOn: '2026-01-05',
  });
  await made('/v1/receipts', gift('7000', '2026-01-06', { belongsTo: '2025-12-28' }));
  expect(await post('/v1/receipts', gift('7000', '2025-12-28'))).toMatchObject({
    status: 409,
    body: { code: 'BOOK_CLOSED' },
  });

  const activities = await get<{ rows: { kind: string; cells: Record<string, string> }[] }>(
    '/v1/books/qbt-06/2026/activities?profile=general',
  );
  expect(activities.rows.map(({ cells }) => [cells['item'], cells['total']])).toStrictEqual([
    ['Thu / Income', undefined],
    ['4000 Đóng góp không kèm hạn chế / Contributions without donor restrictions', '0'],
    ['Chi / Expense', undefined],
    ['5000 Chi hỗ trợ bằng tiền / Programme assistance in money', '30000'],
    ['Điều chỉnh năm trước / Prior-period adjustments', undefined],
    ['4900 Điều chỉnh thu của năm trước / Prior-period adjustments of income', '7000'],
  ]);
  const standing = { position: expect.anything() as unknown, knownAt: expect.anything() as unknown };
  expect(await get('/v1/books/qbt-06/2025/activities?profile=general')).toStrictEqual({
    ...closed,
    ...standing,
  });

  const paid = { fund: 'qbt-06', effectiveOn: '2026-01-08' };
  await made(`/v1/disbursements/${disbursement}/deliver`, paid);
  await made(`/v1/disbursements/${delivered}/deliver`, paid);
  for (const [item, originalBook] of [
    [disbursement, undefined],
    [delivered, 'book-qbt-06-2025'],
  ])
    expect(
      (
        await post(`/v1/disbursements/${item}/return?dryRun=true`, {
          ...paid,
          account: 'tien-mat',
          lines: [{ line: 0, amount: '100' }],
          reason: 'Con du',
        })
      ).body.wouldAppend?.map(({ data }) => (data as { originalBook?: string }).originalBook),
    ).toStrictEqual([originalBook]);

  const { rows } = await get<{ rows: { year: number; status: string; periods: object[] }[] }>(
    '/v1/funds/qbt-06/books',
  );
  expect(rows.map(({ year, status }) => [year, status])).toStrictEqual([
    [2025, 'closed'],
    [2026, 'open'],
  ]);
  expect(rows[0]?.periods).toMatchObject([
    { step: 'locked', month: 1, actor: 'truong', checklist: [], reason: null },
    {
      step: 'unlocked',
      month: 1,
      actor: 'truong',
      reason: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    },
    { step: 'locked', month: 11, actor: 'truong' },
    { step: 'closed', month: null, actor: 'truong', checklist: [{ count: 1 }, { count: 1 }] },
  ]);
  const shown = await lalanh('period', 'show', '--fund', 'qbt-06', '--year', '2025', '--format', 'csv');
  expect(shown.split('\r\n').map((line) => line.split(',').slice(0, 3).join(','))).toStrictEqual([
    'step,period,actor',
    'locked,2025-01,truong',
    'unlocked,2025-01,truong',
    'locked,2025-11,truong',
    'closed,2025,truong',
    '',
  ]);
});
