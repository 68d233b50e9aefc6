export * from './event-id.ts';
export * from './event-log.ts';
export * from './limits.ts';
export * from './partition.ts';
export { openMemoryLog } from './memory-log.ts';
export { lockFolder } from './sqlite/folder-lock.ts';
export * from './sqlite/sqlite-log.ts';
export * from './sqlite/verify-log.ts';
export * from './kurrent/index.ts';
export type { LogFinding, LogSummary } from './verify.ts';
export { sequenceTree } from './sequence/head.ts';
export {
  type RunSequencer,
  type RunningSequencer,
  SEQUENCER_ROLE,
  type SequencerStatus,
  runSequencer,
} from './sequence/run.ts';
export { SequencerFault, type SequencerFaultCode } from './sequence/judge.ts';
export { openSequenceReader } from './sequence/reader.ts';
export { prepareSequence } from './sequence/schema.ts';
export * from './sequence/sequencer.ts';
export { verifySequence } from './sequence/verify-sequence.ts';
