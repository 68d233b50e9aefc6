import type { Consumer as KafkaConsumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { BusMessage, Consume, Consumer } from '../bus.ts';
import { type HeldPartition, holdPartition } from '../held-partition.ts';
import { COMMIT_MS, FETCH_BYTES_MAX, FETCH_WAIT_MS, REVOKE_MS_MAX, STALLED_MS_MAX } from '../limits.ts';
import { pause, retryWait } from '../retry.ts';
import { within } from './faults.ts';

/** The first offset a partition still has, and the one its next message will get. */
export type OffsetsOf = (topic: string, partition: number) => Promise<{ low: number; high: number }>;

export interface ConsumerLimits {
  readonly sessionMs: number;
}

/** Heartbeats in one session, so that two lost ones do no harm. */
const HEARTBEATS_PER_SESSION = 5;

const textOf = (value: Buffer | string | (Buffer | string)[] | undefined): string =>
  Array.isArray(value) ? textOf(value[0]) : (value?.toString() ?? '');

const messageOf = ({ offset, key, headers = {}, value }: KafkaMessage): BusMessage => {
  const texts: Record<string, string> = {};
  for (const name in headers) texts[name] = textOf(headers[name]);
  return {
    offset: Number(offset),
    key: key?.toString() ?? null,
    headers: texts,
    value: value?.toString() ?? null,
  };
};

/**
 * Consumes through kafkajs. Its client knows only the eager protocol: each rebalance takes every partition away
 * and deals all out again. Here a dealt partition stays paused until the caller has said where to begin, a
 * batch that was not fetched from the expected offset is left out, whatever the client
 * believes, and a client that crashes or falls silent is replaced by a new one.
 */
export function consumeKafka(
  kafka: Kafka,
  offsetsOf: OffsetsOf,
  { sessionMs }: ConsumerLimits,
  options: Consume,
): Consumer {
  const { topic, group, onFault = () => undefined } = options;
  const stopping = new AbortController();
  let held = new Map<number, HeldPartition>();
  let client: KafkaConsumer | undefined;
  let heardAt = Date.now();
  /** Dealing partitions out and taking them back follow one another. */
  let turn: Promise<void> = Promise.resolve();
  let deals = 0;
  const commits = new Map<number, number>();
  /** Where a partition was fetched from instead of the expected offset, to tell a stale fetch from a hole. */
  const strays = new Map<number, string>();

  const inTurn = (work: () => Promise<void>): Promise<void> => (turn = turn.then(work).catch(onFault));

  const releaseAll = async (): Promise<void> => {
    const all = [...held.values()];
    held = new Map();
    commits.clear();
    await Promise.all(all.map((partition) => partition.release()));
  };

  const hold = (consumer: KafkaConsumer, partition: number): void => {
    const partitions = [{ topic, partitions: [partition] }];
    // A client that was replaced meanwhile has no partitions to pause any more.
    const ifCurrent = (act: () => void): void => {
      if (client === consumer) act();
    };
    const made: HeldPartition = holdPartition(partition, options, {
      begin: async (wanted) => {
        const { low, high } = await offsetsOf(topic, partition);
        const offset = wanted < low ? low : wanted > high ? low : wanted;
        made.accept([], offset);
        ifCurrent(() => {
          consumer.seek({ topic, partition, offset: String(offset) });
          consumer.resume(partitions);
        });
      },
      pause: () => ifCurrent(() => consumer.pause(partitions)),
      resume: () => ifCurrent(() => consumer.resume(partitions)),
      delivered: (next) => commits.set(partition, next),
    });
    held.set(partition, made);
  };

  /** A batch came from elsewhere than expected: a fetch from before a seek, or messages that are gone. */
  const mend = async (consumer: KafkaConsumer, partition: HeldPartition, fetched: number): Promise<void> => {
    const expected = partition.expected() ?? 0;
    const stray = `${expected} ${fetched}`;
    const isHole = strays.get(partition.partition) === stray;
    strays.set(partition.partition, stray);
    const { low, high } = await offsetsOf(topic, partition.partition);
    if (expected < low || expected > high) partition.accept([], low);
    else if (isHole && fetched > expected) partition.accept([], fetched);
    if (client === consumer)
      consumer.seek({ topic, partition: partition.partition, offset: String(partition.expected()) });
  };

  const eachBatch = async (consumer: KafkaConsumer, { batch }: EachBatchPayload): Promise<void> => {
    heardAt = Date.now();
    const partition = held.get(batch.partition);
    const expected = partition?.expected();
    if (partition === undefined || expected === undefined || client !== consumer) return;
    const fetched = Number((batch as unknown as { fetchedOffset: string }).fetchedOffset);
    if (fetched !== expected) return mend(consumer, partition, fetched);
    strays.delete(batch.partition);
    partition.accept(batch.messages.map(messageOf), Number(batch.lastOffset()) + 1);
  };

  const commit = async (consumer: KafkaConsumer): Promise<void> => {
    const offsets = [...commits].map(([partition, next]) => ({ topic, partition, offset: String(next) }));
    commits.clear();
    if (offsets.length > 0) await consumer.commitOffsets(offsets).catch(() => undefined);
  };

  /** One client from its first connect until it ends, by itself or because this consumer stops. */
  const live = async (): Promise<void> => {
    const consumer = kafka.consumer({
      groupId: group,
      allowAutoTopicCreation: false,
      sessionTimeout: sessionMs,
      rebalanceTimeout: sessionMs + REVOKE_MS_MAX,
      heartbeatInterval: Math.floor(sessionMs / HEARTBEATS_PER_SESSION),
      maxBytesPerPartition: FETCH_BYTES_MAX,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      // Restarts are ours: kafkajs makes none after an error that it calls not retriable.
      retry: { restartOnFailure: async () => false },
    });
    client = consumer;
    const ended = Promise.withResolvers<void>();
    const end = (error?: unknown): void => {
      if (error !== undefined) onFault(error);
      ended.resolve();
    };
    const { CRASH, REBALANCING, GROUP_JOIN, HEARTBEAT, FETCH } = consumer.events;
    const heard = (): void => void (heardAt = Date.now());
    consumer.on(HEARTBEAT, heard);
    consumer.on(FETCH, heard);
    consumer.on(CRASH, ({ payload }) => end(payload.error));
    consumer.on(REBALANCING, () => {
      heard();
      deals += 1;
      void inTurn(releaseAll);
    });
    consumer.on(GROUP_JOIN, ({ payload }) => {
      heard();
      if (client !== consumer) return;
      const partitions = payload.memberAssignment[topic] ?? [];
      // At once, before the first fetch: the client would begin where the last commit stands.
      if (partitions.length > 0) consumer.pause([{ topic, partitions }]);
      deals += 1;
      const deal = deals;
      void inTurn(async () => {
        await releaseAll();
        if (deal === deals && client === consumer)
          for (const partition of partitions) hold(consumer, partition);
      });
    });
    heardAt = Date.now();
    const watch = setInterval(() => {
      if (Date.now() - heardAt > STALLED_MS_MAX) end(new Error(`no sign of life in ${STALLED_MS_MAX} ms`));
    }, STALLED_MS_MAX / 10);
    const committing = setInterval(() => void commit(consumer), COMMIT_MS);
    const onStop = (): void => end();
    stopping.signal.addEventListener('abort', onStop);
    try {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({ autoCommit: false, eachBatch: (payload) => eachBatch(consumer, payload) });
      await ended.promise;
    } finally {
      clearInterval(watch);
      clearInterval(committing);
      stopping.signal.removeEventListener('abort', onStop);
      const last = new Map(commits);
      client = undefined;
      deals += 1;
      await inTurn(releaseAll);
      for (const [partition, next] of last) commits.set(partition, next);
      await within(
        REVOKE_MS_MAX,
        'leaving the group',
        commit(consumer).then(() => consumer.disconnect()),
      ).catch(onFault);
    }
  };

  const run = async (): Promise<void> => {
    for (let attempt = 1; !stopping.signal.aborted; attempt += 1) {
      const began = Date.now();
      await live().catch(onFault);
      if (Date.now() - began > STALLED_MS_MAX) attempt = 1;
      await pause(retryWait(attempt), stopping.signal);
    }
  };
  const running = run();

  return {
    assigned: () =>
      [...held.values()].flatMap((one) => (one.expected() === undefined ? [] : [one.partition])),
    stalledSeconds: () => (Date.now() - heardAt) / 1_000,
    restart: (partition) =>
      void inTurn(async () => {
        const consumer = client;
        const gone = held.get(partition);
        if (consumer === undefined || gone === undefined) return;
        consumer.pause([{ topic, partitions: [partition] }]);
        held.delete(partition);
        commits.delete(partition);
        await gone.release();
        if (client === consumer) hold(consumer, partition);
      }),
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
