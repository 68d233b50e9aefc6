export * from './balance.ts';
export { type Build, type Fault, FencedError } from './builds.ts';
export * from './projection.ts';
export * from './projector.ts';
export * from './read.ts';
export { isTransient, openStore, type Store } from './store.ts';
export { insertInto } from './schema.ts';
export * from './facts.ts';
