export * from './bus.ts';
export * from './limits.ts';
export * from './message.ts';
