import { type EventLog, PAGE_MAX } from '#event-log';
import type { LedgerEvent } from '#kernel';
import { parseEnvelope } from './envelope.ts';

/** Items whose events are kept in memory. */
const ITEMS_MAX = 1_000;

/** The events about items that commands asked for lately, kept up to date with what is decided. */
export interface Histories {
  has(item: string): boolean;
  of(item: string): readonly LedgerEvent[];
  /** From now on decided events are noted; the function answered then reads the durable ones. */
  start(item: string): () => Promise<void>;
  add(event: LedgerEvent): void;
  /** An event of another ledger: what is known about its item has to be read again. */
  outdate(event: LedgerEvent): void;
  clear(): void;
}

/** The disbursement or allocation an event is about. */
const itemOf = ({ data }: LedgerEvent): string | undefined => {
  const { disbursement, allocation } = data as { disbursement?: string; allocation?: string };
  return disbursement ?? allocation;
};

export function createHistories(load: (item: string) => Promise<readonly LedgerEvent[]>): Histories {
  const known = new Map<string, readonly LedgerEvent[]>();
  const arriving = new Map<string, LedgerEvent[]>();
  return {
    has: (item) => known.has(item),
    of: (item) => known.get(item) ?? [],
    start: (item) => {
      const later: LedgerEvent[] = [];
      arriving.set(item, later);
      return async () => {
        try {
          const durable = await load(item);
          // Cleared meanwhile: what was noted may never have become durable.
          if (arriving.get(item) !== later) return;
          const ids = new Set(durable.map(({ id }) => id));
          const [oldest] = known.keys();
          if (known.size >= ITEMS_MAX && oldest !== undefined) known.delete(oldest);
          known.set(item, [...durable, ...later.filter(({ id }) => !ids.has(id))]);
        } finally {
          if (arriving.get(item) === later) arriving.delete(item);
        }
      };
    },
    add: (event) => {
      if (known.size === 0 && arriving.size === 0) return;
      const item = itemOf(event);
      if (item === undefined) return;
      arriving.get(item)?.push(event);
      const events = known.get(item);
      if (events) known.set(item, [...events, event]);
    },
    outdate: (event) => {
      const item = itemOf(event);
      if (item === undefined) return;
      known.delete(item);
      arriving.delete(item);
    },
    clear: () => {
      known.clear();
      arriving.clear();
    },
  };
}

/**
 * The events about an item straight from the log: the command that made it gave it its id, so its first event
 * is found at once; the others stand after it in the same stream. Cost: the events of the stream since then.
 */
export const historyFromLog =
  (log: Pick<EventLog, 'findCommand' | 'readStream'>) =>
  async (item: string): Promise<readonly LedgerEvent[]> => {
    const [first] = await log.findCommand(item);
    if (!first) return [];
    const found: LedgerEvent[] = [];
    for (let from = first.revision; ; from += PAGE_MAX) {
      const records = await log.readStream(first.stream, { from, limit: PAGE_MAX });
      for (const record of records) {
        // Looking at the text first saves parsing the receipts in between.
        if (!record.envelope.includes(item)) continue;
        const event = parseEnvelope(record);
        if (itemOf(event) === item) found.push(event);
      }
      if (records.length < PAGE_MAX) return found;
    }
  };
