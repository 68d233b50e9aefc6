import { Worker } from 'node:worker_threads';
import type { Finding } from './events.ts';

/** Where the log and the read models are, and which of them are replayed. */
export interface ReplayRequest {
  /** A data folder, or the address of the PostgreSQL that holds the sequence. */
  readonly log: { readonly folder: string } | { readonly postgres: string };
  readonly models: { readonly folder: string } | { readonly postgres: string };
  readonly mayBeAbsent?: boolean;
  readonly names: readonly string[];
}

type Message = { readonly findings: readonly Finding[] } | { readonly position: number; readonly of: number };

/** Verifies read models in a thread of its own, so that they and the log are read at the same time. */
export function startReplay(
  workerData: ReplayRequest,
  at: (position: number, of: number) => void,
): Promise<readonly Finding[]> {
  const file = import.meta.url.endsWith('.ts') ? './replay-thread.ts' : './replay-thread.js';
  const worker = new Worker(new URL(file, import.meta.url), { workerData });
  return new Promise((resolve, reject) => {
    worker.on('message', (message: Message) => {
      if ('findings' in message) resolve(message.findings);
      else at(message.position, message.of);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the replay ended with ${code}`)));
  });
}
