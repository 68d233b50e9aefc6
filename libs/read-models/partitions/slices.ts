import { type EventLogReader, type RecordedEvent, partitionOf } from '#event-log';

/** A message of the bus: an event, or (without one) a heartbeat. */
export interface Handed {
  readonly offset: number;
  /** Position of the event; of a heartbeat: all events up to here were handed over before it. */
  readonly position: number;
  /** Position of the event before it in its partition, 0 when there is none: what shows a gap. */
  readonly previous: number;
  readonly event?: RecordedEvent | undefined;
}

/** What one transaction applies of a partition. */
export interface Slice {
  /** In log order, all of this partition, all later than where it is. */
  readonly events: readonly RecordedEvent[];
  /** Where the partition is afterwards. */
  readonly position: number;
  readonly nextOffset: number;
  /** Whether its events were left unread, because no build seemed to want them. */
  readonly isUnread: boolean;
}

export interface SliceOptions {
  readonly log: Pick<EventLogReader, 'readAll'>;
  readonly partition: number;
  readonly partitions: number;
  /** Most events of a slice. */
  readonly pageEvents: number;
  /** Position where the partition is. */
  readonly from: number;
  /** Whether anybody wants the events of a gap. */
  readonly isWanted: () => Promise<boolean>;
  /** Told of each gap once: events after `after` up to `through` never came. */
  readonly onGap: (gap: { readonly after: number; readonly through: number }) => void;
}

/**
 * Cuts what the bus handed over into slices. What is not later than the partition is a duplicate and left out.
 * A message that follows upon an event which never came shows a gap (an expired or recreated topic, a lost
 * segment): its events are read from the log, page by page, before the message.
 */
export async function* slicesOf(handed: readonly Handed[], options: SliceOptions): AsyncGenerator<Slice> {
  const { log, partition, partitions, pageEvents, isWanted, onGap } = options;
  let at = options.from;
  let events: RecordedEvent[] = [];
  let nextOffset: number | undefined;
  const taken = (): Slice[] => {
    const slice = nextOffset === undefined ? [] : [{ events, position: at, nextOffset, isUnread: false }];
    events = [];
    nextOffset = undefined;
    return slice;
  };
  for (const { offset, position, previous, event } of handed) {
    if (previous > at) {
      yield* taken();
      onGap({ after: at, through: previous });
      if (await isWanted())
        while (at < previous) {
          const page = await log.readAll({ after: at, limit: Math.min(previous - at, pageEvents) });
          if (page.next <= at)
            throw new Error(`the log ends at ${at}, before what the topic holds (${previous})`);
          at = page.next;
          const own = page.events.filter(({ stream }) => partitionOf(stream, partitions) === partition);
          yield { events: own, position: at, nextOffset: offset, isUnread: false };
        }
      else yield { events: [], position: (at = previous), nextOffset: offset, isUnread: true };
    }
    if (position > at) {
      if (event !== undefined) {
        if (partitionOf(event.stream, partitions) !== partition)
          throw new Error(`${event.stream} is not of partition ${partition} of ${partitions}`);
        events.push(event);
      }
      at = position;
    }
    nextOffset = offset + 1;
    if (events.length >= pageEvents) yield* taken();
  }
  yield* taken();
}
