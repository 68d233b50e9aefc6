import { setTimeout as sleep } from 'node:timers/promises';
import { type EventLogReader, PAGE_MAX, type RecordedEvent } from '#event-log';

/** Follows the log, so that what other ledgers write reaches this one's memory. */
export interface Follower {
  /** Resolves when everything the log's reader had at this moment was observed. Rejects as the reader does. */
  catchUp(): Promise<void>;
  /** Resolves when this event is observed, or when the time is over. To be asked before it is. */
  observed(eventId: string, timeoutMs: number): Promise<void>;
  /** Seconds since the log was last heard of. */
  stalledSeconds(): number;
  close(): Promise<void>;
}

/** Milliseconds between two looks at the head of the log, by which its being alive is known. */
const LOOK_MS = 500;
/** Milliseconds before a log that did not answer is asked again. */
const AGAIN_MS = 500;

/** Hands every event after a position to `observe`, once, in log order. `observe` never throws. */
export function followLog(
  log: Pick<EventLogReader, 'readAll' | 'subscribe'>,
  after: number,
  observe: (record: RecordedEvent) => void,
): Follower {
  const ended = new AbortController();
  const { signal } = ended;
  const waiting = new Map<string, () => void>();
  let position = after;
  let heardAt = performance.now();
  let pulling: Promise<void> | undefined;

  // Live items and pages asked for may overlap: each event is handed on once.
  const take = (record: RecordedEvent): void => {
    if (record.position <= position) return;
    position = record.position;
    observe(record);
    waiting.get(record.id)?.();
  };
  const pull = async (): Promise<void> => {
    for (;;) {
      const page = await log.readAll({ after: position, limit: PAGE_MAX });
      heardAt = performance.now();
      page.events.forEach(take);
      if (page.atHead || page.events.length === 0 || signal.aborted) return;
    }
  };
  const live = async (): Promise<void> => {
    while (!signal.aborted)
      try {
        for await (const item of log.subscribe({ after: position, signal }))
          if (item.kind === 'event') take(item.event);
      } catch {
        // The log does not answer; the age of what was last heard says so, and the loop asks again.
        await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined);
      }
  };
  const look = async (): Promise<void> => {
    while (!signal.aborted) {
      await pull().catch(() => undefined);
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = Promise.all([live(), look()]);

  return {
    catchUp: async () => {
      // A pull that is under way may have read its last page before what is asked for.
      await pulling?.catch(() => undefined);
      pulling ??= pull().finally(() => (pulling = undefined));
      await pulling;
    },
    observed: async (eventId, timeoutMs) => {
      const over = new AbortController();
      await Promise.race([
        new Promise<void>((resolve) => waiting.set(eventId, resolve)),
        sleep(timeoutMs, undefined, { signal: AbortSignal.any([over.signal, signal]), ref: false }).catch(
          () => undefined,
        ),
      ]);
      over.abort();
      waiting.delete(eventId);
    },
    stalledSeconds: () => (performance.now() - heardAt) / 1_000,
    close: async () => {
      ended.abort();
      await running;
    },
  };
}
