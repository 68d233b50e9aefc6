import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KafkaServers, startKafka } from '../../../tests/support/parts/index.ts';
import { CONFORMANCE_CASES } from '../conformance/cases.ts';
import { message, refusal, series, until, watching, withBus } from '../conformance/fixture.ts';
import { openKafkaBus } from './kafka-bus.ts';

const START_MS = 180_000;
const TEST_MS = 180_000;
/** Only a case that fails waits for so long. */
const PATIENCE_MS = 90_000;
const patience = { patienceMs: PATIENCE_MS };
const SESSION_MS = 6_000;

let topics = 0;
const newTopic = (): string => `events-${(topics += 1)}`;

describe('on one broker', () => {
  let kafka: KafkaServers;
  beforeAll(async () => {
    kafka = await startKafka({ brokers: 1 });
  }, START_MS);
  afterAll(() => kafka.stop(), START_MS);
  const open = async (more = {}): Promise<ReturnType<typeof openKafkaBus>> =>
    openKafkaBus({ brokers: kafka.bootstrap, clientId: 'spec', sessionMs: SESSION_MS, ...more });

  it.each(CONFORMANCE_CASES.map((one) => [`${one.group}: ${one.title}`, one] as const))(
    '%s',
    async (_title, one) => {
      const subject = { open, dispose: async () => undefined, ...patience };
      expect(await one.run(subject, newTopic())).toBe(undefined);
    },
    TEST_MS,
  );

  it(
    'a broker that is paused for longer than a request may take loses nothing and turns nothing round',
    async () => {
      await withBus(
        () => open({ requestMs: 2_000 }),
        async (bus) => {
          const topic = newTopic();
          await bus.ensureTopic(topic, 2);
          await bus.publish(topic, series(0, 'a', 5));
          kafka.brokers[0]?.pause();
          const during = bus.publish(topic, series(0, 'b', 5));
          const after = bus.publish(topic, series(0, 'c', 5));
          await new Promise((resolve) => setTimeout(resolve, 5_000));
          kafka.brokers[0]?.resume();
          await Promise.all([during, after]);
          const { seen, consume } = watching(topic, `${topic}-g`);
          await bus.consume(consume);
          await until(patience, () => seen.values(0).includes('c-4'));
          // Repeats are allowed; first arrivals come in order, and nothing is missing.
          expect([...new Set(seen.values(0))]).toStrictEqual(
            ['a', 'b', 'c'].flatMap((name) => series(0, name, 5).map(({ value }) => value)),
          );
        },
      );
    },
    TEST_MS,
  );

  it(
    'a broker that is killed and comes back finds consumers and publishers again',
    async () => {
      await withBus(open, async (bus) => {
        const topic = newTopic();
        await bus.ensureTopic(topic, 2);
        const next = new Map<number, number>();
        const { seen, consume } = watching(topic, `${topic}-g`, {
          onAssign: async (partition) => next.get(partition) ?? 0,
          onBatch: async (partition, messages) => {
            next.set(partition, (messages.at(-1)?.offset ?? -1) + 1);
          },
        });
        await bus.consume(consume);
        await bus.publish(topic, series(0, 'a', 5));
        await until(patience, () => seen.values(0).length >= 5);
        await kafka.brokers[0]?.kill();
        const during = bus.publish(topic, series(0, 'b', 5));
        await kafka.brokers[0]?.restart();
        await during;
        await until(patience, () => seen.values(0).includes('b-4'));
        expect([...new Set(seen.values(0))]).toStrictEqual(
          ['a', 'b'].flatMap((name) => series(0, name, 5).map(({ value }) => value)),
        );
      });
    },
    TEST_MS,
  );

  it(
    'a publish that is given up fails as unknown, and those behind it are refused unsent',
    async () => {
      await withBus(
        () => open({ requestMs: 500, publishMs: 3_000 }),
        async (bus) => {
          const topic = newTopic();
          await bus.ensureTopic(topic, 1);
          await bus.publish(topic, [message(0, 'a')]);
          kafka.brokers[0]?.pause();
          const outcomes = await Promise.allSettled([
            bus.publish(topic, [message(0, 'b')]),
            bus.publish(topic, [message(0, 'c')]),
          ]);
          kafka.brokers[0]?.resume();
          expect(
            outcomes.map((outcome) =>
              outcome.status === 'rejected' ? [outcome.reason.code, outcome.reason.written] : 'published',
            ),
          ).toStrictEqual([
            ['BUS_UNAVAILABLE', 'unknown'],
            ['BUS_UNAVAILABLE', 'no'],
          ]);
          await bus.publish(topic, [message(0, 'b'), message(0, 'c')]);
          const { seen, consume } = watching(topic, `${topic}-g`);
          await bus.consume(consume);
          await until(patience, () => seen.values(0).includes('c'));
          expect([...new Set(seen.values(0))]).toStrictEqual(['a', 'b', 'c']);
        },
      );
    },
    TEST_MS,
  );

  it('a bus that is closed takes nothing more', async () => {
    const bus = await open();
    const topic = newTopic();
    await bus.ensureTopic(topic, 1);
    await bus.close();
    expect(await refusal(bus.publish(topic, [message(0, 'a')]))).toBe('BUS_CLOSED');
  });
});

describe('on three brokers', () => {
  let kafka: KafkaServers;
  beforeAll(async () => {
    kafka = await startKafka({ brokers: 3 });
  }, START_MS);
  afterAll(() => kafka.stop(), START_MS);

  it(
    'a leader killed while publishing loses nothing and turns nothing round',
    async () => {
      const open = async (): Promise<ReturnType<typeof openKafkaBus>> =>
        openKafkaBus({ brokers: kafka.bootstrap, clientId: 'spec', sessionMs: SESSION_MS, requestMs: 3_000 });
      await withBus(open, async (bus) => {
        const topic = newTopic();
        const partitions = [0, 1, 2, 3, 4, 5];
        await bus.ensureTopic(topic, partitions.length);
        const next = new Map<number, number>();
        const { seen, consume } = watching(topic, `${topic}-g`, {
          onAssign: async (partition) => next.get(partition) ?? 0,
          onBatch: async (partition, messages) => {
            next.set(partition, (messages.at(-1)?.offset ?? -1) + 1);
          },
        });
        await bus.consume(consume);
        const rounds = 40;
        const lists = Array.from({ length: rounds }, (_, round) =>
          partitions.flatMap((partition) => series(partition, `r${round}`, 20)),
        );
        for (const [round, list] of lists.entries()) {
          const published = bus.publish(topic, list);
          // Each broker leads two partitions, so whichever is killed leads some of what is under way.
          if (round === 10) await kafka.brokers[round % 3]?.kill();
          await published;
        }
        await until(patience, () =>
          partitions.every((partition) => seen.values(partition).includes(`r${rounds - 1}-19`)),
        );
        for (const partition of partitions)
          expect([...new Set(seen.values(partition))]).toStrictEqual(
            lists.flat().flatMap((one) => (one.partition === partition ? [one.value] : [])),
          );
      });
    },
    TEST_MS * 2,
  );
});
