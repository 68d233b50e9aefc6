export * from './event-id.ts';
export * from './event-log.ts';
export * from './limits.ts';
export { openMemoryLog } from './memory-log.ts';
