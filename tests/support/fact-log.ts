import { type EventLog, eventId, openMemoryLog } from '#event-log';
import type { Fact, LedgerEvent } from '#kernel';
import { writeEnvelope } from '#platform';

const HASH = '0'.repeat(64);

/** A log that holds these facts, each as a command of its own, at the positions 1, 2, 3 … */
export async function logOf(facts: readonly Fact[]): Promise<EventLog> {
  const log = openMemoryLog();
  const revisions = new Map<string, number>();
  for (const [index, { stream, type, effectiveOn, data }] of facts.entries()) {
    const commandId = `01890000-0000-7000-8000-${String(index).padStart(12, '0')}`;
    const last = revisions.get(stream);
    const revision = (last ?? -1) + 1;
    revisions.set(stream, revision);
    const id = eventId(commandId, 0);
    const envelope = writeEnvelope({
      id,
      commandId,
      correlationId: commandId,
      causationId: commandId,
      type,
      stream,
      revision,
      effectiveOn,
      recordedAt: '2024-06-30T00:00:00.000Z',
      actor: 'an',
      bodyHash: HASH,
      data,
    });
    await log.append({
      command: commandId,
      requestHash: HASH,
      writes: [{ stream, expected: last ?? 'no-stream', events: [{ id, type, envelope }] }],
    });
  }
  return log;
}

/** A log that holds the events of one stream, those of one command in one append, with the ids a ledger gives. */
export async function logOfEvents(events: readonly LedgerEvent[]): Promise<EventLog> {
  const log = openMemoryLog();
  for (const [command, made] of Map.groupBy(events, ({ commandId }) => commandId)) {
    const stored = made.map((event, index) => {
      const id = eventId(command, index);
      return { id, type: event.type, envelope: writeEnvelope({ ...event, id, bodyHash: HASH }) };
    });
    const [{ stream, revision } = { stream: '', revision: 0 }] = made;
    await log.append({
      command,
      requestHash: HASH,
      writes: [{ stream, expected: revision === 0 ? 'no-stream' : revision - 1, events: stored }],
    });
  }
  return log;
}
