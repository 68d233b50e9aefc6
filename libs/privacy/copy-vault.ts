import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Database } from '#postgres';
import { bytesText, openPostgresVault } from './postgres-vault.ts';
import { type Commitment, commit, fileName, isHash } from './vault.ts';

/** What was copied, or was there already. */
export interface CopiedVault {
  readonly texts: number;
  readonly files: number;
}

/** A text or file that is not what its name promises, in the folder or in the copy. Nothing of it is told. */
export class VaultDamagedError extends Error {
  override readonly name = 'VaultDamagedError';
}

/** Texts copied in one statement. */
const PAGE = 500;

interface Kept {
  readonly commitment: Commitment;
  readonly command_id: string;
  readonly field: string;
  readonly salt: Uint8Array;
  readonly text: string;
}

/**
 * Copies the vault of a data folder into schema `vault` of a database, salts and commitments unchanged. What is there
 * already stays; so it may be run again after it was cut anywhere. Each text and file is held against its hash
 * before and after. Rejects with {@link VaultDamagedError}, or with what the database rejects with. Nobody may
 * write the folder meanwhile.
 */
export async function copyVault(
  folder: string,
  database: Database,
  onProgress: (done: number, all: number) => void = () => undefined,
): Promise<CopiedVault> {
  const vault = await openPostgresVault(database);
  const names = existsSync(join(folder, 'files')) ? readdirSync(join(folder, 'files')).filter(isHash) : [];
  const texts = await copyTexts(folder, database, (done, all) => onProgress(done, all + names.length));
  for (const [at, name] of names.entries()) {
    const bytes = readFileSync(join(folder, 'files', name));
    if (fileName(bytes) !== name)
      throw new VaultDamagedError(`file ${name} in the folder is not what it was`);
    await vault.putFile(bytes);
    const [there] = await database.query<{ name: string }>(
      `select encode(sha256(bytes), 'hex') as name from vault.files where name = $1`,
      [name],
    );
    if (there?.name !== name) throw new VaultDamagedError(`file ${name} in PostgreSQL is not what it was`);
    onProgress(texts + at + 1, texts + names.length);
  }
  await vault.close();
  return { texts, files: names.length };
}

async function copyTexts(
  folder: string,
  database: Database,
  onProgress: (done: number, all: number) => void,
): Promise<number> {
  const file = join(folder, 'vault.db');
  if (!existsSync(file)) return 0;
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const all = Number(db.prepare('select count(*) as n from personal').get()?.['n']);
    const page = db.prepare(
      `select commitment, command_id, field, salt, text from personal where commitment > ?
       order by commitment limit ${PAGE}`,
    );
    let done = 0;
    for (let last = ''; done < all;) {
      // The table is strict: the columns have these types.
      const kept = page.all(last) as unknown as Kept[];
      if (kept.length === 0) break;
      await copyPage(database, kept);
      last = kept.at(-1)?.commitment ?? last;
      done += kept.length;
      onProgress(done, all);
    }
    return done;
  } finally {
    db.close();
  }
}

async function copyPage(database: Database, kept: readonly Kept[]): Promise<void> {
  for (const { commitment, field, salt, text } of kept)
    if (commit(field, salt, text) !== commitment)
      throw new VaultDamagedError(`text ${commitment} in the folder is not what it was`);
  await database.query(
    `insert into vault.personal (commitment, command_id, field, salt, text)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::bytea[])
     on conflict (commitment) do nothing`,
    [
      kept.map(({ commitment }) => commitment),
      kept.map(({ command_id }) => command_id),
      kept.map(({ field }) => field),
      kept.map(({ salt }) => bytesText(salt)),
      kept.map(({ text }) => bytesText(Buffer.from(text))),
    ],
  );
  const there = await database.query<{ commitment: Commitment; field: string; salt: Buffer; text: Buffer }>(
    'select commitment, field, salt, text from vault.personal where commitment = any($1)',
    [kept.map(({ commitment }) => commitment)],
  );
  const sound = there.filter(
    ({ commitment, field, salt, text }) => commit(field, salt, String(text)) === commitment,
  );
  if (sound.length !== kept.length)
    throw new VaultDamagedError(`${kept.length - sound.length} texts in PostgreSQL are not what they were`);
}
