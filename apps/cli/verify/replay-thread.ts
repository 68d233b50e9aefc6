import { parentPort, workerData } from 'node:worker_threads';
import { allProjections } from '../../projector/projections.ts';
import type { ReplayRequest } from './start-replay.ts';
import { verifyReadModels } from './read-models.ts';

const { folder, names } = workerData as ReplayRequest;
const projections = allProjections.filter(({ name }) => names.includes(name));
const findings = await verifyReadModels(folder, projections, (position, of) =>
  parentPort?.postMessage({ position, of }),
);
parentPort?.postMessage({ findings });
