/**
 * Rate of the relay into one real Kafka broker on this machine, beside the bare rate of the kafkajs producer with
 * the same values and batches. CPU per event is of this process alone and is printed with each rate,
 * because a busy machine changes the one and hardly the other.
 * Run: node scripts/node26.mjs --conditions=source tests/bench/relay.bench.ts [events]
 */
import { once } from 'node:events';
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { Kafka, logLevel } from 'kafkajs';
import { type RecordedEvent, eventId, partitionOf } from '#event-log';
import {
  EVENTS_TOPIC,
  RELAY_PAGE_EVENTS,
  type RelayCheckpoint,
  decodeMessage,
  openKafkaBus,
  runRelay,
} from '#messaging';
import { startKafka } from '../support/parts/index.ts';

const EVENTS = Number(process.argv[2] ?? 200_000);
const PARTITIONS = 12;
const STREAMS = 300;
const PADDING = 340;
const HASH = '0123456789abcdef'.repeat(4);
const TYPE = 'book.receipt-recorded.v1';

const events: readonly RecordedEvent[] = Array.from({ length: EVENTS }, (_, at) => {
  const serial = at.toString(16).padStart(12, '0');
  const id = eventId(`018f0000-0000-7000-8000-${serial}`, 0);
  const stream = `book-f${at % STREAMS}-2023`;
  const revision = Math.floor(at / STREAMS);
  const envelope =
    `{"id":"${id}","type":"${TYPE}","stream":"${stream}","revision":${revision},"effectiveOn":"2023-05-06",` +
    `"recordedAt":"2023-05-06T10:00:00.000Z","actor":"ke-toan","bodyHash":"${HASH}",` +
    `"data":{"note":"${'x'.repeat(PADDING)}"}}`;
  return { id, type: TYPE, envelope, position: at + 1, stream, revision };
});
const bytes = events.reduce((sum, { envelope }) => sum + envelope.length, 0);

const measure = async (title: string, work: () => Promise<unknown>): Promise<void> => {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const rate = Math.round((EVENTS / ms) * 1_000).toLocaleString('en');
  process.stdout.write(
    `${title.padEnd(56)} ${rate.padStart(9)} /s  ${((user + system) / EVENTS).toFixed(1)} µs CPU\n`,
  );
};

/** The same values in the same batches through a producer with its defaults but one request at a time. */
const bare = async (brokers: readonly string[]): Promise<void> => {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({
    maxInFlightRequests: 1,
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
  });
  const admin = kafka.admin();
  await admin.createTopics({ topics: [{ topic: 'bare', numPartitions: PARTITIONS }] });
  await admin.disconnect();
  await producer.connect();
  await measure(`bare kafkajs producer, ${RELAY_PAGE_EVENTS} a request, no headers`, async () => {
    for (let at = 0; at < EVENTS; at += RELAY_PAGE_EVENTS)
      await producer.send({
        topic: 'bare',
        acks: -1,
        messages: events.slice(at, at + RELAY_PAGE_EVENTS).map(({ stream, envelope }) => ({
          key: stream,
          value: envelope,
          partition: partitionOf(stream, PARTITIONS),
        })),
      });
  });
  await producer.disconnect();
};

const ours = async (brokers: readonly string[]): Promise<void> => {
  const bus = openKafkaBus({ brokers, clientId: 'bench' });
  const done = new AbortController();
  let kept: RelayCheckpoint | undefined;
  await measure('relay: read, hash, encode, publish, checkpoint', () =>
    runRelay({
      log: {
        readAll: async ({ after = 0, limit }) => {
          const page = events.slice(after, after + limit);
          return { events: page, next: page.at(-1)?.position ?? after, atHead: page.length < limit };
        },
      },
      bus,
      checkpoints: { load: async () => kept, save: async (checkpoint) => void (kept = checkpoint) },
      topic: EVENTS_TOPIC,
      partitions: PARTITIONS,
      source: '/ledger',
      signal: done.signal,
      onPosition: (position) => position === EVENTS && done.abort(),
    }),
  );
  let seen = 0;
  const all = Promise.withResolvers<void>();
  await measure('one consumer of all partitions, messages decoded', async () => {
    await bus.consume({
      topic: EVENTS_TOPIC,
      group: 'bench',
      onAssign: async () => 0,
      onBatch: async (_partition, messages) => {
        for (const message of messages) if (decodeMessage(message).kind === 'event') seen += 1;
        if (seen >= EVENTS) all.resolve();
      },
    });
    await all.promise;
  });
  await bus.close();
};

/** In a thread of its own, whose kafkajs is as it comes. */
const bareInThread = async (brokers: readonly string[]): Promise<void> => {
  await once(
    new Worker(new URL(import.meta.url), { workerData: brokers, argv: process.argv.slice(2) }),
    'exit',
  );
};

const main = async (): Promise<void> => {
  const kafka = await startKafka({ brokers: 1 });
  try {
    process.stdout.write(
      `${EVENTS.toLocaleString('en')} events of ${Math.round(bytes / EVENTS)} bytes, ${PARTITIONS} partitions\n`,
    );
    await bareInThread(kafka.bootstrap);
    await ours(kafka.bootstrap);
    await bareInThread(kafka.bootstrap);
  } finally {
    await kafka.stop();
  }
};

await (isMainThread ? main() : bare(workerData as string[]));
