import { Kafka, logLevel } from 'kafkajs';
import { type RecordedEvent, partitionOf } from '#event-log';
import { EVENTS_TOPIC, HEADERS, HEARTBEAT_TYPE } from '#messaging';
import { hashHex, leafHash } from '#transparency';
import type { Violation } from '../fault.ts';

const READ_MS_MAX = 60_000;
const VIOLATIONS_MAX = 20;

/** A message as it lies in its partition. */
export interface TopicMessage {
  readonly partition: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly key: string | null;
  readonly value: string;
}

export interface BusChecked {
  readonly messages: number;
  /** Messages whose event stood in the partition already; at least once means that there may be some. */
  readonly repeated: number;
  readonly violations: readonly Violation[];
}

/**
 * I9: after the drain the topic holds every event of the log, unchanged, in its partition and in log order there,
 * and nothing else; an event that stands there again has the same id and bytes. `topic`: its messages, those of
 * one partition in their order.
 */
export const checkMessages = (
  topic: readonly TopicMessage[],
  partitions: number,
  events: readonly RecordedEvent[],
): BusChecked => {
  const violations: Violation[] = [];
  const broken = (detail: string): void => {
    if (violations.length < VIOLATIONS_MAX) violations.push({ invariant: 'I9', detail });
  };
  const byPosition = new Map(events.map((event) => [event.position, event]));
  const seen = new Map<number, string>();
  const highest = new Map<number, number>();
  let [messages, repeated] = [0, 0];
  for (const { partition, headers, value } of topic) {
    if (headers[HEADERS.type] === HEARTBEAT_TYPE) continue;
    messages += 1;
    const position = Number(headers[HEADERS.position]);
    const event = byPosition.get(position);
    const id = headers[HEADERS.id];
    if (event === undefined || event.id !== id) {
      broken(`${id} is not what stands at ${position}`);
      continue;
    }
    if (value !== event.envelope || headers[HEADERS.leafHash] !== hashHex(leafHash(event.envelope)))
      broken(`the message of ${position} has other bytes`);
    if (partition !== partitionOf(event.stream, partitions))
      broken(`${position} is in partition ${partition}`);
    const text = JSON.stringify([partition, value, Object.entries(headers).toSorted()]);
    const first = seen.get(position);
    if (first !== undefined) {
      repeated += 1;
      if (first !== text) broken(`the message of ${position} stands there again, and differs`);
      continue;
    }
    seen.set(position, text);
    const before = highest.get(partition) ?? 0;
    if (position < before) broken(`${position} comes after ${before} in partition ${partition}`);
    highest.set(partition, Math.max(position, before));
  }
  for (const { position } of events)
    if (!seen.has(position)) broken(`position ${position} is not on the bus`);
  return { messages, repeated, violations };
};

/** Everything that lies in the topic at this moment, and how many partitions it has. */
export const readTopic = async (
  bootstrap: readonly string[],
): Promise<{ readonly topic: readonly TopicMessage[]; readonly partitions: number }> => {
  const kafka = new Kafka({ brokers: [...bootstrap], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const ends = new Map(
    (await admin.fetchTopicOffsets(EVENTS_TOPIC)).map(({ partition, high }) => [partition, Number(high)]),
  );
  await admin.disconnect();
  const topic: TopicMessage[] = [];
  const open = new Set([...ends].filter(([, high]) => high > 0).map(([partition]) => partition));
  const consumer = kafka.consumer({ groupId: `faults-${process.pid}-${performance.now()}` });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error('the topic was not read in time')), READ_MS_MAX);
  try {
    await consumer.connect();
    await consumer.subscribe({ topic: EVENTS_TOPIC, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        const { partition } = batch;
        for (const { headers = {}, key, value } of batch.messages)
          topic.push({
            partition,
            key: key === null ? null : String(key),
            value: String(value ?? ''),
            headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text)])),
          });
        if (Number(batch.lastOffset()) >= (ends.get(partition) ?? 0) - 1) open.delete(partition);
        if (open.size === 0) resolve();
      },
    });
    if (open.size === 0) resolve();
    await promise;
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
  }
  return { topic, partitions: ends.size };
};
