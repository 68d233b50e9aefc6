import { type Admin, Kafka, logLevel } from 'kafkajs';
import { type Bus, BusError, type Consumer } from '../bus.ts';
import { checkMessages } from '../check-messages.ts';
import {
  PUBLISH_MS_MAX,
  REPLICAS_IN_SYNC_MIN,
  REPLICAS_MAX,
  REQUEST_MS_MAX,
  RETRY_MS_MAX,
  RETRY_MS_MIN,
  SESSION_MS_MAX,
} from '../limits.ts';
import { pause, retryWait } from '../retry.ts';
import { consumeKafka } from './consumer.ts';
import { protocolErrorOf, refusalOf, within } from './faults.ts';
import { createPublisher } from './publisher.ts';
import { quietIdleConnections } from './quiet-queue.ts';
import { useSwiftRecords } from './swift-records.ts';

export interface KafkaBusOptions {
  /** `host:port`, one or more. */
  readonly brokers: readonly string[];
  /** Name of this process among the clients of the brokers. */
  readonly clientId: string;
  /** What went wrong and is being tried again. */
  readonly onFault?: (error: unknown) => void;
  /** Limits of `limits.ts`, shorter in tests. */
  readonly publishMs?: number;
  readonly requestMs?: number;
  readonly sessionMs?: number;
}

/** Retries inside kafkajs for finding brokers and leaders; ours stand around them. */
const CLIENT_RETRIES = 3;

/** The brokers of a setting: `host:port`, separated by commas. */
export const brokersOf = (setting: string): string[] =>
  setting
    .split(',')
    .map((broker) => broker.trim())
    .filter((broker) => broker !== '');

/** A bus on Kafka brokers. Connects when first used. */
export function openKafkaBus(options: KafkaBusOptions): Bus {
  const { brokers, clientId, onFault = () => undefined } = options;
  const { publishMs = PUBLISH_MS_MAX, requestMs = REQUEST_MS_MAX, sessionMs = SESSION_MS_MAX } = options;
  quietIdleConnections();
  useSwiftRecords();
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId,
    logLevel: logLevel.NOTHING,
    connectionTimeout: requestMs,
    requestTimeout: requestMs,
    retry: { retries: CLIENT_RETRIES, initialRetryTime: RETRY_MS_MIN, maxRetryTime: RETRY_MS_MAX },
  });
  const closing = new AbortController();
  const publisher = createPublisher(kafka, { publishMs, requestMs }, onFault);
  const consumers = new Set<Consumer>();
  const partitionsOf = new Map<string, number>();
  let admin: Admin | undefined;

  /** Asks the brokers, with retries; a client that failed is thrown away. */
  const ask = async <T>(what: string, work: (admin: Admin) => Promise<T>): Promise<T> => {
    const giveUpAt = Date.now() + publishMs;
    for (let attempt = 1; ; attempt += 1) {
      if (closing.signal.aborted) throw new BusError('BUS_CLOSED', 'the bus is closed');
      try {
        if (admin === undefined) {
          const made = kafka.admin();
          await within(requestMs, 'a connect', made.connect());
          admin = made;
        }
        return await within(requestMs * CLIENT_RETRIES, what, work(admin));
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal !== undefined) throw refusal;
        admin?.disconnect().catch(() => undefined);
        admin = undefined;
        onFault(error);
        const wait = retryWait(attempt);
        if (Date.now() + wait > giveUpAt)
          throw new BusError('BUS_UNAVAILABLE', `${what}: no answer in ${publishMs} ms`, 'unknown', {
            cause: error,
          });
        await pause(wait, closing.signal);
      }
    }
  };

  /** The number of partitions, undefined where there is no such topic. */
  const countOf = async (topic: string): Promise<number | undefined> =>
    ask('asking for a topic', async (admin) => {
      try {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        return topics[0]?.partitions.length;
      } catch (error) {
        if (protocolErrorOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined;
        throw error;
      }
    });

  const makeTopic = (topic: string, numPartitions: number): Promise<boolean> =>
    ask('making a topic', async (admin) => {
      const cluster = await admin.describeCluster();
      const replicationFactor = Math.min(REPLICAS_MAX, cluster.brokers.length);
      const inSync = replicationFactor >= REPLICAS_MAX ? REPLICAS_IN_SYNC_MIN : 1;
      return admin.createTopics({
        waitForLeaders: true,
        topics: [
          {
            topic,
            numPartitions,
            replicationFactor,
            configEntries: [
              { name: 'cleanup.policy', value: 'delete' },
              { name: 'min.insync.replicas', value: String(inSync) },
              // A broker that was left behind must not lead: it would lose what was acknowledged.
              { name: 'unclean.leader.election.enable', value: 'false' },
            ],
          },
        ],
      });
    });

  return {
    ensureTopic: async (topic, partitions) => {
      if ((await countOf(topic)) === undefined) await makeTopic(topic, partitions);
      const count = await countOf(topic);
      if (count !== partitions)
        throw new BusError('BUS_TOPIC_DIFFERS', `${topic} has ${count} partitions, not ${partitions}`);
      partitionsOf.set(topic, partitions);
    },
    publish: async (topic, messages) => {
      const partitions = partitionsOf.get(topic) ?? (await countOf(topic));
      if (partitions === undefined) throw new BusError('BUS_BAD_REQUEST', `there is no topic ${topic}`);
      partitionsOf.set(topic, partitions);
      checkMessages(messages, partitions);
      await publisher.publish(topic, messages);
    },
    consume: async (consume) => {
      const offsetsOf = (topic: string, partition: number): Promise<{ low: number; high: number }> =>
        ask('asking for offsets', async (admin) => {
          const all = await admin.fetchTopicOffsets(topic);
          const found = all.find((one) => one.partition === partition);
          return { low: Number(found?.low ?? 0), high: Number(found?.high ?? 0) };
        });
      const consumer = consumeKafka(kafka, offsetsOf, { sessionMs }, consume);
      consumers.add(consumer);
      return {
        ...consumer,
        stop: async () => {
          consumers.delete(consumer);
          await consumer.stop();
        },
      };
    },
    close: async () => {
      await Promise.all([...consumers].map((consumer) => consumer.stop()));
      closing.abort();
      await publisher.close();
      await within(requestMs, 'a disconnect', admin?.disconnect() ?? Promise.resolve()).catch(onFault);
    },
  };
}
