import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteLogReader } from '#event-log';
import { READ_MODELS_FILE, catchUp, createProjector, isTransient, openStore } from '#read-models';
import { allProjections } from './projections.ts';

/** Milliseconds between looks at an idle log: what a page collects meanwhile is written once. */
const IDLE_MS = 25;

/** Milliseconds between two tries while the machine stores nothing: a full disk is not emptied by asking. */
const FAULT_WAIT_MS = 1_000;

/** The read models of a data folder. */
export const readModelsFile = (folder: string): string => join(folder, READ_MODELS_FILE);

/** Told how the projector is: `ready` once its tables are there, a fault while it can not go on, then `undefined`. */
export interface ProjectorReport {
  readonly ready: () => void;
  readonly fault?: (error: unknown) => void;
}

/**
 * Keeps the read models of a data folder up to date until the signal comes. A fault of the machine (no space, a
 * failing disk) is reported and tried again for as long as it lasts, with everything opened anew; rejects for
 * any other fault, and for one that comes before it was ready.
 */
export async function runProjector(
  folder: string,
  signal: AbortSignal,
  { ready, fault = () => undefined }: ProjectorReport,
): Promise<void> {
  let isReady = false;
  let isFaulted = false;
  while (!signal.aborted) {
    try {
      await follow(folder, signal, () => {
        if (!isReady) ready();
        if (isFaulted) fault(undefined);
        [isReady, isFaulted] = [true, false];
      });
    } catch (error) {
      if (!isReady || !isTransient(error)) throw error;
      isFaulted = true;
      fault(error);
      await sleep(FAULT_WAIT_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Opens everything and follows the log; `well` is told when the read models can be written. */
async function follow(folder: string, signal: AbortSignal, well: () => void): Promise<void> {
  const log = openSqliteLogReader(folder);
  try {
    const store = openStore(readModelsFile(folder));
    try {
      const projector = await createProjector({ log, store, projections: allProjections });
      well();
      while (!signal.aborted) {
        await catchUp(projector, { signal });
        await sleep(IDLE_MS, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      store.close();
    }
  } finally {
    await log.close();
  }
}
