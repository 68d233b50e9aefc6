import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasParts, startKafka, type KafkaServers } from './index.ts';

const topic = 'round.trip';
const START_MS_MAX = 180_000;

/** Clients that wait out an election, and say nothing about it. */
const clientOf = ({ bootstrap }: KafkaServers) =>
  new Kafka({
    brokers: [...bootstrap],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    retry: { retries: 20, initialRetryTime: 100, maxRetryTime: 1_000 },
  });

async function createTopic(servers: KafkaServers, partitions: number): Promise<void> {
  const admin = clientOf(servers).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true });
  await admin.disconnect();
}

async function leaderOf(servers: KafkaServers): Promise<number> {
  const admin = clientOf(servers).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  await admin.disconnect();
  return topics[0]?.partitions[0]?.leader ?? -1;
}

async function producerOf(servers: KafkaServers): Promise<Producer> {
  const producer = clientOf(servers).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  return producer;
}

const send = (producer: Producer, values: readonly string[]) =>
  producer.send({ topic, acks: -1, messages: values.map((value) => ({ key: value, value })) });

/** Reads until that many came; with fewer the test runs out of time. */
async function read(servers: KafkaServers, count: number, groupId: string): Promise<string[]> {
  const consumer = clientOf(servers).consumer({ groupId, maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const values: string[] = [];
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ message }) => {
          values.push(String(message.value));
          if (values.length === count) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return values.sort();
}

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `m${String(from + index).padStart(4, '0')}`);

describe.skipIf(!hasParts('java', 'kafka'))('one Kafka broker', () => {
  let folder: string;
  let servers: KafkaServers;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lalanh-kafka-spec-'));
    servers = await startKafka({ brokers: 1, folder });
    await createTopic(servers, 3);
  }, START_MS_MAX);
  afterAll(async () => {
    await servers?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('keeps what it took over a kill, and over a stop', { timeout: START_MS_MAX }, async () => {
    const producer = await producerOf(servers);
    await send(producer, numbered(0, 100));
    const [broker] = servers.brokers;
    const before = broker?.pid;
    await broker?.kill();
    await broker?.restart();
    expect(broker?.pid).not.toBe(before);
    await send(producer, numbered(100, 200));
    await producer.disconnect();
    await servers.stop();
    servers = await startKafka({ brokers: 1, folder });
    expect(await read(servers, 200, 'one')).toStrictEqual(numbered(0, 200));
  });
});

describe.skipIf(!hasParts('java', 'kafka'))('three Kafka brokers', () => {
  let servers: KafkaServers;
  beforeAll(async () => {
    servers = await startKafka({ brokers: 3 });
    await createTopic(servers, 1);
  }, START_MS_MAX);
  afterAll(() => servers?.stop());

  it(
    'go on with acks from all in-sync replicas when the leader is killed',
    { timeout: START_MS_MAX },
    async () => {
      const producer = await producerOf(servers);
      await send(producer, numbered(0, 50));
      const leader = await leaderOf(servers);
      const broker = servers.brokers.find(({ id }) => id === leader);
      await broker?.kill();
      await send(producer, numbered(50, 100));
      expect(await leaderOf(servers)).not.toBe(leader);
      await broker?.restart();
      await producer.disconnect();
      expect(await read(servers, 100, 'three')).toStrictEqual(numbered(0, 100));
    },
  );
});
