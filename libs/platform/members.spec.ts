import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openDatabase } from '#postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type PostgresServer, startPostgres } from '../../tests/support/parts/index.ts';
import { type Members, joinMembers } from './members.ts';

let server: PostgresServer;
let database: Database;
beforeAll(async () => {
  server = await startPostgres();
  database = openDatabase({ url: server.url });
});
afterAll(async () => {
  await database.close();
  await server.stop('immediate');
});

const LONG_MS = 60_000;
const SHORT_MS = 300;
const LOOK_MS = 20;
const WAIT_MS_MAX = 20_000;

const join = (instance: string, leaseMs = LONG_MS): Promise<Members> =>
  joinMembers({
    database,
    instance,
    address: `http://${instance}`,
    leaseMs,
    onFault: (error) => {
      throw error;
    },
  });
const names = (members: Members): string[] => members.current().map(({ instance }) => instance);
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (const end = performance.now() + WAIT_MS_MAX; !(await holds()); await sleep(LOOK_MS))
    if (performance.now() > end) throw new Error('it did not come about');
};

describe('given ledgers on one database', () => {
  it('that start at the same moment, each finds the other', async () => {
    const [x, y] = await Promise.all([join('x'), join('y')]);
    await Promise.all([x?.refresh(), y?.refresh()]);
    expect([x && names(x), y && names(y)]).toStrictEqual([
      ['x', 'y'],
      ['x', 'y'],
    ]);
    await Promise.all([x?.leave(), y?.leave()]);
  });

  it('one that leaves is gone at the next look, and comes back with a higher epoch', async () => {
    const [stays, leaves] = [await join('stays'), await join('leaves')];
    await leaves.leave();
    await stays.refresh();
    expect(names(stays)).toStrictEqual(['stays']);
    const again = await join('leaves');
    await stays.refresh();
    expect(names(stays)).toStrictEqual(['leaves', 'stays']);
    await Promise.all([stays.leave(), again.leave()]);
  });

  it('one whose lease ran out without a word is gone, and is there again when it speaks', async () => {
    const watching = await join('watching');
    const silent = await join('silent');
    // What a process that was killed or stopped does: it says nothing until its time is over.
    await database.query(
      `update roles.ledger_members set expires_at = clock_timestamp() - interval '1 second' where instance = 'silent'`,
    );
    await watching.refresh();
    const gone = names(watching);
    await silent.refresh();
    await watching.refresh();
    expect([gone, names(watching)]).toStrictEqual([['watching'], ['silent', 'watching']]);
    expect(silent.isReplaced()).toBe(false);
    await Promise.all([watching.leave(), silent.leave()]);
  });

  it('renews its lease without being asked', async () => {
    const kept = await join('kept', SHORT_MS);
    const expiry = async (): Promise<bigint> => {
      const [row] = await database.query<{ at: bigint }>(
        `select (extract(epoch from expires_at) * 1000)::bigint as at from roles.ledger_members where instance = 'kept'`,
      );
      return row?.at ?? 0n;
    };
    const first = await expiry();
    await until(async () => (await expiry()) > first);
    await kept.leave();
    expect(await expiry()).toBe(0n);
  });

  it('a second process under the same name replaces the first, which finds out and takes nothing away', async () => {
    const first = await join('same');
    const second = await join('same');
    await first.refresh();
    expect([first.isReplaced(), second.isReplaced()]).toStrictEqual([true, false]);
    expect(second.self.epoch > first.self.epoch).toBe(true);
    await first.leave();
    await second.refresh();
    expect(names(second)).toStrictEqual(['same']);
    await second.leave();
  });

  it('knows the clock of the database to within the time it takes to ask', async () => {
    const asking = await join('asking');
    const before = performance.now();
    await asking.refresh();
    // The server is on this machine: both read the same clock.
    expect(Math.abs(asking.now() - Date.now())).toBeLessThanOrEqual(performance.now() - before + 1);
    await asking.leave();
  });

  it('goes by the clock of the database also in the moment after its own was put wrong', async () => {
    const asking = await join('asking');
    const before = asking.now();
    const wrong = vi.spyOn(Date, 'now').mockReturnValue(before + 3_600_000);
    const [first] = [asking.now(), await asking.refresh()];
    // An hour is not to be mistaken for the time that passed.
    expect([first - before, asking.now() - before].filter((ms) => ms > 1_800_000)).toStrictEqual([]);
    wrong.mockRestore();
    await asking.leave();
  });
});
