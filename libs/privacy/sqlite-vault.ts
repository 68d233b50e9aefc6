import { randomBytes } from 'node:crypto';
import {
  mkdirSync,
  readFileSync,
  renameSync,
  existsSync,
  openSync,
  writeSync,
  fsyncSync,
  closeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  type Commitment,
  SALT_BYTES,
  type Vault,
  VaultUnavailableError,
  commit,
  committedText,
  fileName,
  isHash,
  namedBytes,
} from './vault.ts';

const SCHEMA = `
  pragma journal_mode = WAL;
  pragma synchronous = FULL;
  pragma secure_delete = ON;
  pragma trusted_schema = OFF;
  pragma busy_timeout = 5000;
  create table if not exists personal (
    commitment text primary key,
    command_id text not null,
    field text not null,
    salt blob not null,
    text text not null,
    claims integer not null default 1) strict, without rowid;
  create index if not exists personal_by_command on personal (command_id, field);`;

interface Job {
  readonly run: () => void;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Result codes of SQLite that pass when the machine is mended: busy, locked, read-only, i/o, full, no handle. */
const PASSING_CODES: ReadonlySet<number> = new Set([5, 6, 8, 10, 13, 14]);
/** The same of files. */
const PASSING_ERRORS: ReadonlySet<unknown> = new Set([
  'EDQUOT',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOSPC',
  'EROFS',
]);

/** A fault of the disk as what callers wait for; anything else as it is. */
const passing = (cause: unknown): unknown => {
  if (!(cause instanceof Error)) return cause;
  const code = 'errcode' in cause && typeof cause.errcode === 'number' ? cause.errcode & 0xff : undefined;
  const passes =
    code === undefined ? 'code' in cause && PASSING_ERRORS.has(cause.code) : PASSING_CODES.has(code);
  return passes
    ? new VaultUnavailableError('the disk of the vault does not take or give it', { cause })
    : cause;
};

const asked = <T>(work: () => T): T => {
  try {
    return work();
  } catch (cause) {
    throw passing(cause);
  }
};

export interface VaultOptions {
  /** Pages that the file may grow to, as on a disk of that size; SQLite's own limit when absent. */
  readonly pagesMax?: number;
}

/** Opens the vault of a data folder, made when absent; `:memory:` for tests. */
export function openVault(folder: string, { pagesMax }: VaultOptions = {}): Vault {
  const inMemory = folder === ':memory:';
  const files = join(folder, 'files');
  if (!inMemory) mkdirSync(files, { recursive: true });
  const db = new DatabaseSync(inMemory ? folder : join(folder, 'vault.db'));
  db.exec(SCHEMA);
  countClaims(db);
  if (pagesMax !== undefined) db.exec(`pragma max_page_count = ${pagesMax}`);
  const known = db.prepare('select commitment, text from personal where command_id = ? and field = ?');
  const insert = db.prepare('insert into personal values (?, ?, ?, ?, ?, 1)');
  const claim = db.prepare('update personal set claims = claims + ? where commitment = ?');
  const remove = db.prepare('delete from personal where commitment = ? and claims <= 0');
  const byCommitment = db.prepare('select field, salt, text from personal where commitment = ?');
  const memoryFiles = new Map<string, Uint8Array>();

  const kept = (commandId: string, field: string, text: string): Commitment | undefined =>
    known.all(commandId, field).find((row) => row['text'] === text)?.['commitment'] as Commitment | undefined;

  // What arrives in one turn of the event loop shares one transaction, and so one fsync.
  let waiting: Job[] = [];
  const undo = (): void => {
    try {
      if (db.isTransaction) db.exec('rollback');
    } catch {
      // The disk takes not even this. The next transaction cannot begin then, and is refused as this one.
    }
  };
  const flush = (): void => {
    const jobs = waiting;
    waiting = [];
    if (jobs.length === 0) return;
    try {
      db.exec('begin immediate');
      for (const { run } of jobs) run();
      db.exec('commit');
    } catch (error) {
      undo();
      for (const { failed } of jobs) failed(passing(error));
      return;
    }
    for (const { done } of jobs) done();
  };
  const inGroup = (run: () => void): Promise<void> =>
    new Promise((done, failed) => {
      if (waiting.push({ run, done, failed }) === 1) setImmediate(flush);
    });

  return {
    put: async (commandId, fields) => {
      const commitments: Record<string, Commitment> = {};
      await inGroup(() => {
        for (const [field, text] of Object.entries(fields)) {
          const before = kept(commandId, field, text);
          const salt = randomBytes(SALT_BYTES);
          const commitment = before ?? commit(field, salt, text);
          if (before === undefined) insert.run(commitment, commandId, field, salt, text);
          else claim.run(1, before);
          commitments[field] = commitment;
        }
      });
      return commitments;
    },
    preview: async (commandId, fields) =>
      asked(() =>
        Object.fromEntries(
          Object.entries(fields).map(([field, text]) => [
            field,
            kept(commandId, field, text) ?? commit(field, randomBytes(SALT_BYTES), text),
          ]),
        ),
      ),
    forget: (commitments) =>
      inGroup(() => {
        for (const commitment of commitments) {
          claim.run(-1, commitment);
          remove.run(commitment);
        }
      }),
    get: async (commitment) => {
      const row = asked(() => byCommitment.get(commitment));
      if (row === undefined) return undefined;
      const { field, salt, text } = row;
      return committedText(commitment, String(field), salt as Uint8Array, String(text));
    },
    putFile: async (bytes) => {
      const name = fileName(bytes);
      if (inMemory) memoryFiles.set(name, bytes);
      else if (!existsSync(join(files, name))) asked(() => writeDurably(files, name, bytes));
      return name;
    },
    getFile: async (name) => {
      if (!isHash(name)) return undefined;
      if (inMemory) return memoryFiles.get(name);
      const path = join(files, name);
      return existsSync(path)
        ? namedBytes(
            name,
            asked(() => readFileSync(path)),
          )
        : undefined;
    },
    close: async () => {
      flush();
      db.close();
    },
  };
}

/** A vault that was made before puts were counted: each text stands for one. */
function countClaims(db: DatabaseSync): void {
  const columns = db.prepare(`select name from pragma_table_info('personal')`).all();
  if (columns.some(({ name }) => name === 'claims')) return;
  db.exec('alter table personal add column claims integer not null default 1');
}

/** Under another name first: a crash leaves no half file under a name that promises its hash. */
function writeDurably(folder: string, name: string, bytes: Uint8Array): void {
  const draft = join(folder, `${name}.draft`);
  const file = openSync(draft, 'w', 0o600);
  try {
    for (let at = 0; at < bytes.byteLength;) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, join(folder, name));
  const directory = openSync(folder, 'r');
  fsyncSync(directory);
  closeSync(directory);
}
