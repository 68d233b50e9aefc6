import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSequenceReader, openSqliteLogReader } from '#event-log';
import { openDatabase } from '#postgres';
import { openVault } from '#privacy';
import { commandId } from '../../../tests/support/logged-commands.ts';
import { type KurrentDouble, openKurrentDouble } from '../../../tests/support/kurrent-double/index.ts';
import { type PostgresServer, startPostgres } from '../../../tests/support/parts/index.ts';
import { folderGate } from '../gate.ts';
import { importFolder } from '#batches';

// KurrentDB is the protocol double here; PostgreSQL and the program's own process are real.

const RECEIPTS = 2_000;
const main = fileURLToPath(new URL('../main.ts', import.meta.url));
let server: PostgresServer;
let double: KurrentDouble;
let folder: string;

beforeAll(async () => {
  [server, double] = await Promise.all([startPostgres(), openKurrentDouble()]);
  folder = mkdtempSync(join(tmpdir(), 'lalanh-migrate-'));
  const files = mkdtempSync(join(tmpdir(), 'lalanh-files-'));
  writeFileSync(
    join(files, 'books.csv'),
    'Ref,Fund,Year,Name,Level,Account,Account kind\nS,qbt,2023,Quỹ tỉnh,province,nh-1,bank\n',
  );
  const rows = Array.from(
    { length: RECEIPTS },
    (_, at) => `R${at},qbt,nh-1,1/2/2023,${at + 100},voluntary\n`,
  );
  writeFileSync(join(files, 'receipts.csv'), `Ref,Fund,Account,Date,Amount,Source\n${rows.join('')}`);
  const gate = await folderGate(folder, { thread: false });
  await importFolder(files, gate, { actor: 'ke-toan' });
  await gate.close();
  rmSync(files, { recursive: true });
  const vault = openVault(folder);
  await vault.put(commandId(1), { note: 'Tên người nhận' });
  await vault.putFile(Buffer.from('a scanned list'));
  await vault.close();
}, 120_000);
afterAll(async () => {
  await Promise.all([server.stop(), double.close()]);
  rmSync(folder, { recursive: true });
});

const start = (...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['--conditions=source', '--disable-warning=ExperimentalWarning', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '' },
  });
interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
const ended = async (child: ChildProcess): Promise<Ended> => {
  let out = '';
  let err = '';
  child.stdout?.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr?.on('data', (part: Buffer) => (err += part.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
};
const lalanh = (...args: readonly string[]): Promise<Ended> => ended(start(...args));
const migrate = ['migrate', '--format', 'json'] as const;
const target = (): string[] => ['--data', folder, '--to', double.url, '--postgres', server.url];

/** Resolves when the store holds so many records. */
const holds = async (records: number): Promise<void> => {
  while (double.store.all().length < records) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('lalanh verify --postgres', () => {
  it('says so where there is no sequence', async () => {
    const end = await lalanh('verify', '--postgres', server.url);
    expect([end.code, end.out]).toStrictEqual([3, '']);
    expect(end.err).toContain('This database holds no sequence');
  }, 60_000);
});

describe('lalanh migrate', () => {
  it('killed again and again, ends as one copy of the same events at the same positions', async () => {
    for (const records of [40, 1_400, 2_600]) {
      const child = start(...migrate, ...target());
      const end = ended(child);
      await holds(records);
      child.kill('SIGKILL');
      await end;
    }
    const last = await lalanh(...migrate, ...target());
    expect(last.err).toContain('verify');
    expect(last.code).toBe(0);
    const told = JSON.parse(last.out) as {
      events: number;
      root: string;
      resumedAfter: number;
      texts: number;
      files: number;
    };
    expect(told.resumedAfter).toBeGreaterThan(0);
    expect([told.texts, told.files]).toStrictEqual([1, 1]);

    const source = openSqliteLogReader(folder);
    const database = openDatabase({ url: server.url, schema: 'sequence' });
    const sequence = openSequenceReader(database);
    const { events } = await source.readAll({ limit: 10_000 });
    expect((await sequence.readAll({ limit: 10_000 })).events).toStrictEqual(events);
    expect(told.events).toBe(events.length);
    await sequence.close();
    await database.close();
    await source.close();

    const verified = await lalanh('verify', '--postgres', server.url, '--format', 'json');
    expect({ code: verified.code, ...(JSON.parse(verified.out) as object) }).toStrictEqual({
      code: 0,
      clean: true,
      events: events.length,
      root: told.root,
      count: 0,
      findings: [],
    });
  }, 180_000);

  it('refuses a folder that a server holds, a target that is not there, and no address', async () => {
    const gate = await folderGate(folder, { thread: false });
    const held = await lalanh(...migrate, ...target());
    await gate.close();
    expect([held.code, held.out]).toStrictEqual([3, '']);
    expect(held.err).toContain('A server holds this folder');

    const nobody = 'postgres://lalanh@127.0.0.1:1/lalanh';
    const absent = await lalanh(...migrate, '--data', folder, '--to', double.url, '--postgres', nobody);
    expect([absent.code, absent.out]).toStrictEqual([3, '']);
    expect(absent.err).toContain('PostgreSQL does not answer');

    const wrong = await lalanh(
      ...migrate,
      '--data',
      folder,
      '--to',
      'http://127.0.0.1',
      '--postgres',
      server.url,
    );
    expect([wrong.code, wrong.out]).toStrictEqual([3, '']);
    expect(wrong.err).toContain('kurrentdb://');

    const unnamed = await lalanh(...migrate, '--data', folder);
    expect([unnamed.code, unnamed.out]).toStrictEqual([2, '']);
  }, 120_000);

  it('refuses PostgreSQL and KurrentDB that do not belong together', async () => {
    const other = await openKurrentDouble();
    const end = await lalanh(...migrate, '--data', folder, '--to', other.url, '--postgres', server.url);
    await other.close();
    expect([end.code, end.out]).toStrictEqual([1, '']);
    expect(end.err).toContain('The target holds something else');
  }, 60_000);
});
