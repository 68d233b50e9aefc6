import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeVietQr, findReferences } from '#pledges';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Serving, serve } from './serve.ts';

let folder: string;
let serving: Serving;
/** Position of the last fact. */
let head = '';

async function post(url: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
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
  const parsed = JSON.parse(answer.body) as Record<string, unknown>;
  if (answer.statusCode === 201) head = String(parsed['position']);
  return { status: answer.statusCode, body: parsed };
}

const get = (url: string) =>
  serving.app.inject({ method: 'GET', url: `${url}${url.includes('?') ? '&' : '?'}atLeast=${head}` });
const read = async (url: string): Promise<Record<string, unknown>> =>
  JSON.parse((await get(url)).body) as never;

const BANK = { bin: '970436', number: '0011001234567' };
const book = (fund: string, accounts: readonly object[]) =>
  post('/v1/books', {
    fund,
    year: 2024,
    name: 'Quỹ Bảo trợ trẻ em',
    level: 'province',
    accounts,
    effectiveOn: '2024-01-01',
  });
const pledge = (id: string, commodity = 'VND') =>
  post('/v1/pledges', { pledge: id, fund: 'qbt-06', commodity, amount: '500000', effectiveOn: '2024-01-02' });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-qr-'));
  serving = await serve(folder, { port: 0, clock: () => Date.parse('2024-06-30T03:00:00Z') });
  const made = [
    await book('qbt-06', [
      { account: 'tien-mat', kind: 'cash' },
      { account: 'nh-1', kind: 'bank', bank: BANK },
    ]),
    await book('qbt-19', [{ account: 'nh-1', kind: 'bank' }]),
    await pledge('ck-1'),
    await pledge('ck-2', 'EUR'),
    await pledge('ck-3'),
    await post('/v1/pledges/ck-3/cancel', { reason: 'thôi', effectiveOn: '2024-01-03' }),
  ];
  expect(made.map(({ status }) => status)).toStrictEqual([201, 201, 201, 201, 201, 201]);
});

afterAll(async () => {
  await serving.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the code of a pledge', () => {
  it('names the account, the amount and a reference that leads back to the pledge', async () => {
    const code = await read('/v1/pledges/ck-1/vietqr?amount=50000');
    expect(code).toMatchObject({ ...BANK, fund: 'qbt-06', account: 'nh-1', bank: 'Vietcombank' });
    const reference = String(code['reference']);
    expect(decodeVietQr(String(code['payload']))).toStrictEqual({
      ...BANK,
      amount: 50_000n,
      purpose: reference,
    });
    const ageing = await read('/v1/pledges/ageing?on=2024-06-30');
    expect(ageing['pledges']).toMatchObject([{ pledge: 'ck-1', reference }, {}, {}]);
    expect(findReferences(`CK ${reference.toLowerCase()} FT24`)).toMatchObject([{ kind: 'pledge' }]);
    const again = await read('/v1/pledges/ck-1/vietqr');
    expect([again['reference'], again['amount']]).toStrictEqual([reference, null]);
  });

  it('comes as an image', async () => {
    const [svg, png] = [
      await get('/v1/pledges/ck-1/vietqr?format=svg'),
      await get('/v1/pledges/ck-1/vietqr?format=png'),
    ];
    expect([svg.headers['content-type'], png.headers['content-type']]).toStrictEqual([
      'image/svg+xml; charset=utf-8',
      'image/png',
    ]);
    expect(svg.body).toContain('<svg');
    expect([...png.rawPayload.subarray(0, 4)]).toStrictEqual([0x89, 0x50, 0x4e, 0x47]);
  });

  it.each([
    ['/v1/pledges/ck-2/vietqr', 422, 'QR_PLEDGE_CLOSED'],
    ['/v1/pledges/ck-3/vietqr', 422, 'QR_PLEDGE_CLOSED'],
    ['/v1/pledges/ck-1/vietqr?account=tien-mat', 422, 'QR_ACCOUNT_MISSING'],
    ['/v1/pledges/ck-9/vietqr', 404, 'RECORD_UNKNOWN'],
    ['/v1/funds/qbt-19/vietqr', 422, 'QR_ACCOUNT_MISSING'],
    ['/v1/funds/qbt-99/vietqr', 404, 'RECORD_UNKNOWN'],
    ['/v1/pledges/ck-1/vietqr?amount=1000.5', 422, 'QR_AMOUNT_INVALID'],
    ['/v1/pledges/ck-1/vietqr?amount=0', 422, 'QR_AMOUNT_INVALID'],
  ])('%s: %i %s', async (url, status, code) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(status);
    expect(answer.body).toContain(code);
  });
});

describe('the code of a fund', () => {
  it('is another one than those of its pledges, and asks which account where there are several', async () => {
    const fund = await read('/v1/funds/qbt-06/vietqr');
    expect(findReferences(String(fund['reference']))).toMatchObject([{ kind: 'fund' }]);
    const more = { fund: 'qbt-06', account: 'nh-2', kind: 'bank', effectiveOn: '2024-02-01' };
    const opened = await post('/v1/books/qbt-06/2024/accounts', {
      ...more,
      bank: { bin: '970418', number: '12010000123456' },
    });
    expect(opened.status).toBe(201);
    expect((await get('/v1/funds/qbt-06/vietqr')).body).toContain('QR_ACCOUNT_AMBIGUOUS');
    const chosen = await read('/v1/funds/qbt-06/vietqr?account=nh-2');
    expect([chosen['bank'], chosen['reference']]).toStrictEqual(['BIDV', fund['reference']]);
  });
});

describe('bank details', () => {
  it.each([
    [{ kind: 'bank', bank: { ...BANK, bin: '970499' } }, 'BANK_BIN_INVALID'],
    [{ kind: 'bank', bank: { ...BANK, number: '0011 0012' } }, 'BANK_NUMBER_INVALID'],
    [{ kind: 'cash', bank: BANK }, 'BANK_DETAILS_OF_OTHER_KIND'],
  ])('given %j, then the account is refused', async (account, code) => {
    const body = { account: 'nh-9', effectiveOn: '2024-02-01', ...account };
    expect((await post('/v1/books/qbt-06/2024/accounts', body)).body['code']).toBe(code);
    const opened = await book('qbt-20', [{ account: 'nh-9', ...account }]);
    expect(opened.body['code']).toBe(code);
  });
});
