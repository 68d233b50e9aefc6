import { expect, test } from 'vitest';
import { type EventLog, openMemoryLog, partitionOf } from '#event-log';
import { bookHistory, randomFrom } from '../../../tests/support/book-history.ts';
import { describeStores } from '../../../tests/support/stores.ts';
import { topicOf } from '../../../tests/support/topic.ts';
import {
  type Handed,
  OutdatedError,
  type PartitionedProjector,
  PartitionLostError,
  type Projection,
  type Store,
  createPartitionedProjector,
  insertInto,
} from '../index.ts';

const PARTITIONS = 3;
const TOPIC = { group: 'projector', topic: 'ledger.events.v1', partitions: PARTITIONS };
const SHAPE = {
  funds: ['qbt-06', 'qbt-19', 'qbt-24', 'qbt-01', 'qbt-02', 'qbt-04'],
  donors: 5,
  places: ['062-2021-01-01'],
  beneficiaries: ['tre-1'],
  programmes: ['ao-am'],
  year: 2024,
  giftMax: 50,
  receiptsPercent: 60,
  receipts: 60,
};
const NO_FAULTS = { duplicate: 0, lost: 0, heartbeat: 10 };
const RECEIPT = 'book.receipt-recorded.v1';

/** Keeps the position of every receipt; throws at those given, and leaves one out when it is `wrong`. */
const counter = ({
  version = 1,
  name = 'counter',
  poison = [],
  wrong,
}: { version?: number; name?: string; poison?: readonly number[]; wrong?: number } = {}): Projection => ({
  name,
  version,
  types: [RECEIPT],
  tables: { [name]: { columns: { position: 'whole' }, key: ['position'] } },
  open: (physical) => async (page, tx) => {
    const bad = page.events.find(({ position }) => poison.includes(position));
    const rows = page.events.filter((event) => event !== bad && event.position !== wrong);
    await tx.run(
      insertInto(physical(name), ['position']),
      rows.map(({ position }) => [position]),
    );
    if (bad) throw new Error(`cannot apply ${bad.type}`);
  },
});

async function filled(count = 120): Promise<{ log: EventLog; topic: Handed[][]; receipts: number[] }> {
  const log = openMemoryLog();
  for (const { events: _, ...append } of bookHistory(SHAPE, randomFrom(5))) {
    await log.append(append);
    if ((await log.head()) >= count) break;
  }
  const { events } = await log.readAll({ limit: 1_000 });
  const receipts = events.filter(({ type }) => type === RECEIPT).map(({ position }) => position);
  return { log, topic: await topicOf(log, PARTITIONS, randomFrom(1), NO_FAULTS), receipts };
}

const rows = async (store: Store, table = 'counter'): Promise<number[]> =>
  (await store.all<{ position: bigint }>(`select position from ${table} order by position`, [])).map(
    ({ position }) => Number(position),
  );

async function buildAll(projector: PartitionedProjector): Promise<void> {
  for (let steps = 0; await projector.build(); steps += 1) expect(steps).toBeLessThan(100);
}

/** Hands over everything up to a position, partition by partition. */
async function deliver(
  projector: PartitionedProjector,
  topic: readonly (readonly Handed[])[],
  through = Number.MAX_SAFE_INTEGER,
): Promise<void> {
  for (const [partition, messages] of topic.entries()) {
    const { nextOffset = 0 } = await projector.assign(partition);
    const handed = messages.filter(({ offset, position }) => offset >= nextOffset && position <= through);
    await projector.apply(partition, handed);
  }
}

describeStores('builds over partitions', (fresh) => {
  test('at an event that cannot be applied that read model stops, everywhere; others and the partition go on', async () => {
    const { log, topic, receipts } = await filled();
    const bad = receipts[20] ?? 0;
    const home = await fresh();
    const store = home.store();
    const projections = [counter({ poison: [bad] }), counter({ name: 'other' })];
    const projector = await createPartitionedProjector({ ...TOPIC, log, store, projections });
    await buildAll(projector);
    await deliver(projector, topic);
    const [event] = (await log.readAll({ after: bad - 1, limit: 1 })).events;
    const partition = partitionOf(event?.stream ?? '', PARTITIONS);
    const [broken, sound] = await projector.builds();
    expect(broken?.fault).toStrictEqual({
      position: bad,
      event: event?.id,
      cause: `cannot apply ${RECEIPT}`,
    });
    expect(broken?.partitions[partition]).toBe(bad - 1);
    expect(sound).toMatchObject({ name: 'other', position: await log.head(), fault: null });
    expect(await rows(store, 'other')).toStrictEqual(receipts);
    const kept = await rows(store);
    expect(kept).not.toContain(bad);

    // A mended program of the same version builds it again, compares where it stopped, and goes on from there.
    const mended = await createPartitionedProjector({
      ...TOPIC,
      log,
      store: home.store(),
      projections: [counter(), counter({ name: 'other' })],
    });
    await deliver(mended, topic);
    expect(await rows(store)).toStrictEqual(kept);
    await mended.rebuild('counter');
    await buildAll(mended);
    expect(await mended.builds()).toMatchObject([
      { name: 'counter', build: 2, position: await log.head(), fault: null, served: true, follows: true },
      { name: 'other', build: 1, served: true, follows: true },
    ]);
    expect(await rows(store)).toStrictEqual(receipts);
  });

  test('a build filled from the log stops at such an event too', async () => {
    const { log, topic, receipts } = await filled();
    const bad = receipts[30] ?? 0;
    const store = (await fresh()).store();
    const projections = [counter({ poison: [bad] }), counter({ name: 'other' })];
    const projector = await createPartitionedProjector({ ...TOPIC, log, store, projections, pageEvents: 50 });
    await deliver(projector, topic);
    await buildAll(projector);
    const [broken, sound] = await projector.builds();
    expect(broken).toMatchObject({
      position: bad - 1,
      fault: { position: bad, cause: `cannot apply ${RECEIPT}` },
    });
    expect(await rows(store)).toStrictEqual(receipts.filter((position) => position < bad));
    expect(sound).toMatchObject({ fault: null, follows: true, position: await log.head() });
  });

  test('that differs from the served one is refused and the old one stays', async () => {
    const { log, topic, receipts } = await filled();
    const home = await fresh();
    const store = home.store();
    const first = await createPartitionedProjector({ ...TOPIC, log, store, projections: [counter()] });
    await buildAll(first);
    await deliver(first, topic);
    const projections = [counter({ wrong: receipts[3] ?? 0 })];
    const second = await createPartitionedProjector({ ...TOPIC, log, store: home.store(), projections });
    await second.rebuild('all');
    await buildAll(second);
    expect(await second.builds()).toMatchObject([
      { build: 1, served: true, fault: null },
      { build: 2, served: false, fault: { cause: expect.stringContaining('rebuild differs: counter') } },
    ]);
    expect(await rows(store)).toStrictEqual(receipts);
    await expect(second.rebuild('nothing')).rejects.toThrow('there is no projection nothing');
  });

  test('of a newer version stand beside the old one, which stands still, until they are there', async () => {
    const { log, topic, receipts } = await filled();
    const middle = receipts[25] ?? 0;
    const home = await fresh();
    const store = home.store();
    const old = await createPartitionedProjector({ ...TOPIC, log, store, projections: [counter()] });
    await buildAll(old);
    await deliver(old, topic, middle);
    const kept = await rows(store);
    const projections = [counter({ version: 2 })];
    const now = await createPartitionedProjector({ ...TOPIC, log, store: home.store(), projections });
    await deliver(now, topic);
    expect(await rows(store)).toStrictEqual(kept);
    await buildAll(now);
    expect(await rows(store)).toStrictEqual(receipts);
    expect(await now.builds()).toMatchObject([{ version: 2, build: 2, served: true, follows: true }]);
    // The old program must not touch what it does not know, and can not start again.
    await old.assign(0);
    const [last] = topic[0]?.slice(-1) ?? [];
    const [event] = (await log.readAll({ limit: 1_000 })).events.filter(
      ({ stream }) => partitionOf(stream, PARTITIONS) === 0,
    );
    if (last === undefined || event === undefined) throw new Error('the partition has events');
    const position = last.position + 1;
    const more = {
      offset: last.offset + 1,
      position,
      previous: last.previous,
      event: { ...event, position },
    };
    await expect(old.apply(0, [more])).rejects.toThrow(OutdatedError);
    await expect(
      createPartitionedProjector({ ...TOPIC, log, store: home.store(), projections: [counter()] }),
    ).rejects.toThrow('counter is at version 2, this program at 1');
  });

  test('of another number of partitions are built anew and take over', async () => {
    const { log, topic, receipts } = await filled();
    const home = await fresh();
    const store = home.store();
    const before = await createPartitionedProjector({ ...TOPIC, log, store, projections: [counter()] });
    await buildAll(before);
    await deliver(before, topic);
    const wider = { ...TOPIC, partitions: 5 };
    const topic5 = await topicOf(log, 5, randomFrom(2), NO_FAULTS);
    const now = await createPartitionedProjector({
      ...wider,
      log,
      store: home.store(),
      projections: [counter()],
    });
    await deliver(now, topic5);
    await buildAll(now);
    expect(await now.builds()).toMatchObject([{ build: 2, served: true, follows: true }]);
    expect((await now.builds())[0]?.partitions).toHaveLength(5);
    expect(await rows(store)).toStrictEqual(receipts);
  });

  test('a partition that another instance took is written no more, and an expired topic is read from the log', async () => {
    const { log, topic, receipts } = await filled();
    const home = await fresh();
    const store = home.store();
    const one = await createPartitionedProjector({ ...TOPIC, log, store, projections: [counter()] });
    await buildAll(one);
    for (const partition of topic.keys()) await one.assign(partition);
    const two = await createPartitionedProjector({
      ...TOPIC,
      log,
      store: home.store(),
      projections: [counter()],
    });
    const place = await two.assign(1);
    expect(place).toStrictEqual({ epoch: 2, nextOffset: undefined, position: 0 });
    await expect(one.apply(1, topic[1] ?? [])).rejects.toThrow(PartitionLostError);
    expect(await rows(store)).toStrictEqual([]);
    // Of the whole topic only the last messages, heartbeats, are left.
    for (const [partition, messages] of topic.entries())
      await (partition === 1 ? two : one).apply(partition, messages.slice(-1));
    expect(await rows(store)).toStrictEqual(receipts);
    expect([one.gaps(), two.gaps()]).toStrictEqual([PARTITIONS - 1, 1]);
  });

  test('a gap that nobody followed is read as soon as somebody does', async () => {
    const { log, topic, receipts } = await filled();
    const store = (await fresh()).store();
    const projector = await createPartitionedProjector({ ...TOPIC, log, store, projections: [counter()] });
    const [last] = topic[0]?.slice(-1) ?? [];
    if (last === undefined) throw new Error('the topic ends with a heartbeat');
    await projector.assign(0);
    await projector.apply(0, [last]);
    expect(projector.positions().get(0)).toBe(last.position);
    expect(await rows(store)).toStrictEqual([]);
    for (const partition of [1, 2]) {
      await projector.assign(partition);
      await projector.apply(partition, topic[partition] ?? []);
    }
    await buildAll(projector);
    expect(await rows(store)).toStrictEqual(receipts);
  });
});
