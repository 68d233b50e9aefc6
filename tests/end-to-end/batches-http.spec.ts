import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Serving, serve } from '../../apps/standalone/serve.ts';

const main = fileURLToPath(new URL('../../apps/cli/main.ts', import.meta.url));
const CLOCK = (): number => Date.parse('2026-12-31T03:00:00Z');

let folder: string;
let serving: Serving | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-batches-'));
  serving = await serve(folder, { port: 0, clock: CLOCK });
  const book = {
    name: 'Quỹ',
    level: 'province',
    accounts: [{ account: 'nh-1', kind: 'bank' }],
    effectiveOn: '2026-01-01',
  };
  const opened = await ask('POST', '/v1/books', JSON.stringify({ fund: 'qbt', year: 2026, ...book }), {
    'content-type': 'application/json',
    'idempotency-key': '01990000-0000-7000-8000-000000000001',
  });
  expect(opened.status).toBe(201);
});
afterAll(async () => {
  await serving?.stop();
  rmSync(folder, { recursive: true });
});

interface Said {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(
  method: 'GET' | 'POST',
  url: string,
  payload = '',
  headers: Record<string, string> = { 'content-type': 'text/csv' },
): Promise<Said> {
  if (!serving) throw new Error('nothing is served');
  const answer = await serving.app.inject({
    method,
    url,
    headers: { 'lalanh-actor': 'ke-toan', ...(payload !== '' && headers) },
    ...(payload !== '' && { payload }),
  });
  return { status: answer.statusCode, body: JSON.parse(answer.body) as Record<string, unknown> };
}

const ROWS = [
  'Ref,Fund,Account,Date,Amount,Source',
  'A,qbt,nh-1,01/03/2026,100,tự nguyện',
  'B,qbt,nh-9,01/03/2026,200,tự nguyện',
  '',
].join('\n');

test('a batch is entered and looked up over HTTP; a wrong total or kind is a problem with what to do', async () => {
  expect(await ask('POST', '/v1/batches/receipts?count=2&total=301', ROWS)).toMatchObject({
    status: 422,
    body: {
      code: 'BATCH_TOTALS_DIFFER',
      details: { differences: 'VND 301 / 300', unread: '0' },
    },
  });
  expect(await ask('POST', '/v1/batches/receipts?count=2&total=x', ROWS)).toMatchObject({
    status: 400,
    body: { code: 'BATCH_TOTAL_INVALID' },
  });
  expect(await ask('POST', '/v1/batches/khac?count=2&total=300', ROWS)).toMatchObject({
    status: 404,
    body: { code: 'BATCH_KIND_UNKNOWN' },
  });
  expect(await ask('POST', '/v1/batches/receipts?total=300', ROWS.replace('Fund', 'Colour'))).toMatchObject({
    status: 400,
    body: { code: 'COLUMN_UNKNOWN' },
  });
  const asked = await ask('POST', '/v1/batches/receipts?count=2&total=300&dryRun=true', ROWS);
  expect(asked).toMatchObject({ status: 200, body: { dryRun: true, recorded: 1, refused: 1 } });
  const whole = await ask('POST', '/v1/batches/receipts?count=2&total=300&allOrNothing=true', ROWS);
  expect(whole).toMatchObject({ status: 200, body: { recorded: 0, refused: 1, notTried: 1 } });

  const entered = await ask('POST', '/v1/batches/receipts?count=2&total=300', ROWS);
  expect(entered).toMatchObject({
    status: 200,
    body: {
      recorded: 1,
      refused: 1,
      rows: [
        { row: 2, ref: 'A', fate: 'recorded', vouchers: ['PT-000001'], refusal: null },
        { row: 3, ref: 'B', fate: 'refused', refusal: { code: 'ACCOUNT_UNKNOWN' } },
      ],
    },
  });
  const [, bad] = entered.body['rows'] as { refusal: { vi: string; nextVi: string } }[];
  expect([bad?.refusal.vi, bad?.refusal.nextVi].every((text) => text !== '')).toBe(true);

  const batch = String(entered.body['batch']);
  expect(await ask('GET', `/v1/batches/${batch}`)).toMatchObject({
    status: 200,
    body: { batch, kind: 'receipts', actor: 'ke-toan', rows: [{ fate: 'recorded' }, { fate: 'refused' }] },
  });
  expect(await ask('GET', '/v1/batches')).toMatchObject({
    status: 200,
    body: { rows: [{ batch }, { batch }] },
  });
  expect((await ask('GET', '/v1/batches/khong-co')).status).toBe(404);
});

/** Runs `lalanh` as a process of its own. */
const lalanh = (
  ...args: string[]
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> =>
  new Promise((resolve, reject) => {
    const options = ['--conditions=source', '--disable-warning=ExperimentalWarning', main, ...args];
    const child = spawn(process.execPath, options, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '' },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.once('error', reject);
    child.once('exit', (code) => resolve({ code, out, err }));
  });

test('the command line enters it through the server and without one, with exit codes for scripts', async () => {
  const file = join(folder, 'tiep-nhan.csv');
  writeFileSync(file, ROWS);
  const enter = (...args: string[]) =>
    lalanh('batch', 'receipts', file, '--data', folder, '--format', 'json', ...args);
  const served = await enter('--count', '2', '--total', '300');
  expect([served.code, (JSON.parse(served.out) as { there: number }).there]).toStrictEqual([1, 1]);
  const differs = await enter('--count', '3', '--total', '300');
  expect([differs.code, differs.err.includes('BATCH_TOTALS_DIFFER')]).toStrictEqual([1, true]);
  await serving?.stop();
  serving = undefined;

  writeFileSync(file, ROWS.replace('nh-9', 'nh-1'));
  const alone = await enter('--count', '2', '--total', '300');
  expect([alone.code, JSON.parse(alone.out)]).toMatchObject([0, { recorded: 1, there: 1, refused: 0 }]);
  const beside = readFileSync(`${file}.ket-qua.csv`, 'utf8');
  expect(beside).toContain('PT-000001');
  expect(beside).toContain('book-qbt-2026@2');
  expect((await enter('--count', '2')).code).toBe(1);
  expect((await lalanh('batch', 'khac', file, '--data', folder)).code).toBe(2);
  expect((await lalanh('batch', 'receipts', `${file}x`, '--data', folder, '--count', '1')).code).toBe(2);
}, 120_000);
