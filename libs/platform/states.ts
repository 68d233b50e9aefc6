import { type EventLogReader, PAGE_MAX, type RecordedEvent } from '#event-log';
import { type LedgerEvent, type StreamKind, invariant } from '#kernel';
import { hashHex, leafHash } from '#transparency';
import type { Directory } from './command.ts';
import { parseEnvelope } from './envelope.ts';
import type { Snapshots } from './snapshots.ts';

/** The folded state of one stream, with every event decided so far, durable or not. */
export interface Slot {
  readonly stream: string;
  readonly kind: StreamKind<unknown>;
  state: unknown;
  /** Revision of the last decided event, −1 when the stream has none. */
  revision: number;
  /** Id of that event. */
  lastId: string;
  /** Appends on their way that write to this stream. */
  pending: number;
  /** The last of them; true when its events became durable. */
  tail?: Promise<boolean>;
  /** Revision of the snapshot that is kept. */
  snapshotAt: number;
}

/** The folded state of a directory. `undefined` state: has to be read again. */
export interface Shelf {
  readonly directory: Directory<unknown>;
  state: unknown;
  loaded: boolean;
  /** Everything up to here is in the state. */
  position: number;
  /** Appends on their way, by the stream they write to. */
  readonly pending: Map<string, number>;
  /** Last revision of every stream in the state; absent where this ledger alone writes the log. */
  readonly revisions?: Map<string, number> | undefined;
  /** Last revision of every stream that came out of the log. */
  readonly seen: Map<string, number>;
  /** Durable events that reading the log again may miss, because the sequence lags: own ones, until they come. */
  recent: LedgerEvent[];
}

/** Events of a stream between two snapshots of its state: what a start replays at most, per book. */
export const SNAPSHOT_EVENTS = 20_000;

/** Events of a stream that are read at once: so few that they are gone again before they count as long-lived. */
const STREAM_PAGE = 1_000;

/** For streams without a state of their own: only their revision matters. */
const revisionOnly = (kind: string): StreamKind<unknown> => ({
  kind,
  version: 0,
  initial: () => null,
  evolve: (state) => state,
});

/** The kind of a stream: the part of its name before the first hyphen. */
export const kindOf = (stream: string): string => stream.slice(0, stream.indexOf('-'));

/** Hex leaf hash of an envelope when the stream kind binds later events to it. */
export const boundHash = (kind: StreamKind<unknown>, type: string, envelope: string): string | undefined =>
  kind.boundTo?.has(type) ? hashHex(leafHash(envelope)) : undefined;

/** Finds the kinds of streams by name. */
export function kindFinder(kinds: readonly StreamKind<unknown>[]): (stream: string) => StreamKind<unknown> {
  const byName = new Map(kinds.map((kind) => [kind.kind, kind]));
  return (stream) => {
    const name = kindOf(stream);
    const kind = byName.get(name) ?? revisionOnly(name);
    byName.set(name, kind);
    return kind;
  };
}

/** Folds a stream from its snapshot, when the log confirms it, and what came after. */
export async function loadSlot(
  log: Pick<EventLogReader, 'readStream'>,
  kind: StreamKind<unknown>,
  stream: string,
  snapshots: Snapshots | undefined,
): Promise<Slot> {
  const slot: Slot = {
    stream,
    kind,
    state: undefined,
    revision: -1,
    lastId: '',
    pending: 0,
    snapshotAt: -1,
  };
  const snapshot = kind.version > 0 ? snapshots?.load(stream, kind.version) : undefined;
  if (snapshot) {
    const [at] = await log.readStream(stream, { from: snapshot.at, limit: 1 });
    if (at?.id === snapshot.eventId) {
      slot.state = snapshot.state;
      slot.revision = slot.snapshotAt = snapshot.at;
      slot.lastId = at.id;
    }
  }
  if (slot.revision < 0) slot.state = kind.initial(stream);
  await advanceSlot(log, slot, () => true);
  return slot;
}

/**
 * Folds what the log holds after the slot's revision. `isMine` is asked after every page: false, when the slot
 * is no longer what the page was read for. Answers whether there was anything.
 */
export async function advanceSlot(
  log: Pick<EventLogReader, 'readStream'>,
  slot: Slot,
  isMine: () => boolean,
): Promise<boolean> {
  const start = slot.revision;
  for (;;) {
    const from = slot.revision + 1;
    const records = await log.readStream(slot.stream, { from, limit: STREAM_PAGE });
    if (!isMine() || slot.revision + 1 !== from) return slot.revision > start;
    for (const record of records) foldRecord(slot, record);
    if (records.length < STREAM_PAGE) return slot.revision > start;
  }
}

/** The next event of a stream, as the log gives it. */
export function foldRecord(slot: Slot, record: RecordedEvent): void {
  const { kind, stream } = slot;
  invariant(record.revision === slot.revision + 1, `${stream} has no gap before ${record.revision}`);
  // A stream whose state is nothing needs no parsing.
  if (kind.version > 0) {
    const event = parseEnvelope(record);
    const hash = boundHash(kind, record.type, record.envelope);
    slot.state = kind.evolve(slot.state, hash === undefined ? event : { ...event, hash });
  }
  slot.revision = record.revision;
  slot.lastId = record.id;
}

/** Reads a directory again, from its snapshot when the log confirms it. */
export async function loadShelf(
  log: Pick<EventLogReader, 'readAll'>,
  shelf: Shelf,
  snapshots: Snapshots | undefined,
): Promise<void> {
  const { directory } = shelf;
  const snapshot = snapshots?.load(shelfKey(directory), SHELF_VERSION);
  const [at] = snapshot ? (await log.readAll({ after: snapshot.at - 1, limit: 1 })).events : [];
  const confirmed = snapshot !== undefined && at?.position === snapshot.at && at.id === snapshot.eventId;
  let state = confirmed ? snapshot.state : directory.initial();
  let after = confirmed ? snapshot.at : 0;
  shelf.revisions?.clear();
  const note = (stream: string, revision: number): void => {
    if (!shelf.revisions) return;
    shelf.revisions.set(stream, revision);
    shelf.seen.set(stream, Math.max(revision, shelf.seen.get(stream) ?? revision));
  };
  for (;;) {
    const filter = { streamPrefixes: [directory.prefix] };
    const page = await log.readAll({ after, limit: PAGE_MAX, filter });
    for (const record of page.events) {
      state = directory.evolve(state, parseEnvelope(record));
      note(record.stream, record.revision);
    }
    after = page.next;
    if (page.atHead) break;
  }
  shelf.state = state;
  shelf.position = after;
  shelf.loaded = true;
  shelf.recent = shelf.recent.filter(({ stream, revision }) => revision > (shelf.seen.get(stream) ?? -1));
  for (const event of shelf.recent) foldInto(shelf, event);
}

/**
 * Folds an event into a directory. Where other ledgers write as well, one that is in it already is left out,
 * and so is one whose forerunner is not there yet: it comes again, in order, out of the log.
 */
export function foldInto(shelf: Shelf, event: LedgerEvent): void {
  const { revisions, directory } = shelf;
  if (revisions && event.revision !== (revisions.get(event.stream) ?? -1) + 1) return;
  shelf.state = directory.evolve(shelf.state, event);
  revisions?.set(event.stream, event.revision);
}

const SHELF_VERSION = 1;
const shelfKey = ({ prefix }: Directory<unknown>): string => `${prefix}*`;

/** Keeps the state of a slot, unless it is kept already. */
export function keepSlot(slot: Slot, snapshots: Snapshots): void {
  if (slot.kind.version === 0 || slot.revision === slot.snapshotAt) return;
  const { stream, kind, revision, lastId, state } = slot;
  snapshots.save({ name: stream, version: kind.version, at: revision, eventId: lastId, state });
  slot.snapshotAt = revision;
}

/** Keeps a directory as it stands at its position, whose event has this id. */
export function keepShelf(shelf: Shelf, eventId: string, snapshots: Snapshots): void {
  const { directory, position, state } = shelf;
  snapshots.save({ name: shelfKey(directory), version: SHELF_VERSION, at: position, eventId, state });
}
