import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Serving, serve } from '../../apps/standalone/serve.ts';

let folder: string;
let serving: Serving;
let keys = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-goods-'));
  serving = await serve(folder, { port: 0, clock: () => Date.parse('2026-12-31T03:00:00Z') });
});
afterAll(async () => {
  await serving.stop();
  rmSync(folder, { recursive: true });
});

const key = (n: number): string => `01990000-0000-7000-8000-${String(n).padStart(12, '0')}`;

interface Answer {
  readonly status: number;
  readonly id: string;
  readonly body: Record<string, unknown>;
}

async function ask(url: string, payload?: object, actor = 'ke-toan'): Promise<Answer> {
  keys += 1;
  const answer = await serving.app.inject({
    method: payload ? 'POST' : 'GET',
    url,
    headers: {
      'lalanh-actor': actor,
      'idempotency-key': key(keys),
      ...(payload && { 'content-type': 'application/json' }),
    },
    ...(payload && { payload: JSON.stringify(payload) }),
  });
  return { status: answer.statusCode, id: key(keys), body: answer.json<Record<string, unknown>>() };
}

/** What is read after everything that was written. */
async function read(url: string): Promise<Record<string, unknown>> {
  const { head } = (await serving.app.inject({ url: '/v1/status' })).json<{ head: number }>();
  const answer = await ask(`${url}${url.includes('?') ? '&' : '?'}atLeast=${head}`);
  expect(answer.status).toBe(200);
  return answer.body;
}

const ON = { fund: 'qbt-06', effectiveOn: '2026-03-01' };
const LIST = [
  { beneficiary: null, place: null, children: 12 },
  { beneficiary: null, place: null, children: 8 },
];

/** One leg of a delivery by list: proposed, approved, paid, delivered. */
async function handOver(commodity: string, amounts: readonly string[], account: string): Promise<string> {
  const amount = String(amounts.reduce((sum, each) => sum + BigInt(each), 0n));
  const lines = LIST.map((line, at) => ({ ...line, amount: amounts[at] }));
  const proposed = await ask('/v1/disbursements', { ...ON, commodity, amount, lines });
  expect(proposed.status).toBe(201);
  const [{ hash } = { hash: '' }] = (proposed.body as { events: { hash: string }[] }).events;
  const at = `/v1/disbursements/${proposed.id}`;
  expect((await ask(`${at}/approve`, { ...ON, proposalHash: hash }, 'lanh-dao')).status).toBe(201);
  expect((await ask(`${at}/pay`, { ...ON, account })).status).toBe(201);
  expect((await ask(`${at}/deliver`, ON)).status).toBe(201);
  return proposed.id;
}

test('euro become đồng, bicycles, and bicycles for children, and each gift is told what it became', async () => {
  const book = {
    fund: 'qbt-06',
    year: 2026,
    name: 'Quỹ',
    level: 'province',
    effectiveOn: '2026-01-01',
    accounts: [
      { account: 'nh-1', kind: 'bank' },
      { account: 'nh-eur', kind: 'bank' },
      { account: 'kho', kind: 'store' },
    ],
    goods: [{ code: 'xe-dap', unit: 'chiếc', exponent: 0 }],
  };
  expect((await ask('/v1/books', book)).status).toBe(201);
  const gift = { ...ON, source: 'foreign-aid', account: 'nh-eur', commodity: 'EUR' };
  const rate = { perUnit: '27000', on: '2026-02-28', source: 'vcb' };
  const euro = await ask('/v1/receipts', { ...gift, amount: '10000', rate });
  expect(euro.status).toBe(201);
  const wrong = await ask('/v1/receipts', {
    ...gift,
    amount: '10000',
    rate: { ...rate, perUnit: '27.000,5' },
  });
  expect(wrong).toMatchObject({ status: 422, body: { code: 'RATE_INVALID' } });

  const sale = {
    ...ON,
    account: 'nh-eur',
    into: 'nh-1',
    commodity: 'EUR',
    amount: '10000',
    received: '2750000',
  };
  expect((await ask('/v1/currency-exchanges', { ...sale, proposedBy: 'lan' })).status).toBe(201);
  const purchase = {
    ...ON,
    account: 'nh-1',
    store: 'kho',
    commodity: 'VND',
    amount: '2400000',
    good: 'xe-dap',
  };
  const refused = await ask('/v1/goods-purchases', { ...purchase, quantity: '3', proposedBy: 'ke-toan' });
  expect(refused).toMatchObject({ body: { code: 'MAKER_IS_CHECKER' } });
  const bought = await ask('/v1/goods-purchases', {
    ...purchase,
    quantity: '3',
    proposedBy: 'lan',
    supplier: 'Cửa hàng xe đạp Bà Lan',
    invoice: { number: '1C26TAA/0000123', on: '2026-02-28' },
  });
  expect(bought.status).toBe(201);

  // A delivery with a leg of goods and one of money: two disbursements by the same list.
  const bicycles = await handOver('xe-dap', ['1', '1'], 'kho');
  await handOver('VND', ['100000', '50000'], 'nh-1');
  const evidence = await serving.app.inject({
    method: 'POST',
    url: '/v1/files',
    headers: { 'lalanh-actor': 'ke-toan', 'content-type': 'application/octet-stream' },
    payload: Buffer.from('biên bản'),
  });
  const { file } = evidence.json<{ file: string }>();
  const loss = {
    ...ON,
    account: 'kho',
    good: 'xe-dap',
    quantity: '1',
    kind: 'stolen',
    reason: 'Mất trong đêm',
  };
  expect(await ask('/v1/goods-losses', { ...loss, proposedBy: 'thu-kho' })).toMatchObject({
    body: { code: 'LOSS_WITHOUT_EVIDENCE' },
  });
  expect((await ask('/v1/goods-losses', { ...loss, proposedBy: 'thu-kho', files: [file] })).status).toBe(201);

  // 2,750,000 đ for 100 euro: 1,600,000 đ of bicycles are 58.18 euro, 150,000 đ of money 5.45.
  expect(await read(`/v1/receipts/${euro.id}/trace`)).toMatchObject({
    gift: { commodity: 'EUR', received: '10000', paid: '6363', lost: '2909', left: '728' },
  });
  expect(await read(`/v1/disbursements/${bicycles}/trace`)).toMatchObject({
    gifts: [{ receipt: euro.id, commodity: 'EUR', amount: '5818', pool: 'qbt-06/xe-dap/general' }],
  });
  const balances = (await read('/v1/balances/fund')) as {
    rows: { commodity: string; sums: Record<string, string> }[];
  };
  const of = (commodity: string): Record<string, string> | undefined =>
    balances.rows.find((row) => row.commodity === commodity)?.sums;
  expect(of('xe-dap')).toMatchObject({ movedIn: '3', paid: '2', lost: '1', available: '0' });
  expect(of('VND')).toMatchObject({
    movedIn: '2750000',
    movedOut: '2400000',
    paid: '150000',
    available: '200000',
  });
  const trial = (await read('/v1/books/qbt-06/2026/trial-balance')) as {
    rows: { cells: Record<string, string | null> }[];
  };
  const closing = Object.fromEntries(
    trial.rows.map(({ cells }) => [
      `${cells['account']} ${cells['commodity']}`,
      [cells['closingDebit'], cells['closingCredit']],
    ]),
  );
  expect(closing['112:nh-1 VND']).toStrictEqual(['200000', null]);
  expect(closing['3664 VND']).toStrictEqual([null, '200000']);
  expect(closing['515 VND']).toStrictEqual([null, '50000']);
  expect(closing['812 VND']).toStrictEqual(['800000', null]);
  expect(JSON.stringify(await read('/v1/journal?limit=100'))).not.toContain('Bà Lan');
});

test('a provisional value is revised, and the quantity stays', async () => {
  const goods = { ...ON, source: 'voluntary', account: 'kho', commodity: 'xe-dap', amount: '2' };
  const valuation = { amount: '1000000', commodity: 'VND', technique: 'quy-uoc', basis: 'provisional' };
  const received = await ask('/v1/receipts', { ...goods, valuation });
  expect(received.status).toBe(201);
  const revised = {
    ...ON,
    valuation: { ...valuation, amount: '1500000', basis: 'document' },
    reason: 'Có hóa đơn',
    files: ['ab'.repeat(32)],
  };
  const answer = await ask(`/v1/receipts/${received.id}/revise-valuation`, revised);
  expect(answer.status).toBe(201);
  expect(await ask(`/v1/receipts/${received.id}/revise-valuation`, revised)).toMatchObject({
    body: { code: 'VALUATION_AS_BEFORE' },
  });
  expect(
    (
      await ask('/v1/currency-revaluations', {
        ...ON,
        account: 'nh-eur',
        commodity: 'EUR',
        rate: { perUnit: '28000', on: '2026-03-01', source: 'vcb' },
      })
    ).status,
  ).toBe(201);
  const balances = (await read('/v1/balances/fund')) as {
    rows: { commodity: string; sums: Record<string, string> }[];
  };
  expect(balances.rows.find(({ commodity }) => commodity === 'xe-dap')?.sums).toMatchObject({
    available: '2',
  });
});
