import { type Bus, BusError, type BusMessage, type Consume, type Consumer } from './bus.ts';
import { checkMessages } from './check-messages.ts';
import { type HeldPartition, holdPartition } from './held-partition.ts';

/**
 * What a publish to the memory bus comes to. `written` messages of each partition reach it; then it succeeds, or fails as a
 * broker's answer that was lost does.
 */
export interface PublishFate {
  /** Part of each partition's messages that is written: 0 none … 1 all. */
  readonly written: number;
  /** Times they are written: 2 is a producer's own repeat. */
  readonly times: number;
  readonly acknowledged: boolean;
}

export interface MemoryBusOptions {
  /** Asked at each publish; everything is well when absent. */
  readonly fate?: () => PublishFate;
  /** Offsets left out before each message; none when absent. */
  readonly gap?: () => number;
}

/** A bus in memory for tests: keeps every promise of the port but durability, with faults to order. */
export interface MemoryBus extends Bus {
  /** Everything a partition holds. */
  messages(topic: string, partition: number): readonly BusMessage[];
  /** Deals the partitions of a group out again, as the loss of a member would. */
  rebalance(group: string): Promise<void>;
}

interface Log {
  readonly messages: BusMessage[];
  next: number;
}

interface Member {
  readonly consume: Consume;
  held: Map<number, { readonly partition: HeldPartition; readonly pump: () => void }>;
}

interface Group {
  readonly topic: string;
  members: Member[];
  /** Deals follow one another. */
  turn: Promise<void>;
  dealt: number;
}

const WELL: PublishFate = { written: 1, times: 1, acknowledged: true };

export const openMemoryBus = ({ fate = () => WELL, gap = () => 0 }: MemoryBusOptions = {}): MemoryBus => {
  const topics = new Map<string, readonly Log[]>();
  const groups = new Map<string, Group>();
  let closed = false;

  const logsOf = (topic: string): readonly Log[] => {
    if (closed) throw new BusError('BUS_CLOSED', 'the bus is closed');
    const logs = topics.get(topic);
    if (logs === undefined) throw new BusError('BUS_BAD_REQUEST', `there is no topic ${topic}`);
    return logs;
  };

  const pumpAll = (topic: string): void => {
    for (const group of groups.values())
      if (group.topic === topic)
        for (const { held } of group.members) for (const { pump } of held.values()) pump();
  };

  /** Feeds one held partition from its log: what was published already, then whatever comes. */
  const hold = (member: Member, log: Log, partition: number): void => {
    let isWanted = false;
    const pump = (): void => {
      const from = held.expected();
      if (!isWanted || from === undefined) return;
      const at = log.messages.findIndex(({ offset }) => offset >= from);
      if (at >= 0) held.accept(log.messages.slice(at), log.next);
    };
    const want = (): void => {
      isWanted = true;
      pump();
    };
    const held = holdPartition(partition, member.consume, {
      begin: async (offset) => {
        if (offset > log.next) held.accept([], 0);
        want();
      },
      pause: () => (isWanted = false),
      resume: want,
    });
    member.held.set(partition, { partition: held, pump });
  };

  const dealNow = async (group: Group): Promise<void> => {
    await Promise.all(
      [...group.members].flatMap(({ held }) =>
        [...held.values()].map(({ partition }) => partition.release()),
      ),
    );
    group.dealt += 1;
    for (const member of group.members) member.held = new Map();
    const { members, topic, dealt } = group;
    for (const [partition, log] of (topics.get(topic) ?? []).entries()) {
      const member = members[(partition + dealt) % members.length];
      if (member !== undefined) hold(member, log, partition);
    }
  };
  const deal = (group: Group): Promise<void> => (group.turn = group.turn.then(() => dealNow(group)));

  return {
    ensureTopic: async (topic, partitions) => {
      const count = topics.get(topic)?.length ?? partitions;
      if (count !== partitions)
        throw new BusError('BUS_TOPIC_DIFFERS', `${topic} has ${count} partitions, not ${partitions}`);
      if (!topics.has(topic))
        topics.set(
          topic,
          Array.from({ length: partitions }, () => ({ messages: [], next: 0 })),
        );
    },
    publish: async (topic, messages) => {
      const logs = logsOf(topic);
      checkMessages(messages, logs.length);
      const { written, times, acknowledged } = fate();
      await Promise.resolve();
      const byPartition = Map.groupBy(messages, ({ partition }) => partition);
      for (let time = 0; time < times; time += 1)
        for (const [partition, list] of byPartition) {
          const log = logs[partition];
          for (const { partition: _, ...message } of list.slice(0, Math.ceil(list.length * written))) {
            const offset = (log?.next ?? 0) + gap();
            log?.messages.push({ ...message, offset });
            if (log) log.next = offset + 1;
          }
        }
      pumpAll(topic);
      if (!acknowledged) throw new BusError('BUS_UNAVAILABLE', 'the answer was lost', 'unknown');
    },
    consume: async (consume): Promise<Consumer> => {
      logsOf(consume.topic);
      const { topic } = consume;
      const group = groups.get(consume.group) ?? { topic, members: [], turn: Promise.resolve(), dealt: 0 };
      groups.set(consume.group, group);
      const member: Member = { consume, held: new Map() };
      group.members.push(member);
      void deal(group);
      return {
        assigned: () =>
          [...member.held].flatMap(([at, { partition }]) => (partition.expected() === undefined ? [] : [at])),
        stalledSeconds: () => 0,
        restart: (partition) => {
          const again = async (): Promise<void> => {
            const log = topics.get(topic)?.[partition];
            const held = member.held.get(partition);
            await held?.partition.release();
            if (held !== undefined && log !== undefined) hold(member, log, partition);
          };
          group.turn = group.turn.then(again);
        },
        stop: async () => {
          const leave = async (): Promise<void> => {
            await Promise.all([...member.held.values()].map(({ partition }) => partition.release()));
            member.held = new Map();
            group.members = group.members.filter((other) => other !== member);
            await dealNow(group);
          };
          await (group.turn = group.turn.then(leave));
        },
      };
    },
    close: async () => {
      closed = true;
      for (const group of groups.values()) {
        const endAll = async (): Promise<void> => {
          const members = group.members.splice(0);
          await Promise.all(
            members.flatMap(({ held }) => [...held.values()].map(({ partition }) => partition.release())),
          );
        };
        await (group.turn = group.turn.then(endAll));
      }
    },
    messages: (topic, partition) => logsOf(topic)[partition]?.messages ?? [],
    rebalance: async (name) => {
      const group = groups.get(name);
      if (group !== undefined) await deal(group);
    },
  };
};
