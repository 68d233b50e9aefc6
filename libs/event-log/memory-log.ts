import { bodyHashOf, checkAppend, checkPage, envelopeAgrees } from './check-append.ts';
import { EMBEDDED_CAPABILITIES, eventsOf, keeps } from './embedded.ts';
import { EventLogError } from './event-log.ts';
import type { Append, AppendResult, EventLog, RecordedEvent } from './event-log.ts';
import { createNotice, follow } from './subscription.ts';

/** A log in memory for tests: the plainest thing that keeps every promise of the port but durability. */
export const openMemoryLog = (): EventLog => {
  const all: RecordedEvent[] = [];
  const byId = new Map<string, RecordedEvent>();
  const streams = new Map<string, RecordedEvent[]>();
  const notice = createNotice();
  const closing = new AbortController();

  const appendNow = ({ requestHash, writes }: Append): AppendResult => {
    const asked = writes.flatMap(({ stream, events }) => events.map(({ id }) => ({ id, stream })));
    const known = asked.flatMap(({ id }) => byId.get(id) ?? []);
    if (known.length > 0) {
      const same =
        known.length === asked.length &&
        known.every((e, at) => e.stream === asked[at]?.stream && bodyHashOf(e.envelope) === requestHash);
      if (!same)
        throw new EventLogError('ES_IDEMPOTENCY_MISMATCH', 'these event ids belong to another request');
      const positions = known.map(({ position }) => position);
      return { kind: 'duplicate', firstPosition: Math.min(...positions), position: Math.max(...positions) };
    }
    for (const { stream, expected } of writes) {
      const length = streams.get(stream)?.length ?? 0;
      const fits =
        expected === 'no-stream'
          ? length === 0
          : expected === 'stream-exists'
            ? length > 0
            : expected === length - 1;
      if (!fits)
        return { kind: 'conflict', stream, expected, actual: length === 0 ? 'no-stream' : length - 1 };
    }
    const recorded = writes.flatMap(({ stream, events }) => {
      const length = streams.get(stream)?.length ?? 0;
      return events.map((event, at) => ({ ...event, stream, revision: length + at }));
    });
    for (const { envelope, id, type, stream, revision } of recorded)
      if (!envelopeAgrees(envelope, id, type, stream, revision))
        throw new EventLogError(
          'ES_BAD_REQUEST',
          `the envelope of ${id} is not that of ${stream}@${revision}`,
        );
    const firstPosition = all.length + 1;
    for (const event of recorded) {
      const placed = { ...event, position: all.length + 1 };
      all.push(placed);
      byId.set(placed.id, placed);
      const stream = streams.get(placed.stream);
      if (stream === undefined) streams.set(placed.stream, [placed]);
      else stream.push(placed);
    }
    return { kind: 'appended', firstPosition, position: all.length };
  };

  const open = (): void => {
    if (closing.signal.aborted) throw new EventLogError('ES_UNAVAILABLE', 'the log is closed');
  };

  const readAll: EventLog['readAll'] = async (options) => {
    open();
    checkPage(options);
    const { limit, filter, direction = 'forwards' } = options;
    const forwards = direction === 'forwards';
    const after = options.after ?? (forwards ? 0 : all.length + 1);
    const beyond = forwards ? all.slice(after) : all.slice(0, Math.max(0, after - 1)).reverse();
    const events = beyond.filter(({ stream, type }) => keeps(filter, stream, type)).slice(0, limit);
    const full = events.length === limit;
    const next = full ? (events.at(-1)?.position ?? after) : (beyond.at(-1)?.position ?? after);
    return { events, next, atHead: !full || next === beyond.at(-1)?.position };
  };

  const find = async (id: string): Promise<RecordedEvent | undefined> => {
    open();
    return byId.get(id);
  };

  return {
    capabilities: EMBEDDED_CAPABILITIES,
    append: async (append) => {
      open();
      const problem = checkAppend(append);
      if (problem !== undefined) throw problem;
      const result = appendNow(append);
      if (result.kind === 'appended') notice.announce();
      return result;
    },
    readAll,
    readStream: async (stream, options) => {
      open();
      checkPage(options);
      const events = streams.get(stream) ?? [];
      const { from, limit, direction = 'forwards' } = options;
      return direction === 'forwards'
        ? events.slice(from ?? 0, (from ?? 0) + limit)
        : events
            .slice(0, (from ?? events.length) + 1)
            .reverse()
            .slice(0, limit);
    },
    find,
    findCommand: (command) => eventsOf(command, find),
    head: async () => {
      open();
      return all.length;
    },
    subscribe: (options) =>
      follow(readAll, notice.wait, { ...options, signal: AbortSignal.any([options.signal, closing.signal]) }),
    close: async () => closing.abort(),
  };
};
