import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteLogReader, openSequenceReader } from '#event-log';
import { READ_MODELS_FILE } from '#read-models';
import { allProjections } from '../../projector/projections.ts';
import { withSequence } from '../sequence.ts';
import type { ReplayRequest } from './start-replay.ts';
import { type ReadModelsCheck, verifyReadModels } from './read-models.ts';
import { openPostgresModels, openSqliteModels } from './stored-models.ts';

const { log, models, names, mayBeAbsent = false } = workerData as ReplayRequest;

const check = async (reader: ReadModelsCheck['log']) => {
  const stored =
    'folder' in models
      ? openSqliteModels(join(models.folder, READ_MODELS_FILE))
      : await openPostgresModels(models.postgres);
  try {
    const projections = allProjections.filter(({ name }) => names.includes(name));
    const at = (position: number, of: number): void => parentPort?.postMessage({ position, of });
    return await verifyReadModels({ log: reader, stored, projections, at, mayBeAbsent });
  } finally {
    await stored.close();
  }
};

const inFolder = async (folder: string) => {
  const reader = openSqliteLogReader(folder);
  return check(reader).finally(() => reader.close());
};
const inSequence = (url: string) =>
  withSequence(url, (database) => {
    const reader = openSequenceReader(database);
    return check(reader).finally(() => reader.close());
  });

const findings = 'folder' in log ? await inFolder(log.folder) : await inSequence(log.postgres);
parentPort?.postMessage({ findings });
