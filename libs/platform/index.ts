export * from './canonical.ts';
export * from './command.ts';
export * from './envelope.ts';
export { historyFromLog } from './histories.ts';
export * from './ledger.ts';
export { type Command, fieldErrors, fieldsRefusal } from './prepare.ts';
export * from './refusals.ts';
export * from './schema.ts';
export * from './snapshots.ts';
