import { randomUUID } from 'node:crypto';
import { type KurrentDBClient, binaryEvent } from '@kurrent/kurrentdb-client';
import { checkPage } from '../check-append.ts';
import {
  type Append,
  type AppendResult,
  type Capabilities,
  type EventLog,
  EventLogError,
  type EventLogReader,
} from '../event-log.ts';
import { APPEND_BYTES_MAX, EVENT_BYTES_MAX, WAITING_EVENTS_MAX } from '../limits.ts';
import { type ConnectionOptions, connect } from './connection.ts';
import { pause, pauseBefore, within } from './deadline.ts';
import { type Violation, failureOf } from './failure.ts';
import { CALL_MS, SETTLE_MS, SMALL_APPEND_BYTES_MAX } from './limits.ts';
import { type Marker, isMarkerStream, markerEvent, markerStream } from './marker.ts';
import { type Plan, checkForKurrent, planOf } from './plan.ts';
import { readerOf } from './stored.ts';

export interface KurrentLogOptions extends ConnectionOptions {
  /** The sequence: everything that is read by position. It stays open: it is the caller's. */
  readonly sequence: EventLogReader;
}

export interface KurrentLog extends EventLog {
  /** As the server says it. */
  readonly serverVersion: string;
  /** Seconds since the server was last heard of. */
  stalledSeconds(): number;
}

/** Servers from this one on take appends of up to 256 MiB. */
const LARGE_APPENDS_SINCE = 26;

/**
 * Opens the log on KurrentDB. Rejects with `ES_UNSUPPORTED` or `ES_UNAVAILABLE` as {@link connect} does.
 *
 * Each append is one atomic request with one event more: the marker of its command, on a stream that must not
 * exist. So a command is written once whatever revisions it expects and whoever sends it, and reading that
 * stream tells for certain whether it was. What stays open after a lost answer is settled in that way, and
 * tried again with the same ids and revisions, until it is settled or the time of the append is over.
 */
export const openKurrentLog = async (options: KurrentLogOptions): Promise<KurrentLog> => {
  const { sequence, callMs = CALL_MS } = options;
  const connection = await connect(options);
  const capabilities: Capabilities = {
    atomicMultiStream: true,
    checksOnUnwrittenStreams: connection.takesRecords,
    positionsAtAppend: false,
    dedupe: 'by-event-id',
    maxAppendBytes:
      Number.parseInt(connection.version, 10) >= LARGE_APPENDS_SINCE
        ? APPEND_BYTES_MAX
        : SMALL_APPEND_BYTES_MAX,
    maxEventBytes: EVENT_BYTES_MAX,
  };
  const stored = readerOf(connection, sequence);
  const closing = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  /** The append that came last to a stream: requests overtake each other on their way, what follows it waits. */
  const lanes = new Map<string, Promise<unknown>>();
  let waitingEvents = 0;

  const open = (): void => {
    if (closing.signal.aborted) throw new EventLogError('ES_UNAVAILABLE', 'the log is closed');
  };

  /** What the marker of an append says about it; `mine` is the id that only this call can have written. */
  const judge = async (asked: Append, found: Marker, mine: string): Promise<AppendResult> => {
    if (found.id === mine) return { kind: 'appended', firstPosition: undefined, position: undefined };
    const events = found.requestHash === asked.requestHash ? await stored.eventsOf(asked.command, found) : [];
    const places = new Set(events.map(({ id, stream }) => `${id} ${stream}`));
    const given = asked.writes.flatMap(({ stream, events: ones }) => ones.map(({ id }) => `${id} ${stream}`));
    if (given.length !== places.size || !given.every((place) => places.has(place)))
      throw new EventLogError('ES_IDEMPOTENCY_MISMATCH', 'these event ids belong to another request');
    const positions = events.map(({ position }) => position);
    const placed = positions.every((position) => position > 0);
    return {
      kind: 'duplicate',
      firstPosition: placed ? Math.min(...positions) : undefined,
      position: placed ? Math.max(...positions) : undefined,
    };
  };

  /** The first write, in the order given, that the server found elsewhere. */
  const conflictOf = ({ writes }: Append, violations: readonly Violation[]): AppendResult | undefined => {
    for (const { stream, expected } of writes) {
      const found = violations.find((violation) => violation.stream.toLowerCase() === stream);
      if (found === undefined) continue;
      // Where any revision would have done, it is the envelope that is wrong.
      if (expected === 'stream-exists' && found.actual >= 0) throw disagreement(stream);
      return { kind: 'conflict', stream, expected, actual: found.actual < 0 ? 'no-stream' : found.actual };
    }
    return undefined;
  };

  /** Compares by reading: where the server named no stream, or an envelope can not be right. */
  const compare = async (asked: Append): Promise<readonly Violation[]> => {
    const violations: Violation[] = [];
    for (const { stream, expected } of asked.writes) {
      const [last] = await stored.readRaw(stream, { from: 'end', limit: 1, backwards: true });
      const actual = last?.revision ?? -1;
      const fits =
        expected === 'no-stream'
          ? actual < 0
          : expected === 'stream-exists'
            ? actual >= 0
            : actual === expected;
      if (!fits) violations.push({ stream, actual });
    }
    return violations;
  };

  /** Judges an append that can not be written as it stands: known already, in conflict, or wrong. */
  const refuse = async (asked: Append): Promise<AppendResult> => {
    const known = await stored.marker(asked.command);
    if (known !== undefined) return judge(asked, known, '');
    const conflict = conflictOf(asked, await compare(asked));
    if (conflict !== undefined) return conflict;
    throw disagreement(asked.writes.map(({ stream }) => stream).join(', '));
  };

  const settle = async (
    asked: Append,
    timeoutMs: number,
    before: Promise<unknown>,
  ): Promise<AppendResult> => {
    const deadline = performance.now() + timeoutMs;
    await within(timeoutMs, 'an earlier append', before).catch(() => undefined);
    const plan = planOf(asked);
    if (plan === undefined) return refuse(asked);
    const left = (): number => deadline - performance.now();
    const mine = randomUUID();
    let sent = false;
    let cause: unknown;
    for (let attempt = 1; left() > 0; attempt += 1) {
      let client: KurrentDBClient | undefined;
      try {
        client = await connection.reach(left());
        await within(Math.min(callMs, left()), 'append', send(client, plan, asked, mine));
        connection.heard();
        return { kind: 'appended', firstPosition: undefined, position: undefined };
      } catch (error) {
        const failure = failureOf(error);
        // Without a client nothing was sent; any other failure may hide a write that was carried out.
        sent ||= client !== undefined && failure.kind === 'unknown';
        cause = error;
        if (failure.kind === 'unknown' && failure.renew && client !== undefined) connection.renew(client);
        const lookedUp = await lookUp(asked.command, deadline, sent || failure.kind === 'conflict');
        if (lookedUp.kind === 'found') return judge(asked, lookedUp.marker, mine);
        if (failure.kind === 'conflict' && lookedUp.kind === 'absent') {
          const violations = failure.violations.filter(({ stream }) => !isMarkerStream(stream));
          const conflict = conflictOf(asked, violations.length > 0 ? violations : await compare(asked));
          if (conflict !== undefined) return conflict;
        }
        if (failure.kind === 'refused' && !sent) throw failure.error;
      }
      await pause(Math.min(pauseBefore(attempt), left()));
    }
    if (!sent) throw new EventLogError('ES_UNAVAILABLE', `KurrentDB can not be reached`, 'no', { cause });
    throw new EventLogError(
      'ES_OUTCOME_UNKNOWN',
      `no answer in ${timeoutMs} ms, and the command can not be looked up`,
      'unknown',
      { cause },
    );
  };

  const lookUp = async (
    command: string,
    deadline: number,
    needed: boolean,
  ): Promise<{ kind: 'found'; marker: Marker } | { kind: 'absent' | 'unknown' }> => {
    if (!needed) return { kind: 'unknown' };
    try {
      const marker = await stored.marker(command, Math.min(deadline, performance.now() + callMs));
      return marker === undefined ? { kind: 'absent' } : { kind: 'found', marker };
    } catch (error) {
      if (error instanceof EventLogError && error.code === 'ES_CORRUPT') throw error;
      return { kind: 'unknown' };
    }
  };

  const send = (client: KurrentDBClient, plan: Plan, asked: Append, mine: string): Promise<unknown> => {
    const marker = markerEvent({ id: mine, requestHash: asked.requestHash, streams: plan.stands });
    const streamName = markerStream(asked.command);
    const written = plan.writes.filter(({ events }) => events.length > 0);
    if (!connection.takesRecords)
      return client.multiStreamAppend([
        ...written.map(({ stream, state, events }) => ({
          streamName: stream,
          expectedState: state,
          events: events.map(exactBytes),
        })),
        { streamName, expectedState: 'no_stream', events: [marker] },
      ]);
    return client.appendRecords(
      [
        ...written.flatMap(({ stream, events }) =>
          events.map((event) => ({ streamName: stream, record: exactBytes(event) })),
        ),
        { streamName, record: marker },
      ],
      [
        ...plan.writes.map(({ stream, state }) => ({
          type: 'stream_state' as const,
          streamName: stream,
          expectedState: state,
        })),
        { type: 'stream_state', streamName, expectedState: 'no_stream' },
      ],
    );
  };

  return {
    capabilities,
    serverVersion: connection.version,
    stalledSeconds: () => connection.silentMs() / 1000,
    append: async (asked, { timeoutMs = SETTLE_MS } = {}) => {
      open();
      checkForKurrent(asked, capabilities.maxAppendBytes, capabilities.checksOnUnwrittenStreams);
      const events = asked.writes.reduce((sum, write) => sum + write.events.length, 0);
      if (waitingEvents + events > WAITING_EVENTS_MAX)
        throw new EventLogError(
          'ES_UNAVAILABLE',
          `more than ${WAITING_EVENTS_MAX} events wait to be written`,
        );
      waitingEvents += events;
      const before = asked.writes.map(({ stream }) => lanes.get(stream));
      const settled = settle(asked, timeoutMs, Promise.allSettled(before)).finally(() => {
        waitingEvents -= events;
        underWay.delete(settled);
        for (const { stream } of asked.writes) if (lanes.get(stream) === settled) lanes.delete(stream);
      });
      for (const { stream } of asked.writes) lanes.set(stream, settled);
      underWay.add(settled);
      return settled;
    },
    findCommand: async (command) => {
      open();
      const marker = await stored.marker(command);
      return marker === undefined ? [] : stored.eventsOf(command, marker);
    },
    readStream: async (stream, range) => {
      open();
      checkPage(range);
      return stored.readStream(stream, range);
    },
    find: async (id) => {
      open();
      return (await sequence.find(id)) ?? (await stored.findUnplaced(id));
    },
    readAll: async (range) => {
      open();
      return sequence.readAll(range);
    },
    head: async () => {
      open();
      return sequence.head();
    },
    subscribe: (asked) =>
      sequence.subscribe({ ...asked, signal: AbortSignal.any([asked.signal, closing.signal]) }),
    close: async () => {
      if (closing.signal.aborted) return;
      closing.abort();
      // Each of them ends within its own time.
      await Promise.allSettled(underWay);
      await connection.close();
    },
  };
};

const disagreement = (streams: string): EventLogError =>
  new EventLogError('ES_BAD_REQUEST', `an envelope is not that of its place on ${streams}`);

/** Our exact bytes: a JSON event would be parsed on the way back. */
const exactBytes = ({
  id,
  type,
  envelope,
}: {
  readonly id: string;
  readonly type: string;
  readonly envelope: string;
}) => binaryEvent({ id, type, data: Buffer.from(envelope) });
