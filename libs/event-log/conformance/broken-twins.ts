import {
  type Append,
  type AppendResult,
  type EventLog,
  EventLogError,
  type RecordedEvent,
  type StreamWrite,
  type SubscriptionItem,
} from '../event-log.ts';
import { openMemoryLog } from '../memory-log.ts';
import { type Subject, append } from './fixture.ts';

/** A store with one known fault. The suite must fail it in the named case, because of what it then `shows`. */
export interface BrokenTwin {
  readonly fault: string;
  readonly caughtBy: string;
  /** What the failed assertion found instead of the promise. */
  readonly shows: unknown;
  readonly open: () => Promise<Subject>;
}

const twin = (change: (inner: EventLog) => Partial<EventLog>) => async (): Promise<Subject> => {
  const inner = openMemoryLog();
  return { log: { ...inner, ...change(inner) }, settled: async () => undefined, dispose: inner.close };
};

/** A store that does `instead` with the next append when its answer is lost. */
const losing =
  (instead: (inner: EventLog, asked: Append) => Promise<AppendResult>) => async (): Promise<Subject> => {
    const inner = openMemoryLog();
    let lost = false;
    return {
      log: {
        ...inner,
        append: async (asked, options) => {
          if (!lost) return inner.append(asked, options);
          lost = false;
          return instead(inner, asked);
        },
      },
      settled: async () => undefined,
      faults: {
        lose: () => void (lost = true),
        silence: () => {
          lost = true;
          return () => void (lost = false);
        },
      },
      dispose: inner.close,
    };
  };

const revisionOf = async (log: EventLog, stream: string): Promise<number | 'no-stream'> =>
  (await log.readStream(stream, { limit: 1, direction: 'backwards' }))[0]?.revision ?? 'no-stream';

const conflictIn = async (
  log: EventLog,
  writes: readonly StreamWrite[],
): Promise<AppendResult | undefined> => {
  for (const { stream, expected } of writes) {
    const actual = await revisionOf(log, stream);
    if (actual !== expected) return { kind: 'conflict', stream, expected, actual };
  }
  return undefined;
};

const reserialised = (event: RecordedEvent): RecordedEvent => ({
  ...event,
  envelope: JSON.stringify(JSON.parse(event.envelope)),
});

/** Ids older than this many positions are forgotten by the store with a window. */
const WINDOW = 100;
/** Turns of the event loop after which an event of the store with early numbers becomes visible. */
const LATE_TURNS = 6;

const turns = async (count: number): Promise<void> => {
  for (let at = 0; at < count; at += 1) await new Promise((resolve) => setImmediate(resolve));
};

export const BROKEN_TWINS: readonly BrokenTwin[] = [
  {
    fault: 'takes “no-stream” for “any”',
    caughtBy: '“no-stream” on a stream that exists is a conflict',
    shows: { kind: 'appended', firstPosition: 2, position: 2 },
    open: twin((inner) => ({
      append: async ({ writes: [first, ...rest], ...asked }) => {
        const anywhere = async (write: StreamWrite) => ({
          ...write,
          expected: await revisionOf(inner, write.stream),
        });
        return inner.append({
          ...asked,
          writes: [await anywhere(first), ...(await Promise.all(rest.map(anywhere)))],
        });
      },
    })),
  },
  {
    fault: 'looks at revisions before ids',
    caughtBy: 'known ids are a duplicate although the stream has moved on',
    shows: { kind: 'conflict', stream: 'book-a-2023', expected: 'no-stream', actual: 1 },
    open: twin((inner) => ({
      append: async (append) => (await conflictIn(inner, append.writes)) ?? inner.append(append),
    })),
  },
  {
    fault: 'remembers ids for a while only',
    caughtBy: 'an append long past is still known, also after reopening',
    shows: { kind: 'conflict', stream: 'book-a-2023', expected: 'no-stream', actual: 0 },
    open: twin((inner) => ({
      append: async (append) => {
        const known = await inner.find(append.writes[0].events[0]?.id ?? '');
        const forgotten = known !== undefined && known.position < (await inner.head()) - WINDOW;
        return (forgotten ? await conflictIn(inner, append.writes) : undefined) ?? inner.append(append);
      },
    })),
  },
  {
    fault: 'commits each write by itself',
    caughtBy: 'a conflict in the second write leaves nothing of the first',
    shows: ['book-a-2023@0'],
    open: twin((inner) => ({
      append: async ({ writes, ...asked }) => {
        let last: AppendResult = await inner.append({ ...asked, writes: [writes[0]] });
        for (const write of writes.slice(1)) last = await inner.append({ ...asked, writes: [write] });
        return last;
      },
      readAll: async (options) => inner.readAll(options),
    })),
  },
  {
    fault: 'hands out positions before they can be read',
    caughtBy: 'a reader paging beside 8 writers misses nothing',
    shows: 'a gap',
    open: twin((inner) => {
      const late = new Set<number>();
      return {
        append: async (append) => {
          const result = await inner.append(append);
          if (result.kind === 'appended' && result.position !== undefined && result.position % 3 === 0) {
            late.add(result.position);
            await turns(LATE_TURNS);
            late.delete(result.position);
          }
          return result;
        },
        readAll: async (options) => {
          const page = await inner.readAll(options);
          return { ...page, events: page.events.filter(({ position }) => !late.has(position)) };
        },
      };
    }),
  },
  {
    fault: 'takes the last match for the next position',
    caughtBy: 'a page without a match still moves “next” to the head',
    shows: { events: [], next: 0, atHead: true },
    open: twin((inner) => ({
      readAll: async (options) => {
        const page = await inner.readAll(options);
        return { ...page, next: page.events.at(-1)?.position ?? options.after ?? 0 };
      },
    })),
  },
  {
    fault: 'passes checkpoints on as they arrive, ahead of buffered events',
    caughtBy: 'a checkpoint comes after the events before it',
    shows: ['checkpoint 4', 'event 1', 'event 3', 'caught-up 4'],
    open: twin((inner) => ({
      subscribe: async function* (options): AsyncGenerator<SubscriptionItem> {
        yield { kind: 'checkpoint', position: await inner.head() };
        for await (const item of inner.subscribe(options)) if (item.kind !== 'checkpoint') yield item;
      },
    })),
  },
  {
    fault: 'parses envelopes and writes them again',
    caughtBy: 'envelopes come back byte for byte',
    shows: 'other bytes',
    open: twin((inner) => ({
      readAll: async (options) => {
        const page = await inner.readAll(options);
        return { ...page, events: page.events.map(reserialised) };
      },
    })),
  },
  {
    fault: 'answers before the append is durable',
    caughtBy: 'an acknowledged append is there when the log is opened again',
    shows: 0,
    open: async () => {
      const buffered = openMemoryLog();
      return {
        log: buffered,
        settled: async () => undefined,
        reopen: async () => openMemoryLog(),
        dispose: buffered.close,
      };
    },
  },
  {
    fault: 'takes envelopes of any size',
    caughtBy: 'too large an event or append is refused, and nothing is written',
    shows: 'no refusal',
    open: twin(() => ({ append: async () => ({ kind: 'appended', firstPosition: 1, position: 1 }) })),
  },
  {
    fault: 'looks a command up where events are placed, not where they are written',
    caughtBy: 'a command is found as soon as it is answered, its events in the order of their index',
    shows: [],
    open: twin((inner) => {
      let last: RecordedEvent['id'][] = [];
      return {
        append: async (append) => {
          last = append.writes.flatMap(({ events }) => events.map(({ id }) => id));
          return inner.append(append);
        },
        findCommand: async (command) =>
          (await inner.findCommand(command)).filter(({ id }) => !last.includes(id)),
      };
    }),
  },
  {
    fault: 'tries a lost append again under other ids',
    caughtBy: 'an append whose answer is lost after it is written is settled, and written once',
    shows: ['book-a-2023@0', 'book-a-2023@1', 'book-a-2023@2'],
    open: losing(async (inner, asked) => {
      const answer = await inner.append(asked);
      await inner.append(append(99, [{ stream: asked.writes[0].stream, expected: 1 }]));
      return answer;
    }),
  },
  {
    fault: 'takes a lost answer for a yes',
    caughtBy: 'an append whose answer is lost before it is written is settled, and written once',
    shows: [],
    open: losing(async () => ({ kind: 'appended', firstPosition: 2, position: 3 })),
  },
  {
    fault: 'takes silence for a no',
    caughtBy: 'an append that is never answered is unknown in its time, and found or made later',
    shows: { code: 'ES_UNAVAILABLE', written: 'no' },
    open: losing(async (inner, asked) => {
      await inner.append(asked);
      throw new EventLogError('ES_UNAVAILABLE', 'no answer', 'no');
    }),
  },
  {
    fault: 'waits for ever',
    caughtBy: 'an append that is never answered is unknown in its time, and found or made later',
    shows: { code: 'still waiting', written: undefined },
    open: losing(() => new Promise(() => undefined)),
  },
];
