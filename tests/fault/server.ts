import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Milliseconds a server has from its start to its first answer, and a command from start to end. */
const START_MS_MAX = 60_000;
const COMMAND_MS_MAX = 120_000;
const POLL_MS = 5;
/** Characters of what a process said that are kept. */
const SAID_MAX = 4_000;

/** The built command line, which runs as a process of its own, as a person would start it. */
const MAIN = fileURLToPath(new URL('../../dist/apps/cli/main.js', import.meta.url));

export interface FaultServer {
  readonly port: number;
  readonly base: string;
  readonly pid: number;
  /** Resolves to the exit code, null after a signal. */
  readonly exited: Promise<number | null>;
  isRunning(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Ends it at once with `kill -9`, whatever it is doing. */
  kill(): Promise<void>;
  /** The end of what it said on stderr. */
  said(): string;
}

/** Said when a server ended or hung before it answered; `said` is its own explanation. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted';
  readonly said: string;
  constructor(said: string) {
    super(`the server did not start: ${said}`);
    this.said = said;
  }
}

const collect = (child: ChildProcess): (() => string) => {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-SAID_MAX)));
  return () => said;
};

/** Starts a standalone server on a free port and waits until it answers. Throws {@link NotStarted}. */
export const startServer = async (
  folder: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<FaultServer> => {
  const child = spawn(process.execPath, [MAIN, 'serve', '--data', folder, '--port', '0', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  const said = collect(child);
  let running = true;
  const exited = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => {
      running = false;
      resolve(code);
    }),
  );
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  const end = performance.now() + START_MS_MAX;
  let port: number | undefined;
  while (port === undefined || !(await isLive(port))) {
    if (!running) throw new NotStarted(said());
    if (performance.now() > end) {
      await kill();
      throw new NotStarted(`no answer in ${START_MS_MAX} ms: ${said()}`);
    }
    port ??= portOf(folder, child.pid);
    await sleep(POLL_MS);
  }
  return {
    port,
    base: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    exited,
    isRunning: () => running,
    signal: (signal) => void child.kill(signal),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
    kill,
    said,
  };
};

/** The port that the server of this very process wrote down; the file may be an older server's. */
const portOf = (folder: string, pid: number | undefined): number | undefined => {
  try {
    const address = JSON.parse(readFileSync(join(folder, 'server.json'), 'utf8')) as Record<string, unknown>;
    return address['pid'] === pid ? Number(address['port']) : undefined;
  } catch {
    return undefined;
  }
};

const isLive = async (port: number): Promise<boolean> => {
  try {
    const signal = AbortSignal.timeout(1_000);
    return (await fetch(`http://127.0.0.1:${port}/health/live`, { signal })).ok;
  } catch {
    return false;
  }
};

/** How a command of the command line ended. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command of the command line on a data folder to its end. */
export const runCommand = async (folder: string, args: readonly string[]): Promise<Ran> => {
  const child = spawn(process.execPath, [MAIN, ...args, '--data', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: COMMAND_MS_MAX,
    killSignal: 'SIGKILL',
  });
  const said = collect(child);
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr: said() };
};
