import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteLogReader } from '#event-log';
import type { Projection } from './projection.ts';
import type { FromProjector, ProjectorThreadOptions, ToProjector } from './projector-thread.ts';
import { createProjector } from './projector.ts';
import { READ_MODELS_FILE } from './read.ts';
import { runProjector } from './run-projector.ts';
import { openStore } from './store.ts';

const port = parentPort;
if (port === null) throw new Error('the projector thread was started as a program');
const say = (message: FromProjector): void => port.postMessage(message);

const { folder, projections } = workerData as { [K in keyof ProjectorThreadOptions]: string };
const { allProjections } = (await import(projections)) as { allProjections: readonly Projection[] };
const log = openSqliteLogReader(folder);
const store = openStore(join(folder, READ_MODELS_FILE));
const projector = await createProjector({ log, store, projections: allProjections });
const ending = new AbortController();
const running = runProjector(projector, {
  signal: ending.signal,
  onPosition: (position) => say({ kind: 'position', position }),
});
port.on('message', (message: ToProjector) => {
  if (message.kind === 'close') ending.abort();
  else running.notify();
});
say({ kind: 'open' });
try {
  await running.ended;
} finally {
  store.close();
  await log.close();
  port.close();
}
