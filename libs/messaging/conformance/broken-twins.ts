import type { Bus, Consume } from '../bus.ts';
import { openMemoryBus } from '../memory-bus.ts';
import type { Subject } from './case.ts';

/** A bus with one known fault. The suite must fail it in the named case. */
export interface BrokenTwin {
  readonly fault: string;
  readonly caughtBy: string;
  /** What the failed assertion found instead of the promise. */
  readonly shows: unknown;
  readonly open: () => Promise<Subject>;
}

/** Twins keep to memory: what has not come by then never does. */
const TWIN_PATIENCE_MS = 1_000;

const twin =
  (change: (inner: Bus) => Partial<Bus>): BrokenTwin['open'] =>
  async () => {
    const inner = openMemoryBus();
    return {
      open: async () => ({ ...inner, close: async () => undefined, ...change(inner) }),
      dispose: inner.close,
      patienceMs: TWIN_PATIENCE_MS,
    };
  };

const consuming = (change: (options: Consume) => Partial<Consume>): BrokenTwin['open'] =>
  twin((inner) => ({ consume: (options) => inner.consume({ ...options, ...change(options) }) }));

export const BROKEN_TWINS: readonly BrokenTwin[] = [
  {
    fault: 'takes whatever number of partitions a topic has',
    caughtBy: 'a topic is made once, and one with another number of partitions is refused',
    shows: 'no refusal',
    open: twin((inner) => ({
      ensureTopic: (topic, partitions) => inner.ensureTopic(topic, partitions).catch(() => undefined),
    })),
  },
  {
    fault: 'sends the second half of a list first',
    caughtBy: 'keys, headers and values come back as they were, in order',
    shows: ['', 'last', '{"data":"Quỹ 🌿"}', '{ "b":1,  "a":2 }', null],
    open: twin((inner) => ({
      publish: (topic, messages) => {
        const half = Math.ceil(messages.length / 2);
        return inner.publish(topic, [...messages.slice(half), ...messages.slice(0, half)]);
      },
    })),
  },
  {
    fault: 'sends publishes at once in any order',
    caughtBy: 'publishes at once are sent in the order of the calls',
    shows: 'another order',
    open: twin((inner) => {
      let calls = 0;
      return {
        publish: async (topic, messages) => {
          calls += 1;
          for (let turn = calls % 3; turn > 0; turn -= 1)
            await new Promise((resolve) => setImmediate(resolve));
          await inner.publish(topic, messages);
        },
      };
    }),
  },
  {
    fault: 'drops what does not fit into one request',
    caughtBy: 'more than a request takes arrives whole and in order',
    shows: 'fewer',
    open: twin((inner) => ({ publish: (topic, messages) => inner.publish(topic, messages.slice(0, 1_000)) })),
  },
  {
    fault: 'begins every partition at its first message',
    caughtBy: 'a partition begins at the offset its consumer names, whatever was read before',
    shows: 'too many',
    open: consuming(({ onAssign }) => ({
      onAssign: async (partition, signal) => {
        await onAssign(partition, signal);
        return 0;
      },
    })),
  },
  {
    fault: 'skips a batch that was rejected',
    caughtBy: 'a batch that is rejected comes again before anything else of its partition',
    shows: ['b-0', 'b-1'],
    open: consuming(({ onBatch }) => ({
      onBatch: (partition, messages, signal) => onBatch(partition, messages, signal).catch(() => undefined),
    })),
  },
  {
    fault: 'takes a partition away without a word',
    caughtBy: 'a partition is one consumer’s at a time, and goes to another when its own stops',
    shows: [],
    open: consuming(() => ({ onRevoke: async () => undefined })),
  },
];
