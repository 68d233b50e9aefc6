import { setTimeout as sleep } from 'node:timers/promises';
import type { BusMessage, Consume } from './bus.ts';
import { DELIVERY_MESSAGES_MAX, REVOKE_MS_MAX, WAITING_BYTES_MAX } from './limits.ts';
import { untilDone } from './retry.ts';

/** Where a held partition's messages come from. */
export interface Source {
  /** Messages from this offset on are wanted. */
  begin(offset: number): Promise<void>;
  /** Enough of them wait; none are wanted until `resume`. */
  pause(): void;
  resume(): void;
  /** Everything below this offset was taken in. */
  delivered?(next: number): void;
}

/** A partition while it is a consumer's: hands its messages over, one batch at a time, until it is released. */
export interface HeldPartition {
  readonly partition: number;
  /** The offset that must come next; undefined until the caller said where to begin. */
  expected(): number | undefined;
  /** Takes what came from the expected offset up to `next`, exclusive. */
  accept(messages: readonly BusMessage[], next: number): void;
  /** Ends the running batch, then tells the caller. Never rejects. */
  release(): Promise<void>;
}

const bytesOf = ({ value, key }: BusMessage): number =>
  (value?.length ?? 0) + (key?.length ?? 0) + HEADER_BYTES;
/** What the headers of a message count as: their exact size does not matter for a bound on memory. */
const HEADER_BYTES = 500;

/** Asks where to begin and runs until released. */
export function holdPartition(partition: number, consume: Consume, source: Source): HeldPartition {
  const { onAssign, onBatch, onRevoke, onFault = () => undefined } = consume;
  const ending = new AbortController();
  const { signal } = ending;
  let waiting: BusMessage[] = [];
  let waitingBytes = 0;
  let paused = false;
  let expected: number | undefined;
  let assigned = false;
  let wake: () => void = () => undefined;
  signal.addEventListener('abort', () => wake());

  const take = (): readonly BusMessage[] => {
    const messages = waiting.slice(0, DELIVERY_MESSAGES_MAX);
    waiting = waiting.slice(messages.length);
    waitingBytes -= messages.reduce((bytes, message) => bytes + bytesOf(message), 0);
    if (paused && waitingBytes <= WAITING_BYTES_MAX / 2) {
      paused = false;
      source.resume();
    }
    return messages;
  };

  const run = async (): Promise<void> => {
    const begin = await untilDone(() => onAssign(partition, signal), signal, onFault);
    if (begin === undefined) return;
    assigned = true;
    expected = begin.value;
    if (signal.aborted) return;
    await untilDone(() => source.begin(begin.value), signal, onFault);
    while (!signal.aborted) {
      const messages = take();
      const last = messages.at(-1);
      if (last === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      const done = await untilDone(() => onBatch(partition, messages, signal), signal, onFault);
      if (done !== undefined) source.delivered?.(last.offset + 1);
    }
  };
  const running = run().catch(onFault);

  return {
    partition,
    expected: () => expected,
    accept: (messages, next) => {
      if (signal.aborted) return;
      expected = next;
      waiting = waiting.length === 0 ? [...messages] : waiting.concat(messages);
      waitingBytes += messages.reduce((bytes, message) => bytes + bytesOf(message), 0);
      if (!paused && waitingBytes > WAITING_BYTES_MAX) {
        paused = true;
        source.pause();
      }
      wake();
    },
    release: async () => {
      ending.abort();
      waiting = [];
      const limit = new AbortController();
      const late = sleep(REVOKE_MS_MAX, 'late', { signal: limit.signal }).catch(() => 'ended');
      if ((await Promise.race([running.then(() => 'ended'), late])) === 'late')
        onFault(new Error(`a batch of partition ${partition} did not end in ${REVOKE_MS_MAX} ms`));
      limit.abort();
      if (assigned) await onRevoke?.(partition).catch(onFault);
    },
  };
}
