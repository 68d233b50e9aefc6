import type { Page, ReadAll, Subscribe, SubscriptionItem } from './event-log.ts';
import { POLL_MS } from './limits.ts';

/** Events a subscription holds at most, however slow its consumer is. */
const PAGE = 500;

/** Tells waiting subscriptions that the log has grown. */
export interface Notice {
  announce(): void;
  /** Resolves at the next announcement, after `POLL_MS`, or when the signal aborts; it never rejects. */
  wait(signal: AbortSignal): Promise<void>;
}

export const createNotice = (): Notice => {
  const waiting = new Set<() => void>();
  return {
    announce: () => waiting.forEach((wake) => wake()),
    wait: (signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          waiting.delete(wake);
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        // Another process may be the writer; nobody announces its appends here.
        const timer = setTimeout(wake, POLL_MS);
        signal.addEventListener('abort', wake);
        waiting.add(wake);
        if (signal.aborted) wake();
      }),
  };
};

/**
 * One ordered sequence out of pages: positions only rise, a checkpoint follows the events before it, and
 * nothing is read ahead of the consumer but the current page.
 */
export async function* follow(
  readAll: (options: ReadAll) => Promise<Page>,
  wait: Notice['wait'],
  { after = 0, filter, signal }: Subscribe,
): AsyncGenerator<SubscriptionItem, void, undefined> {
  let position = after;
  let caughtUp = false;
  while (!signal.aborted) {
    const page = await readAll({ after: position, limit: PAGE, ...(filter && { filter }) });
    if (caughtUp && !page.atHead) {
      caughtUp = false;
      yield { kind: 'fell-behind' };
    }
    for (const event of page.events) {
      if (signal.aborted) return;
      yield { kind: 'event', event };
      position = event.position;
    }
    if (signal.aborted) return;
    if (page.next > position) yield { kind: 'checkpoint', position: page.next };
    position = page.next;
    if (!page.atHead) continue;
    if (!caughtUp) {
      caughtUp = true;
      yield { kind: 'caught-up', position };
    }
    await wait(signal);
  }
}
