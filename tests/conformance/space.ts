import { randomBytes } from 'node:crypto';
import { type Append, type EventLog, type RecordedEvent, eventId } from '../../libs/event-log/index.ts';

/** A part of a server that one case has for itself: other stream names and other ids than all other cases. */
export interface Space {
  readonly name: string;
  /** True for an event that was written in this space. */
  readonly holds: (event: { readonly stream: string }) => boolean;
  /** Ids as the case knows them to ids of the space, and back. */
  readonly inside: Map<string, string>;
  readonly outside: Map<string, string>;
}

const NAME_BYTES = 6;
/** Events of one command whose ids are known beforehand, so that they can be asked for before they are written. */
const IDS_MAX = 1_001;
const SPARE_IDS = 4;

export const newSpace = (): Space => {
  const name = randomBytes(NAME_BYTES).toString('hex');
  return {
    name,
    holds: ({ stream }) => stream.endsWith(`.${name}`),
    inside: new Map(),
    outside: new Map(),
  };
};

/**
 * The same log with names and ids moved into the space on the way in and out of it on the way back: whoever uses
 * it sees a log of its own. Names get a suffix, so prefixes stay what they are; the rest of the bytes is untouched.
 */
export const inSpace = (log: EventLog, { name, inside, outside }: Space): EventLog => {
  const commandIn = (command: string): string => `${command.slice(0, -name.length)}${name}`;
  const know = (command: string, count: number): void => {
    for (let index = 0; index < Math.min(count, IDS_MAX); index += 1) {
      const given = eventId(command, index);
      if (inside.has(given)) continue;
      const moved = eventId(commandIn(command), index);
      inside.set(given, moved);
      outside.set(moved, given);
    }
  };
  const streamIn = (stream: string): string => `${stream}.${name}`;
  const streamOut = (stream: string): string => stream.slice(0, -name.length - 1);
  const swapped = (text: string, pairs: readonly (readonly [string, string])[]): string =>
    pairs.reduce((before, [from, to]) => before.replaceAll(`"${from}"`, `"${to}"`), text);

  const appendIn = (asked: Append): Append => {
    know(
      asked.command,
      asked.writes.reduce((sum, { events }) => sum + events.length, SPARE_IDS),
    );
    const writes = asked.writes.map((write) => ({
      ...write,
      stream: streamIn(write.stream),
      events: write.events.map((event) => {
        const id = inside.get(event.id) ?? event.id;
        const pairs = [
          [event.id, id],
          [write.stream, streamIn(write.stream)],
        ] as const;
        return { ...event, id, envelope: swapped(event.envelope, pairs) };
      }),
    }));
    return { ...asked, command: commandIn(asked.command), writes: writes as unknown as Append['writes'] };
  };
  const eventOut = (event: RecordedEvent): RecordedEvent => {
    const id = outside.get(event.id) ?? event.id;
    const stream = streamOut(event.stream);
    const pairs = [
      [event.id, id],
      [event.stream, stream],
    ] as const;
    return { ...event, id, stream, envelope: swapped(event.envelope, pairs) };
  };

  return {
    capabilities: log.capabilities,
    append: async (asked, options) => {
      const result = await log.append(appendIn(asked), options);
      return result.kind === 'conflict' ? { ...result, stream: streamOut(result.stream) } : result;
    },
    findCommand: async (command) => (await log.findCommand(commandIn(command))).map(eventOut),
    readStream: async (stream, range) => (await log.readStream(streamIn(stream), range)).map(eventOut),
    readAll: async (range) => {
      const page = await log.readAll(range);
      return { ...page, events: page.events.map(eventOut) };
    },
    find: async (id) => {
      const found = await log.find(inside.get(id) ?? id);
      return found && eventOut(found);
    },
    head: log.head,
    subscribe: async function* (asked) {
      for await (const item of log.subscribe(asked))
        yield item.kind === 'event' ? { kind: 'event', event: eventOut(item.event) } : item;
    },
    close: log.close,
  };
};
