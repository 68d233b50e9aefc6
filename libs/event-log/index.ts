export * from './event-id.ts';
export * from './event-log.ts';
export * from './limits.ts';
export * from './partition.ts';
export { openMemoryLog } from './memory-log.ts';
export { lockFolder } from './sqlite/folder-lock.ts';
export * from './sqlite/sqlite-log.ts';
export * from './sqlite/verify-log.ts';
export type { Cursor, Feed, FeedEvent, FeedPage } from './kurrent/feed.ts';
