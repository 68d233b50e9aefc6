import { type EventLog, partitionOf } from '../../libs/event-log/index.ts';
import type { Handed } from '../../libs/read-models/index.ts';

/** How a relay and its brokers behave, in percent of messages. */
export interface TopicFaults {
  /** Handed over once more, later. */
  readonly duplicate: number;
  /** Gone for ever: expired, or lost with a segment. */
  readonly lost: number;
  /** Followed by a heartbeat. */
  readonly heartbeat: number;
}

/**
 * The partitions of a topic as a relay fills it from a log: every message names the event before it, offsets
 * have gaps, and what `faults` says happens. Ends with heartbeats that name the head.
 */
export async function topicOf(
  log: Pick<EventLog, 'readAll' | 'head'>,
  partitions: number,
  random: (below: number) => number,
  faults: TopicFaults,
): Promise<Handed[][]> {
  const topic: Handed[][] = Array.from({ length: partitions }, () => []);
  const offsets = topic.map(() => random(3));
  const previous = topic.map(() => 0);
  const put = (partition: number, message: Omit<Handed, 'offset'>): void => {
    const offset = offsets[partition] ?? 0;
    offsets[partition] = offset + 1 + random(3);
    if (random(100) >= faults.lost) topic[partition]?.push({ ...message, offset });
  };
  for (let after = 0; ;) {
    const page = await log.readAll({ after, limit: 100 });
    for (const event of page.events) {
      const partition = partitionOf(event.stream, partitions);
      const { position } = event;
      put(partition, { event, position, previous: previous[partition] ?? 0 });
      previous[partition] = position;
      const earlier = topic[partition]?.at(-1 - random(5));
      if (earlier && random(100) < faults.duplicate) put(partition, earlier);
      const quiet = random(partitions);
      if (random(100) < faults.heartbeat) put(quiet, { position, previous: previous[quiet] ?? 0 });
    }
    after = page.next;
    if (page.atHead) break;
  }
  const head = await log.head();
  for (const [partition, messages] of topic.entries())
    messages.push({ offset: offsets[partition] ?? 0, position: head, previous: previous[partition] ?? 0 });
  return topic;
}
