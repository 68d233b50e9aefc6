import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { BusMessage } from '../bus.ts';
import { MESSAGE_BYTES_MAX } from '../limits.ts';
import type { ConformanceCase } from './case.ts';
import { message, refusal, series, until, watching, withBus } from './fixture.ts';

const PARTITIONS = 4;
const PUBLISHES = 20;
/** More than one request takes, in bytes and in messages. */
const MANY = 3_000;
const FAR = 1_000_000;

const valuesOf = (messages: readonly { value: string | null }[]): (string | null)[] =>
  messages.map(({ value }) => value);

export const CONFORMANCE_CASES: readonly ConformanceCase[] = [
  {
    group: 'topics',
    title: 'a topic is made once, and one with another number of partitions is refused',
    run: (subject, topic) =>
      withBus(subject.open, async (bus) => {
        await bus.ensureTopic(topic, PARTITIONS);
        await bus.ensureTopic(topic, PARTITIONS);
        strictEqual(await refusal(bus.ensureTopic(topic, PARTITIONS + 1)), 'BUS_TOPIC_DIFFERS');
      }),
  },
  {
    group: 'publishing',
    title: 'keys, headers and values come back as they were, in order',
    run: (subject, topic) =>
      withBus(subject.open, async (bus) => {
        await bus.ensureTopic(topic, PARTITIONS);
        const sent = [
          message(1, '{"data":"Quỹ 🌿"}', 'book-quỹ'),
          message(1, '{ "b":1,  "a":2 }', null),
          message(1, null, null),
          message(1, '', 'empty'),
          { ...message(1, 'last'), headers: { ce_id: 'x', 'content-type': 'application/json' } },
        ];
        await bus.publish(topic, sent);
        const { seen, consume } = watching(topic, `${topic}-g`);
        await bus.consume(consume);
        await until(subject, () => seen.values(1).length >= sent.length);
        deepStrictEqual(
          seen.messages.get(1)?.map(({ key, headers, value }) => ({ key, headers, value })),
          sent.map(({ key, headers, value }) => ({ key, headers, value })),
        );
      }),
  },
  {
    group: 'publishing',
    title: 'publishes at once are sent in the order of the calls',
    run: (subject, topic) =>
      withBus(subject.open, async (bus) => {
        await bus.ensureTopic(topic, PARTITIONS);
        const lists = Array.from({ length: PUBLISHES }, (_, at) => [
          ...series(0, `a${at}`, 7),
          ...series(3, `b${at}`, 5),
        ]);
        await Promise.all(lists.map((list) => bus.publish(topic, list)));
        const { seen, consume } = watching(topic, `${topic}-g`);
        await bus.consume(consume);
        await until(
          subject,
          () => seen.values(0).length >= PUBLISHES * 7 && seen.values(3).length >= PUBLISHES * 5,
        );
        for (const partition of [0, 3])
          deepStrictEqual(
            seen.values(partition),
            valuesOf(lists.flat().filter((one) => one.partition === partition)),
          );
      }),
  },
  {
    group: 'publishing',
    title: 'more than a request takes arrives whole and in order',
    run: (subject, topic) =>
      withBus(subject.open, async (bus) => {
        await bus.ensureTopic(topic, PARTITIONS);
        const long = 'x'.repeat(900);
        const list = Array.from({ length: MANY }, (_, at) => message(2, `${at} ${long}`));
        await bus.publish(topic, list);
        const { seen, consume } = watching(topic, `${topic}-g`);
        await bus.consume(consume);
        await until(subject, () => seen.values(2).length >= MANY);
        deepStrictEqual(seen.values(2), valuesOf(list));
      }),
  },
  {
    group: 'publishing',
    title: 'a message that is too large or has no partition is refused, and nothing is written',
    run: (subject, topic) =>
      withBus(subject.open, async (bus) => {
        await bus.ensureTopic(topic, PARTITIONS);
        const large = message(0, 'ư'.repeat(MESSAGE_BYTES_MAX / 2));
        strictEqual(await refusal(bus.publish(topic, [message(0, 'a'), large])), 'BUS_TOO_LARGE');
        const nowhere = message(PARTITIONS, 'b');
        strictEqual(await refusal(bus.publish(topic, [message(0, 'a'), nowhere])), 'BUS_BAD_REQUEST');
        await bus.publish(topic, [message(0, 'c')]);
        const { seen, consume } = watching(topic, `${topic}-g`);
        await bus.consume(consume);
        await until(subject, () => seen.values(0).length > 0);
        deepStrictEqual(seen.values(0), ['c']);
      }),
  },
  {
    group: 'consuming',
    title: 'a partition begins at the offset its consumer names, whatever was read before',
    run: (subject, topic) =>
      withBus(subject.open, async (bus) => {
        await bus.ensureTopic(topic, PARTITIONS);
        await bus.publish(topic, series(0, 'a', 10));
        const first = watching(topic, `${topic}-g`);
        const consumer = await bus.consume(first.consume);
        await until(subject, () => first.seen.values(0).length >= 10);
        await consumer.stop();
        const fourth = first.seen.messages.get(0)?.[3]?.offset ?? -1;
        const second = watching(topic, `${topic}-g`, { onAssign: async () => fourth });
        await bus.consume(second.consume);
        await until(subject, () => second.seen.values(0).length >= 7);
        deepStrictEqual(second.seen.values(0), valuesOf(series(0, 'a', 10)).slice(3));
      }),
  },
  {
    group: 'consuming',
    title: 'an offset that the topic does not have is replaced by one it has',
    run: (subject, topic) =>
      withBus(subject.open, async (bus) => {
        await bus.ensureTopic(topic, PARTITIONS);
        await bus.publish(topic, series(0, 'a', 3));
        const { seen, consume } = watching(topic, `${topic}-g`, { onAssign: async () => FAR });
        await bus.consume(consume);
        await until(subject, () => seen.values(0).length >= 3);
        deepStrictEqual(seen.values(0), ['a-0', 'a-1', 'a-2']);
      }),
  },
  {
    group: 'consuming',
    title: 'what is published later arrives',
    run: (subject, topic) =>
      withBus(subject.open, async (bus) => {
        await bus.ensureTopic(topic, PARTITIONS);
        const { seen, consume } = watching(topic, `${topic}-g`);
        const consumer = await bus.consume(consume);
        await until(subject, () => consumer.assigned().length === PARTITIONS);
        for (let at = 0; at < 5; at += 1) await bus.publish(topic, [message(at % 2, `m${at}`)]);
        await until(subject, () => seen.values(0).length + seen.values(1).length >= 5);
        deepStrictEqual(
          [seen.values(0), seen.values(1)],
          [
            ['m0', 'm2', 'm4'],
            ['m1', 'm3'],
          ],
        );
      }),
  },
  {
    group: 'consuming',
    title: 'a batch that is rejected comes again before anything else of its partition',
    run: (subject, topic) =>
      withBus(subject.open, async (bus) => {
        await bus.ensureTopic(topic, PARTITIONS);
        await bus.publish(topic, series(0, 'a', 3));
        const given: (string | null)[][] = [];
        const { seen, consume } = watching(topic, `${topic}-g`, {
          onBatch: async (_partition, messages) => {
            given.push(valuesOf(messages));
            if (given.length < 3) throw new Error('not yet');
          },
        });
        await bus.consume(consume);
        await until(subject, () => given.length >= 1);
        await bus.publish(topic, series(0, 'b', 2));
        await until(subject, () => seen.values(0).length >= 5);
        deepStrictEqual(given[1], given[0]);
        deepStrictEqual(seen.values(0), ['a-0', 'a-1', 'a-2', 'b-0', 'b-1']);
      }),
  },
  {
    group: 'consuming',
    title: 'a partition that stands still does not hold up the others',
    run: (subject, topic) =>
      withBus(subject.open, async (bus) => {
        await bus.ensureTopic(topic, PARTITIONS);
        const go = Promise.withResolvers<void>();
        const { seen, consume } = watching(topic, `${topic}-g`, {
          onBatch: (partition) => (partition === 0 ? go.promise : Promise.resolve()),
        });
        await bus.publish(topic, [...series(0, 'a', 3), ...series(1, 'b', 3)]);
        await bus.consume(consume);
        await until(subject, () => seen.values(1).length >= 3);
        deepStrictEqual([seen.values(0), seen.values(1)], [[], ['b-0', 'b-1', 'b-2']]);
        go.resolve();
        await until(subject, () => seen.values(0).length >= 3);
        deepStrictEqual(seen.values(0), ['a-0', 'a-1', 'a-2']);
      }),
  },
  {
    group: 'consuming',
    title: 'a partition taken again begins where its consumer then says',
    run: (subject, topic) =>
      withBus(subject.open, async (bus) => {
        await bus.ensureTopic(topic, PARTITIONS);
        await bus.publish(topic, series(0, 'a', 3));
        const { seen, consume } = watching(topic, `${topic}-g`);
        const consumer = await bus.consume(consume);
        await until(subject, () => seen.values(0).length >= 3);
        consumer.restart(0);
        await until(subject, () => seen.values(0).length >= 6);
        deepStrictEqual(seen.values(0), [...valuesOf(series(0, 'a', 3)), ...valuesOf(series(0, 'a', 3))]);
        deepStrictEqual(seen.revoked, [0]);
      }),
  },
  {
    group: 'sharing',
    title: 'a partition is one consumer’s at a time, and goes to another when its own stops',
    run: (subject, topic) =>
      withBus(subject.open, (bus) =>
        withBus(subject.open, async (other) => {
          await bus.ensureTopic(topic, PARTITIONS);
          const next = new Map<number, number>();
          const taken = new Map<number, BusMessage[]>();
          /** Offsets are kept beside what was made of the messages, as a database would. */
          const keeping = {
            onAssign: async (partition: number) => next.get(partition) ?? 0,
            onBatch: async (partition: number, messages: readonly BusMessage[], signal: AbortSignal) => {
              if (signal.aborted) throw new Error('revoked');
              taken.set(partition, [...(taken.get(partition) ?? []), ...messages]);
              next.set(partition, (messages.at(-1)?.offset ?? -1) + 1);
            },
          };
          const everyone = [0, 1, 2, 3];
          const all = (name: string): ReturnType<typeof series> =>
            everyone.flatMap((partition) => series(partition, name, 5));
          const total = (): number => [...taken.values()].reduce((sum, list) => sum + list.length, 0);
          const [a, b] = [
            watching(topic, `${topic}-g`, keeping),
            watching(topic, `${topic}-g`, keeping),
          ] as const;
          const first = await bus.consume(a.consume);
          await until(subject, () => first.assigned().length === PARTITIONS);
          const second = await other.consume(b.consume);
          await until(subject, () => first.assigned().length === 2 && second.assigned().length === 2);
          deepStrictEqual([...first.assigned(), ...second.assigned()].sort(), everyone);
          await bus.publish(topic, all('a'));
          await until(subject, () => total() >= 20);
          await first.stop();
          deepStrictEqual([...a.seen.revoked].sort(), [...a.seen.assigned].sort());
          await until(subject, () => second.assigned().length === PARTITIONS);
          await other.publish(topic, all('b'));
          await until(subject, () => total() >= 40);
          for (const partition of everyone)
            deepStrictEqual(
              valuesOf(taken.get(partition) ?? []),
              valuesOf([...series(partition, 'a', 5), ...series(partition, 'b', 5)]),
            );
        }),
      ),
  },
];
