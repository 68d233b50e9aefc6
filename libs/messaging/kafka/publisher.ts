import type { Kafka, Message, Producer } from 'kafkajs';
import { BusError, type OutgoingMessage } from '../bus.ts';
import { sizeOf } from '../check-messages.ts';
import { BATCH_BYTES_MAX, BATCH_MESSAGES_MAX, PUBLISHES_WAITING_MAX, REQUEST_BYTES_MAX } from '../limits.ts';
import { pause, retryWait } from '../retry.ts';
import { refusalOf, within } from './faults.ts';

export interface PublisherLimits {
  /** Milliseconds until a publish is given up. */
  readonly publishMs: number;
  /** Milliseconds until one request counts as unanswered. */
  readonly requestMs: number;
}

export interface Publisher {
  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}

/** Requests' worth of time for one send: it may first connect and ask for the leaders. */
const SEND_REQUESTS = 3;
/** Sends that fail before the client is replaced: it may hold on to a connection or a leader that is gone. */
const FAILURES_MAX = 2;

/**
 * The requests a list of messages is sent in, one after another. Each holds the next messages of every
 * partition, so that no partition's order is touched.
 */
export function* requestsOf(messages: readonly OutgoingMessage[]): Generator<Map<number, Message[]>> {
  const queues = [...Map.groupBy(messages, ({ partition }) => partition)].map(([partition, list]) => ({
    partition,
    list,
    at: 0,
  }));
  while (queues.some(({ at, list }) => at < list.length)) {
    const request = new Map<number, Message[]>();
    let room = REQUEST_BYTES_MAX;
    for (const queue of queues) {
      const batch: Message[] = [];
      let bytes = 0;
      while (queue.at < queue.list.length && batch.length < BATCH_MESSAGES_MAX && room > 0) {
        const next = queue.list[queue.at] as OutgoingMessage;
        const size = sizeOf(next);
        if (batch.length > 0 && bytes + size > BATCH_BYTES_MAX) break;
        batch.push({ partition: queue.partition, key: next.key, headers: next.headers, value: next.value });
        queue.at += 1;
        bytes += size;
        room -= size;
      }
      if (batch.length > 0) request.set(queue.partition, batch);
    }
    yield request;
  }
}

/**
 * The messages of a request as kafkajs takes them. It groups them by partition with a `reduce` that copies the
 * partition's list once per message; this list answers that call with the groups it was made of.
 */
const grouped = (request: ReadonlyMap<number, Message[]>): Message[] =>
  Object.assign([...request.values()].flat(), { reduce: () => Object.fromEntries(request) });

/**
 * Sends through one kafkajs producer, one request to a broker at a time and no second before the first is
 * acknowledged. Retries are ours: kafkajs takes a partition whose leader moved, in the middle of a send, to a broker that
 * had answered already for acknowledged, and its messages are lost; so it tries once, its answer is checked
 * for every partition, and the whole request is repeated.
 */
export function createPublisher(
  kafka: Kafka,
  { publishMs, requestMs }: PublisherLimits,
  onFault: (error: unknown) => void,
): Publisher {
  const closing = new AbortController();
  let producer: Producer | undefined;
  let failures = 0;
  let waiting = 0;
  let turn: Promise<void> = Promise.resolve();
  /** Publishes that began before it rose are refused: one in front of them failed. */
  let era = 0;

  const drop = (): void => {
    producer?.disconnect().catch(() => undefined);
    producer = undefined;
    failures = 0;
  };

  const sendOnce = async (topic: string, request: ReadonlyMap<number, Message[]>): Promise<void> => {
    if (producer === undefined) {
      const made = kafka.producer({
        allowAutoTopicCreation: false,
        maxInFlightRequests: 1,
        retry: { retries: 0 },
        createPartitioner:
          () =>
          ({ message }) =>
            message.partition ?? 0,
      });
      producer = made;
      await made.connect();
    }
    const answer = await producer.send({
      topic,
      acks: -1,
      timeout: requestMs,
      messages: grouped(request),
    });
    const acknowledged = new Set(answer.map(({ partition }) => partition));
    const silent = [...request.keys()].filter((partition) => !acknowledged.has(partition));
    if (silent.length > 0) throw new Error(`partitions ${silent.join(', ')} were not acknowledged`);
  };

  const send = async (
    topic: string,
    request: ReadonlyMap<number, Message[]>,
    giveUpAt: number,
  ): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      if (closing.signal.aborted) throw new BusError('BUS_CLOSED', 'the bus is closed', 'unknown');
      try {
        await within(requestMs * SEND_REQUESTS, 'a send', sendOnce(topic, request));
        failures = 0;
        return;
      } catch (error) {
        failures += 1;
        if (failures >= FAILURES_MAX) drop();
        const refusal = refusalOf(error);
        if (refusal !== undefined) throw refusal;
        onFault(error);
        const wait = retryWait(attempt);
        if (Date.now() + wait > giveUpAt)
          throw new BusError('BUS_UNAVAILABLE', `no acknowledgement in ${publishMs} ms`, 'unknown', {
            cause: error,
          });
        await pause(wait, closing.signal);
      }
    }
  };

  const run = async (topic: string, messages: readonly OutgoingMessage[], mine: number): Promise<void> => {
    if (mine !== era) throw new BusError('BUS_UNAVAILABLE', 'a publish in front of this one failed', 'no');
    const giveUpAt = Date.now() + publishMs;
    try {
      for (const request of requestsOf(messages)) await send(topic, request, giveUpAt);
    } catch (error) {
      era += 1;
      throw error;
    }
  };

  return {
    publish: async (topic, messages) => {
      if (closing.signal.aborted) throw new BusError('BUS_CLOSED', 'the bus is closed');
      if (waiting >= PUBLISHES_WAITING_MAX)
        throw new BusError('BUS_UNAVAILABLE', `${PUBLISHES_WAITING_MAX} publishes wait already`);
      const mine = era;
      waiting += 1;
      const mineDone = turn.then(() => run(topic, messages, mine)).finally(() => (waiting -= 1));
      turn = mineDone.catch(() => undefined);
      return mineDone;
    },
    close: async () => {
      closing.abort();
      await turn;
      const last = producer;
      producer = undefined;
      await within(requestMs, 'a disconnect', last?.disconnect() ?? Promise.resolve()).catch(onFault);
    },
  };
}
