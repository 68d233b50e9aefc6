import { setTimeout as sleep } from 'node:timers/promises';
import { type Bus, type Consumer, decodeMessage } from '#messaging';
import { type Handed, OutdatedError, type PartitionedProjector, PartitionLostError } from '#read-models';

export interface FollowBus {
  readonly bus: Pick<Bus, 'consume'>;
  readonly topic: string;
  readonly group: string;
  readonly projector: PartitionedProjector;
  /** What went wrong and is being tried again. */
  readonly onFault: (fault: unknown) => void;
}

/** A projector that follows the bus. */
export interface Following {
  readonly consumer: Consumer;
  /** Rejects with what only a person can mend; resolves with `stop`. */
  readonly ended: Promise<void>;
  /** Faults since the last thing that went well. */
  faults(): number;
  /** Ends the running batches and gives the partitions free at once. */
  stop(): Promise<void>;
}

/**
 * Partitions applied at once: while the database writes one batch the next is folded. More would only take
 * connections and memory, since both sides are busy already.
 */
const APPLIED_AT_ONCE = 3;
/** Milliseconds between looks for something to build. */
const BUILD_IDLE_MS = 500;
/** Milliseconds before a page that failed is built again. */
const BUILD_RETRY_MS = 1_000;

/**
 * Applies the partitions that the bus deals to this instance, and takes its turns at building. A partition that
 * turns out to be another's, or to stand elsewhere than thought, is let go and taken again from its place.
 */
export async function followBus({ bus, topic, group, projector, onFault }: FollowBus): Promise<Following> {
  const stopping = new AbortController();
  const ended = Promise.withResolvers<void>();
  ended.promise.catch(() => undefined);
  let faults = 0;
  const fault = (error: unknown): void => {
    faults += 1;
    onFault(error);
    if (error instanceof OutdatedError) ended.reject(error);
  };
  const inTurn = turns(APPLIED_AT_ONCE);
  const consumer: Consumer = await bus.consume({
    topic,
    group,
    onAssign: async (partition) => (await projector.assign(partition)).nextOffset ?? 0,
    onRevoke: async (partition) => projector.revoke(partition),
    onBatch: async (partition, messages, signal) => {
      try {
        await inTurn(() => projector.apply(partition, messages.map(handedFrom), signal));
        faults = 0;
      } catch (error) {
        if (error instanceof PartitionLostError && !signal.aborted) consumer.restart(partition);
        throw error;
      }
    },
    onFault: fault,
  });

  const build = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const wait = await projector.build().then(
        (isMore) => (isMore ? 0 : BUILD_IDLE_MS),
        (error: unknown) => {
          fault(error);
          return BUILD_RETRY_MS;
        },
      );
      if (wait > 0) await sleep(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const building = build();
  return {
    consumer,
    ended: ended.promise,
    faults: () => faults,
    stop: async () => {
      stopping.abort();
      await consumer.stop();
      await building;
      ended.resolve();
    },
  };
}

/** Lets so many pieces of work run at once, the others in the order in which they came. */
function turns(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => void waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

const handedFrom = (message: Parameters<typeof decodeMessage>[0]): Handed => {
  const decoded = decodeMessage(message);
  const { position, previous } = decoded;
  const { offset } = message;
  return decoded.kind === 'heartbeat'
    ? { offset, position, previous }
    : { offset, position, previous, event: decoded };
};
