import type { RefusalTable } from '#kernel';
import { type AnyHandler, mergeRefusals } from '#platform';
import { enterBatch } from './application/enter-batch.ts';
import { batchRefusals } from './domain/refusals.ts';
import { importRefusals } from './files/refusals.ts';

export * from './application/read-batches.ts';
export * from './application/run-batch.ts';
export { batchKind } from './domain/batch.ts';
export * from './domain/events.ts';
export * from './explain.ts';
export { amount as amountCell, day as dayCell } from './files/cells.ts';
export { readCsv } from './files/csv.ts';
export { stepKey } from './files/key.ts';
export * from './files/kind.ts';
export { kinds } from './files/kinds/index.ts';
export { ledgerGate } from './files/ledger-gate.ts';
export { BATCH_ROWS, FILE_BYTES_MAX as IMPORT_BYTES_MAX, ROWS_MAX } from './files/limits.ts';
export { readImportFile } from './files/read-file.ts';
export { importRefusals } from './files/refusals.ts';
export * from './files/run.ts';

/** Every “no” to a batch, a file of rows or a cell of it. Codes that commands use too have the commands' words. */
export const refusals: RefusalTable = mergeRefusals(importRefusals, batchRefusals);

/** Every command of the batches capability. */
export const handlers = { enterBatch } satisfies Record<string, AnyHandler>;
