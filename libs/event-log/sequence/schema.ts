import { type Database, ensureSchema } from '#postgres';
import { EventLogError } from '../event-log.ts';

/** Rises with every change of the tables below. */
const SCHEMA_VERSION = 1n;

/**
 * Positions are given by the one sequencer: the last size plus one, under its role. `head` is where the sequence
 * and its tree end and how far into the feed that is; `marks` keeps the tree's edge at some sizes, so that a start
 * need not hash every leaf again. Nothing is ever changed or removed, whoever asks: a statement trigger costs
 * an insert nothing.
 */
const TABLES = `
create table version (version bigint not null);
create table events (
  position bigint primary key check (position > 0),
  event_id uuid not null unique,
  stream text collate "C" not null,
  revision bigint not null check (revision >= 0),
  type text collate "C" not null,
  envelope text not null,
  leaf_hash bytea not null check (octet_length(leaf_hash) = 32),
  unique (stream, revision));
create table head (
  one boolean primary key check (one),
  size bigint not null,
  frontier bytea not null,
  feed_commit bigint,
  feed_prepare bigint,
  check ((feed_commit is null) = (feed_prepare is null)));
create table marks (size bigint primary key, frontier bytea not null);
create function refuse_change() returns trigger language plpgsql as
  $$ begin raise exception 'the sequence is append-only'; end $$;
create trigger events_append_only before update or delete or truncate on events
  for each statement execute function refuse_change();
create trigger marks_append_only before update or delete or truncate on marks
  for each statement execute function refuse_change();
insert into head values (true, 0, '', null, null);
insert into version values (${SCHEMA_VERSION});
`;

/**
 * Makes schema and tables of the sequence when they are not there. Throws `ES_CORRUPT` for tables of another
 * version, `ES_UNAVAILABLE` for a database that does not store UTF-8: the bytes would not be the hashed ones.
 */
export const prepareSequence = async (database: Database): Promise<void> => {
  const { schema } = database;
  const [encoding] = await database.query<{ server_encoding: string }>('show server_encoding');
  if (encoding?.server_encoding !== 'UTF8')
    throw new EventLogError('ES_UNAVAILABLE', `the database stores ${encoding?.server_encoding}, not UTF8`);
  await ensureSchema(database, schema);
  await database.transaction(async (tx) => {
    // Two processes may make them at the same moment; the lock lets them do so one after the other.
    await tx.query(`select pg_advisory_xact_lock(hashtext('lalanh/sequence/' || $1))`, [schema]);
    const [there] = await tx.query<{ there: boolean }>(
      `select to_regclass($1 || '.version') is not null as there`,
      [schema],
    );
    if (there?.there !== true) await tx.query(TABLES);
    const [found] = await tx.query<{ version: bigint }>('select version from version');
    if (found?.version !== SCHEMA_VERSION)
      throw new EventLogError(
        'ES_CORRUPT',
        `the sequence has schema ${found?.version}, this program knows ${SCHEMA_VERSION}`,
      );
  });
};

/** Where the sequencer tells waiting readers that the sequence has grown. */
export const channelOf = (database: Database): string => `lalanh_sequence_${database.schema}`;
