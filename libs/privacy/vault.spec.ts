import { AssertionError } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Database, openDatabase } from '#postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../tests/support/parts/index.ts';
import { openPostgresVault } from './postgres-vault.ts';
import { openVault } from './sqlite-vault.ts';
import { type Commitment, type Vault, VaultUnavailableError, commit } from './vault.ts';
import { VAULT_CASES, type VaultSubject } from './vault-cases.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop('immediate'));

let databasesMade = 0;
/** The address of a new database. */
const newDatabase = async (): Promise<string> => {
  const name = `vault_${(databasesMade += 1)}`;
  const admin = openDatabase({ url: server.url, connectionsMax: 1 });
  await admin.query(`create database ${name}`);
  await admin.close();
  return Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
};

const sqlite = async (): Promise<VaultSubject> => {
  const folder = mkdtempSync(join(tmpdir(), 'lalanh-vault-'));
  const open: Vault[] = [];
  const another = async (): Promise<Vault> => {
    const vault = openVault(folder);
    open.push(vault);
    return vault;
  };
  return {
    vault: await another(),
    another,
    dispose: async () => {
      for (const vault of open) await vault.close();
      rmSync(folder, { recursive: true });
    },
  };
};

const postgres = async (): Promise<VaultSubject> => {
  const url = await newDatabase();
  const databases: Database[] = [];
  const another = async (): Promise<Vault> => {
    const database = openDatabase({ url });
    databases.push(database);
    return openPostgresVault(database);
  };
  return {
    vault: await another(),
    another,
    dispose: async () => {
      for (const database of databases) await database.close();
    },
  };
};

describe.each(Object.entries({ SQLite: sqlite, PostgreSQL: postgres }))('a vault on %s', (_, open) => {
  it.each(VAULT_CASES.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    const subject = await open();
    try {
      await expect(run(subject)).resolves.toBeUndefined();
    } finally {
      await subject.dispose();
    }
  });
});

/** The plainest vault with one fault. */
const broken = (fault: (kept: Map<Commitment, string>, right: Vault) => Partial<Vault>): VaultSubject => {
  const right = openVault(':memory:');
  const vault = { ...right, ...fault(new Map(), right) };
  return { vault, another: async () => vault, dispose: right.close };
};

const TWINS = {
  'salts every put anew': [
    'the same command, field and text give the same commitment, also through another door',
    () =>
      broken((kept) => ({
        put: async (_command, fields) =>
          Object.fromEntries(
            Object.entries(fields).map(([field, text]) => {
              const made = commit(field, randomBytes(32), text);
              kept.set(made, text);
              return [field, made];
            }),
          ),
        get: async (commitment) => kept.get(commitment),
      })),
  ],
  'has no salt': [
    'a commitment is salted: nobody finds the text by trying',
    () =>
      broken(() => ({
        put: async (_command, fields) =>
          Object.fromEntries(
            Object.entries(fields).map(([field, text]) => [field, commit(field, new Uint8Array(0), text)]),
          ),
      })),
  ],
  'forgets a text with the first refusal': [
    'a text that was put twice and forgotten once is still there',
    () =>
      broken((_kept, right) => ({
        forget: async (commitments) => {
          for (let time = 0; time < 2; time += 1) await right.forget(commitments);
        },
      })),
  ],
  'keeps what it previews': [
    'a preview keeps nothing, and says what is kept',
    () => broken((_kept, right) => ({ preview: right.put })),
  ],
} as const;

describe('negative controls: a vault that', () => {
  it.each(Object.entries(TWINS))('%s is caught', async (_fault, [caughtBy, open]) => {
    const subject = open();
    const found = VAULT_CASES.find(({ title }) => title === caughtBy);
    const error: unknown = await found?.run(subject).catch((reason: unknown) => reason);
    await subject.dispose();
    expect(error).toBeInstanceOf(AssertionError);
  });
});

describe('given a PostgreSQL that', () => {
  it('may lose what it has confirmed: the vault is not opened', async () => {
    const url = await newDatabase();
    const name = new URL(url).pathname.slice(1);
    const database = openDatabase({ url });
    await database.query(`alter database ${name} set synchronous_commit = off`);
    await database.close();
    const again = openDatabase({ url });
    await expect(openPostgresVault(again)).rejects.toThrow(/synchronous_commit/);
    await again.close();
  });

  it('is not there: the vault says that it may be asked again', async () => {
    const nowhere = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' });
    await expect(openPostgresVault(nowhere)).rejects.toBeInstanceOf(VaultUnavailableError);
    await nowhere.close();
  });
});

describe('given a full disk', () => {
  it('a text is refused as one that may be put again, and is kept once there is space', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lalanh-full-'));
    const text = 'Ủng hộ '.repeat(10_000);
    const full = openVault(folder, { pagesMax: 6 });
    const refused: unknown = await full.put('k1', { narrative: text }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(VaultUnavailableError);
    expect(refused).toMatchObject({ cause: { errcode: 13 } });
    // Nothing of it stays in the way of what still fits.
    const { name = '' } = await full.put('k2', { name: 'Bà Lan' });
    expect(await full.get(name)).toBe('Bà Lan');
    await full.close();
    const larger = openVault(folder);
    const { narrative = '' } = await larger.put('k1', { narrative: text });
    expect(await larger.get(narrative)).toBe(text);
    await larger.close();
    rmSync(folder, { recursive: true });
  });
});

describe('given the vault of an earlier version, which counted no puts', () => {
  it('counts each of its texts once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lalanh-vault-'));
    const kept = commit('name', Uint8Array.of(0), 'Bà Lan');
    const db = new DatabaseSync(join(folder, 'vault.db'));
    db.exec(`create table personal (commitment text primary key, command_id text not null, field text not null,
      salt blob not null, text text not null) strict, without rowid;
      insert into personal values ('${kept}', 'k1', 'name', x'00', 'Bà Lan')`);
    db.close();
    const vault = openVault(folder);
    expect(await vault.get(kept)).toBe('Bà Lan');
    await vault.forget([kept]);
    expect(await vault.get(kept)).toBeUndefined();
    await vault.close();
    rmSync(folder, { recursive: true });
  });
});

describe('a vault in SQLite whose file was damaged', () => {
  it('gives neither another text nor other bytes than those that were committed to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lalanh-damage-'));
    try {
      const before = openVault(folder);
      const { name = '' } = await before.put('018f0000-0000-7000-8000-000000000001', {
        name: 'Nguyễn Thị Lành',
      });
      const file = await before.putFile(Buffer.from('danh sách ký nhận'));
      await before.close();
      const db = new DatabaseSync(join(folder, 'vault.db'));
      db.exec(`update personal set text = 'Nguyễn Văn Khác'`);
      db.close();
      writeFileSync(join(folder, 'files', file), 'danh sách khác');
      const after = openVault(folder);
      await expect(after.get(name)).rejects.toThrow('the vault holds another text');
      await expect(after.getFile(file)).rejects.toThrow('the vault holds other bytes');
      await after.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
