import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteLogReader } from '#event-log';
import { READ_MODELS_FILE, catchUp, createProjector, openStore } from '#read-models';
import { allProjections } from './projections.ts';

/** Milliseconds between looks at an idle log: what a page collects meanwhile is written once. */
const IDLE_MS = 25;

/** The read models of a data folder. */
export const readModelsFile = (folder: string): string => join(folder, READ_MODELS_FILE);

/** Keeps the read models of a data folder up to date until the signal comes; `ready` once their tables are there. */
export async function runProjector(folder: string, signal: AbortSignal, ready: () => void): Promise<void> {
  const log = openSqliteLogReader(folder);
  const store = openStore(readModelsFile(folder));
  try {
    const projector = await createProjector({ log, store, projections: allProjections });
    ready();
    while (!signal.aborted) {
      await catchUp(projector, { signal });
      await sleep(IDLE_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    store.close();
    await log.close();
  }
}
