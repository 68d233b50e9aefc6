import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FromProjector } from './thread.ts';

/** Room for new objects: a page is folded and forgotten, so more would only stay resident. */
const YOUNG_MIB_MAX = 24;

/** A projector in a thread of its own. */
export interface ProjectorThread {
  /** Undefined while it runs; the error that ended it, or that it waits out. */
  fault(): unknown;
  /** Lets it finish its page and end. */
  stop(): Promise<void>;
}

/** Starts the projector of a data folder; resolves when the read models can be opened. */
export async function startProjectorThread(
  folder: string,
  onFault: (error: unknown) => void,
): Promise<ProjectorThread> {
  const file = import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js';
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: folder,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB_MAX },
  });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  let fault: unknown;
  await once(worker, 'message');
  worker.on('message', (message: FromProjector) => {
    if (message.kind !== 'fault') return;
    fault = message.cause === null ? undefined : new Error(message.cause);
    if (fault !== undefined) onFault(fault);
  });
  worker.on('error', (error) => {
    fault = error;
    onFault(error);
  });
  return {
    fault: () => fault,
    stop: async () => {
      worker.postMessage('stop');
      await ended;
    },
  };
}
