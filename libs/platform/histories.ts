import { type EventLog, PAGE_MAX, type RecordedEvent } from '#event-log';
import type { LedgerEvent } from '#kernel';
import { parseEnvelope } from './envelope.ts';

/** Items whose events are kept in memory. */
const ITEMS_MAX = 1_000;

/** Which events belong to an item that a command asks the past of. */
export interface ItemRules {
  /** The items an event names. */
  about(event: LedgerEvent): readonly string[];
  /** An item is also changed by events that do not name it: those its own past tells. Slow, so for few items. */
  readonly watch?: {
    /** Whether the past of an item, its first event first, is of such a kind. */
    is(history: readonly LedgerEvent[]): boolean;
    /** Whether the event changes the item with this past. */
    touches(history: readonly LedgerEvent[], event: LedgerEvent): boolean;
    /** False: no event of the type touches anything. Spares reading most of a log. */
    mayTouch(type: string): boolean;
  };
  /** The stream that goes on where this one ended with its last event, as the book of the next year does. */
  following?(stream: string, last: LedgerEvent): string;
}

/** Disbursements and allocations, each in the stream that made it. */
const NAMED: ItemRules = {
  about: ({ data }) => {
    const { disbursement, allocation } = data as { disbursement?: string; allocation?: string };
    const item = disbursement ?? allocation;
    return item === undefined ? [] : [item];
  },
};

const belongs = (
  rules: ItemRules,
  item: string,
  history: readonly LedgerEvent[],
  event: LedgerEvent,
): boolean =>
  rules.about(event).includes(item) ||
  (rules.watch !== undefined && rules.watch.is(history) && rules.watch.touches(history, event));

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

export function createHistories(
  load: (item: string) => Promise<readonly LedgerEvent[]>,
  rules: ItemRules = NAMED,
): Histories {
  const known = new Map<string, readonly LedgerEvent[]>();
  /** Those of the known items that events change without naming them. */
  const watched = new Set<string>();
  const arriving = new Map<string, LedgerEvent[]>();
  const forget = (item: string): void => {
    known.delete(item);
    watched.delete(item);
  };
  /** The known items an event belongs to. */
  const itemsOf = (event: LedgerEvent): Set<string> => {
    const items = new Set(rules.about(event).filter((item) => known.has(item)));
    if (watched.size > 0 && rules.watch?.mayTouch(event.type))
      for (const item of watched) if (rules.watch.touches(known.get(item) ?? [], event)) items.add(item);
    return items;
  };
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
          if (known.size >= ITEMS_MAX && oldest !== undefined) forget(oldest);
          const history = [...durable];
          for (const event of later)
            if (!ids.has(event.id) && belongs(rules, item, history, event)) history.push(event);
          known.set(item, history);
          if (rules.watch?.is(history)) watched.add(item);
        } finally {
          if (arriving.get(item) === later) arriving.delete(item);
        }
      };
    },
    add: (event) => {
      if (known.size === 0 && arriving.size === 0) return;
      // Whether it belongs to an item whose past is not read yet is seen when it is.
      for (const noted of arriving.values()) noted.push(event);
      for (const item of itemsOf(event)) known.set(item, [...(known.get(item) ?? []), event]);
    },
    outdate: (event) => {
      if (known.size === 0 && arriving.size === 0) return;
      for (const item of itemsOf(event)) forget(item);
      // Read while others write: it is read once more when its turn to be decided comes.
      for (const item of rules.about(event)) arriving.delete(item);
      if (rules.watch?.mayTouch(event.type)) arriving.clear();
    },
    clear: () => {
      known.clear();
      watched.clear();
      arriving.clear();
    },
  };
}

/** Streams that one item's past may go on in: a book a year. */
const STREAMS_MAX = 100;

/**
 * The events about an item straight from the log: the command that made it gave it its id, so its first event
 * is found at once; the others stand after it in the same stream and in those that follow it. Cost: the events
 * of those streams since then.
 */
export const historyFromLog =
  (log: Pick<EventLog, 'findCommand' | 'readStream'>, rules: ItemRules = NAMED) =>
  async (item: string): Promise<readonly LedgerEvent[]> => {
    const [first] = await log.findCommand(item);
    if (!first) return [];
    const found: LedgerEvent[] = [];
    let stream: string | undefined = first.stream;
    let from = first.revision;
    for (let streams = 0; stream !== undefined && streams < STREAMS_MAX; streams += 1) {
      const last = await readInto(log, rules, item, { stream, from, found });
      // Nothing was written there: the item's past ends.
      stream = last ? rules.following?.(stream, parseEnvelope(last)) : undefined;
      from = 0;
    }
    return found;
  };

/** Adds what a stream holds of an item. Answers its last event, when it holds any at all. */
async function readInto(
  log: Pick<EventLog, 'readStream'>,
  rules: ItemRules,
  item: string,
  { stream, from: start, found }: { stream: string; from: number; found: LedgerEvent[] },
): Promise<RecordedEvent | undefined> {
  let last: RecordedEvent | undefined;
  for (let from = start; ; from += PAGE_MAX) {
    const records = await log.readStream(stream, { from, limit: PAGE_MAX });
    last = records.at(-1) ?? last;
    for (const record of records) {
      // Looking at the text first saves parsing the receipts in between.
      const mayTouch = rules.watch?.mayTouch(record.type) === true && rules.watch.is(found);
      if (!mayTouch && !record.envelope.includes(item)) continue;
      const event = parseEnvelope(record);
      if (belongs(rules, item, found, event)) found.push(event);
    }
    if (records.length < PAGE_MAX) return last;
  }
}
