import { type BookEvent, type BookState, bookKind, postingsOf } from '#funds';
import { type RecordedEvent, verifyLog, verifySequence } from '#event-log';
import { parseEnvelope } from '#platform';
import type { Database } from '#postgres';
import { hashHex, leafHash } from '#transparency';

/** Something that is not as it must be, at a position of the log. */
export interface Finding {
  readonly code: string;
  readonly position: number;
  readonly detail: string;
}

/** What was looked at, and the RFC 6962 root (hex) over all stored bytes. */
export interface Verified {
  readonly events: number;
  readonly root: string;
}

/** Events between two looks of the caller at how far it is. */
const STRIDE = 1_000;

/** Looks at the content of event after event: findings of the one it is given. */
type ContentCheck = (recorded: RecordedEvent) => readonly Finding[];

/**
 * The spans of every book, by folding it again through the rules that assert DESIGN §4; and that every event of a
 * book posts as much to one side as to the other. A book that breaks a rule is folded no further.
 */
function createContentCheck(at: (position: number) => void): ContentCheck {
  const books = new Map<string, BookState | 'broken'>();
  return (recorded) => {
    if (recorded.position % STRIDE === 0) at(recorded.position);
    return recorded.stream.startsWith('book-') ? visitBook(recorded, books) : [];
  };
}

/**
 * Checks the log of a folder from its first event to its last: hashes, columns, order and tree (see `verifyLog`),
 * and the content of every event.
 */
export function* verifyEvents(
  folder: string,
  at: (position: number) => void,
): Generator<Finding, Verified, undefined> {
  const found: Finding[] = [];
  const content = createContentCheck(at);
  const log = verifyLog(folder, (recorded) => found.push(...content(recorded)));
  for (;;) {
    const next = log.next();
    yield* found.splice(0);
    if (next.done) return next.value;
    yield next.value;
  }
}

/** The same of the sequence in PostgreSQL. */
export async function* verifySequenceEvents(
  database: Database,
  at: (position: number) => void,
): AsyncGenerator<Finding, Verified, undefined> {
  const found: Finding[] = [];
  const content = createContentCheck(at);
  const sequence = verifySequence(database, (recorded) => found.push(...content(recorded)));
  for (;;) {
    const next = await sequence.next();
    yield* found.splice(0);
    if (next.done) return next.value;
    yield next.value;
  }
}

function visitBook(recorded: RecordedEvent, books: Map<string, BookState | 'broken'>): Finding[] {
  const { position, stream, type, envelope } = recorded;
  let event: BookEvent;
  try {
    const hash = bookKind.boundTo?.has(type) ? { hash: hashHex(leafHash(envelope)) } : {};
    event = { ...parseEnvelope(recorded), ...hash } as BookEvent;
  } catch (error) {
    books.set(stream, 'broken');
    return [{ code: 'EVENT_UNREADABLE', position, detail: messageOf(error) }];
  }
  const findings: Finding[] = [];
  const state = books.get(stream) ?? bookKind.initial(stream);
  try {
    if (state !== 'broken') books.set(stream, bookKind.evolve(state, event));
  } catch (error) {
    books.set(stream, 'broken');
    findings.push({ code: 'SPANS_BROKEN', position, detail: `${stream}: ${messageOf(error)}` });
  }
  try {
    const sums = new Map<string, bigint>();
    for (const { commodity, amount } of postingsOf(event))
      sums.set(commodity, (sums.get(commodity) ?? 0n) + amount);
    for (const [commodity, sum] of sums)
      if (sum !== 0n)
        findings.push({ code: 'POSTINGS_UNBALANCED', position, detail: `${commodity}: ${sum}` });
  } catch (error) {
    findings.push({ code: 'EVENT_UNREADABLE', position, detail: messageOf(error) });
  }
  return findings;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
