import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '#postgres';
import { type PostgresServer, startPostgres } from '../../tests/support/parts/index.ts';
import { VaultDamagedError, copyVault } from './copy-vault.ts';
import { openPostgresVault } from './postgres-vault.ts';
import { openVault } from './sqlite-vault.ts';

let server: PostgresServer;
let database: Database;
let folder: string;
beforeAll(async () => {
  server = await startPostgres();
  database = openDatabase({ url: server.url });
});
afterAll(async () => {
  await database.close();
  await server.stop();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-vault-'));
  await database.query('drop schema if exists vault cascade');
});
afterEach(() => rmSync(folder, { recursive: true }));

const COMMAND = '018f0000-0000-7000-8000-000000000001';
const NAME = 'Trần "Thị" \\ 🌿\u0000';
const FILE = Buffer.from([0, 255, 10, 13, 0]);

const filled = async () => {
  const vault = openVault(folder);
  const { name = '', note = '' } = await vault.put(COMMAND, { name: NAME, note: '' });
  const file = await vault.putFile(FILE);
  await vault.close();
  return { name, note, file };
};
const damage = (sql: string): void => {
  const db = new DatabaseSync(join(folder, 'vault.db'));
  db.exec(sql);
  db.close();
};

describe('a vault copied to PostgreSQL', () => {
  it('gives the same texts and files under the same names, and the same commitment to a retry', async () => {
    const { name, note, file } = await filled();
    const seen: number[] = [];
    expect(await copyVault(folder, database, (done) => seen.push(done))).toStrictEqual({
      texts: 2,
      files: 1,
    });
    expect(seen).toStrictEqual([2, 3]);
    const copy = await openPostgresVault(database);
    expect([await copy.get(name), await copy.get(note)]).toStrictEqual([NAME, '']);
    expect(Buffer.from((await copy.getFile(file)) ?? [])).toStrictEqual(FILE);
    expect(await copy.put(COMMAND, { name: NAME })).toStrictEqual({ name });
  });

  it('again, adds nothing', async () => {
    await filled();
    await copyVault(folder, database);
    expect(await copyVault(folder, database)).toStrictEqual({ texts: 2, files: 1 });
    expect(await database.query('select count(*) as n from vault.personal')).toStrictEqual([{ n: 2n }]);
  });

  it('from a folder without one, is empty', async () => {
    expect(await copyVault(folder, database)).toStrictEqual({ texts: 0, files: 0 });
  });

  it('of more texts than one page, is whole', async () => {
    const vault = openVault(folder);
    const fields = Object.fromEntries(Array.from({ length: 1_203 }, (_, at) => [`f${at}`, `text ${at}`]));
    await vault.put(COMMAND, fields);
    await vault.close();
    expect(await copyVault(folder, database)).toStrictEqual({ texts: 1_203, files: 0 });
    expect(await database.query('select count(*) as n from vault.personal')).toStrictEqual([{ n: 1_203n }]);
  });
});

describe('a vault that was changed behind its back', () => {
  it.each(['text', 'field', 'salt'])('in a %s, is not copied', async (column) => {
    await filled();
    damage(`update personal set ${column} = ${column === 'salt' ? `x'00'` : `'x'`}`);
    await expect(copyVault(folder, database)).rejects.toBeInstanceOf(VaultDamagedError);
    expect(await database.query('select count(*) as n from vault.personal')).toStrictEqual([{ n: 0n }]);
  });

  it('in a file, is told', async () => {
    const { file } = await filled();
    writeFileSync(join(folder, 'files', file), 'other');
    await expect(copyVault(folder, database)).rejects.toThrow(file);
  });

  it('where it is copied to, is told', async () => {
    const { file } = await filled();
    await copyVault(folder, database);
    await database.query(`update vault.files set bytes = 'x' where name = $1`, [file]);
    await expect(copyVault(folder, database)).rejects.toThrow('in PostgreSQL');
    await database.query(`update vault.personal set salt = 'x'`);
    await expect(copyVault(folder, database)).rejects.toThrow('2 texts in PostgreSQL');
  });
});
