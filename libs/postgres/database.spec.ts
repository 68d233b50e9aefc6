import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../tests/support/parts/index.ts';
import { type Database, ensureSchema, isTransient, openDatabase } from './index.ts';

let server: PostgresServer;
let database: Database;

beforeAll(async () => {
  server = await startPostgres();
  database = openDatabase({ url: server.url, schema: 'spec' });
  await ensureSchema(database, 'spec');
  await database.query('create table note (n bigint primary key)');
  return async () => {
    await database.close();
  };
});
afterAll(() => server.stop());

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it went well',
    (error: unknown) => error,
  );

describe('a database', () => {
  it('gives whole numbers as bigint, sums too', async () => {
    expect(
      await database.query(
        'select 9007199254740993::bigint as n, sum(x) as s from (values (1::bigint)) t (x)',
      ),
    ).toStrictEqual([{ n: 9007199254740993n, s: 1n }]);
  });

  it('takes lists of texts with anything in them', async () => {
    const texts = ['"', '\\', '{a,b}', '', 'NULL', 'Quỹ 🌿\n'];
    expect(await database.query('select t from unnest($1::text[]) t', [texts])).toStrictEqual(
      texts.map((t) => ({ t })),
    );
  });

  it('makes one schema when many ask at once', async () => {
    await Promise.all(Array.from({ length: 6 }, () => ensureSchema(database, 'made_once')));
    expect(
      await database.query(`select nspname::text as name from pg_namespace where nspname = 'made_once'`),
    ).toStrictEqual([{ name: 'made_once' }]);
  });

  it('refuses a name that is no schema', async () => {
    expect(() => openDatabase({ url: server.url, schema: 'a; drop' })).toThrow(RangeError);
    expect(await failure(ensureSchema(database, 'A'))).toBeInstanceOf(RangeError);
  });
});

describe('a transaction', () => {
  it('that fails leaves nothing and gives its error', async () => {
    const cause = new Error('no');
    const work = database.transaction(async (tx) => {
      await tx.query('insert into note values (1)');
      throw cause;
    });
    expect(await failure(work)).toBe(cause);
    expect(await database.query('select n from note')).toStrictEqual([]);
  });

  it('whose session the server ends between two statements fails as transient and ends no process', async () => {
    const work = database.transaction(async (tx) => {
      const [own] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      await database.query('select pg_terminate_backend($1)', [own?.pid ?? 0]);
      // Until the end of the session was heard, a statement may still be sent; then it fails the same way.
      await tx.query('insert into note values (2)');
    });
    expect(isTransient(await failure(work))).toBe(true);
    expect(await database.query('select n from note')).toStrictEqual([]);
  });
});

describe('a fault', () => {
  it('of a server that is not there may pass', async () => {
    const nobody = openDatabase({ url: 'postgres://lalanh@127.0.0.1:1/postgres' });
    expect(isTransient(await failure(nobody.query('select 1')))).toBe(true);
    await nobody.close();
  });

  it('of a statement does not', async () => {
    expect(isTransient(await failure(database.query('select nothing')))).toBe(false);
    expect(isTransient(new Error('of our own'))).toBe(false);
    expect(isTransient('text')).toBe(false);
  });
});
