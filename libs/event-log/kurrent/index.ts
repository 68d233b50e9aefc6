import type { ConnectionOptions } from './connection.ts';
import type { Feed } from './feed.ts';
import type { KurrentLog, KurrentLogOptions } from './kurrent-log.ts';

export type { ConnectionOptions } from './connection.ts';
export { type Cursor, type Feed, type FeedEvent, type FeedPage, isBefore } from './feed.ts';
export type { KurrentLog, KurrentLogOptions } from './kurrent-log.ts';

// Loaded when they are called: a process on SQLite never loads the client and its native part.

/** Opens the log on KurrentDB: see `kurrent-log.ts`. Rejects with `ES_UNSUPPORTED` or `ES_UNAVAILABLE`. */
export const openKurrentLog = async (options: KurrentLogOptions): Promise<KurrentLog> =>
  (await import('./kurrent-log.ts')).openKurrentLog(options);

/** Opens the feed that the sequencer follows: see `open-feed.ts`. Rejects like {@link openKurrentLog}. */
export const openKurrentFeed = async (options: ConnectionOptions): Promise<Feed> =>
  (await import('./open-feed.ts')).openKurrentFeed(options);
