import { type EventLogReader, PAGE_MAX, type RecordedEvent } from '#event-log';
import { type BookEvent, type BookState, bookKind, postingsOf } from '#funds';
import { parseEnvelope } from '#platform';
import { Frontier, hashHex, leafHash } from '#transparency';
import type { Invariant, Violation } from './fault.ts';
import type { Journal } from './journal.ts';

/** Violations of one log that are kept in words. */
const VIOLATIONS_MAX = 50;

/** What a log was found to be when it was held against the clients' list. */
export interface Checked {
  readonly events: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly unanswered: number;
  /** Acknowledged commands of which an event is missing, or stands elsewhere or changed. */
  readonly lost: number;
  /** Commands recorded more than once. */
  readonly duplicated: number;
  /** Commands in the log that no client sent. */
  readonly phantom: number;
  readonly violations: readonly Violation[];
}

/** Every event of a log in its order, page by page. */
export async function* eventsOf(log: Pick<EventLogReader, 'readAll'>): AsyncGenerator<RecordedEvent> {
  for (let after = 0; ;) {
    const page = await log.readAll({ after, limit: PAGE_MAX });
    yield* page.events;
    if (page.atHead) return;
    after = page.next;
  }
}

interface Found {
  readonly at: string;
  readonly hash: string;
  readonly position: number;
}

/**
 * Holds a log against what clients were told: I1 to I4 and I6, I5 as far as the events alone show it, and
 * I7 for every root somebody was shown. Works on any log that gives events in order; believes no column that
 * the envelope does not confirm.
 */
export const checkLog = async (
  events: AsyncIterable<RecordedEvent> | Iterable<RecordedEvent>,
  journal: Pick<Journal, 'entries' | 'roots' | 'readBack' | 'violations'>,
): Promise<Checked> => {
  const violations: Violation[] = [...journal.violations];
  const broken = (invariant: Invariant, detail: string): void => {
    if (violations.length < VIOLATIONS_MAX) violations.push({ invariant, detail });
  };
  const byCommand = new Map<string, Map<string, Found>>();
  const twice = new Set<string>();
  const revisions = new Map<string, number>();
  const books = new Map<string, BookState | 'broken'>();
  const tree = new Frontier();
  const roots = new Map<number, string>();
  const wanted = new Set(journal.roots.map(({ size }) => size));
  const readBack = new Map(journal.readBack.map((each) => [each.position, each]));
  let last = 0;

  for await (const recorded of events) {
    const { position, stream, revision, id, envelope } = recorded;
    if (position !== last + 1) broken('I4', `position ${position} follows ${last}`);
    last = position;
    const before = revisions.get(stream) ?? -1;
    if (revision !== before + 1) broken('I4', `${stream}@${revision} follows @${before}`);
    revisions.set(stream, revision);
    const leaf = leafHash(envelope);
    tree.push(leaf);
    if (wanted.has(tree.size)) roots.set(tree.size, hashHex(tree.root()));
    const event = parseEnvelope(recorded);
    if (event.id !== id || event.stream !== stream || event.revision !== revision)
      broken('I1', `${stream}@${revision} holds the envelope of ${event.stream}@${event.revision}`);
    const seen = readBack.get(position);
    if (seen !== undefined && (seen.envelope !== envelope || seen.id !== id))
      broken('I1', `position ${position} was read as ${seen.id} and is now ${id}`);
    const command = byCommand.get(event.commandId) ?? new Map<string, Found>();
    if (command.has(id)) twice.add(event.commandId);
    command.set(id, { at: `${stream}@${revision}`, hash: hashHex(leaf), position });
    byCommand.set(event.commandId, command);
    if (stream.startsWith('book-')) foldBook(books, { ...event, hash: hashHex(leaf) } as BookEvent, broken);
  }

  for (const { position, id } of journal.readBack)
    if (position > last) broken('I1', `${id} was read at ${position}, the log ends at ${last}`);
  for (const { size, root } of journal.roots)
    if (size > 0 && roots.get(size) !== root)
      broken('I7', `the root of ${size} leaves was ${root} and is ${roots.get(size) ?? 'not there'}`);

  let [lost, acknowledged, refused, unanswered] = [0, 0, 0, 0];
  for (const entry of journal.entries.values()) {
    unanswered += entry.unanswered;
    const found = byCommand.get(entry.key);
    if (entry.settled?.kind === 'acknowledged') {
      acknowledged += 1;
      const missing = entry.settled.events.find(({ id, at, hash }) => {
        const event = found?.get(id);
        return event?.at !== at || (hash !== undefined && event.hash !== hash);
      });
      if (missing !== undefined) {
        lost += 1;
        broken('I1', `${entry.key}: ${missing.id} was acknowledged at ${missing.at} and is not there`);
      } else if (found !== undefined && found.size !== entry.settled.events.length) {
        twice.add(entry.key);
      }
    } else if (entry.settled?.kind === 'refused') {
      refused += 1;
      if (found !== undefined)
        broken('I3', `${entry.key} was refused (${entry.settled.code}) and is recorded`);
    }
  }
  for (const key of twice) broken('I1', `${key} is recorded more than once`);
  const phantoms = [...byCommand.keys()].filter((key) => !journal.entries.has(key));
  for (const key of phantoms) broken('I2', `nobody sent ${key}`);
  return {
    events: last,
    acknowledged,
    refused,
    unanswered,
    lost,
    duplicated: twice.size,
    phantom: phantoms.length,
    violations,
  };
};

/** Spans, limits and postings of one book event; a book that broke a rule is folded no further. */
const foldBook = (
  books: Map<string, BookState | 'broken'>,
  event: BookEvent,
  broken: (invariant: Invariant, detail: string) => void,
): void => {
  const { stream, position } = event;
  const state = books.get(stream) ?? bookKind.initial(stream);
  try {
    if (state !== 'broken') books.set(stream, bookKind.evolve(state, event));
  } catch (error) {
    books.set(stream, 'broken');
    broken('I6', `${stream} at ${position}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const sums = new Map<string, bigint>();
  for (const { commodity, amount } of postingsOf(event))
    sums.set(commodity, (sums.get(commodity) ?? 0n) + amount);
  for (const [commodity, sum] of sums)
    if (sum !== 0n) broken('I5', `position ${position} posts ${sum} ${commodity} from nowhere`);
};
