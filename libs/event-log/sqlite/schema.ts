import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EventLogError } from '../event-log.ts';

/** Rises with every change of the tables below. */
const SCHEMA_VERSION = 1;
const BUSY_MS = 5_000;
/** Before 3.51.3 two connections that checkpoint at once could lose commits (the WAL-reset bug). */
const SQLITE_AT_LEAST = [3, 51, 3] as const;

/** The log's file in a data folder. */
export const logFile = (folder: string): string => join(folder, 'log.db');

/** Its write-ahead log, which holds no lock of SQLite and may be opened by other means. */
export const walFile = (folder: string): string => `${logFile(folder)}-wal`;

const TABLES = `
create table streams (stream_id integer primary key, name text not null unique) strict;
create table events (
  position integer primary key check (position > 0),
  event_id blob not null unique check (length(event_id) = 16),
  stream_id integer not null references streams,
  revision integer not null check (revision >= 0),
  type text not null,
  envelope text not null,
  leaf_hash blob not null check (length(leaf_hash) = 32),
  unique (stream_id, revision)) strict;
create table tree (one integer primary key check (one = 1), size integer not null, frontier blob not null) strict;
create table owner (one integer primary key check (one = 1), epoch integer not null) strict;
create trigger events_no_update before update on events begin select raise(abort, 'events are append-only'); end;
create trigger events_no_delete before delete on events begin select raise(abort, 'events are append-only'); end;
-- "insert or replace" removes the old row without firing a delete trigger, so the insert is guarded as well.
create trigger events_insert before insert on events
  when new.position <> (select coalesce(max(position), 0) + 1 from events)
    or exists (select 1 from events where event_id = new.event_id)
    or exists (select 1 from events where stream_id = new.stream_id and revision = new.revision)
  begin select raise(abort, 'positions are dense and no row is replaced'); end;
insert into tree values (1, 0, x'');
insert into owner values (1, 0);
pragma user_version = ${SCHEMA_VERSION};
`;

const pragmaNumber = (db: DatabaseSync, name: string): number =>
  Number(Object.values(db.prepare(`pragma ${name}`).get() ?? {})[0]);

const assertVersion = (db: DatabaseSync): void => {
  const found = pragmaNumber(db, 'user_version');
  if (found !== SCHEMA_VERSION)
    throw new EventLogError('ES_CORRUPT', `log.db has schema ${found}, this program knows ${SCHEMA_VERSION}`);
};

/** Opens the log for writing and makes its tables when the file is new. The caller holds the folder's lock. */
export const openForWriting = (folder: string): DatabaseSync => {
  const db = new DatabaseSync(logFile(folder), { timeout: BUSY_MS, enableForeignKeyConstraints: true });
  try {
    assertSqlite(db);
    // The page size must come before the first table and before WAL.
    db.exec(`pragma page_size = 8192; pragma journal_mode = WAL; pragma synchronous = FULL;
      pragma cache_size = -65536; pragma wal_autocheckpoint = 10000; pragma trusted_schema = OFF;
      pragma recursive_triggers = ON`);
    if (pragmaNumber(db, 'user_version') === 0) db.exec(`begin immediate; ${TABLES} commit`);
    assertVersion(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

/** Opens an existing log for reading, also while another process writes it. */
export const openForReading = (folder: string): DatabaseSync => {
  if (!existsSync(logFile(folder))) throw new EventLogError('ES_UNAVAILABLE', `there is no log in ${folder}`);
  const db = new DatabaseSync(logFile(folder), { readOnly: true, timeout: BUSY_MS });
  try {
    db.exec('pragma trusted_schema = OFF; pragma cache_size = -16384');
    assertVersion(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

const assertSqlite = (db: DatabaseSync): void => {
  const version = String(db.prepare('select sqlite_version() as v').get()?.['v']);
  const parts = version.split('.').map(Number);
  const differs = SQLITE_AT_LEAST.findIndex((least, at) => least !== parts[at]);
  if (differs >= 0 && (parts[differs] ?? 0) < (SQLITE_AT_LEAST[differs] ?? 0))
    throw new EventLogError('ES_UNAVAILABLE', `SQLite ${version} is too old for a log`);
};
