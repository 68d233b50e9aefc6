import { parentPort, workerData } from 'node:worker_threads';
import { runProjector } from './run.ts';

/** What the thread says: it can be read from now on; it can not go on, or can again (`null`). */
export type FromProjector =
  { readonly kind: 'ready' } | { readonly kind: 'fault'; readonly cause: string | null };

const say = (message: FromProjector): void => parentPort?.postMessage(message);

// The projector as a thread of another process: ends when it is told anything.
const stop = new AbortController();
parentPort?.once('message', () => stop.abort());
await runProjector(workerData as string, stop.signal, {
  ready: () => say({ kind: 'ready' }),
  fault: (error) =>
    say({
      kind: 'fault',
      cause: error === undefined ? null : error instanceof Error ? error.message : String(error),
    }),
});
parentPort?.close();
