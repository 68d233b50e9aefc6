import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EventLog, openMemoryLog } from '#event-log';
import { fundProjections } from '#funds';
import { bookHistory, randomFrom } from '../../tests/support/book-history.ts';
import { describeStores } from '../../tests/support/stores.ts';
import { FencedError, type Projection, type Store, catchUp, createProjector } from './index.ts';
import { createTable, POSTGRES, SQLITE, insertInto } from './schema.ts';

const SHAPE = {
  funds: ['qbt-06', 'qbt-19'],
  donors: 5,
  places: ['062-2021-01-01'],
  beneficiaries: ['tre-1'],
  programmes: ['ao-am'],
  year: 2024,
  giftMax: 50,
  receiptsPercent: 40,
  receipts: 60,
};

async function fill(log: EventLog, seed: number, count: number): Promise<void> {
  for (const { events, ...append } of bookHistory(SHAPE, randomFrom(seed))) {
    await log.append(append);
    if ((events.at(-1)?.position ?? 0) >= count) return;
  }
}

/** Counts events by type; throws at the positions given, to stand for an event it cannot apply. */
const counter = (
  options: { version?: number; poison?: ReadonlySet<number>; name?: string; wrong?: boolean } = {},
): Projection => {
  const { version = 1, poison = new Set<number>(), name = 'counter', wrong = false } = options;
  const table = name;
  return {
    name,
    version,
    types: ['book.opened.v1', 'book.receipt-recorded.v1'],
    tables: { [table]: { columns: { position: 'whole', type: 'text' }, key: ['position'] } },
    open: (physical) => async (page, tx) => {
      const bad = page.events.find(({ position }) => poison.has(position));
      const rows = page.events.filter((event) => event !== bad && !(wrong && event.position === 3));
      await tx.run(
        insertInto(physical(table), ['position', 'type']),
        rows.map(({ position, type }) => [position, type]),
      );
      if (bad) throw new Error(`cannot apply ${bad.type}`);
    },
  };
};

/** The rows of every view of the read models, table by table. */
async function rowsOf(store: Store, projections: readonly Projection[]): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const { tables } of projections)
    for (const [table, { key }] of Object.entries(tables))
      found[table] = await store.all(`select * from ${table} order by ${key.join(', ')}`, []);
  return found;
}

describeStores('a projector', (fresh) => {
  test('stopped and started at random, in pages of any size, makes what one run from empty makes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.array(
          fc.record({
            page: fc.integer({ min: 1, max: 30 }),
            steps: fc.integer({ min: 1, max: 5 }),
            crash: fc.boolean(),
          }),
          {
            minLength: 2,
            maxLength: 8,
          },
        ),
        async (seed, runs) => {
          const log = openMemoryLog();
          await fill(log, seed, 120);
          const once = (await fresh()).store();
          await catchUp(await createProjector({ log, store: once, projections: fundProjections }));
          const live = (await fresh()).store();
          for (const { page, steps, crash } of runs) {
            // A crash is a transaction that never commits, after all its rows were written.
            let left = crash ? steps : Number.POSITIVE_INFINITY;
            const failing: Store = {
              ...live,
              transaction: (work) =>
                live.transaction(async (tx) => {
                  const result = await work(tx);
                  if ((left -= 1) === 0) throw Object.assign(new Error('power cut'), { errcode: 10 });
                  return result;
                }),
            };
            try {
              const projector = await createProjector({
                log,
                store: failing,
                projections: fundProjections,
                pageEvents: page,
              });
              for (let step = 0; step < steps; step += 1) await projector.step();
            } catch (error) {
              expect((error as Error).message).toBe('power cut');
            }
          }
          await catchUp(
            await createProjector({ log, store: live, projections: fundProjections, pageEvents: 13 }),
          );
          expect(await rowsOf(live, fundProjections)).toStrictEqual(await rowsOf(once, fundProjections));
          live.close();
          once.close();
        },
      ),
      { numRuns: 12 },
    );
  });

  test.for([0, 1])(
    'that hears of every second commit only (%i) makes what one run from empty makes',
    async (odd) => {
      const log = openMemoryLog();
      await fill(log, 6, 90);
      const store = (await fresh()).store();
      let commits = 0;
      const deaf: Store = {
        ...store,
        transaction: async (work, durability) => {
          const result = await store.transaction(work, durability);
          const isHeard = durability === 'durable' || (commits += 1) % 2 === odd;
          if (!isHeard) throw Object.assign(new Error('no answer'), { errcode: 10 });
          return result;
        },
      };
      const projector = await createProjector({
        log,
        store: deaf,
        projections: fundProjections,
        pageEvents: 9,
      });
      await catchUp(projector, { retryWaitsMs: [0] });
      // The switch of a rebuild is a commit too.
      await projector.rebuild('journal');
      await catchUp(projector, { retryWaitsMs: [0] });
      const once = (await fresh()).store();
      await catchUp(await createProjector({ log, store: once, projections: fundProjections }));
      expect(await rowsOf(store, fundProjections)).toStrictEqual(await rowsOf(once, fundProjections));
      expect(projector.builds().filter(({ build }) => build === 2)).toMatchObject([
        { name: 'journal', served: true },
      ]);
      once.close();
      store.close();
    },
  );

  test('taken over by another one stops before it writes anything', async () => {
    const log = openMemoryLog();
    await fill(log, 1, 30);
    const home = await fresh();
    const [a, b] = [home.store(), home.store()];
    const first = await createProjector({ log, store: a, projections: [counter()], pageEvents: 5 });
    await first.step();
    const second = await createProjector({ log, store: b, projections: [counter()], pageEvents: 5 });
    await expect(first.step()).rejects.toThrow(FencedError);
    await catchUp(second);
    const [{ n } = { n: 0n }] = await b.all<{ n: bigint }>('select count(*) as n from counter', []);
    const receipts = (await log.readAll({ limit: 1_000 })).events.filter(({ type }) =>
      ['book.opened.v1', 'book.receipt-recorded.v1'].includes(type),
    );
    expect(Number(n)).toBe(receipts.length);
    a.close();
    b.close();
  });

  test('at an event that cannot be applied stops that read model there, and no other', async () => {
    const log = openMemoryLog();
    await fill(log, 2, 60);
    const { events } = await log.readAll({ limit: 100 });
    const bad = events.filter(({ type }) => type === 'book.receipt-recorded.v1')[7];
    if (!bad) throw new Error('the history has receipts');
    const home = await fresh();
    const store = home.store();
    const projections = [counter({ poison: new Set([bad.position]) }), counter({ name: 'other' })];
    await catchUp(await createProjector({ log, store, projections, pageEvents: 20 }));
    const models = home.models();
    const [broken, sound] = await models.status();
    expect(broken).toMatchObject({
      name: 'counter',
      position: bad.position - 1,
      fault: { position: bad.position, event: bad.id, cause: 'cannot apply book.receipt-recorded.v1' },
    });
    expect(sound).toMatchObject({ name: 'other', position: await log.head(), fault: null });
    const [{ last } = { last: null }] = await store.all<{ last: bigint }>(
      'select max(position) as last from counter',
      [],
    );
    expect(Number(last)).toBeLessThan(bad.position);
    expect(await models.waitFor(bad.position, 20)).toBe(false);
    expect(await models.waitFor(bad.position - 1, 20)).toBe(true);

    // Started again it still stands there: a poison event is never skipped. A mended version is built beside it.
    await catchUp(await createProjector({ log, store, projections }));
    expect((await models.status())[0]?.position).toBe(bad.position - 1);
    await catchUp(
      await createProjector({
        log,
        store,
        projections: [counter({ version: 2 }), counter({ name: 'other' })],
      }),
    );
    expect(await models.status()).toMatchObject([
      { name: 'counter', version: 2, position: await log.head(), fault: null, served: true },
      { name: 'other', version: 1, served: true },
    ]);
    await models.close();
    store.close();
  });

  test('rebuilds beside what is served, while the log grows, and switches when both agree', async () => {
    const log = openMemoryLog();
    const [...history] = bookHistory(SHAPE, randomFrom(3)).take(51);
    const [grown, ...known] = history.toReversed();
    for (const append of known.toReversed()) await log.append(append);
    if (!grown) throw new Error('the history goes on');
    const home = await fresh();
    const store = home.store();
    const projector = await createProjector({ log, store, projections: fundProjections, pageEvents: 9 });
    await catchUp(projector);
    const before = await rowsOf(store, fundProjections);
    await projector.rebuild('all');
    // The first turn is the builder's, since those served have nothing to do.
    await projector.step();
    // Readers see the old tables, whole, while the new ones are filled.
    expect(projector.builds().filter(({ served }) => !served).length).toBe(fundProjections.length);
    expect(await rowsOf(store, fundProjections)).toStrictEqual(before);
    await log.append(grown);
    await catchUp(projector);
    const clean = (await fresh()).store();
    await catchUp(await createProjector({ log, store: clean, projections: fundProjections }));
    expect(await rowsOf(store, fundProjections)).toStrictEqual(await rowsOf(clean, fundProjections));
    clean.close();
    expect(projector.builds().map(({ build, served }) => ({ build, served }))).toStrictEqual(
      fundProjections.map(() => ({ build: 2, served: true })),
    );
    expect((await home.tables()).filter((name) => name.endsWith('_v1_1'))).toStrictEqual([]);
    store.close();
  });

  test('keeps serving the old tables when a rebuild of the same version differs', async () => {
    const log = openMemoryLog();
    await fill(log, 4, 40);
    const store = (await fresh()).store();
    await catchUp(await createProjector({ log, store, projections: [counter()] }));
    const before = await store.all('select * from counter', []);
    const projector = await createProjector({ log, store, projections: [counter({ wrong: true })] });
    await projector.rebuild('counter');
    await catchUp(projector);
    expect(await store.all('select * from counter', [])).toStrictEqual(before);
    expect(projector.builds()).toMatchObject([
      { build: 1, served: true, fault: null },
      { build: 2, served: false, fault: { cause: expect.stringContaining('rebuild differs: counter') } },
    ]);
    await expect(projector.rebuild('nothing')).rejects.toThrow('there is no projection nothing');
    store.close();
  });
});

describe('a table', () => {
  const table = {
    columns: { fund: 'text', amount: 'whole', voucher: 'text?' },
    key: ['fund'],
    indexes: [{ columns: ['voucher'], where: 'amount > 0' }],
  } as const;

  test('on SQLite is strict and clustered by its key', () => {
    expect(createTable('t', table, SQLITE)).toStrictEqual([
      'create table t (fund text not null, amount integer not null, voucher text, primary key (fund)) strict, without rowid',
      'create index t_0 on t (voucher) where amount > 0',
    ]);
  });

  test('on PostgreSQL compares text by bytes, as SQLite does', () => {
    expect(createTable('t', table, POSTGRES)[0]).toBe(
      'create table t (fund text collate "C" not null, amount bigint not null, voucher text collate "C", primary key (fund))',
    );
  });
});
