import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../tests/support/parts/index.ts';
import {
  type Database,
  type Role,
  RoleLostError,
  isTransient,
  openDatabase,
  prepareRoles,
  takeRole,
} from './index.ts';

let server: PostgresServer;
let database: Database;
let schemas = 0;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

beforeEach(async () => {
  schemas += 1;
  database = openDatabase({ url: server.url, schema: `role_${schemas}` });
  await prepareRoles(database);
  await database.query('create table written (by text not null)');
  return () => database.close();
});

const LEASE_MS = 60_000;
const take = (holder: string, leaseMs = LEASE_MS): Promise<Role | undefined> =>
  takeRole(database, { name: 'sequencer', holder, leaseMs });
const taken = async (holder: string): Promise<Role> => {
  const role = await take(holder);
  if (role === undefined) throw new Error('somebody plays the part');
  return role;
};
/** What the clock of the database would do in a while. */
const letLeaseRunOut = (): Promise<unknown> =>
  database.query(`update roles set expires_at = clock_timestamp() - interval '1 millisecond'`);
const write = (role: Role): Promise<void> =>
  database.transaction(async (tx) => {
    await role.guard(tx);
    await tx.query('insert into written values ($1)', [role.holder]);
  });
const writers = async (): Promise<string[]> =>
  (await database.query<{ by: string }>('select by from written')).map(({ by }) => by);

describe('a part nobody plays', () => {
  it('is taken by the first who asks, and by nobody else', async () => {
    expect((await take('a'))?.epoch).toBe(1n);
    expect(await take('b')).toBe(undefined);
  });

  it('is taken by exactly one of many who ask at once', async () => {
    const asked = await Promise.all(Array.from({ length: 8 }, (_, at) => take(`p${at}`)));
    expect(asked.filter((role) => role !== undefined)).toHaveLength(1);
  });

  it('is another part under another name', async () => {
    await take('a');
    expect((await takeRole(database, { name: 'relay', holder: 'b', leaseMs: LEASE_MS }))?.holder).toBe('b');
  });

  it('may be kept in another schema than the part’s own tables', async () => {
    await prepareRoles(database, 'role_elsewhere');
    const role = await takeRole(database, {
      name: 'relay',
      holder: 'a',
      leaseMs: LEASE_MS,
      schema: 'role_elsewhere',
    });
    await database.transaction(async (tx) => role?.guard(tx));
    await role?.renew();
    await role?.release();
    expect(await database.query('select name, holder from role_elsewhere.roles')).toStrictEqual([
      { name: 'relay', holder: 'a' },
    ]);
  });
});

describe('a part somebody plays', () => {
  it('lets its holder write', async () => {
    await write(await taken('a'));
    expect(await writers()).toStrictEqual(['a']);
  });

  it('given free, is taken at once', async () => {
    await (await taken('a')).release();
    expect((await take('b'))?.epoch).toBe(2n);
  });

  it('renewed, does not run out', async () => {
    const role = await taken('a');
    await letLeaseRunOut();
    await role.renew();
    expect(await take('b')).toBe(undefined);
  });

  it('is taken again at once by its own holder, with a new epoch that fences the old one', async () => {
    const before = await taken('a');
    const after = await taken('a');
    expect(after.epoch).toBe(2n);
    await expect(write(before)).rejects.toBeInstanceOf(RoleLostError);
    await write(after);
  });
});

describe('a holder that slept through its lease', () => {
  it('writes, renews and releases nothing once another came', async () => {
    const slept = await taken('a');
    await letLeaseRunOut();
    const next = await taken('b');
    await expect(write(slept)).rejects.toBeInstanceOf(RoleLostError);
    await expect(slept.renew()).rejects.toBeInstanceOf(RoleLostError);
    await slept.release();
    expect(await take('c')).toBe(undefined);
    await write(next);
    expect(await writers()).toStrictEqual(['b']);
  });

  it('may go on as long as nobody came', async () => {
    const slept = await taken('a');
    await letLeaseRunOut();
    await write(slept);
    await slept.renew();
    expect(await take('b')).toBe(undefined);
  });

  it('inside a transaction keeps others out until the server ends it, and then has written nothing', async () => {
    const slept = await takeRole(database, { name: 'sequencer', holder: 'a', leaseMs: 1 });
    const asleep = Promise.withResolvers<void>();
    const wake = Promise.withResolvers<void>();
    const sleeping = database.transaction(async (tx) => {
      await slept?.guard(tx);
      await tx.query(`insert into written values ('a')`);
      asleep.resolve();
      await wake.promise;
    });
    const outcome = sleeping.catch((error: unknown) => error);
    await asleep.promise;
    let next = await take('b');
    // The silence limit is the server's to keep; each question waits for it up to its own limit.
    for (let asked = 0; next === undefined && asked < 10; asked += 1) next = await take('b');
    wake.resolve();
    expect(isTransient(await outcome)).toBe(true);
    await write(next ?? (await taken('nobody')));
    expect(await writers()).toStrictEqual(['b']);
  });
});
