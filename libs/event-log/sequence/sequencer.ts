import { type Database, type Queryable, type Role } from '#postgres';
import { type Frontier, HASH_BYTES, hashFrom } from '#transparency';
import { EventLogError } from '../event-log.ts';
import type { Cursor, Feed, FeedEvent, FeedPage } from '../kurrent/feed.ts';
import { type Head, checkedHead } from './head.ts';
import { type Judgement, type Known, type Placed, UUID, judge } from './judge.ts';
import { channelOf } from './schema.ts';

export interface SequencerOptions {
  readonly feed: Feed;
  /** Its schema is that of the sequence; {@link prepareSequence} made the tables. */
  readonly database: Database;
  /** The part of the sequencer; guarded in every transaction. */
  readonly role: Role;
  /** Records of the feed placed in one transaction; {@link PAGE_RECORDS} when absent. */
  readonly pageRecords?: number;
  /** Milliseconds since 1970, for the lag alone. */
  readonly now?: () => number;
}

/** What came of one page. */
export interface Step {
  /** Events that got a position. */
  readonly placed: number;
  /** Nothing lay beyond in the feed: wait for a hint. */
  readonly atHead: boolean;
}

/**
 * Gives each event of a feed its position. One call of `step` at a time; after a rejection the next call
 * reads the state anew, so that it goes on wherever the database says the sequence stands.
 */
export interface Sequencer {
  /**
   * Places the next page. Rejects with `RoleLostError`, with `SequencerFault` (what came before the event is
   * placed), with `ES_CORRUPT` when head and rows differ, or with a fault of feed or database.
   */
  step(): Promise<Step>;
  /** Last position given. */
  position(): number;
  /** How old the oldest event is that is known to wait for a position; 0 when none is. */
  lagSeconds(): number;
}

/** Large enough that a transaction's own cost does not count, small enough that readers see events soon. */
const PAGE_RECORDS = 2_000;
/** Streams whose last revision is kept in memory. */
const STREAMS_CACHED_MAX = 100_000;
/** Positions between two kept edges of the tree: a start hashes at most so many leaves. */
const MARK_EVERY = 65_536;
/** SQLSTATE unique_violation. */
const UNIQUE_VIOLATION = '23505';

interface State extends Head {
  readonly revisions: Map<string, number>;
}

export const createSequencer = (options: SequencerOptions): Sequencer => {
  const { feed, database, role, pageRecords = PAGE_RECORDS, now = Date.now } = options;
  let state: State | undefined;
  let position = 0;
  let behindSince: number | undefined;
  const ahead = readAhead(feed, pageRecords);

  const place = async (from: State, page: FeedPage, careful: boolean): Promise<number> => {
    const { placed, revisions, fault } = await judgePage(database, from.revisions, page.events, careful);
    const cursor = fault === undefined ? page.next : (page.events[fault.at - 1]?.cursor ?? from.cursor);
    const to: Head = { tree: from.tree.copy(), cursor };
    if (placed.length > 0 || !same(from.cursor, cursor)) await write(database, role, from, to, placed);
    // Whoever lost the part reads what others write meanwhile: its verdict on an event counts for nothing.
    else if (fault !== undefined) await database.transaction(role.guard);
    if (from.revisions.size + revisions.size > STREAMS_CACHED_MAX) from.revisions.clear();
    for (const [stream, revision] of revisions) from.revisions.set(stream, revision);
    state = { ...to, revisions: from.revisions };
    position = to.tree.size;
    if (fault !== undefined) throw fault.error;
    return placed.length;
  };

  const step = async (): Promise<Step> => {
    const from = state ?? { ...(await checkedHead(database)), revisions: new Map<string, number>() };
    position = from.tree.size;
    // Known only after the page is durable; any failure on the way leaves it unknown.
    state = undefined;
    const page = await ahead(from.cursor);
    behindSince ??= page.events[0] && recordedAt(page.events[0].envelope);
    const placed = await place(from, page, false).catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error;
      // An id of the page is known already, at another place: looking all of them up tells which.
      return place({ ...from, revisions: new Map() }, page, true);
    });
    if (page.atHead) behindSince = undefined;
    return { placed, atHead: page.atHead };
  };

  return {
    step,
    position: () => position,
    lagSeconds: () => (behindSince === undefined ? 0 : Math.max(0, (now() - behindSince) / 1_000)),
  };
};

/** Asks for the page after the one that is being written meanwhile. */
const readAhead = (feed: Feed, limit: number) => {
  let next: { readonly after: Cursor | undefined; readonly page: Promise<FeedPage> } | undefined;
  return async (after: Cursor | undefined): Promise<FeedPage> => {
    const known = next !== undefined && same(next.after, after) ? next.page : undefined;
    next = undefined;
    const page = await (known ?? feed.page(after, limit));
    if (!page.atHead) {
      next = { after: page.next, page: feed.page(page.next, limit) };
      // Whoever asks for it hears of its failure; perhaps nobody does.
      next.page.catch(() => undefined);
    }
    return page;
  };
};

const same = (a: Cursor | undefined, b: Cursor | undefined): boolean =>
  a?.commit === b?.commit && a?.prepare === b?.prepare;

const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;

const RECORDED_AT = /"recordedAt":"([^"]{1,40})"/;
const recordedAt = (envelope: string): number | undefined => {
  const moment = Date.parse(RECORDED_AT.exec(envelope)?.[1] ?? '');
  return Number.isNaN(moment) ? undefined : moment;
};

/** Judges a page by what the sequence says of its streams and, where needed, of its ids. */
const judgePage = async (
  database: Queryable,
  cached: ReadonlyMap<string, number>,
  events: readonly FeedEvent[],
  careful: boolean,
): Promise<Judgement> => {
  const asked = new Set(events.map(({ stream }) => stream).filter((stream) => !cached.has(stream)));
  const found = new Map(await lastRevisions(database, [...asked]));
  const lastOf = (stream: string): number => cached.get(stream) ?? found.get(stream) ?? -1;
  const knownOf = (of: readonly FeedEvent[]) =>
    knownEvents(
      database,
      of.map(({ id }) => id),
    );
  if (careful) return judge(events, lastOf, await knownOf(events), true);
  const first = judge(events, lastOf, new Map());
  if (first.unclear.length === 0) return first;
  return judge(events, lastOf, await knownOf(first.unclear.flatMap((at) => events[at] ?? [])), true);
};

const lastRevisions = async (
  database: Queryable,
  streams: readonly string[],
): Promise<readonly (readonly [string, number])[]> => {
  if (streams.length === 0) return [];
  const rows = await database.query<{ stream: string; last: bigint }>(
    // One look at the end of the index for each: a stream may hold millions.
    `select stream, last from unnest($1::text[]) as asked (stream), lateral (
       select revision as last from events e where e.stream = asked.stream order by revision desc limit 1) as ends`,
    [streams],
  );
  return rows.map(({ stream, last }) => [stream, Number(last)]);
};

const knownEvents = async (database: Queryable, ids: readonly string[]): Promise<Map<string, Known>> => {
  const rows = await database.query<{
    id: string;
    stream: string;
    revision: bigint;
    type: string;
    leaf_hash: Uint8Array;
  }>(
    `select event_id::text as id, stream, revision, type, leaf_hash from events where event_id = any($1::uuid[])`,
    [ids.filter((id) => UUID.test(id))],
  );
  return new Map(
    rows.map(({ id, stream, revision, type, leaf_hash }) => [
      id,
      { stream, revision: Number(revision), type, leaf: hashFrom(leaf_hash) },
    ]),
  );
};

/** All of a page in one transaction under the role: rows, tree and place in the feed. Moves `to.tree`. */
const write = (
  database: Database,
  role: Role,
  from: Head,
  to: Head,
  placed: readonly Placed[],
): Promise<void> => {
  const marks = grow(to.tree, placed);
  const first = from.tree.size + 1;
  return database.transaction(async (tx) => {
    await role.guard(tx);
    const moved = await tx.query(
      `update head set size = $1, frontier = $2, feed_commit = $3, feed_prepare = $4
       where size = $5 and feed_commit is not distinct from $6 and feed_prepare is not distinct from $7 returning 1`,
      [
        to.tree.size,
        to.tree.toBytes(),
        to.cursor?.commit ?? null,
        to.cursor?.prepare ?? null,
        from.tree.size,
        from.cursor?.commit ?? null,
        from.cursor?.prepare ?? null,
      ],
    );
    if (moved.length !== 1)
      throw new EventLogError('ES_UNAVAILABLE', 'the sequence is not where this sequencer left it');
    if (placed.length === 0) return;
    await insert(tx, first, placed);
    for (const { size, edge } of marks) await tx.query('insert into marks values ($1, $2)', [size, edge]);
    await tx.query('select pg_notify($1, $2)', [channelOf(database), String(to.tree.size)]);
  });
};

const grow = (
  tree: Frontier,
  placed: readonly Placed[],
): readonly { readonly size: number; readonly edge: Buffer }[] => {
  const marks: { size: number; edge: Buffer }[] = [];
  for (const { leaf } of placed) {
    tree.push(leaf);
    if (tree.size % MARK_EVERY === 0) marks.push({ size: tree.size, edge: tree.toBytes() });
  }
  return marks;
};

const insert = async (tx: Queryable, first: number, placed: readonly Placed[]): Promise<void> => {
  const events = placed.map(({ event }) => event);
  await tx.query(
    // Hashes travel as one value, cut apart here: a list of them would be quoted one by one.
    `insert into events (position, event_id, stream, revision, type, envelope, leaf_hash)
     select $1::bigint + at - 1, id, stream, revision, type, envelope,
       substring($7::bytea from ((at - 1) * ${HASH_BYTES} + 1)::int for ${HASH_BYTES})
     from unnest($2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::text[]) with ordinality
       as given (id, stream, revision, type, envelope, at)`,
    [
      first,
      events.map(({ id }) => id),
      events.map(({ stream }) => stream),
      events.map(({ revision }) => BigInt(revision)),
      events.map(({ type }) => type),
      events.map(({ envelope }) => envelope),
      Buffer.from(placed.map(({ leaf }) => leaf).join(''), 'latin1'),
    ],
  );
};
