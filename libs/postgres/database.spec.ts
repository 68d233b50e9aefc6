import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasParts, startPostgres, type PostgresServer } from '../../tests/support/parts/index.ts';
import { freshDatabase, type FreshDatabase } from '../../tests/support/parts/shared.ts';
import { type Database, ensureSchema, isTransient, openDatabase } from './index.ts';

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it went well',
    (error: unknown) => error,
  );

describe.skipIf(!hasParts('postgres'))('a database', () => {
  let fresh: FreshDatabase;
  let database: Database;
  beforeAll(async () => {
    fresh = await freshDatabase();
    ({ database } = fresh);
    await database.query('create table note (n bigint primary key)');
    await database.query('create table account (name text primary key, balance bigint not null)');
  });
  afterAll(() => fresh?.drop());

  it('gives whole numbers as bigint, beyond what a float holds, sums too', async () => {
    expect(
      await database.query(
        `select 9007199254740993::bigint as n, sum(x) as s
         from (values (9223372036854775807::bigint), (9223372036854775807)) t (x)`,
      ),
    ).toStrictEqual([{ n: 9007199254740993n, s: 18446744073709551614n }]);
  });

  it('takes whole numbers of 64 bits as they are', async () => {
    const values = [-9223372036854775808n, 9007199254740993n, 9223372036854775807n];
    expect(await database.query('select n from unnest($1::bigint[]) n', [values])).toStrictEqual(
      values.map((n) => ({ n })),
    );
  });

  it('shows a fraction as a fault, and answers on', async () => {
    expect(await failure(database.query('select 1.5::numeric as n'))).toBeInstanceOf(SyntaxError);
    expect(await database.query('select 2::numeric as n')).toStrictEqual([{ n: 2n }]);
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
    expect(() => openDatabase({ url: fresh.url, schema: 'a; drop' })).toThrow(RangeError);
    expect(await failure(ensureSchema(database, 'A'))).toBeInstanceOf(RangeError);
  });

  it('is closed once, however often it is asked to', async () => {
    const other = openDatabase({ url: fresh.url });
    await other.query('select 1');
    await Promise.all([other.close(), other.close()]);
    await other.close();
    expect(await failure(other.query('select 1'))).toBeInstanceOf(Error);
  });

  it('sets the limits of every wait on the server too', async () => {
    expect(
      await database.query(
        `select current_setting('statement_timeout') as statement,
                current_setting('idle_in_transaction_session_timeout') as idle`,
      ),
    ).toStrictEqual([{ statement: '1min', idle: '30s' }]);
  });

  it('calls a statement that is ended by its limit transient', async () => {
    const error = await failure(
      database.transaction(async (tx) => {
        await tx.query('set local statement_timeout = 10');
        await tx.query('select pg_sleep(30)');
      }),
    );
    expect(error).toMatchObject({ code: '57014' });
    expect(isTransient(error)).toBe(true);
  });

  it('calls faults of statements, and ours, not transient', async () => {
    await database.query('insert into note values (7)');
    const twice = await failure(database.query('insert into note values (7)'));
    expect(twice).toMatchObject({ code: '23505' });
    for (const error of [
      twice,
      await failure(database.query('select nothing')),
      await failure(database.query('select 1 / 0')),
      await failure(database.query(`select currval('nothing')`)),
      new Error('of our own'),
      'text',
      undefined,
    ]) {
      expect(isTransient(error)).toBe(false);
    }
  });

  it('calls a lock held by somebody else transient', async () => {
    await database.transaction(async (tx) => {
      await tx.query('lock table account in access exclusive mode');
      const error = await failure(
        database.transaction((other) => other.query('lock table account in share mode nowait')),
      );
      expect(error).toMatchObject({ code: '55P03' });
      expect(isTransient(error)).toBe(true);
    });
  });

  describe('in a transaction', () => {
    it('keeps all of what went well', async () => {
      const answer = await database.transaction(async (tx) => {
        await tx.query('insert into note values (100)');
        await tx.query('insert into note values (101)');
        return 'done';
      });
      expect(answer).toBe('done');
      expect(await database.query('select n from note where n in (100, 101) order by n')).toStrictEqual([
        { n: 100n },
        { n: 101n },
      ]);
    });

    it('keeps nothing of what failed, and gives its error', async () => {
      const cause = new Error('no');
      const work = database.transaction(async (tx) => {
        await tx.query('insert into note values (1)');
        throw cause;
      });
      expect(await failure(work)).toBe(cause);
      expect(await database.query('select n from note where n = 1')).toStrictEqual([]);
    });

    it('does not pass for done when the error of a statement was swallowed', async () => {
      const work = database.transaction(async (tx) => {
        await tx.query('insert into note values (3)');
        await failure(tx.query('select 1 / 0'));
      });
      expect(await failure(work)).toMatchObject({ message: expect.stringMatching(/failed statement/) });
      expect(await database.query('select n from note where n = 3')).toStrictEqual([]);
    });

    it('calls a conflict with another transaction transient, and the second try holds', async () => {
      await database.query(`insert into account values ('a', 10), ('b', 10)`);
      // Each takes from its own account what both together have: one after the other, the second must see less.
      const take = (name: string, meanwhile: () => Promise<unknown>) =>
        database.transaction(async (tx) => {
          const [row] = await tx.query<{ total: bigint }>('select sum(balance) as total from account');
          await meanwhile();
          if ((row?.total ?? 0n) < 15n) return false;
          await tx.query('update account set balance = balance - 15 where name = $1', [name]);
          return true;
        }, 'serializable');
      const error = await failure(take('a', () => take('b', async () => undefined)));
      expect(error).toMatchObject({ code: '40001' });
      expect(isTransient(error)).toBe(true);
      expect(await take('a', async () => undefined)).toBe(false);
      expect(await database.query('select sum(balance) as total from account')).toStrictEqual([
        { total: 5n },
      ]);
    });

    it('fails as transient and ends no process when the server ends the session between two statements', async () => {
      const work = database.transaction(async (tx) => {
        const [own] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
        await database.query('select pg_terminate_backend($1)', [own?.pid ?? 0]);
        // Until the end of the session was heard, a statement may still be sent; then it fails the same way.
        await tx.query('insert into note values (2)');
      });
      expect(isTransient(await failure(work))).toBe(true);
      expect(await database.query('select n from note where n = 2')).toStrictEqual([]);
    });
  });
});

describe.skipIf(!hasParts('postgres'))('a database whose server fails', () => {
  let server: PostgresServer;
  let database: Database;
  beforeAll(async () => {
    server = await startPostgres();
    database = openDatabase({ url: server.url, connectionsMax: 2 });
    await database.query('create table note (n bigint primary key)');
  });
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  });

  it('calls a server that is killed in a transaction transient, as it does one that is not there; then goes on', async () => {
    const work = database.transaction(async (tx) => {
      await tx.query('insert into note values (1)');
      await server.kill();
      await tx.query('insert into note values (2)');
    });
    expect(isTransient(await failure(work))).toBe(true);
    const refused = await failure(database.query('select 1'));
    expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
    expect(isTransient(refused)).toBe(true);
    await server.restart();
    expect(await database.query('select n from note')).toStrictEqual([]);
  });

  it('gives up a server that stands still, in a transaction too, and goes on when it does', async () => {
    const hasty = openDatabase({ url: server.url, answerMsMax: 200, connectMsMax: 200 });
    const work = hasty.transaction(async (tx) => {
      await tx.query('insert into note values (3)');
      server.pause();
      await tx.query('insert into note values (4)');
    });
    const given = await failure(work);
    const connect = await failure(hasty.query('select 1'));
    server.resume();
    expect([isTransient(given), isTransient(connect)]).toStrictEqual([true, true]);
    // The server hears of the closed connection before or after this read: the rows were never there for others.
    expect(await database.query('select n from note')).toStrictEqual([]);
    await hasty.close();
  });

  it('calls a server that is shutting down transient', async () => {
    const client = new pg.Client({ connectionString: server.url });
    const heard: unknown[] = [];
    client.on('error', (error) => heard.push(error));
    await client.connect();
    const asked = failure(client.query('select pg_sleep(30)'));
    await database.query('select 1');
    await server.restart();
    const error = await asked;
    expect(error).toMatchObject({ code: '57P01' });
    expect([error, ...heard].map(isTransient)).not.toContain(false);
    expect(await database.query('select 1 as n')).toStrictEqual([{ n: 1 }]);
  });
});
