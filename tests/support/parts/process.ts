import { randomInt } from 'node:crypto';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tellGuard } from './guard.ts';

/** A server that does not answer in this time will not; a cold machine with two cores needs some. */
export const START_MS_MAX = 120_000;
/** An orderly end; after it the process is killed. */
const STOP_MS_MAX = 30_000;
const LOOK_MS = 50;
const LOG_TAIL_CHARACTERS = 4_000;

/** One run of a server process. */
export interface Running {
  readonly pid: number;
  readonly ended: Promise<void>;
  isRunning(): boolean;
  /** To the process and to those it started: a stopped server does nothing at all. */
  signalAll(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** SIGKILL to all of them; resolves when the last is gone. */
  killAll(): Promise<void>;
  /** Asks it to end and waits; kills it after a while. */
  end(signal: NodeJS.Signals): Promise<void>;
}

export interface RunOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** What the process says goes to the end of this file. */
  readonly log: string;
  readonly user?: User | undefined;
}

/** Starts a server process that ends at the latest with this one. */
export function run({ command, args, env = process.env, cwd, log, user }: RunOptions): Running {
  const output = openSync(log, 'a');
  const child = spawn(command, [...args], {
    cwd,
    env,
    stdio: ['ignore', output, output],
    // A group of its own: a Ctrl-C in the terminal reaches us, and we (or the guard) end the servers in order.
    detached: true,
    ...user,
  });
  closeSync(output);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`cannot start ${command}`);
  tellGuard('watch', pid);
  void ended.then(() => tellGuard('forget', pid));
  child.unref();
  return { pid, ended, ...controls(child, pid, ended) };
}

const controls = (child: ChildProcess, pid: number, ended: Promise<void>) => {
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  /** Standing still, it starts no further children while we look for them. */
  const hold = (): number[] => {
    sendSignal(pid, 'SIGSTOP');
    return childrenOf(pid);
  };
  const signalAll = (signal: 'SIGSTOP' | 'SIGCONT'): void => {
    if (!isRunning()) return;
    for (const each of [...hold(), pid]) sendSignal(each, signal);
  };
  const killAll = async (): Promise<void> => {
    if (!isRunning()) return;
    const family = [pid, ...hold()];
    for (const each of family) sendSignal(each, 'SIGKILL');
    child.ref(); // whoever waits for its end is kept alive for it
    await ended;
    // What they shared (memory, files) is free only when the last of them is gone.
    while (family.some(isAlive)) await sleep(LOOK_MS);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!isRunning()) return;
    signalAll('SIGCONT'); // a paused process would not hear anything else
    sendSignal(pid, signal);
    child.ref();
    const late = new AbortController();
    const patience = sleep(STOP_MS_MAX, undefined, { signal: late.signal }).catch(() => undefined);
    await Promise.race([ended, patience]);
    late.abort();
    await killAll();
  };
  return { isRunning, signalAll, killAll, end };
};

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended between our look and the signal.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

const hasProc = existsSync('/proc/self/stat');

/** The pids whose parent is `pid`; by /proc where there is one, else by `ps`. */
function childrenOf(pid: number): number[] {
  const all = hasProc ? processesFromProc() : processesFromPs();
  return all.filter(({ parent }) => parent === pid).map((one) => one.pid);
}

function isAlive(pid: number): boolean {
  if (hasProc) return (statOf(String(pid))?.state ?? 'Z') !== 'Z';
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  /** `Z`: it has ended, and nobody has asked how. */
  readonly state: string;
}

const processesFromProc = (): ProcessFacts[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(name) ?? []);

function statOf(pid: string): ProcessFacts | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // `pid (name) state parent …`: the name may hold anything, a bracket too.
    const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid: Number(pid), parent: Number(parent), state };
  } catch {
    return undefined; // ended meanwhile
  }
}

function processesFromPs(): ProcessFacts[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,state='], { encoding: 'utf8' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, parent, state = '']) => ({ pid: Number(pid), parent: Number(parent), state }));
}

/** Asks until the server answers; throws with the end of its log when it ended or took too long. */
export async function untilReady(
  running: readonly Running[],
  log: string,
  answers: () => Promise<boolean>,
): Promise<void> {
  const giveUpAt = Date.now() + START_MS_MAX;
  while (!(await answers().catch(() => false))) {
    const ended = running.some((one) => !one.isRunning());
    if (ended || Date.now() > giveUpAt) {
      throw new Error(`the server ${ended ? 'ended' : 'does not answer'}:\n${tailOf(log)}`);
    }
    await sleep(LOOK_MS);
  }
}

export const tailOf = (log: string): string =>
  existsSync(log) ? readFileSync(log, 'utf8').slice(-LOG_TAIL_CHARACTERS) : '';

/**
 * Below the range from which systems take the ports of outgoing connections: one of those could otherwise sit on the
 * port of a killed server when it starts again, or a client that tries again and again could connect to itself.
 */
const PORTS = { from: 15_000, to: 32_000 } as const;
const PORT_TRIES_MAX = 200;

/** A port of 127.0.0.1 that nobody listens on at this moment; chance keeps processes apart. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORT_TRIES_MAX; tries += 1) {
    const port = randomInt(PORTS.from, PORTS.to);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port after ${PORT_TRIES_MAX} tries`);
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Who servers run as when we are root: `postgres`, else `nobody`; undefined (ourselves) when we are not. */
export function unprivileged(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout);
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('neither a user postgres nor nobody: the server can not run as root');
}

/** A folder that is gone when this process is. */
export function scratchFolder(name: string, user: User | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), `lalanh-${name}-`));
  tellGuard('folder', folder);
  if (user) chownSync(folder, user.uid, user.gid);
  return folder;
}

export async function removeScratch(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  tellGuard('keep', folder);
}
