import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Serving, serve } from '../../apps/standalone/serve.ts';
import { BOOK_2026 } from '../support/opened-ledger.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const NOW = Date.parse('2026-06-30T03:00:00Z');
let folder: string;
let serving: Serving;
let position = 0;

interface Answered {
  readonly commandId: string;
  readonly position: number;
  readonly events: readonly { readonly hash?: string }[];
}

async function post(url: string, body: object, actor = 'ke-toan', status = 201): Promise<Answered> {
  const answer = await serving.app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), 'lalanh-actor': actor },
    payload: JSON.stringify(body),
  });
  expect({ status: answer.statusCode, body: answer.body }).toMatchObject({ status });
  const answered = JSON.parse(answer.body) as Answered;
  if (status === 201) ({ position } = answered);
  return answered;
}

async function get(
  url: string,
): Promise<Readonly<Record<string, unknown>> & { readonly rows: readonly object[] }> {
  const answer = await serving.app.inject({
    method: 'GET',
    url: `${url}${url.includes('?') ? '&' : '?'}atLeast=${position}`,
  });
  expect({ status: answer.statusCode, body: answer.body }).toMatchObject({ status: 200 });
  return JSON.parse(answer.body) as Readonly<Record<string, unknown>> & { readonly rows: readonly object[] };
}

/** Runs the command line program from source on the folder that the server holds. */
const lalanh = async (...args: string[]): Promise<string> => {
  const node = ['--conditions=source', '--disable-warning=ExperimentalWarning', 'apps/cli/main.ts'];
  const env = { ...process.env, LALANH_DATA: folder };
  return (await promisify(execFile)(process.execPath, [...node, ...args], { cwd: root, env })).stdout;
};

const ON = { fund: 'qbt-06', effectiveOn: '2026-03-01' };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-ages-'));
  serving = await serve(folder, { port: 0, clock: () => NOW });
  await post('/v1/books', { fund: 'qbt-06', ...BOOK_2026 });
  const gift = { fund: 'qbt-06', account: 'tien-mat', source: 'voluntary', commodity: 'VND' };
  await post('/v1/receipts', { ...gift, amount: '1000', effectiveOn: '2026-01-05' });
  await post('/v1/receipts', {
    ...gift,
    amount: '300',
    effectiveOn: '2026-06-20',
    restriction: { group: 'mo-coi', until: '2026-08-31' },
  });
  await post('/v1/unidentified-receipts', { ...ON, account: 'tien-mat', commodity: 'VND', amount: '70' });
});
afterAll(async () => {
  await serving.stop();
  rmSync(folder, { recursive: true });
});

describe('ages over HTTP and on the command line', () => {
  it('of idle money, with the lots of a pool', async () => {
    const pool = encodeURIComponent('qbt-06/VND/general');
    const found = await get(`/v1/ages/idle?on=2026-06-30&pool=${pool}`);
    expect(found.rows).toMatchObject([{ total: '1000', overdrawn: '0', ages: { days91to180: '1000' } }]);
    expect(found['lots']).toMatchObject([{ from: '0', to: '1000', since: '2026-01-05' }]);
    const csv = await lalanh('ages', 'idle', '--on', '2026-06-30', '--format', 'csv');
    expect(csv.split('\r\n')).toStrictEqual([
      'fund,pool,commodity,days0to30,days31to90,days91to180,days181to365,over365,total,overdrawn',
      'qbt-06,qbt-06/VND/general,VND,0,0,1000,0,0,1000,0',
      'qbt-06,"qbt-06/VND/group=mo-coi;until=2026-08-31",VND,300,0,0,0,0,300,0',
      '',
    ]);
  });

  it('of gifts and of open items', async () => {
    const gifts = await get('/v1/ages/gifts?on=2026-06-30&limit=1');
    expect(gifts.rows).toMatchObject([{ amount: '1000', days: 176 }]);
    expect((await get(`/v1/ages/gifts?on=2026-06-30&after=${String(gifts['next'])}`)).rows).toHaveLength(1);
    const items = await get('/v1/ages/open-items?on=2026-06-30');
    expect(items.rows).toMatchObject([
      { kind: 'unidentified', items: 1, total: '70', ages: { days91to180: '70' } },
    ]);
    const json = JSON.parse(
      await lalanh('ages', 'open-items', '--on', '2026-06-30', '--format', 'json'),
    ) as object;
    expect(json).toMatchObject({ on: '2026-06-30', rows: [{ kind: 'unidentified', total: '70' }] });
    expect(await lalanh('ages', 'gifts', '--on', '2026-06-30')).toContain('2026-06-20');
  });

  it('of what ends soon', async () => {
    const soon = await get('/v1/expiring?within=90&on=2026-06-30');
    expect(soon.rows).toMatchObject([
      { until: '2026-08-31', daysLeft: 62, amount: '300', gifts: [{ amount: '300' }] },
    ]);
    expect((await get('/v1/expiring?within=10&on=2026-06-30')).rows).toStrictEqual([]);
    expect(await lalanh('expiring', '--within', '90', '--on', '2026-06-30')).toContain('2026-08-31');
  });
});

describe('approvals over HTTP', () => {
  it('lead an expense through two persons, and list what waits for whom', async () => {
    const thresholds = [{ commodity: 'VND', oneAbove: '0', twoAbove: '50' }];
    const rule = { ...ON, kind: 'expense', thresholds, validFrom: '2026-01-01', proposedBy: 'an' };
    await post('/v1/approval-rules', rule, 'chi');
    const expense = { ...ON, account: 'tien-mat', kind: 'administration', commodity: 'VND', amount: '60' };
    await post('/v1/expenses', { ...expense, proposedBy: 'an' }, 'chi', 403);
    const { commandId: decision } = await post('/v1/decisions/expense', expense, 'an');
    const shown = await get(`/v1/decisions/${decision}`);
    expect(shown).toMatchObject({
      row: { status: 'proposed', needed: 2 },
      proposal: { body: { amount: '60' } },
    });
    const { hash } = shown['proposal'] as { readonly hash: string };
    const approval = { ...ON, proposalHash: hash };
    await post(`/v1/decisions/${decision}/approve`, approval, 'chi');
    expect((await get('/v1/decisions?status=proposed&by=dung')).rows).toMatchObject([{ decision, given: 1 }]);
    expect((await get('/v1/decisions?status=proposed&by=chi')).rows).toStrictEqual([]);
    await post(`/v1/decisions/${decision}/approve`, approval, 'dung');
    expect((await get('/v1/decisions?status=made')).rows).toMatchObject([
      { decision, given: 2, needed: null },
    ]);
    expect((await get('/v1/approval-rules?fund=qbt-06')).rows).toMatchObject([
      { kind: 'expense', thresholds },
    ]);
  });

  it('show the wording of a changed disbursement with its own hash', async () => {
    const said = { ...ON, commodity: 'VND', amount: '10', lines: [{ amount: '10' }] };
    const { commandId: disbursement } = await post('/v1/disbursements', said, 'an');
    const changed = { ...said, amount: '20', lines: [{ amount: '20' }], reason: 'Thêm một em' };
    const { events } = await post(`/v1/disbursements/${disbursement}/change`, changed, 'an');
    const shown = await get(`/v1/disbursements/${disbursement}`);
    expect(shown).toMatchObject({
      row: { amount: '20', status: 'proposed', needed: 1, barred: ['an'] },
      proposal: { hash: events[0]?.hash, amount: '20', version: 2 },
    });
    await post(`/v1/disbursements/${disbursement}/approve`, { ...ON, proposalHash: events[0]?.hash }, 'chi');
  });
});
