import { type EventLog, PAGE_MAX, type RecordedEvent } from '#event-log';
import { type LedgerEvent, type StreamKind, invariant } from '#kernel';
import type { Directory } from './command.ts';
import { parseEnvelope } from './envelope.ts';
import { type Histories, type ItemRules, createHistories } from './histories.ts';
import type { Snapshots } from './snapshots.ts';
import {
  SNAPSHOT_EVENTS,
  type Shelf,
  type Slot,
  advanceSlot,
  foldInto,
  foldRecord,
  keepSlot,
  loadShelf,
  loadSlot,
} from './states.ts';

/** States of small streams (donors, pledges …) kept in memory; those of books stay. */
const SLOTS_MAX = 50_000;
/** Times a stream is read on while others write to it; after that a conflict says what is missing. */
const READS_MAX = 5;

export interface MemoryOptions {
  readonly log: EventLog;
  readonly findKind: (stream: string) => StreamKind<unknown>;
  readonly directories: readonly Directory<unknown>[];
  readonly snapshots: Snapshots | undefined;
  readonly history: (item: string) => Promise<readonly LedgerEvent[]>;
  readonly items?: ItemRules | undefined;
  /** Kinds whose states always stay. */
  readonly pinned: readonly string[];
  /** Other ledgers write the log too. */
  readonly shared: boolean;
}

/** What a decision lacks. */
export interface Missing {
  readonly streams: readonly string[];
  readonly shelves: readonly Shelf[];
  readonly items: readonly string[];
  /** Streams of which a directory has not seen all yet, because the log that is followed lags. */
  readonly behind?: readonly string[];
  /** Appends on their way have to be settled. */
  readonly settle?: boolean;
}

/** The states decisions are made on: with every event decided here so far, durable or not. */
export interface Memory {
  readonly slots: ReadonlyMap<string, Slot>;
  readonly shelves: readonly Shelf[];
  readonly histories: Histories;
  /** Loads what is missing. */
  bring(missing: Missing): Promise<void>;
  /** The next decided event of a stream that is loaded. */
  apply(event: LedgerEvent): void;
  /** Notes an append on its way until it is settled, however it ends. */
  track(append: Promise<unknown>): void;
  settled(): Promise<void>;
  count(touched: readonly Slot[], by: 1 | -1): void;
  /** Throws away every state that an append which failed may have touched. */
  drop(touched: readonly Slot[]): void;
  /** Streams that a decision read and that have appends on their way. */
  dependencies(named: readonly string[], read: ReadonlySet<Shelf>): Set<string>;
  /** The named streams of which a directory has seen less than their own state has. */
  behind(named: readonly string[]): readonly string[];
  /** Own events are durable now. Answers those of a directory that have not come out of the log yet. */
  confirm(events: readonly LedgerEvent[]): readonly LedgerEvent[];
  /** An event out of the log, in log order: of another ledger, or an own one coming back. */
  observe(record: RecordedEvent): void;
  /** Reads what others have written to these streams since; true when there was anything. */
  refresh(streams: readonly string[]): Promise<boolean>;
}

export function createMemory(options: MemoryOptions): Memory {
  const { log, findKind, snapshots, pinned, shared } = options;
  const slots = new Map<string, Slot>();
  const shelves: Shelf[] = options.directories.map((directory) => ({
    directory,
    state: undefined,
    loaded: false,
    position: 0,
    pending: new Map(),
    revisions: shared ? new Map() : undefined,
    seen: new Map(),
    recent: [],
  }));
  const histories = createHistories(options.history, options.items);
  const loading = new Map<string, Promise<void>>();
  /** Revisions of streams that came out of the log while their state was being loaded. */
  const seenMeanwhile = new Map<string, number>();
  const appends = new Set<Promise<unknown>>();
  /** Streams whose state was thrown away while appends to them were under way. */
  const unsettled = new Set<string>();

  const settled = async (): Promise<void> => void (await Promise.allSettled(appends));

  const loadStream = async (stream: string): Promise<void> => {
    if (unsettled.delete(stream)) await settled();
    seenMeanwhile.delete(stream);
    const slot = await loadSlot(log, findKind(stream), stream, snapshots);
    // What came out of the log meanwhile may be newer than the last page that was read.
    for (let more = 0; more < READS_MAX && (seenMeanwhile.get(stream) ?? -1) > slot.revision; more += 1)
      await advanceSlot(log, slot, () => true);
    slots.set(stream, slot);
    evict();
  };
  const evict = (): void => {
    let excess = slots.size - SLOTS_MAX;
    if (excess <= 0) return;
    for (const slot of slots.values()) {
      if (slot.pending > 0 || pinned.includes(slot.kind.kind)) continue;
      slots.delete(slot.stream);
      excess -= 1;
      if (excess <= 0) return;
    }
  };
  const once = (name: string, load: () => Promise<void>): Promise<void> => {
    const known = loading.get(name);
    if (known) return known;
    const loaded = load().finally(() => {
      loading.delete(name);
      seenMeanwhile.delete(name);
    });
    loading.set(name, loaded);
    return loaded;
  };

  /** Straight from the stream: the log that is followed may show it only later. */
  const completeShelf = async (stream: string): Promise<void> => {
    const shelf = shelves.find(({ directory }) => stream.startsWith(directory.prefix));
    if (!shelf?.revisions) return;
    const from = (shelf.revisions.get(stream) ?? -1) + 1;
    for (const record of await log.readStream(stream, { from, limit: PAGE_MAX }))
      foldInto(shelf, parseEnvelope(record));
  };

  const bring = async ({ streams, shelves: stale, items, behind = [], settle }: Missing): Promise<void> => {
    if (settle) await settled();
    await Promise.all([
      ...streams.map((stream) => once(stream, () => loadStream(stream))),
      ...behind.map((stream) => once(`${stream} in its directory`, () => completeShelf(stream))),
      ...stale.map((shelf) =>
        once(`${shelf.directory.prefix}*`, async () => {
          await settled();
          // A kept state does not say the revisions in it.
          await loadShelf(log, shelf, shared ? undefined : snapshots);
        }),
      ),
      ...items.map((item) =>
        once(`item ${item}`, async () => {
          const load = histories.start(item);
          // What is under way about it becomes durable first, and what is decided meanwhile is added.
          await settled();
          await load();
        }),
      ),
    ]);
  };

  /** Its state is read again at the next use, when what is on its way to it is settled. */
  const forgetSlot = (slot: Slot): void => {
    if (slots.get(slot.stream) !== slot) return;
    slots.delete(slot.stream);
    if (slot.pending > 0) unsettled.add(slot.stream);
    histories.clear();
  };

  const drop = (touched: readonly Slot[]): void => {
    for (const slot of touched) {
      forgetSlot(slot);
      for (const shelf of shelves) if (slot.stream.startsWith(shelf.directory.prefix)) shelf.loaded = false;
    }
    histories.clear();
  };

  const observeInSlot = (record: RecordedEvent): void => {
    const slot = slots.get(record.stream);
    if (loading.has(record.stream)) seenMeanwhile.set(record.stream, record.revision);
    if (!slot || record.revision <= slot.revision) return;
    // An own append on its way is durable already, or will conflict: the answer is still to come.
    if (slot.pending > 0 || record.revision !== slot.revision + 1) return forgetSlot(slot);
    foldRecord(slot, record);
    histories.outdate(parseEnvelope(record));
  };

  const observeInShelf = (shelf: Shelf, record: RecordedEvent): void => {
    const { stream, revision } = record;
    shelf.seen.set(stream, revision);
    shelf.recent = shelf.recent.filter((own) => own.stream !== stream || own.revision > revision);
    if (!shelf.loaded) shelf.recent.push(parseEnvelope(record));
    else if (revision > (shelf.revisions?.get(stream) ?? -1)) foldInto(shelf, parseEnvelope(record));
  };

  return {
    slots,
    shelves,
    histories,
    bring,
    apply: (event) => {
      const slot = slots.get(event.stream);
      invariant(slot !== undefined, `${event.stream} is loaded`);
      slot.state = slot.kind.evolve(slot.state, event);
      slot.revision = event.revision;
      slot.lastId = event.id;
      histories.add(event);
      for (const shelf of shelves)
        if (event.stream.startsWith(shelf.directory.prefix)) foldInto(shelf, event);
      if (snapshots && slot.revision - slot.snapshotAt >= SNAPSHOT_EVENTS) keepSlot(slot, snapshots);
    },
    track: (append) => {
      appends.add(append);
      const end = (): void => void appends.delete(append);
      append.then(end, end);
    },
    settled,
    count: (touched, by) => {
      for (const slot of touched) {
        slot.pending += by;
        for (const { directory, pending } of shelves) {
          if (!slot.stream.startsWith(directory.prefix)) continue;
          const left = (pending.get(slot.stream) ?? 0) + by;
          if (left > 0) pending.set(slot.stream, left);
          else pending.delete(slot.stream);
        }
      }
    },
    drop,
    dependencies: (named, read) => {
      const found = new Set<string>();
      for (const stream of named) if ((slots.get(stream)?.pending ?? 0) > 0) found.add(stream);
      for (const shelf of read) for (const stream of shelf.pending.keys()) found.add(stream);
      return found;
    },
    behind: (named) =>
      named.filter((stream) =>
        shelves.some(
          ({ directory, revisions }) =>
            revisions &&
            stream.startsWith(directory.prefix) &&
            (revisions.get(stream) ?? -1) < (slots.get(stream)?.revision ?? -1),
        ),
      ),
    confirm: (events) => {
      if (!shared) return [];
      return events.filter((event) => {
        const shelf = shelves.find(({ directory }) => event.stream.startsWith(directory.prefix));
        if (!shelf || event.revision <= (shelf.seen.get(event.stream) ?? -1)) return false;
        shelf.recent.push(event);
        if (shelf.loaded) foldInto(shelf, event);
        return true;
      });
    },
    observe: (record) => {
      try {
        observeInSlot(record);
      } catch {
        // What is in memory and the log do not fit together: the log is right, the state is read again.
        const slot = slots.get(record.stream);
        if (slot) forgetSlot(slot);
      }
      for (const shelf of shelves) {
        if (!record.stream.startsWith(shelf.directory.prefix)) continue;
        try {
          observeInShelf(shelf, record);
        } catch {
          shelf.loaded = false;
        }
      }
    },
    refresh: async (streams) => {
      const found = await Promise.all(
        streams.map(async (stream) => {
          const slot = slots.get(stream);
          if (!slot || slot.pending > 0) return false;
          const isMine = (): boolean => slots.get(stream) === slot && slot.pending === 0;
          const advanced = await advanceSlot(log, slot, isMine);
          if (advanced) histories.clear();
          return advanced;
        }),
      );
      return found.includes(true);
    },
  };
}
