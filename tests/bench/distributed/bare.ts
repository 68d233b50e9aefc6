import { randomBytes } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { openDatabase } from '#postgres';
import { receiptBody, uuidV7 } from '../../../apps/cli/bench/receipts.ts';

/** What each part does for a bare client: the limits our own figures are held against. */

const TOPIC = 'bare';
const PARTITIONS = 6;
/** About the size of our envelopes. */
const ENVELOPE = receiptBody('bench-0', 1, 2).padEnd(800, 'x');
const MESSAGES_A_SEND = 1_000;
const ROWS_A_STATEMENT = 1_000;

/** Messages a second that a bare kafkajs producer gets acknowledged (acks = all), and a bare consumer receives. */
export async function bareKafka(
  brokers: readonly string[],
  messages: number,
): Promise<{ readonly produced: number; readonly consumed: number }> {
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'bare', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic: TOPIC, numPartitions: PARTITIONS }] });
  await admin.disconnect();
  const producer = kafka.producer({ maxInFlightRequests: 1 });
  await producer.connect();
  const started = performance.now();
  for (let at = 0; at < messages; at += MESSAGES_A_SEND)
    await producer.send({
      topic: TOPIC,
      acks: -1,
      messages: Array.from({ length: MESSAGES_A_SEND }, (_, n) => ({
        partition: n % PARTITIONS,
        key: 'book-bench-0-2025',
        value: ENVELOPE,
      })),
    });
  const produced = messages / ((performance.now() - started) / 1000);
  await producer.disconnect();

  const consumer = kafka.consumer({ groupId: 'bare', maxBytesPerPartition: 4_194_304 });
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
  let received = 0;
  // Counted from the end of the first batch: joining the group takes seconds, and what it fetches meanwhile is free.
  let first: { readonly at: number; readonly received: number } | undefined;
  const { promise: done, resolve } = Promise.withResolvers<void>();
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: true,
    eachBatch: async ({ batch }) => {
      received += batch.messages.length;
      first ??= { at: performance.now(), received };
      if (received >= messages) resolve();
    },
  });
  await done;
  const consumed =
    first === undefined ? Number.NaN : (received - first.received) / ((performance.now() - first.at) / 1000);
  await consumer.disconnect();
  return { produced, consumed };
}

/** Rows a second into a table of the shape of the sequence: many a statement, and one a transaction. */
export async function barePostgres(
  url: string,
  rows: number,
): Promise<{ readonly bulk: number; readonly single: number }> {
  const database = openDatabase({ url, name: 'bare' });
  try {
    await database.query(
      'create table bare (position bigint primary key, id uuid not null unique, stream text not null, envelope text not null)',
    );
    const insert = `insert into bare select * from unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[])`;
    const write = async (from: number, count: number): Promise<void> => {
      const positions = Array.from({ length: count }, (_, n) => BigInt(from + n));
      const ids = positions.map(() => uuidV7().slice(0, 24) + randomBytes(6).toString('hex'));
      await database.query(insert, [
        positions,
        ids,
        positions.map(() => 'book-bench-0-2025'),
        positions.map(() => ENVELOPE),
      ]);
    };
    let started = performance.now();
    for (let at = 0; at < rows; at += ROWS_A_STATEMENT) await write(at, ROWS_A_STATEMENT);
    const bulk = rows / ((performance.now() - started) / 1000);
    const singles = Math.ceil(rows / 50);
    started = performance.now();
    for (let at = 0; at < singles; at += 1) await write(rows + at, 1);
    const single = singles / ((performance.now() - started) / 1000);
    await database.query('drop table bare');
    return { bulk, single };
  } finally {
    await database.close();
  }
}
