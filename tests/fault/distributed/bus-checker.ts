import { Kafka, logLevel } from 'kafkajs';
import type { RecordedEvent } from '#event-log';
import { EVENTS_TOPIC, HEADERS, HEARTBEAT_TYPE } from '#messaging';
import { hashHex, leafHash } from '#transparency';
import type { Violation } from '../fault.ts';

const READ_MS_MAX = 60_000;
const VIOLATIONS_MAX = 20;

export interface BusChecked {
  readonly messages: number;
  /** Messages whose event stood in the partition already; at least once means that there may be some. */
  readonly repeated: number;
  readonly violations: readonly Violation[];
}

/**
 * I9: after the drain the topic holds every event of the log, unchanged, in log order within its partition, and
 * nothing else; an event that stands there again has the same id and bytes.
 */
export const checkBus = async (
  bootstrap: readonly string[],
  events: readonly RecordedEvent[],
): Promise<BusChecked> => {
  const violations: Violation[] = [];
  const broken = (detail: string): void => {
    if (violations.length < VIOLATIONS_MAX) violations.push({ invariant: 'I9', detail });
  };
  const byPosition = new Map(events.map((event) => [event.position, event]));
  const seen = new Set<number>();
  const highest = new Map<number, number>();
  let [messages, repeated] = [0, 0];

  const see = (partition: number, header: (name: string) => string, value: string): void => {
    if (header(HEADERS.type) === HEARTBEAT_TYPE) return;
    messages += 1;
    const position = Number(header(HEADERS.position));
    const event = byPosition.get(position);
    if (event?.id !== header(HEADERS.id))
      return broken(`${header(HEADERS.id)} is not what stands at ${position}`);
    if (value !== event.envelope || header(HEADERS.leafHash) !== hashHex(leafHash(event.envelope)))
      broken(`the message of ${position} has other bytes`);
    if (seen.has(position)) return void (repeated += 1);
    seen.add(position);
    const before = highest.get(partition) ?? 0;
    if (position < before) broken(`${position} comes after ${before} in partition ${partition}`);
    highest.set(partition, Math.max(position, before));
  };
  await readTopic(bootstrap, see);
  for (const { position } of events)
    if (!seen.has(position)) broken(`position ${position} is not on the bus`);
  return { messages, repeated, violations };
};

const readTopic = async (
  bootstrap: readonly string[],
  see: (partition: number, header: (name: string) => string, value: string) => void,
): Promise<void> => {
  const kafka = new Kafka({ brokers: [...bootstrap], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const ends = new Map(
    (await admin.fetchTopicOffsets(EVENTS_TOPIC)).map(({ partition, high }) => [partition, Number(high)]),
  );
  await admin.disconnect();
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
        for (const { headers, value } of batch.messages)
          see(batch.partition, (name) => String(headers?.[name] ?? ''), String(value ?? ''));
        if (Number(batch.lastOffset()) >= (ends.get(batch.partition) ?? 0) - 1) open.delete(batch.partition);
        if (open.size === 0) resolve();
      },
    });
    if (open.size === 0) resolve();
    await promise;
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
  }
};
