import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bankProjections } from '#banking';
import {
  type EventLogReader,
  type Feed,
  type RunningSequencer,
  openKurrentFeed,
  openSequenceReader,
  runSequencer,
} from '#event-log';
import { readSettings } from '#platform';
import { type Database, ensureSchema, openDatabase, prepareRoles } from '#postgres';
import { catchUp, createProjector, openPostgresStore } from '#read-models';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServingLedger, serveLedger } from '../../apps/ledger/serve.ts';
import { ACCOUNT, NUMBER, statementText } from '../support/bank.ts';
import { type KurrentDouble, openKurrentDouble } from '../support/kurrent-double/index.ts';
import { type PostgresServer, startPostgres } from '../support/parts/index.ts';

// The bank side of the distributed shape: a ledger on the protocol double of KurrentDB, its vault and the read models
// in a real PostgreSQL. What is shown is that matching, holding and accepting mean the same there.

const WAIT_MS_MAX = 30_000;
let folder: string;
let postgres: PostgresServer;
let double: KurrentDouble;
let database: Database;
let models: Database;
let feed: Feed;
let sequencer: RunningSequencer;
let sequence: EventLogReader;
let ledger: ServingLedger;
const faults: unknown[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-bank-distributed-'));
  postgres = await startPostgres();
  double = await openKurrentDouble();
  database = openDatabase({ url: postgres.url, schema: 'sequence' });
  await prepareRoles(database, 'roles');
  models = openDatabase({ url: postgres.url, schema: 'readmodels' });
  feed = await openKurrentFeed({ connectionString: double.url });
  sequencer = runSequencer({ feed, database, holder: 'spec', rolesSchema: 'roles' });
  const settings = readSettings({
    LALANH_DATA: folder,
    LALANH_LOG: double.url,
    LALANH_POSTGRES: postgres.url,
    LALANH_INSTANCE: 'ledger-1',
    LALANH_PORT: '0',
  });
  ledger = await serveLedger(settings, { onFault: (error) => void faults.push(error) });
  sequence = openSequenceReader(database);
}, 120_000);

afterAll(async () => {
  await ledger?.stop();
  await sequence?.close();
  await sequencer?.stop();
  await feed?.close();
  await double?.close();
  await models?.close();
  await database?.close();
  await postgres?.stop('immediate');
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

let keys = 0;
async function ask(
  method: 'GET' | 'POST',
  path: string,
  payload?: object | string,
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  keys += 1;
  const type = typeof payload === 'string' ? 'text/csv' : 'application/json';
  const response = await fetch(`${ledger.url}${path}`, {
    method,
    headers: {
      'lalanh-actor': 'ke-toan',
      'idempotency-key': `01990000-0000-7000-8000-${String(keys).padStart(12, '0')}`,
      ...(payload !== undefined && { 'content-type': type }),
    },
    ...(payload !== undefined && { body: typeof payload === 'string' ? payload : JSON.stringify(payload) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Brings the read models up to an event that the sequencer has placed. */
async function project(stream: string, revision: number): Promise<number> {
  const end = performance.now() + WAIT_MS_MAX;
  let position: number | undefined;
  while (!position) {
    position = (await sequence.readStream(stream, { from: revision, limit: 1 }))[0]?.position;
    if (performance.now() > end) throw new Error(`${stream}@${revision} is not placed`);
    if (!position) await sleep(20);
  }
  await ensureSchema(models, 'readmodels');
  const store = await openPostgresStore(models);
  await catchUp(await createProjector({ log: sequence, store, projections: bankProjections }));
  return position;
}

const at = `/v1/bank/accounts/${ACCOUNT}`;

test('a bank file is matched, held and accepted beside a ledger of the distributed shape', async () => {
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
  // No projector has made the read models yet: said so, and no fault.
  expect(await ask('POST', `${at}/match`)).toMatchObject({
    status: 503,
    body: { code: 'LEDGER_UNAVAILABLE' },
  });
  const gift = { fund: 'qbt-06', account: 'nh-1', source: 'voluntary', commodity: 'VND' };
  await ask('POST', '/v1/receipts', { ...gift, amount: '500000', effectiveOn: '2026-03-01' });
  const text = statementText([
    { day: '2026-03-01', amount: 500_000, text: 'MBVCB.PT000001.CT tu 001' },
    { day: '2026-03-02', amount: 7, text: 'khong ro' },
  ]);
  expect(await ask('POST', `${at}/files`, text)).toMatchObject({
    status: 201,
    body: { statements: [{ recorded: 2 }] },
  });
  await project('bank-vcb-1-2026', 2);
  expect(await ask('POST', `${at}/match`)).toMatchObject({
    status: 200,
    body: { matched: { reference: 1 }, openLines: 1, refusals: [] },
  });
  await project('bank-vcb-1-2026', 3);
  const held = await ask('POST', `${at}/hold`);
  expect(held).toMatchObject({ status: 200, body: { held: 1, amount: '7' } });
  const position = await project('bank-vcb-1-2026', 4);
  const figures = { on: '2026-03-31', bank: '500007', book: '500007', items: '0', listed: 0 };
  expect(
    await ask('POST', `${at}/reconciliations`, { ...figures, book: '500000', items: '7', knownAt: position }),
  ).toMatchObject({ status: 409, body: { code: 'RECONCILIATION_CHANGED' } });
  expect(await ask('POST', `${at}/reconciliations`, { ...figures, knownAt: position })).toMatchObject({
    status: 201,
  });
  const rows = 'Ref,Fund,Account,Date,Amount,Source\nA,qbt-06,nh-1,01/03/2026,100,tự nguyện\n';
  const entered = await ask('POST', '/v1/batches/receipts?count=1&total=100', rows);
  expect(entered).toMatchObject({ status: 200, body: { recorded: 1, rows: [{ vouchers: ['PT-000002'] }] } });
  expect(await ask('GET', `/v1/batches/${String(entered.body['batch'])}`)).toMatchObject({
    status: 200,
    body: { rows: [{ fate: 'recorded' }] },
  });
  expect(faults).toStrictEqual([]);
}, 120_000);
