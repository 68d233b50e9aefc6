import {
  type Cursor,
  type EventLogReader,
  type Feed,
  type FeedEvent,
  openMemoryLog,
} from '../../libs/event-log/index.ts';

/** Events of one page: few, so that a page's end falls into the midst of appends. */
const PAGE = 64;
const RETRY_MS = 20;

/** A sequencer in memory, for tests: follows a feed and gives 1, 2, 3 … in its order. */
export interface MemorySequence {
  readonly reader: EventLogReader;
  /** Resolves when everything that the store held at this moment is placed. Rejects when the feed is not in order. */
  settled(): Promise<void>;
  /** Events that came again and were left out. */
  repeats(): number;
  close(): Promise<void>;
}

/** Starts to follow. `takes` leaves out what another test wrote to the same server. */
export const openMemorySequence = (
  feed: Feed,
  takes: (event: FeedEvent) => boolean = () => true,
): MemorySequence => {
  const log = openMemoryLog();
  const stopping = new AbortController();
  let cursor: Cursor | undefined;
  let serial = 0;
  let repeated = 0;
  let asked = 0;
  let waiting: {
    readonly from: number;
    readonly resolve: () => void;
    readonly reject: (error: Error) => void;
  }[] = [];
  let failure: Error | undefined;

  const place = async ({ id, type, stream, revision, envelope }: FeedEvent): Promise<void> => {
    serial += 1;
    const { bodyHash } = JSON.parse(envelope) as { bodyHash: string };
    const result = await log.append({
      command: `00000000-0000-4000-8000-${serial.toString(16).padStart(12, '0')}`,
      requestHash: bodyHash,
      writes: [
        { stream, expected: revision === 0 ? 'no-stream' : revision - 1, events: [{ id, type, envelope }] },
      ],
    });
    if (result.kind === 'duplicate') repeated += 1;
    if (result.kind === 'conflict')
      throw new Error(`the feed gave ${stream}@${revision} after ${result.stream}@${result.actual}`);
  };

  const step = async (): Promise<void> => {
    asked += 1;
    const turn = asked;
    const page = await feed.page(cursor, PAGE);
    for (const event of page.events) if (takes(event)) await place(event);
    cursor = page.next;
    if (!page.atHead) return;
    for (const one of waiting.filter(({ from }) => from < turn)) one.resolve();
    waiting = waiting.filter(({ from }) => from >= turn);
    await feed.wait(stopping.signal);
  };

  const follow = async (): Promise<void> => {
    while (!stopping.signal.aborted)
      try {
        await step();
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'ES_UNAVAILABLE') {
          failure = error as Error;
          for (const { reject } of waiting) reject(failure);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
  };
  const following = follow();

  return {
    reader: log,
    settled: () =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) reject(failure);
        else waiting.push({ from: asked, resolve, reject });
      }),
    repeats: () => repeated,
    close: async () => {
      stopping.abort();
      await following;
      await feed.close();
    },
  };
};
