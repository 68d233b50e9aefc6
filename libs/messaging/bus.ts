/** A message that is not on the bus yet. Text is sent as UTF-8, so it must be well-formed Unicode. */
export interface OutgoingMessage {
  readonly partition: number;
  /** What it belongs to, for people and tools; the partition alone decides its order. */
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string | null;
}

/** A message as a partition gives it back. */
export interface BusMessage extends Omit<OutgoingMessage, 'partition'> {
  /** Place in its partition: grows, with gaps. */
  readonly offset: number;
}

export interface Consume {
  readonly topic: string;
  /** Consumers of one name share the partitions among them. */
  readonly group: string;
  /**
   * The partition is this consumer's from now on: gives the offset to begin at. Offsets are the caller's to keep,
   * in the transaction of what it makes of the messages, with an epoch that it raises here: a consumer that
   * slept may still hold a partition that is another's by now. An offset the topic no longer has is
   * replaced by the nearest it has. A rejection is reported and asked again with growing waits.
   */
  readonly onAssign: (partition: number, signal: AbortSignal) => Promise<number>;
  /** The partition is no longer this consumer's; no batch of it runs. */
  readonly onRevoke?: (partition: number) => Promise<void>;
  /**
   * The next messages of a partition, 1 … `DELIVERY_MESSAGES_MAX`, in the order of their offsets; one call at a time for each
   * partition, several partitions at once. A rejection is reported and the same messages come again with
   * growing waits. `signal` aborts when the partition is revoked: what is not committed by then must not be.
   */
  readonly onBatch: (
    partition: number,
    messages: readonly BusMessage[],
    signal: AbortSignal,
  ) => Promise<void>;
  /** What went wrong and is being tried again: brokers gone, a callback that rejected. */
  readonly onFault?: (error: unknown) => void;
}

/** A running consumer. Broker loss, rebalances and crashes of the client are its own affair. */
export interface Consumer {
  /** Partitions that are this consumer's now and have begun. */
  assigned(): readonly number[];
  /** Seconds since the brokers were last heard of: metric `lalanh_subscription_stalled_seconds`. */
  stalledSeconds(): number;
  /**
   * Lets go of one partition and takes it again: `onRevoke`, `onAssign`. For a caller whose epoch has gone, or that wants
   * to begin elsewhere. Nothing happens when the partition is not this consumer's.
   */
  restart(partition: number): void;
  /** Ends running batches, gives the partitions free, leaves the group. */
  stop(): Promise<void>;
}

/**
 * Topics with a fixed number of partitions, each an ordered sequence of messages that several groups of
 * consumers read at their own pace. Delivery is at least once: a message may come again after later ones, and the first
 * arrivals of a partition's messages are in the order in which they were published.
 */
export interface Bus {
  /**
   * Makes the topic when it is not there. Rejects with `BUS_TOPIC_DIFFERS` when it has another number of
   * partitions: keys would change their partition, and lose their order.
   */
  ensureTopic(topic: string, partitions: number): Promise<void>;
  /**
   * Resolves when every message is acknowledged by all brokers that must have it. Publishes are sent one after
   * another in the order of the calls, the messages of a partition in the order of the list. A rejection with
   * `written: 'unknown'` may have left any part of the messages on the bus, or may do so still: the caller
   * repeats it. The publishes that wait behind one that failed are refused, so that repeating in order keeps the order.
   */
  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
  /** Begins to consume; resolves before any partition is assigned. */
  consume(options: Consume): Promise<Consumer>;
  /** Stops every consumer and publisher of this bus. */
  close(): Promise<void>;
}

/**
 * `BUS_BAD_REQUEST` and `BUS_TOO_LARGE` are programming errors of the caller, the other codes are about brokers:
 * `BUS_UNAVAILABLE` may pass, `BUS_TOPIC_DIFFERS` and `BUS_REFUSED` (rights, configuration) need a person.
 */
export type BusErrorCode =
  | 'BUS_BAD_REQUEST'
  | 'BUS_TOO_LARGE'
  | 'BUS_UNAVAILABLE'
  | 'BUS_TOPIC_DIFFERS'
  | 'BUS_REFUSED'
  | 'BUS_CLOSED';

/** Anything the bus can fail with. */
export class BusError extends Error {
  override readonly name = 'BusError';
  readonly code: BusErrorCode;
  /** Whether messages may be on the bus, or may still arrive there. */
  readonly written: 'no' | 'unknown';

  constructor(code: BusErrorCode, message: string, written: 'no' | 'unknown' = 'no', options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.written = written;
  }
}
