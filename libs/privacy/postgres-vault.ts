import { randomBytes } from 'node:crypto';
import type { Database } from '#postgres';
import {
  type Commitment,
  type Commitments,
  SALT_BYTES,
  type Vault,
  VaultUnavailableError,
  commit,
  committedText,
  fileName,
  isHash,
  namedBytes,
} from './vault.ts';

/** Texts are bytes, so that what was committed to comes back as it was; files are compressed already. */
const SCHEMA = `
  select pg_advisory_xact_lock(hashtext('lalanh/vault'));
  create schema if not exists vault;
  create table if not exists vault.personal (
    commitment text collate "C" primary key,
    command_id text collate "C" not null,
    field text collate "C" not null,
    digest bytea not null generated always as (sha256(text)) stored,
    salt bytea not null,
    text bytea not null,
    claims integer not null default 1 check (claims > 0),
    unique (command_id, field, digest));
  do $$ begin
    if to_regclass('vault.files') is null then
      create table vault.files (name text collate "C" primary key, bytes bytea not null);
      alter table vault.files alter column bytes set storage external;
    end if;
  end $$;`;

/** `on conflict do update` answers the row of whoever came first, also when that was in this very moment. */
const PUT = `
  insert into vault.personal as kept (commitment, command_id, field, salt, text)
  select commitment, $1::text, field, salt, text
  from unnest($2::text[], $3::text[], $4::bytea[], $5::bytea[]) as given (commitment, field, salt, text)
  on conflict (command_id, field, digest) do update set claims = kept.claims + 1
  returning field, commitment`;

const KNOWN = `
  select field, commitment from vault.personal
  join unnest($2::text[], $3::bytea[]) as given (field, text) using (field, text)
  where command_id = $1`;

type Row = { readonly field: string; readonly commitment: Commitment };

const byField = (rows: readonly Row[]): Commitments =>
  Object.fromEntries(rows.map(({ field, commitment }) => [field, commitment]));

/** Always in the same order, so that two puts of one command never wait for each other in a ring. */
const inOrder = (fields: Readonly<Record<string, string>>): (readonly [string, string])[] =>
  Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1));

/** Bytes as PostgreSQL reads them in an array: the driver makes text of the members of a list. */
export const bytesText = (bytes: Uint8Array): string => `\\x${Buffer.from(bytes).toString('hex')}`;

/**
 * Opens the vault in schema `vault` of a database, made when absent. Several processes may use it at once; the
 * database stays the caller's to close. Throws when the server may lose what it has confirmed
 * (`synchronous_commit = off`).
 */
export async function openPostgresVault(database: Database): Promise<Vault> {
  const { isTransient } = await import('#postgres');
  const asked = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (cause) {
      if (isTransient(cause)) throw new VaultUnavailableError('the vault does not answer', { cause });
      throw cause;
    }
  };
  const [{ loose } = { loose: true }] = await asked(
    database.query<{ loose: boolean }>(`select current_setting('synchronous_commit') = 'off' as loose`),
  );
  if (loose) throw new Error('the vault needs synchronous_commit: what it confirms must not be lost');
  await asked(database.transaction((tx) => tx.query(SCHEMA)));

  return {
    put: async (commandId, fields) => {
      const made = inOrder(fields).map(([field, text]) => {
        const salt = randomBytes(SALT_BYTES);
        return { field, salt, text, commitment: commit(field, salt, text) };
      });
      const rows = await asked(
        database.query<Row>(PUT, [
          commandId,
          made.map(({ commitment }) => commitment),
          made.map(({ field }) => field),
          made.map(({ salt }) => bytesText(salt)),
          made.map(({ text }) => bytesText(Buffer.from(text))),
        ]),
      );
      return byField(rows);
    },
    preview: async (commandId, fields) => {
      const given = inOrder(fields);
      const texts = given.map(([, text]) => bytesText(Buffer.from(text)));
      const known = byField(
        await asked(database.query<Row>(KNOWN, [commandId, given.map(([field]) => field), texts])),
      );
      return Object.fromEntries(
        given.map(([field, text]) => [field, known[field] ?? commit(field, randomBytes(SALT_BYTES), text)]),
      );
    },
    forget: (commitments) =>
      asked(
        database.transaction(async (tx) => {
          // Locked first, in the order of every other change: then nobody counts in between.
          const held = await tx.query<{ commitment: Commitment; claims: number }>(
            `select commitment, claims from vault.personal where commitment = any($1)
             order by command_id, field for update`,
            [commitments],
          );
          const named = (last: boolean): Commitment[] =>
            held.filter(({ claims }) => (claims === 1) === last).map(({ commitment }) => commitment);
          await tx.query('delete from vault.personal where commitment = any($1)', [named(true)]);
          await tx.query('update vault.personal set claims = claims - 1 where commitment = any($1)', [
            named(false),
          ]);
        }),
      ),
    get: async (commitment) => {
      const [row] = await asked(
        database.query<{ field: string; salt: Buffer; text: Buffer }>(
          'select field, salt, text from vault.personal where commitment = $1',
          [commitment],
        ),
      );
      return row && committedText(commitment, row.field, row.salt, row.text.toString());
    },
    putFile: async (bytes) => {
      const name = fileName(bytes);
      await asked(
        database.query(
          'insert into vault.files (name, bytes) values ($1, $2) on conflict (name) do nothing',
          [name, bytes],
        ),
      );
      return name;
    },
    getFile: async (name) => {
      if (!isHash(name)) return undefined;
      const [row] = await asked(
        database.query<{ bytes: Buffer }>('select bytes from vault.files where name = $1', [name]),
      );
      return row && namedBytes(name, row.bytes);
    },
    // Every call has waited for its own commit; nothing is left to write.
    close: async () => undefined,
  };
}
