import { isTransient as isTransientOnPostgres } from '#postgres';
import type { Transaction } from './projection.ts';

/** Where projections write. */
export interface Store extends Transaction {
  /** All of it or nothing. Throws what `work` throws, after rolling back. */
  transaction<T>(work: (tx: Transaction) => Promise<T>, durability?: Durability): Promise<T>;
  /** Ends what the store opened itself. */
  close(): void;
}

/**
 * `relaxed`, when absent: a power cut may take the last transactions back, whole and in order, checkpoint and
 * rows alike, which the log then gives again. `durable`: what is committed stays, and all that went before it.
 */
export type Durability = 'relaxed' | 'durable';

const TRANSIENT_ON_SQLITE = new Set([5 /* busy */, 6 /* locked */, 10 /* i/o */, 13 /* full */]);

/** True for a fault of the machine or the network, which may pass, and not of an event or of our code. */
export const isTransient = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? TRANSIENT_ON_SQLITE.has(error.errcode & 0xff)
    : isTransientOnPostgres(error);
