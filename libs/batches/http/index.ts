export { batchEndpoints } from './batches.ts';
