import type { AllStreamSubscription } from '@kurrent/kurrentdb-client';
import { checkPage, envelopeAgrees } from '../check-append.ts';
import { EventLogError } from '../event-log.ts';
import { POLL_MS } from '../limits.ts';
import { type ConnectionOptions, type RawRecord, connect } from './connection.ts';
import { pause, pauseBefore, within } from './deadline.ts';
import { type Cursor, type Feed, type FeedEvent, isBefore } from './feed.ts';
import { CALL_MS } from './limits.ts';
import { MARKER_PREFIX } from './marker.ts';
import { envelopeOf, isNotOurs } from './stored.ts';

const cursorOf = ({ commit, prepare }: RawRecord): Cursor => ({ commit, prepare });

const feedEvent = (record: RawRecord): FeedEvent => {
  const { id, type, stream, revision } = record;
  const envelope = envelopeOf(record);
  if (!envelopeAgrees(envelope, id, type, stream, revision))
    throw new EventLogError('ES_CORRUPT', `${stream}@${revision} in KurrentDB is no event of a ledger`);
  return { id, type, stream, revision, envelope, cursor: cursorOf(record) };
};

/** One marker comes with every command, and they are small: enough to know that there is something new. */
const HINT = { filterOn: 'streamName', checkpointInterval: 1 } as const;

/** Opens the feed of `$all`. Rejects as {@link connect} does; its user needs the right to read `$all`. */
export const openKurrentFeed = async (options: ConnectionOptions): Promise<Feed> => {
  const connection = await connect(options);
  const { callMs = CALL_MS } = options;
  const closing = new AbortController();
  const waiting = new Set<() => void>();
  /** Where the last page ended: what comes after it is news. */
  let read: Cursor | undefined;
  /** Told of something new since the last page was asked for. */
  let news = false;
  let following: Promise<void> | undefined;

  const announce = (): void => {
    connection.heard();
    news = true;
    for (const wake of waiting) wake();
  };

  /** One subscription, until it ends for whatever reason. Resolves with whether it has said anything. */
  const followOnce = (): Promise<boolean> =>
    new Promise((resolve) => {
      let spoke = false;
      const speak = (): void => {
        spoke = true;
        announce();
      };
      const client = connection.client();
      const subscription: AllStreamSubscription = client.subscribeToAll({
        fromPosition: read ?? 'end',
        filter: { ...HINT, prefixes: [MARKER_PREFIX], checkpointReached: async () => speak() },
      });
      const end = (): void => {
        closing.signal.removeEventListener('abort', end);
        within(callMs, 'unsubscribing', subscription.unsubscribe()).catch(() => undefined);
        resolve(spoke);
      };
      closing.signal.addEventListener('abort', end);
      subscription
        .on('confirmation', connection.heard)
        .on('caughtUp', speak)
        .on('data', speak)
        .on('error', end)
        .on('end', end)
        .on('close', end);
      if (closing.signal.aborted) end();
    });

  const follow = async (): Promise<void> => {
    for (let failures = 0; !closing.signal.aborted;) {
      failures = (await followOnce()) ? 1 : failures + 1;
      await pause(pauseBefore(failures), closing.signal);
    }
  };

  return {
    page: async (after, limit) => {
      if (closing.signal.aborted) throw new EventLogError('ES_UNAVAILABLE', 'the feed is closed');
      checkPage({ limit });
      news = false;
      // A position is inclusive when reading on from it: the record there comes again and is left out.
      const asked = after === undefined ? limit : limit + 1;
      const records = await connection.readAll({ from: after ?? 'start', limit: asked });
      const beyond = records.filter((record) => after === undefined || isBefore(after, cursorOf(record)));
      const last = beyond.at(-1);
      read = last === undefined ? after : cursorOf(last);
      return {
        events: beyond.filter((record) => !isNotOurs(record)).map(feedEvent),
        next: read,
        atHead: records.length < asked,
      };
    },
    wait: async (signal) => {
      following ??= follow();
      // Whoever does not read on after it still waits the next time.
      if (news) return void (news = false);
      const ended = new AbortController();
      const wake = (): void => ended.abort();
      waiting.add(wake);
      await pause(POLL_MS, AbortSignal.any([signal, closing.signal, ended.signal]));
      waiting.delete(wake);
    },
    stalledSeconds: () => connection.silentMs() / 1000,
    close: async () => {
      if (closing.signal.aborted) return;
      closing.abort();
      await following;
      await connection.close();
    },
  };
};
