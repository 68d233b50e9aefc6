import { parentPort, workerData } from 'node:worker_threads';
import { runProjector } from './run.ts';

// The projector as a thread of another process: says 'ready', ends when it is told anything.
const stop = new AbortController();
parentPort?.once('message', () => stop.abort());
await runProjector(workerData as string, stop.signal, () => parentPort?.postMessage('ready'));
parentPort?.close();
