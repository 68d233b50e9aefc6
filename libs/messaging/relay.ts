import { type EventLogReader, type Page, partitionOf } from '#event-log';
import { type Bus, BusError, type OutgoingMessage } from './bus.ts';
import { HEARTBEAT_MS, PARTITIONS_MAX, RELAY_PAGE_EVENTS, RELAY_POLL_MS } from './limits.ts';
import { encodeEvent, encodeHeartbeat } from './message.ts';
import { pause } from './retry.ts';

/** How far the log was handed over. */
export interface RelayCheckpoint {
  /** Every event up to here is acknowledged by the bus. */
  readonly position: number;
  /** By partition the position of its last event, 0 when it has none: what its next message names as the one before. */
  readonly previous: readonly number[];
}

/** Where the relay keeps its checkpoint. Both reject once another relay has taken over. */
export interface RelayCheckpoints {
  /** Undefined before the first save. */
  load(): Promise<RelayCheckpoint | undefined>;
  save(checkpoint: RelayCheckpoint): Promise<void>;
}

export interface RelayOptions {
  readonly log: Pick<EventLogReader, 'readAll'>;
  readonly bus: Pick<Bus, 'ensureTopic' | 'publish'>;
  readonly checkpoints: RelayCheckpoints;
  readonly topic: string;
  /** Of the topic, for ever: 1 … `PARTITIONS_MAX`. */
  readonly partitions: number;
  /** CloudEvents source: URI reference of the log. */
  readonly source: string;
  readonly signal: AbortSignal;
  /** Told after each acknowledged page, and once at the start. */
  readonly onPosition?: (position: number) => void;
  /** Limits of `limits.ts`, smaller in tests. */
  readonly pageEvents?: number;
  readonly pollMs?: number;
  readonly heartbeatMs?: number;
}

/**
 * The messages of one page and the checkpoint behind it. They depend on the checkpoint before it and the log
 * alone, so a page that is published again is the same to the byte. Every partition hears how far the page went,
 * from its last event or from a heartbeat behind it, in the same request.
 */
export function messagesOf(
  { events, next }: Pick<Page, 'events' | 'next'>,
  { position, previous }: RelayCheckpoint,
  source: string,
): { readonly messages: OutgoingMessage[]; readonly checkpoint: RelayCheckpoint } {
  const partitions = previous.length;
  const last = [...previous];
  const messages: OutgoingMessage[] = [];
  let before = position;
  for (const event of events) {
    // A reader that left out an event would have it missing for ever, downstream of here.
    if (event.position !== before + 1)
      throw new BusError('BUS_BAD_REQUEST', `position ${event.position} came after ${before}`);
    before = event.position;
    const partition = partitionOf(event.stream, partitions);
    messages.push(encodeEvent(event, { source, partition, previous: last[partition] ?? 0 }));
    last[partition] = event.position;
  }
  if (before !== next) throw new BusError('BUS_BAD_REQUEST', `a page up to ${next} ended at ${before}`);
  return {
    messages: messages.concat(heartbeatsOf({ position: next, previous: last }, source)),
    checkpoint: { position: next, previous: last },
  };
}

/** A heartbeat for each partition whose last event is not the last of all. */
const heartbeatsOf = (
  { position, previous }: RelayCheckpoint,
  source: string,
  toAll = false,
): OutgoingMessage[] =>
  previous.flatMap((last, partition) =>
    toAll || last !== position ? [encodeHeartbeat(position, { source, partition, previous: last })] : [],
  );

/**
 * Hands the log over to the bus until the signal comes, from the checkpoint on: publishes a page, and only when all
 * of it is acknowledged moves the checkpoint. At least once: whatever goes wrong in between, the next run publishes
 * the same messages again. While a page waits for its acknowledgement the next one is read already, and
 * its checkpoint is written while the next is published.
 *
 * Rejects with whatever the log, the bus or the checkpoints failed with; call it again from the start.
 * `BUS_TOPIC_DIFFERS`: the topic or the checkpoint has another number of partitions.
 */
export async function runRelay(options: RelayOptions): Promise<void> {
  const { log, bus, checkpoints, topic, partitions, source, signal, onPosition } = options;
  const { pageEvents = RELAY_PAGE_EVENTS, pollMs = RELAY_POLL_MS, heartbeatMs = HEARTBEAT_MS } = options;
  if (!(Number.isSafeInteger(partitions) && partitions >= 1 && partitions <= PARTITIONS_MAX))
    throw new BusError('BUS_BAD_REQUEST', `${partitions} is no number of partitions`);
  await bus.ensureTopic(topic, partitions);
  const nowhere = { position: 0, previous: Array.from({ length: partitions }, () => 0) };
  let at: RelayCheckpoint = (await checkpoints.load()) ?? nowhere;
  if (at.previous.length !== partitions)
    throw new BusError(
      'BUS_TOPIC_DIFFERS',
      `the checkpoint is of ${at.previous.length} partitions, not ${partitions}`,
    );
  onPosition?.(at.position);

  const read = (): Promise<Page> => {
    const page = log.readAll({ after: at.position, limit: pageEvents });
    // Looked at in its turn; until then it is not unheard of.
    page.catch(() => undefined);
    return page;
  };
  let saved: Promise<void> = Promise.resolve();
  let saidAt = 0;
  let page = read();
  try {
    while (!signal.aborted) {
      const { events, next } = await page;
      if (next > at.position) {
        const { messages, checkpoint } = messagesOf({ events, next }, at, source);
        at = checkpoint;
        page = read();
        await bus.publish(topic, messages);
        await saved;
        saved = checkpoints.save(checkpoint);
        saved.catch(() => undefined);
        saidAt = Date.now();
        onPosition?.(next);
        continue;
      }
      await saved;
      if (Date.now() - saidAt >= heartbeatMs) {
        await bus.publish(topic, heartbeatsOf(at, source, true));
        saidAt = Date.now();
      }
      await pause(pollMs, signal);
      page = read();
    }
  } finally {
    await saved;
  }
}
