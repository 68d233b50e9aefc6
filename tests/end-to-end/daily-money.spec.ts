import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Serving, serve } from '../../apps/standalone/serve.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const NOW = Date.parse('2025-12-31T03:00:00Z');
const ON = { fund: 'qbt-06', effectiveOn: '2025-03-01' };
const CASH = { ...ON, account: 'tien-mat' };
let folder: string;
let serving: Serving;
let position = 0;

const send = (url: string, body: unknown, actor = 'ke-toan') =>
  serving.app.inject({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      'lalanh-actor': actor,
    },
    payload: JSON.stringify(body),
  });

interface Answer {
  readonly commandId: string;
  readonly position: number;
  readonly events: readonly { readonly hash?: string }[];
}

/** The id of what a command that is accepted makes. */
async function post(url: string, body: unknown, actor?: string): Promise<Answer> {
  const answer = await send(url, body, actor);
  expect({ status: answer.statusCode, body: answer.body }).toMatchObject({ status: 201 });
  const accepted = JSON.parse(answer.body) as Answer;
  ({ position } = accepted);
  return accepted;
}

async function rows(url: string): Promise<Record<string, unknown>[]> {
  const answer = await serving.app.inject({
    method: 'GET',
    url: `${url}${url.includes('?') ? '&' : '?'}atLeast=${position}`,
  });
  return (JSON.parse(answer.body) as { rows: Record<string, unknown>[] }).rows;
}

const openItems = async (query = ''): Promise<unknown[]> =>
  (await rows(`/v1/open-items?fund=qbt-06${query}`)).map(({ kind, account, amount }) => [
    kind,
    account,
    amount,
  ]);

const balances = async (): Promise<Record<string, unknown>> =>
  Object.fromEntries(
    (await rows('/v1/balances/account?fund=qbt-06')).map(({ account, amount }) => [account, amount]),
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-daily-'));
  serving = await serve(folder, { port: 0, clock: () => NOW });
  await post('/v1/books', {
    fund: 'qbt-06',
    year: 2025,
    name: 'Quỹ Bảo trợ trẻ em',
    level: 'province',
    accounts: [
      { account: 'tien-mat', kind: 'cash' },
      { account: 'nh-1', kind: 'bank' },
    ],
    effectiveOn: '2025-01-01',
  });
  await post('/v1/receipts', {
    ...ON,
    account: 'nh-1',
    source: 'voluntary',
    commodity: 'VND',
    amount: '9000',
  });
});
afterAll(async () => {
  await serving.stop();
  rmSync(folder, { recursive: true });
});

/** An approved disbursement of 3,000 đ. */
async function approved(): Promise<string> {
  const proposed = await post('/v1/disbursements', {
    ...ON,
    commodity: 'VND',
    amount: '3000',
    lines: [{ amount: '2000' }, { amount: '1000' }],
  });
  const disbursement = proposed.commandId;
  const proposalHash = proposed.events[0]?.hash;
  await post(`/v1/disbursements/${disbursement}/approve`, { ...ON, proposalHash }, 'giam-doc');
  return disbursement;
}

describe('daily money over HTTP', () => {
  it('is not paid out of an empty cash box, and is when it has come there from the bank', async () => {
    const cost = { ...CASH, kind: 'administration', commodity: 'VND', amount: '100' };
    const refused = await send('/v1/expenses', cost);
    expect([refused.statusCode, JSON.parse(refused.body)]).toMatchObject([
      409,
      { code: 'ACCOUNT_BELOW_ZERO' },
    ]);
    await post('/v1/own-moves', { ...ON, from: 'nh-1', to: 'tien-mat', commodity: 'VND', amount: '5000' });
    await post('/v1/expenses', cost);
    expect(await balances()).toStrictEqual({ 'nh-1': '4000', 'tien-mat': '4900' });
  });

  it('is counted, and what is missing is charged, paid in part and written off', async () => {
    const { commandId: count } = await post('/v1/counts/cash', {
      ...CASH,
      commodity: 'VND',
      counted: '4800',
      denominations: [
        { value: '1000', pieces: 4 },
        { value: '200', pieces: 4 },
      ],
      present: 'Nguyễn Thị Lan, thủ quỹ',
    });
    expect(await openItems()).toStrictEqual([['shortage', 'tien-mat', '100']]);
    const charged = { ...ON, how: 'charged', person: 'nv-1', name: 'Nguyễn Thị Lan', reason: 'thủ quỹ nhận' };
    const { commandId: charge } = await post(`/v1/counts/${count}/resolve`, charged);
    await post(`/v1/charges/${charge}/receive`, { ...CASH, amount: '60' });
    const lost = { ...ON, how: 'written-off', proposedBy: 'ke-toan', reason: 'hội đồng quyết định' };
    await post(`/v1/counts/${charge}/resolve`, lost, 'giam-doc');
    expect(await openItems()).toStrictEqual([]);
    expect(await balances()).toStrictEqual({ 'nh-1': '4000', 'tien-mat': '4860' });
  });

  it('is advanced to staff, shown when it is overdue, and settled after a restart', async () => {
    const advance = { ...CASH, person: 'nv-2', commodity: 'VND', amount: '1000', due: '2025-03-31' };
    const { commandId: own } = await post('/v1/advances', advance);
    const disbursement = await approved();
    const more = { ...advance, amount: '3000', due: '2025-06-30', disbursement };
    const { commandId: forOne } = await post('/v1/advances', more);
    const of = '&kind=advance&account=nv-2';
    expect(await openItems(of)).toHaveLength(2);
    expect(await openItems(`${of}&overdueOn=2025-04-01`)).toStrictEqual([['advance', 'nv-2', '1000']]);
    await serving.stop();
    serving = await serve(folder, { port: 0, clock: () => NOW });
    await post(`/v1/advances/${own}/settle`, { ...ON, amount: '700', kind: 'other' });
    await post(`/v1/advances/${own}/return`, CASH);
    const paid = await send(`/v1/disbursements/${disbursement}/pay`, CASH);
    expect(JSON.parse(paid.body)).toMatchObject({ code: 'ADVANCE_OUT' });
    await post(`/v1/advances/${forOne}/settle`, ON);
    await post(`/v1/disbursements/${disbursement}/deliver`, ON);
    expect(await openItems()).toStrictEqual([]);
    expect(await balances()).toStrictEqual({ 'nh-1': '4000', 'tien-mat': '1160' });
  });

  it('is owed to suppliers, credited with what the log says, and paid', async () => {
    const invoice = { ...ON, supplier: 'ncc-1', invoiceDay: '2025-02-28', commodity: 'VND' };
    const cost = { ...invoice, invoice: 'AA/25E 0000017', amount: '500', kind: 'administration' };
    const { commandId: debt } = await post('/v1/supplier-debts', cost);
    const twice = await send('/v1/supplier-debts', { ...cost, invoice: 'aa/25e0000017' });
    expect([twice.statusCode, JSON.parse(twice.body)]).toMatchObject([409, { code: 'INVOICE_TWICE' }]);
    const disbursement = await approved();
    const { commandId: goods } = await post('/v1/supplier-debts', {
      ...invoice,
      invoice: 'AA/25E 0000018',
      amount: '3000',
      disbursement,
    });
    await post(`/v1/disbursements/${disbursement}/deliver`, ON);
    await post(`/v1/supplier-debts/${debt}/reduce`, { ...ON, amount: '100', reason: 'giảm giá' });
    await post(`/v1/supplier-debts/${goods}/reduce`, {
      ...ON,
      disbursement,
      lines: [{ line: 1, amount: '400' }],
      reason: 'trả lại hàng',
    });
    expect(await openItems()).toStrictEqual(
      [
        [debt, ['supplier-debt', 'ncc-1', '400']],
        [goods, ['supplier-debt', 'ncc-1', '2600']],
      ]
        .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))
        .map(([, row]) => row),
    );
    await post(`/v1/supplier-debts/${debt}/pay`, { ...ON, account: 'nh-1' });
    await post(`/v1/supplier-debts/${goods}/pay`, { ...ON, account: 'nh-1', amount: '2000' });
    expect(await openItems()).toStrictEqual([['supplier-debt', 'ncc-1', '600']]);
    expect(await balances()).toStrictEqual({ 'nh-1': '1600', 'tien-mat': '1160' });
  });

  it('stands in the trial balance as debit and credit alike, and in a log that verifies', async () => {
    const trial = await rows('/v1/trial-balance?fund=qbt-06');
    const net = Object.fromEntries(
      trial.map(({ key, sums }) => {
        const { debit, credit } = sums as { debit: string; credit: string };
        return [key, Number(debit) - Number(credit)];
      }),
    );
    const left = Object.fromEntries(Object.entries(net).filter(([, sum]) => sum !== 0));
    expect(left).toStrictEqual({
      'asset/qbt-06/nh-1': 1600,
      'asset/qbt-06/tien-mat': 1160,
      'debt/qbt-06/ncc-1': -600,
      'free/qbt-06/VND/general': -2160,
    });
    const node = ['--conditions=source', '--disable-warning=ExperimentalWarning', 'apps/cli/main.ts'];
    await serving.stop();
    const run = promisify(execFile)(process.execPath, [...node, 'verify'], {
      cwd: root,
      env: { ...process.env, LALANH_DATA: folder },
    });
    await expect(run).resolves.toHaveProperty('stdout');
    serving = await serve(folder, { port: 0, clock: () => NOW });
  });
});
