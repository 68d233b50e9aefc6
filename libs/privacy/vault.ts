import { hash, randomBytes } from 'node:crypto';
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

/** Hex SHA-256 over field name, salt and text (see {@link commit}): what an event keeps instead of the text. */
export type Commitment = string;

/**
 * Where names, free texts and files live: beside the log, never in it. Sealing per person comes behind this
 * same interface. Nothing here ever logs a text.
 */
export interface Vault {
  /**
   * Keeps the texts of one command and answers their commitments, durable when it answers. The same command,
   * field and text give the same commitment again; another text gives another one, so that the body differs.
   */
  put(
    commandId: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, Commitment>>>;
  /** What `put` would answer, keeping nothing. New texts get a commitment that is not given again. */
  preview(commandId: string, fields: Readonly<Record<string, string>>): Readonly<Record<string, Commitment>>;
  /** Removes texts again whose command was refused. */
  forget(commitments: readonly Commitment[]): Promise<void>;
  /** The text, undefined when it is not (or no longer) kept. Throws when it is not the one committed to. */
  get(commitment: Commitment): string | undefined;
  /** Keeps a file under the SHA-256 of its bytes and answers that; durable when it answers. */
  putFile(bytes: Uint8Array): string;
  /** The file's bytes, undefined when it is not kept. Throws when they are not those it is named by. */
  getFile(sha256: string): Uint8Array | undefined;
  /** Makes what was put durable and closes; nothing may be called afterwards. */
  close(): void;
}

/** Bytes of one evidence file: a scanned list or a photo, not a film. */
export const FILE_BYTES_MAX = 25 * 1024 * 1024;

/** The commitment to a text (integrity: the salt is kept with the text, so both go together). */
export const commit = (field: string, salt: Uint8Array, text: string): Commitment =>
  hash('sha256', Buffer.concat([Buffer.from(`la-lanh/pii/v1\n${field}\n`), salt, Buffer.from(text)]), 'hex');

const SALT_BYTES = 32;
const SHA256_HEX = /^[0-9a-f]{64}$/;

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
    text text not null) strict, without rowid;
  create index if not exists personal_by_command on personal (command_id, field);`;

interface Job {
  readonly run: () => void;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Opens the vault of a data folder, made when absent; `:memory:` for tests. */
export function openVault(folder: string): Vault {
  const inMemory = folder === ':memory:';
  const files = join(folder, 'files');
  if (!inMemory) mkdirSync(files, { recursive: true });
  const db = new DatabaseSync(inMemory ? folder : join(folder, 'vault.db'));
  db.exec(SCHEMA);
  const known = db.prepare('select commitment, text from personal where command_id = ? and field = ?');
  const insert = db.prepare('insert into personal values (?, ?, ?, ?, ?)');
  const remove = db.prepare('delete from personal where commitment = ?');
  const byCommitment = db.prepare('select field, salt, text from personal where commitment = ?');
  const memoryFiles = new Map<string, Uint8Array>();

  const kept = (commandId: string, field: string, text: string): Commitment | undefined =>
    known.all(commandId, field).find((row) => row['text'] === text)?.['commitment'] as Commitment | undefined;

  // What arrives in one turn of the event loop shares one transaction, and so one fsync.
  let waiting: Job[] = [];
  const flush = (): void => {
    const jobs = waiting;
    waiting = [];
    if (jobs.length === 0) return;
    try {
      db.exec('begin immediate');
      for (const { run } of jobs) run();
      db.exec('commit');
    } catch (error) {
      if (db.isTransaction) db.exec('rollback');
      for (const { failed } of jobs) failed(error);
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
          commitments[field] = commitment;
        }
      });
      return commitments;
    },
    preview: (commandId, fields) =>
      Object.fromEntries(
        Object.entries(fields).map(([field, text]) => [
          field,
          kept(commandId, field, text) ?? commit(field, randomBytes(SALT_BYTES), text),
        ]),
      ),
    forget: (commitments) =>
      inGroup(() => {
        for (const commitment of commitments) remove.run(commitment);
      }),
    get: (commitment) => {
      const row = byCommitment.get(commitment);
      if (row === undefined) return undefined;
      const text = String(row['text']);
      if (commit(String(row['field']), row['salt'] as Uint8Array, text) !== commitment)
        throw new Error(`the vault holds another text for ${commitment}`);
      return text;
    },
    putFile: (bytes) => {
      if (bytes.byteLength > FILE_BYTES_MAX)
        throw new RangeError(`a file holds at most ${FILE_BYTES_MAX} bytes`);
      const name = hash('sha256', bytes, 'hex');
      if (inMemory) memoryFiles.set(name, bytes);
      else if (!existsSync(join(files, name))) writeDurably(files, name, bytes);
      return name;
    },
    getFile: (name) => {
      if (!SHA256_HEX.test(name)) return undefined;
      if (inMemory) return memoryFiles.get(name);
      if (!existsSync(join(files, name))) return undefined;
      const bytes = readFileSync(join(files, name));
      if (hash('sha256', bytes, 'hex') !== name) throw new Error(`the vault holds other bytes for ${name}`);
      return bytes;
    },
    close: () => {
      flush();
      db.close();
    },
  };
}

/** Under another name first: a crash leaves no half file under a name that promises its hash. */
function writeDurably(folder: string, name: string, bytes: Uint8Array): void {
  const draft = join(folder, `${name}.draft`);
  const file = openSync(draft, 'w', 0o600);
  for (let at = 0; at < bytes.byteLength;) at += writeSync(file, bytes, at);
  fsyncSync(file);
  closeSync(file);
  renameSync(draft, join(folder, name));
  const directory = openSync(folder, 'r');
  fsyncSync(directory);
  closeSync(directory);
}
