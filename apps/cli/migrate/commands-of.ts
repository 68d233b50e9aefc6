import { type Append, type RecordedEvent, type SqliteLogReader, type StreamWrite, eventId } from '#event-log';
import { parseEnvelope } from '#platform';

/** One command as it stands in a log: what was appended for it, and the place of its last event. */
export interface LoggedCommand {
  readonly append: Append;
  readonly events: readonly RecordedEvent[];
  readonly position: number;
}

/** A log that no executor wrote in this way: its commands can not be told apart, or not be appended in order. */
export class UnreadableLogError extends Error {
  override readonly name = 'UnreadableLogError';
}

/** Events read at once. */
const PAGE = 1_000;

/**
 * The commands of a log after a position, in its order. An append wrote its events one after another, stream
 * by stream, so a command is a run of events of one command id; each must be what `append` would take again.
 * Throws {@link UnreadableLogError} at the first that is not.
 */
export function* commandsOf(log: SqliteLogReader, after: number): Generator<LoggedCommand, void, undefined> {
  let run: RecordedEvent[] = [];
  let command: string | undefined;
  for (let last = after; ;) {
    const page = log.readPage(last, PAGE);
    for (const event of page) {
      const { commandId } = parseEnvelope(event);
      if (command !== undefined && commandId !== command) {
        yield loggedCommand(command, run);
        run = [];
      }
      command = commandId;
      run.push(event);
      last = event.position;
    }
    if (page.length < PAGE) break;
  }
  if (command !== undefined) yield loggedCommand(command, run);
}

const loggedCommand = (command: string, events: readonly RecordedEvent[]): LoggedCommand => {
  const [first] = events;
  if (first === undefined) throw new UnreadableLogError(`command ${command} has no events`);
  const where = `command ${command} at position ${first.position}`;
  const hashes = new Set(events.map((event) => parseEnvelope(event).bodyHash));
  const [requestHash] = hashes;
  if (requestHash === undefined || hashes.size !== 1)
    throw new UnreadableLogError(`${where} has several body hashes`);
  const ids = new Set(events.map(({ id }) => id));
  if (!events.every((_, index) => ids.has(eventId(command, index))))
    throw new UnreadableLogError(`${where} has event ids that are not made from its own`);
  const writes = writesOf(events);
  if (new Set(writes.map(({ stream }) => stream)).size !== writes.length)
    throw new UnreadableLogError(`${where} comes back to a stream it had left`);
  const [head, ...rest] = writes;
  if (head === undefined) throw new UnreadableLogError(`${where} writes nothing`);
  return {
    append: { command, requestHash, writes: [head, ...rest] },
    events,
    position: events.at(-1)?.position ?? first.position,
  };
};

const writesOf = (events: readonly RecordedEvent[]): readonly StreamWrite[] => {
  const writes: { stream: string; expected: StreamWrite['expected']; events: RecordedEvent[] }[] = [];
  for (const event of events) {
    const current = writes.at(-1);
    if (current?.stream === event.stream) current.events.push(event);
    else
      writes.push({
        stream: event.stream,
        expected: event.revision === 0 ? 'no-stream' : event.revision - 1,
        events: [event],
      });
  }
  return writes.map(({ stream, expected, events: own }) => ({
    stream,
    expected,
    events: own.map(({ id, type, envelope }) => ({ id, type, envelope })),
  }));
};
