import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { hasParts } from './index.ts';
import { freshDatabase, freshTopic } from './shared.ts';

describe.skipIf(!hasParts('postgres'))('a fresh database', () => {
  it('is one of its own, on one server for all', async () => {
    const [one, other] = [await freshDatabase(), await freshDatabase()];
    expect(new URL(one.url).port).toBe(new URL(other.url).port);
    await one.database.query('create table notes (id bigint)');
    await one.database.query('insert into notes values (1)');
    expect(await one.database.query('select id from notes')).toStrictEqual([{ id: 1n }]);
    await expect(other.database.query('select id from notes')).rejects.toMatchObject({ code: '42P01' });
    await Promise.all([one.drop(), other.drop()]);
  });

  it('is gone once dropped, whoever was connected', async () => {
    const { database, drop, url } = await freshDatabase();
    const other = await freshDatabase();
    const name = new URL(url).pathname.slice(1);
    const count = async () =>
      (await other.database.query('select 1 from pg_database where datname = $1', [name])).length;
    await database.query('select 1');
    expect(await count()).toBe(1);
    await drop();
    expect(await count()).toBe(0);
    await other.drop();
  });
});

describe.skipIf(!hasParts('java', 'kafka'))('a fresh topic', () => {
  it('is empty and has the partitions asked for', async () => {
    const { bootstrap, topic } = await freshTopic({ partitions: 3 });
    const admin = new Kafka({ brokers: [...bootstrap], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(topic);
    await admin.disconnect();
    expect(offsets.map(({ partition, offset }) => [partition, offset]).sort()).toStrictEqual([
      [0, '0'],
      [1, '0'],
      [2, '0'],
    ]);
  });
});
