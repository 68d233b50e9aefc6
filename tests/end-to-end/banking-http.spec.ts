import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Serving, serve } from '../../apps/standalone/serve.ts';
import { ACCOUNT, NUMBER, statementText } from '../support/bank.ts';

let folder: string;
let serving: Serving;
let keys = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-bank-http-'));
  serving = await serve(folder, { port: 0, clock: () => Date.parse('2026-12-31T03:00:00Z') });
});
afterAll(async () => {
  await serving.stop();
  rmSync(folder, { recursive: true });
});

async function ask(
  method: 'GET' | 'POST',
  url: string,
  payload?: object | Buffer,
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  keys += 1;
  const type = Buffer.isBuffer(payload) ? 'application/octet-stream' : 'application/json';
  const answer = await serving.app.inject({
    method,
    url,
    headers: {
      'lalanh-actor': 'ke-toan',
      'idempotency-key': `01990000-0000-7000-8000-${String(keys).padStart(12, '0')}`,
      ...(payload && { 'content-type': type }),
    },
    ...(payload && { payload: Buffer.isBuffer(payload) ? payload : JSON.stringify(payload) }),
  });
  return { status: answer.statusCode, body: JSON.parse(answer.body) as Record<string, unknown> };
}

const at = `/v1/bank/accounts/${ACCOUNT}`;

test('a file comes in, is matched, reconciled and accepted over HTTP', async () => {
  const book = {
    name: 'Quỹ',
    level: 'province',
    accounts: [{ account: 'nh-1', kind: 'bank' }],
    effectiveOn: '2026-01-01',
  };
  expect((await ask('POST', '/v1/books', { fund: 'qbt-06', year: 2026, ...book })).status).toBe(201);
  const account = {
    account: ACCOUNT,
    bin: '970436',
    number: NUMBER,
    startsOn: '2026-01-01',
    books: [{ fund: 'qbt-06', account: 'nh-1' }],
    effectiveOn: '2026-01-01',
  };
  expect((await ask('POST', '/v1/bank/accounts', account)).status).toBe(201);
  const gift = { fund: 'qbt-06', account: 'nh-1', source: 'voluntary', commodity: 'VND' };
  await ask('POST', '/v1/receipts', { ...gift, amount: '500000', effectiveOn: '2026-03-01' });
  const text = statementText([
    { day: '2026-03-01', amount: 500_000, text: 'MBVCB.PT000001.CT tu 001' },
    { day: '2026-03-02', amount: 7, text: 'khong ro' },
  ]);
  const imported = await ask('POST', `${at}/files`, Buffer.from(text));
  expect(imported).toMatchObject({ status: 201, body: { statements: [{ recorded: 2, exceptions: [] }] } });
  const again = await ask('POST', `${at}/files`, Buffer.from(text));
  expect(again).toMatchObject({ status: 201, body: { statements: [{ recorded: 0, known: 2 }] } });

  const wrong = await ask('POST', `${at}/files`, Buffer.from('a;b\n1;2\n'));
  expect(wrong).toMatchObject({ status: 422, body: { code: 'STATEMENT_LAYOUT_UNKNOWN' } });
  const { file } = (wrong.body as { details: { file: string } }).details;
  const kept = await serving.app.inject({ url: `/v1/files/${file}`, headers: { 'lalanh-actor': 'ke-toan' } });
  expect(kept.body).toBe('a;b\n1;2\n');

  const head = (await serving.app.inject({ url: '/v1/status' })).json<{ head: number }>().head;
  await ask('GET', `${at}/lines?account=${ACCOUNT}&atLeast=${head}`);
  await ask('GET', `/v1/bank/accounts?atLeast=${head}`);
  const matched = await ask('POST', `${at}/match`);
  expect(matched).toMatchObject({ status: 200, body: { matched: { reference: 1 }, openLines: 1 } });
  const after = (await serving.app.inject({ url: '/v1/status' })).json<{ head: number }>().head;
  const open = await ask('GET', `${at}/lines?open=true&atLeast=${after}`);
  expect(open).toMatchObject({ status: 200, body: { rows: [{ amount: '7', match: null }] } });
  const [line] = (open.body as { rows: { unit: string }[] }).rows;
  expect(await ask('GET', `${at}/lines/${line?.unit}/candidates`)).toMatchObject({
    status: 200,
    body: { candidates: [] },
  });

  const shown = await ask('GET', `${at}/reconciliation?on=2026-03-31&atLeast=${after}`);
  expect(shown).toMatchObject({
    status: 200,
    body: {
      statement: {
        bank: '500007',
        book: '500000',
        listed: '7',
        difference: '0',
        stated: true,
        items: [{ kind: 'at-bank-only', amount: '7', todo: 'to-be-booked' }],
        accepted: null,
      },
    },
  });
  const accept = { bank: '500007', book: '500000', items: '7', listed: 1, knownAt: after };
  const unseen = { on: '2026-03-31', ...accept, bank: '500008', items: '8' };
  expect(await ask('POST', `${at}/reconciliations`, unseen)).toMatchObject({
    status: 409,
    body: { code: 'RECONCILIATION_CHANGED', details: { bank: '500007', items: '7' } },
  });
  const accepted = await ask('POST', `${at}/reconciliations`, { on: '2026-03-31', ...accept });
  expect(accepted.status).toBe(201);
  const { position } = accepted.body as { position: number };
  const settled = await ask('GET', `${at}/reconciliation?on=2026-03-31&atLeast=${position}`);
  expect(settled).toMatchObject({
    body: { statement: { accepted: { by: 'ke-toan', bank: '500007', changedSince: false } } },
  });
  expect((await ask('GET', '/v1/bank/accounts/khac/reconciliation?on=2026-03-31')).status).toBe(404);

  expect(await ask('POST', `${at}/hold?dryRun=true`)).toMatchObject({ status: 200, body: { held: 1 } });
  expect(await ask('POST', `${at}/hold`, { lines: [line?.unit] })).toMatchObject({
    status: 200,
    body: { held: 1, amount: '7', lines: [{ line: line?.unit, fate: 'held', refusal: null }] },
  });
  expect(await ask('POST', `${at}/hold`, { lines: [7] })).toMatchObject({ status: 400 });
  const last = (await serving.app.inject({ url: '/v1/status' })).json<{ head: number }>().head;
  expect(await ask('GET', `${at}/reconciliation?on=2026-03-31&atLeast=${last}`)).toMatchObject({
    body: { statement: { bank: '500007', book: '500007', items: [], accepted: { changedSince: true } } },
  });
});
