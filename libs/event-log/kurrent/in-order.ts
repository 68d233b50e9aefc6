import { randomUUID } from 'node:crypto';
import { type KurrentDBClient, binaryEvent } from '@kurrent/kurrentdb-client';
import type { Append } from '../event-log.ts';
import type { Connection } from './connection.ts';
import { within } from './deadline.ts';
import { markerEvent, markerStream } from './marker.ts';
import { type StreamState, planOf } from './plan.ts';

/**
 * Writes many commands as one atomic request, in their order, each with its marker. False: it was not written, or
 * nobody knows; each command alone then tells, since no marker may be written twice. Servers that keep the order of
 * streams only (before 26.1) are not asked.
 */
export const writeInOrder = async (
  connection: Connection,
  appends: readonly Append[],
  callMs: number,
): Promise<boolean> => {
  if (!connection.takesRecords) return false;
  const plans = appends.map((asked) => ({ asked, plan: planOf(asked) }));
  const records: Parameters<KurrentDBClient['appendRecords']>[0] = [];
  /** What must hold before the request: the state that the first command to touch a stream expects. */
  const states = new Map<string, StreamState>();
  for (const { asked, plan } of plans) {
    if (plan === undefined) return false;
    for (const { stream, state, events } of plan.writes) {
      if (!states.has(stream)) states.set(stream, state);
      for (const { id, type, envelope } of events)
        records.push({
          streamName: stream,
          record: binaryEvent({ id, type, data: Buffer.from(envelope) }),
        });
    }
    const marker = { id: randomUUID(), requestHash: asked.requestHash, streams: plan.stands };
    records.push({ streamName: markerStream(asked.command), record: markerEvent(marker) });
    states.set(markerStream(asked.command), 'no_stream');
  }
  const checks = [...states].map(([streamName, expectedState]) => ({
    type: 'stream_state' as const,
    streamName,
    expectedState,
  }));
  try {
    const client = await connection.reach(callMs);
    await within(callMs, 'append', client.appendRecords(records, checks));
    connection.heard();
    return true;
  } catch {
    return false;
  }
};
