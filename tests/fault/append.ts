import { type Append, eventId } from '#event-log';
import { writeEnvelope } from '#platform';

/** An append of one event that no rule of the ledger knows: for tests of the log alone. */
export const plainAppend = (commandId: string, stream: string, revision: number): Append => {
  const [id, type, bodyHash] = [eventId(commandId, 0), 'donor.changed.v1', 'x'.repeat(43)];
  const [recordedAt, effectiveOn] = ['2024-01-01T00:00:00.000Z', '2024-01-01'];
  const ids = { commandId, correlationId: commandId, causationId: commandId, actor: 'ke-toan' };
  const envelope = writeEnvelope({
    id,
    type,
    stream,
    revision,
    effectiveOn,
    recordedAt,
    bodyHash,
    data: {},
    ...ids,
  });
  const expected = revision === 0 ? 'no-stream' : revision - 1;
  return {
    command: commandId,
    requestHash: bodyHash,
    writes: [{ stream, expected, events: [{ id, type, envelope }] }],
  };
};
