import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BODY_BYTES_MAX } from '#http';
import { type Serving, serve } from './serve.ts';

const NOW = Date.parse('2024-06-30T03:00:00Z');
let folder: string;
let serving: Serving;

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Readonly<Record<string, unknown>>;
}

async function ask(
  method: 'GET' | 'POST',
  url: string,
  payload?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const answer = await serving.app.inject({
    method,
    url,
    headers: {
      ...(method === 'POST' && {
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        'lalanh-actor': 'ke-toan',
      }),
      ...headers,
    },
    ...(payload !== undefined && {
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    }),
  });
  const json = answer.body.startsWith('{') && !answer.body.includes('}\n');
  return {
    status: answer.statusCode,
    body: json ? (JSON.parse(answer.body) as Record<string, unknown>) : { text: answer.body },
    headers: answer.headers,
  };
}

const receipt = (changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  fund: 'qbt-06',
  account: 'nh-1',
  source: 'voluntary',
  commodity: 'VND',
  amount: '500000',
  effectiveOn: '2024-02-01',
  ...changes,
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-serve-'));
  serving = await serve(folder, { port: 0, clock: () => NOW });
  const places = [
    { code: '06', name: 'Tỉnh Bắc Kạn', level: 'province', effectiveOn: '2021-01-01' },
    {
      code: '062',
      name: 'Huyện Ngân Sơn',
      level: 'district',
      parent: { code: '06' },
      effectiveOn: '2021-01-01',
    },
  ];
  for (const place of places) expect(await ask('POST', '/v1/places', place)).toMatchObject({ status: 201 });
  for (const fund of ['qbt-06', 'dong-so'])
    await ask('POST', '/v1/books', {
      fund,
      year: 2024,
      name: 'Quỹ Bảo trợ trẻ em',
      level: 'province',
      place: { code: '06' },
      accounts: [{ account: 'nh-1', kind: 'bank' }],
      effectiveOn: '2024-01-01',
    });
  const closing = { effectiveOn: '2024-03-01', reason: 'Thử đóng sổ khi chưa đối chiếu' };
  expect(await ask('POST', '/v1/books/dong-so/2024/close', closing)).toMatchObject({ status: 201 });
});

afterAll(async () => {
  await serving.stop();
  rmSync(folder, { recursive: true, force: true });
});

const head = async (): Promise<unknown> => (await ask('GET', '/v1/status')).body['head'];

describe('given a book with an account', () => {
  it('records a receipt, gives the same answer again, and shows it in the balance', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const first = await ask('POST', '/v1/receipts', receipt(), key);
    const again = await ask('POST', '/v1/receipts', receipt(), key);
    expect([first.status, again.status, again.headers['idempotent-replayed']]).toStrictEqual([
      201,
      201,
      'true',
    ]);
    expect(again.body).toStrictEqual({ ...first.body, duplicate: true });
    const [{ at = '' } = {}] = first.body['events'] as { at?: string }[];
    const read = await ask('GET', `/v1/balances/fund?fund=qbt-06&atLeast=${encodeURIComponent(at)}`);
    expect(read.body['rows']).toMatchObject([
      { key: 'qbt-06', commodity: 'VND', sums: { received: '500000' } },
    ]);
    expect(read.headers['etag']).toBe(`"${String(read.body['position'])}"`);
    const same = await ask('GET', '/v1/balances/fund', undefined, {
      'if-none-match': String(read.headers['etag']),
    });
    expect(same.status).toBe(304);
  });

  it('leads a payment through its four steps, approved by somebody else', async () => {
    const common = { fund: 'qbt-06', effectiveOn: '2024-04-01' };
    const proposed = await ask('POST', '/v1/disbursements', {
      ...common,
      commodity: 'VND',
      amount: '100000',
      lines: [{ amount: '100000', place: { code: '062', name: 'Ngân Sơn' }, children: 2 }],
    });
    const [{ hash = '' } = {}] = proposed.body['events'] as { hash?: string }[];
    const steps = `/v1/disbursements/${String(proposed.body['commandId'])}`;
    const shown = await ask('GET', `${steps}?atLeast=${String(proposed.body['position'])}`);
    const { proposal } = shown.body as { proposal: Record<string, unknown> };
    expect(proposal).toMatchObject({ hash, amount: '100000', pools: [{ pool: 'qbt-06/VND/general' }] });
    const approve = { ...common, proposalHash: proposal['hash'] };
    const own = await ask('POST', `${steps}/approve`, approve);
    const other = await ask('POST', `${steps}/approve`, approve, { 'lalanh-actor': 'ke-toan-truong' });
    const paid = await ask('POST', `${steps}/pay`, { ...common, account: 'nh-1' });
    const delivered = await ask('POST', `${steps}/deliver`, common);
    const returned = await ask('POST', `${steps}/return`, {
      ...common,
      account: 'nh-1',
      lines: [{ line: 0, amount: '40000' }],
      reason: 'Một em đã chuyển đi',
    });
    expect([own.body['code'], other.status, paid.status, delivered.status, returned.status]).toStrictEqual([
      'MAKER_IS_CHECKER',
      201,
      201,
      201,
      201,
    ]);
    const at = String(returned.body['position']);
    const read = await ask('GET', `/v1/balances/district?atLeast=${at}&on=2024-04-01`);
    expect(read.body['rows']).toMatchObject([
      { key: null, sums: { paid: '0' } },
      { key: '062-2021-01-01', sums: { paid: '60000' } },
    ]);
  });
});

describe('given the vault', () => {
  const pdf = { 'content-type': 'application/pdf' };

  it('keeps an evidence file, which a delivery names, and gives it back to who names themselves', async () => {
    const bytes = '%PDF-1.7 danh sách ký nhận';
    const kept = await ask('POST', '/v1/files', bytes, pdf);
    expect(kept).toMatchObject({ status: 201, body: { bytes: Buffer.byteLength(bytes) } });
    const file = String(kept.body['file']);
    expect((await ask('POST', '/v1/files', bytes, pdf)).body['file']).toBe(file);
    const actor = { 'lalanh-actor': 'ke-toan' };
    expect((await ask('GET', `/v1/files/${file}`, undefined, actor)).body['text']).toBe(bytes);
    expect((await ask('GET', `/v1/files/${file}`)).body['code']).toBe('ACTOR_MISSING');
    expect((await ask('GET', `/v1/files/${'0'.repeat(64)}`, undefined, actor)).body['code']).toBe(
      'FILE_UNKNOWN',
    );
    expect((await ask('POST', '/v1/files', '', pdf)).body['code']).toBe('FILE_EMPTY');
    expect((await ask('POST', '/v1/receipts', bytes, pdf)).status).toBe(415);
  });

  it('gives a name back by the commitment that the event holds, and the event never holds the name', async () => {
    const name = 'Nguyễn Thị Lành';
    const donor = await ask('POST', '/v1/donors', {
      donor: 'nt-lanh',
      kind: 'individual',
      name,
      effectiveOn: '2024-01-02',
    });
    expect(donor.status).toBe(201);
    const log = String((await ask('GET', '/v1/events?limit=1000')).body['text']);
    expect(log).not.toContain(name);
    const commitment = /"donor":"nt-lanh".*?"name":"([0-9a-f]{64})"/.exec(log)?.[1] ?? '';
    const actor = { 'lalanh-actor': 'ke-toan' };
    expect((await ask('GET', `/v1/texts/${commitment}`, undefined, actor)).body).toStrictEqual({
      text: name,
    });
    expect((await ask('GET', `/v1/texts/${'0'.repeat(64)}`, undefined, actor)).body['code']).toBe(
      'TEXT_UNKNOWN',
    );
  });
});

describe('given bad input, answers a problem in two languages and appends nothing', () => {
  const cases: (readonly [code: string, status: number, body: unknown, headers?: Record<string, string>])[] =
    [
      ['BOOK_UNKNOWN', 404, receipt({ fund: 'khong-co' })],
      ['BOOK_CLOSED', 409, receipt({ fund: 'dong-so' })],
      ['COMMODITY_UNKNOWN', 422, receipt({ commodity: 'xe-dap' })],
      ['COMMODITY_INVALID', 400, receipt({ commodity: 'Vàng' })],
      ['AMOUNT_ZERO', 422, receipt({ amount: '0' })],
      ['AMOUNT_NEGATIVE', 422, receipt({ amount: '-5' })],
      ['AMOUNT_FRACTIONAL', 422, receipt({ amount: '0.5' })],
      ['AMOUNT_TOO_LARGE', 422, receipt({ amount: '1000000000000001' })],
      ['AMOUNT_NOT_A_STRING', 400, receipt({ amount: 500_000 })],
      ['BOOK_UNKNOWN', 404, receipt({ effectiveOn: '2023-12-31' })],
      ['DATE_IN_FUTURE', 422, receipt({ effectiveOn: '2024-07-01' })],
      ['DATE_INVALID', 400, receipt({ effectiveOn: '2024-02-30' })],
      ['FIELD_UNKNOWN', 400, receipt({ ghiChu: 'x' })],
      ['PLACE_UNKNOWN', 422, receipt({ place: { code: '099' } })],
      ['PLACE_CODE_MEANS_OTHER', 422, receipt({ place: { code: '062', name: 'Huyện Ba Bể' } })],
      ['PLACE_NOT_VALID_ON_DATE', 422, receipt({ place: { code: '062' }, effectiveOn: '2020-01-01' })],
      ['BODY_NOT_JSON', 400, '{"fund":'],
      ['BODY_TOO_LARGE', 413, receipt({ narrative: 'x'.repeat(BODY_BYTES_MAX) })],
      ['CONTENT_TYPE_UNSUPPORTED', 415, 'x', { 'content-type': 'text/plain' }],
      ['KEY_MISSING', 400, receipt(), { 'idempotency-key': '' }],
      ['ACTOR_MISSING', 400, receipt(), { 'lalanh-actor': '' }],
    ];
  const named = cases.map(([code, status, body, headers = {}]) => ({ code, status, body, headers }));
  it.each(named)('$code ($status)', async ({ code, status, body, headers }) => {
    const before = await head();
    const answer = await ask('POST', '/v1/receipts', body, headers);
    expect([answer.body['code'], answer.status]).toStrictEqual([code, status]);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({
      vi: { title: expect.stringMatching(/\p{L}/u) },
      en: { title: expect.any(String) },
    });
    expect(answer.body['vi']).not.toStrictEqual(answer.body['en']);
    expect(await head()).toBe(before);
  });

  const payment = (pool: string, amount: string, place?: object): Record<string, unknown> => ({
    fund: 'qbt-06',
    effectiveOn: '2024-05-01',
    commodity: 'VND',
    amount,
    lines: [{ amount, ...(place && { place }) }],
    pools: [{ pool, amount }],
  });
  const elsewhere: (readonly [code: string, status: number, path: string, body: unknown])[] = [
    ['RESTRICTION_BROKEN', 422, '/v1/disbursements', payment('qbt-06/VND/place=062-2021-01-01', '10')],
    ['POOL_OVERDRAWN', 422, '/v1/disbursements', payment('qbt-06/VND/general', '999999999')],
    ['POOL_UNKNOWN', 422, '/v1/disbursements', payment('qbt-06/EUR/general', '10')],
    ['COMMODITY_WRONG', 422, '/v1/disbursements', payment('qbt-06/USD/general', '10')],
    [
      'BOOK_UNKNOWN',
      404,
      '/v1/pledges',
      { pledge: 'ck-1', fund: 'khong-co', commodity: 'VND', effectiveOn: '2024-05-01' },
    ],
    [
      'BOOK_EXISTS',
      409,
      '/v1/books',
      {
        fund: 'qbt-06',
        year: 2024,
        name: 'Quỹ',
        level: 'province',
        accounts: [{ account: 'nh-1', kind: 'bank' }],
        effectiveOn: '2024-01-01',
      },
    ],
    [
      'DISBURSEMENT_NOT_OPEN',
      404,
      `/v1/disbursements/${randomUUID()}/pay`,
      { fund: 'qbt-06', account: 'nh-1', effectiveOn: '2024-05-01' },
    ],
  ];
  it.each(elsewhere.map(([code, status, path, body]) => ({ code, status, path, body })))(
    '$code ($status) at $path',
    async ({ code, status, path, body }) => {
      const key = randomUUID();
      for (const part of [{ restriction: { place: { code: '062' } } }, { commodity: 'USD' }])
        await ask('POST', '/v1/receipts', receipt(part), {
          'idempotency-key': `00000000-0000-8000-8000-00000000000${'commodity' in part ? 2 : 1}`,
        });
      const before = await head();
      const answer = await ask('POST', path, body, { 'idempotency-key': key });
      expect([answer.body['code'], answer.status]).toStrictEqual([code, status]);
      expect(await head()).toBe(before);
    },
  );

  it('IDEMPOTENCY_MISMATCH (422) for the same key with another body', async () => {
    const key = { 'idempotency-key': randomUUID() };
    expect((await ask('POST', '/v1/receipts', receipt(), key)).status).toBe(201);
    const before = await head();
    const answer = await ask('POST', '/v1/receipts', receipt({ amount: '500001' }), key);
    expect([answer.body['code'], answer.status]).toStrictEqual(['IDEMPOTENCY_MISMATCH', 422]);
    expect(await head()).toBe(before);
  });

  it('ROUTE_UNKNOWN (404)', async () => {
    const answer = await ask('GET', '/v1/khong-co');
    expect([answer.body['code'], answer.status]).toStrictEqual(['ROUTE_UNKNOWN', 404]);
  });

  it('READ_BEHIND (503), and says when to come again', async () => {
    const answer = await ask('GET', '/v1/balances/fund?atLeast=1000000');
    expect([answer.body['code'], answer.status, answer.headers['retry-after']]).toStrictEqual([
      'READ_BEHIND',
      503,
      '1',
    ]);
  });
});

describe('given many receipts in one request', () => {
  it('answers each line for itself, and the same again', async () => {
    const lines = [
      JSON.stringify({ key: randomUUID(), body: receipt({ amount: '1' }) }),
      'khong phai JSON',
      JSON.stringify({ key: randomUUID(), body: receipt({ amount: '0' }) }),
      JSON.stringify({ key: randomUUID(), body: receipt({ amount: '2' }) }),
    ].join('\n');
    const types = { 'content-type': 'application/x-ndjson' };
    const before = Number(await head());
    const fates = async (): Promise<unknown[]> => {
      const { body } = await ask('POST', '/v1/receipts/bulk', lines, types);
      return String(body['text'])
        .trimEnd()
        .split('\n')
        .map((line) => {
          const { status, problem } = JSON.parse(line) as { status: number; problem?: { code: string } };
          return [status, problem?.code];
        });
    };
    const expected = [
      [201, undefined],
      [400, 'BODY_NOT_JSON'],
      [422, 'AMOUNT_ZERO'],
      [201, undefined],
    ];
    expect([await fates(), await fates()]).toStrictEqual([expected, expected]);
    expect(await head()).toBe(before + 2);
  });
});

describe('given a running server', () => {
  it('takes more places at once than one append may stand on', async () => {
    const lines = Array.from({ length: 250 }, (_, index) => ({
      key: randomUUID(),
      name: 'establish-place',
      body: {
        code: String(10_000 + index),
        name: `Xã ${index}`,
        level: 'commune',
        parent: { code: '062' },
        effectiveOn: '2021-01-01',
      },
    }));
    const answer = await ask(
      'POST',
      '/v1/commands/bulk',
      lines.map((line) => JSON.stringify(line)).join('\n'),
      {
        'content-type': 'application/x-ndjson',
      },
    );
    const fates = String(answer.body['text']).trim().split('\n');
    expect(fates.map((fate) => (JSON.parse(fate) as { status: number }).status)).toStrictEqual(
      lines.map(() => 201),
    );
  });

  it('describes every endpoint in OpenAPI 3.1', async () => {
    const { body } = await ask('GET', '/openapi.json');
    expect(body['openapi']).toBe('3.1.0');
    expect(Object.keys(body['paths'] as object)).toContain('/v1/disbursements/{disbursement}/approve');
  });

  it.each([
    '/',
    '/docs',
    '/metrics',
    '/health/live',
    '/health/ready',
    '/v1/funds',
    '/v1/places?on=2024-01-01',
  ])('answers %s', async (path) => {
    expect((await ask('GET', path)).status).toBe(200);
  });

  it('ends in order although somebody listens to live events', async () => {
    const other = mkdtempSync(join(tmpdir(), 'lalanh-live-'));
    const { port, stop } = await serve(other, { port: 0 });
    const live = await fetch(`http://127.0.0.1:${port}/v1/events/stream`);
    expect(live.headers.get('content-type')).toBe('text/event-stream');
    await stop();
    expect(await live.text()).toContain('caught-up');
    rmSync(other, { recursive: true, force: true });
  });

  it('refuses a second writer of the folder', async () => {
    await expect(serve(folder, { port: 0 })).rejects.toMatchObject({ code: 'ES_LOCKED' });
  });
});
