import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** How long a server or a command of the bench may take before the bench gives up. */
const START_MS_MAX = 60_000;
const POLL_MS = 5;

/** The built CLI, which runs as a process of its own, as a person would start it; also when this file is run from source. */
const MAIN = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../../dist/apps/cli/main.js' : '../main.js', import.meta.url),
);

export interface BenchServer {
  readonly port: number;
  /** From the start of the process to the first answered health check. */
  readonly startMs: number;
  /** Resident memory of the server process. */
  residentMiB(): number;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Ends it at once with `kill -9`, whatever it is doing. */
  kill(): Promise<void>;
}

/** Starts a standalone server of its own process on a free port and waits until it is ready. */
export async function startServer(folder: string): Promise<BenchServer> {
  const file = join(folder, 'server.json');
  rmSync(file, { force: true });
  const started = performance.now();
  const child: ChildProcess = spawn(process.execPath, [MAIN, 'serve', '--data', folder, '--port', '0'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  while (!existsSync(file)) {
    if (performance.now() - started > START_MS_MAX || child.exitCode !== null)
      throw new Error('the server did not start; run `npm start` to see why');
    await sleep(POLL_MS);
  }
  const { port } = JSON.parse(readFileSync(file, 'utf8')) as { port: number };
  while (!(await isReady(port))) await sleep(POLL_MS);
  const startMs = performance.now() - started;
  return {
    port,
    startMs,
    residentMiB: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const isReady = async (port: number): Promise<boolean> => {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health/live`)).ok;
  } catch {
    return false;
  }
};

/** Runs a CLI command on the folder to its end; gives the seconds it took. */
export async function runCommand(folder: string, ...args: string[]): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [MAIN, ...args, '--data', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`lalanh ${args.join(' ')} ended with ${code}: ${complaint.slice(-2000)}`);
  return (performance.now() - started) / 1000;
}
