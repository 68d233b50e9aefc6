import { type RecordedEvent, openMemoryLog, partitionOf } from '#event-log';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../tests/support/book-history.ts';
import { fillLog, logged } from '../../tests/support/relayed.ts';
import { decodeMessage } from './message.ts';
import { type PublishFate, openMemoryBus } from './memory-bus.ts';
import { type RelayCheckpoint, type RelayCheckpoints, messagesOf, runRelay } from './relay.ts';
import { firstArrivals } from '../../tests/support/relayed.ts';

const TOPIC = 'events';
const SOURCE = '/ledger';

/** Checkpoints in memory; `fails` says which saves do. */
const checkpoints = (
  fails: () => boolean = () => false,
): RelayCheckpoints & { kept(): RelayCheckpoint | undefined } => {
  let kept: RelayCheckpoint | undefined;
  return {
    kept: () => kept,
    load: async () => kept,
    save: async (checkpoint) => {
      if (fails()) throw new Error('the database went away');
      kept = checkpoint;
    },
  };
};

interface Relaying {
  readonly log: ReturnType<typeof openMemoryLog>;
  readonly bus: ReturnType<typeof openMemoryBus>;
  readonly kept: RelayCheckpoints;
  readonly partitions: number;
  readonly pageEvents?: number;
  readonly heartbeatMs?: number;
}

/** Runs a relay until it has handed over everything, or fails. */
const relayTo = async (head: number, { kept, ...rest }: Relaying): Promise<void> => {
  const done = new AbortController();
  await runRelay({
    ...rest,
    checkpoints: kept,
    topic: TOPIC,
    source: SOURCE,
    signal: done.signal,
    pollMs: 1,
    onPosition: (position) => position >= head && done.abort(),
  });
};

const all = (bus: ReturnType<typeof openMemoryBus>, partitions: number) =>
  Array.from({ length: partitions }, (_, partition) => bus.messages(TOPIC, partition).map(decodeMessage));

describe('a relay before an empty bus', () => {
  it('hands every event over in its partition, in the order of the log, and says how far all of them are', async () => {
    const log = openMemoryLog();
    await fillLog(log, 100, 9);
    const bus = openMemoryBus();
    const kept = checkpoints();
    await relayTo(100, { log, bus, kept, partitions: 4, pageEvents: 30 });
    const events = await logged(log);
    for (const [partition, messages] of all(bus, 4).entries()) {
      expect(messages.flatMap((one) => (one.kind === 'event' ? [one.id] : []))).toStrictEqual(
        events.filter(({ stream }) => partitionOf(stream, 4) === partition).map(({ id }) => id),
      );
      expect(messages.at(-1)?.position).toBe(100);
    }
    expect(kept.kept()?.position).toBe(100);
  });

  it('that was stopped goes on where its checkpoint stands', async () => {
    const log = openMemoryLog();
    await fillLog(log, 20, 3);
    const bus = openMemoryBus();
    const kept = checkpoints();
    await relayTo(20, { log, bus, kept, partitions: 2 });
    await fillLog(log, 10, 3, 20);
    await relayTo(30, { log, bus, kept, partitions: 2 });
    const ids = all(bus, 2).flatMap((messages) =>
      messages.flatMap((one) => (one.kind === 'event' ? [one.id] : [])),
    );
    expect(ids.length).toBe(30);
    expect(new Set(ids).size).toBe(30);
  });
});

describe('an idle relay', () => {
  it('says again and again to every partition how far it is', async () => {
    const log = openMemoryLog();
    await fillLog(log, 3, 3);
    const bus = openMemoryBus();
    const done = new AbortController();
    const running = runRelay({
      log,
      bus,
      checkpoints: checkpoints(),
      topic: TOPIC,
      partitions: 3,
      source: SOURCE,
      signal: done.signal,
      pollMs: 1,
      heartbeatMs: 2,
    });
    const enough = (): boolean => all(bus, 3).every((messages) => messages.slice(-4).length === 4);
    await bus.ensureTopic(TOPIC, 3);
    for (let look = 0; look < 10_000 && !enough(); look += 1)
      await new Promise((resolve) => setTimeout(resolve, 1));
    done.abort();
    await running;
    for (const messages of all(bus, 3))
      expect(messages.at(-1)).toStrictEqual({
        kind: 'heartbeat',
        position: 3,
        previous: messages.filter(({ kind }) => kind === 'event').at(-1)?.position ?? 0,
      });
  });
});

describe('a relay refuses', () => {
  it('a checkpoint of another number of partitions', async () => {
    const log = openMemoryLog();
    await fillLog(log, 3, 1);
    const kept = checkpoints();
    await relayTo(3, { log, bus: openMemoryBus(), kept, partitions: 2 });
    await expect(relayTo(3, { log, bus: openMemoryBus(), kept, partitions: 3 })).rejects.toMatchObject({
      code: 'BUS_TOPIC_DIFFERS',
    });
  });

  it('a page with a hole in it, and publishes nothing of it', async () => {
    const log = openMemoryLog();
    await fillLog(log, 5, 1);
    const bus = openMemoryBus();
    const holed = {
      ...log,
      readAll: async (options: Parameters<typeof log.readAll>[0]) => {
        const page = await log.readAll(options);
        return { ...page, events: page.events.filter(({ position }) => position !== 3) };
      },
    };
    await expect(relayTo(5, { log: holed, bus, kept: checkpoints(), partitions: 1 })).rejects.toMatchObject({
      code: 'BUS_BAD_REQUEST',
    });
    expect(bus.messages(TOPIC, 0)).toStrictEqual([]);
  });
});

it('a page published again is the same to the byte, however it is cut (property)', () => {
  const events: RecordedEvent[] = Array.from({ length: 60 }, (_, at) => ({
    id: `id-${at}`,
    type: 'book.noted.v1',
    stream: `book-f${(at * 7) % 5}-2023`,
    revision: at,
    position: at + 1,
    envelope: `{"at":${at}}`,
  }));
  const start: RelayCheckpoint = { position: 0, previous: [0, 0, 0] };
  const messagesIn = (cuts: readonly number[]): unknown[] => {
    let at = start;
    const found: unknown[] = [];
    for (const end of [...new Set([...cuts, 60])].sort((a, b) => a - b)) {
      if (end === at.position) continue;
      const page = { events: events.slice(at.position, end), next: end };
      const { messages, checkpoint } = messagesOf(page, at, SOURCE);
      found.push(...messages.filter(({ value }) => value !== null));
      at = checkpoint;
    }
    return found;
  };
  const whole = messagesIn([]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 })), (cuts) => {
      expect(messagesIn(cuts)).toStrictEqual(whole);
    }),
  );
});

it('whatever fails, first arrivals are the log: nothing lost, nothing turned round (property)', async () => {
  const fates: readonly PublishFate[] = [
    { written: 1, times: 1, acknowledged: true },
    { written: 1, times: 2, acknowledged: true },
    { written: 1, times: 1, acknowledged: false },
    { written: 0.5, times: 1, acknowledged: false },
    { written: 0, times: 1, acknowledged: false },
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.nat(2 ** 31),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 12 }),
      async (seed, partitions, pageEvents) => {
        const random = randomFrom(seed);
        const log = openMemoryLog();
        await fillLog(log, 40, 7);
        const bus = openMemoryBus({
          fate: () => fates[random(fates.length)] ?? fates[0]!,
          gap: () => random(3),
        });
        const kept = checkpoints(() => random(4) === 0);
        // Two relays that both believe to be the only one, each started anew after every failure.
        const relay = async (): Promise<void> => {
          for (let run = 0; run < 1_000; run += 1) {
            const ended = await relayTo(40, { log, bus, kept, partitions, pageEvents }).then(
              () => true,
              () => false,
            );
            if (ended && kept.kept()?.position === 40) return;
          }
          throw new Error('the relay never came to the end');
        };
        await Promise.all([relay(), relay()]);
        const events = await logged(log);
        for (const [partition, messages] of all(bus, partitions).entries())
          expect(firstArrivals(messages)).toStrictEqual(
            events
              .filter(({ stream }) => partitionOf(stream, partitions) === partition)
              .map(({ id, position, envelope }) => ({ id, position, envelope })),
          );
      },
    ),
    { numRuns: 60 },
  );
});
