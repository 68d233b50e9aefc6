export * from './canonical.ts';
export * from './command.ts';
export * from './envelope.ts';
export * from './schema.ts';
