import { spawnSync } from 'node:child_process';
import { appendFileSync, chownSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { needPart } from './found.ts';
import {
  freePort,
  removeScratch,
  run,
  scratchFolder,
  unprivileged,
  untilReady,
  type Running,
  type User,
} from './process.ts';

export interface PostgresOptions {
  /** Kept, and opened again when it holds a server's data; a scratch folder, removed by `stop`, when absent. */
  readonly folder?: string;
  /** A random free one when absent; `restart` keeps it. */
  readonly port?: number;
  /** One more address to listen at, for clients on a network of their own; they need no password either. */
  readonly host?: string;
  /** Server settings over the defaults, which are durable: `fsync`, `synchronous_commit`, `full_page_writes` on. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A real PostgreSQL server on 127.0.0.1, of one database `lalanh` and one superuser `lalanh`, without a password. */
export interface PostgresServer {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  /** Of the running server; another one after `restart`. */
  readonly pid: number;
  /** False once it has ended, by itself or by us. */
  isRunning(): boolean;
  /** `fast` ends connections, `smart` waits for them, `immediate` leaves recovery to the next start. */
  stop(mode?: StopMode): Promise<void>;
  /** SIGKILL to every process of the server, then waits until they are gone. The data stay. */
  kill(): Promise<void>;
  /** SIGSTOP to every process of the server: it neither answers nor hangs up. */
  pause(): void;
  resume(): void;
  /** Starts it again, on the same port and data; ends it first when it runs. Resolves when it answers. */
  restart(mode?: StopMode): Promise<void>;
}

type StopMode = 'smart' | 'fast' | 'immediate';

const stopSignals: Readonly<Record<StopMode, NodeJS.Signals>> = {
  smart: 'SIGTERM',
  fast: 'SIGINT',
  immediate: 'SIGQUIT',
};
const name = 'lalanh';
const INITDB_MS_MAX = 120_000;
const CONNECT_MS_MAX = 5_000;

/** Starts a server and resolves when it answers. It ends with this process at the latest. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const user = unprivileged();
  const folder = options.folder ?? scratchFolder('postgres', user);
  const data = join(folder, 'data');
  const log = join(folder, 'server.log');
  prepareData(folder, data, user);
  const { host } = options;
  // Networks that this machine itself is on: of them the server listens at this one address alone.
  if (host !== undefined) appendFileSync(join(data, 'pg_hba.conf'), 'host all all samenet trust\n');
  const listening = host === undefined ? {} : { listen_addresses: `127.0.0.1,${host}` };

  const port = options.port ?? (await freePort());
  let running: Running;
  const start = async (): Promise<void> => {
    running = startServer({ data, folder, log, port, user, settings: { ...listening, ...options.settings } });
    try {
      await untilReady([running], log, () => answers(port));
    } catch (error) {
      await running.killAll();
      throw error;
    }
  };
  await start();
  return {
    url: urlOf(port, name),
    port,
    folder,
    get pid() {
      return running.pid;
    },
    isRunning: () => running.isRunning(),
    stop: async (mode = 'fast') => {
      await running.end(stopSignals[mode]);
      if (options.folder === undefined) await removeScratch(folder);
    },
    kill: () => running.killAll(),
    pause: () => running.signalAll('SIGSTOP'),
    resume: () => running.signalAll('SIGCONT'),
    restart: async (mode = 'fast') => {
      await running.end(stopSignals[mode]);
      await start();
    },
  };
}

const urlOf = (port: number, database: string): string => `postgres://${name}@127.0.0.1:${port}/${database}`;

function prepareData(folder: string, data: string, user: User | undefined): void {
  mkdirSync(folder, { recursive: true });
  if (user) chownSync(folder, user.uid, user.gid);
  if (existsSync(join(data, 'PG_VERSION'))) return;
  const { bin, libraryPath } = needPart('postgres');
  const args = ['-D', data, '-U', name, '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync'];
  const done = spawnSync(join(bin, 'initdb'), args, {
    cwd: folder,
    env: environment(libraryPath),
    encoding: 'utf8',
    timeout: INITDB_MS_MAX,
    ...user,
  });
  if (done.status !== 0) throw new Error(`initdb failed: ${done.stderr}${done.error?.message ?? ''}`);
}

interface ServerFacts {
  readonly data: string;
  readonly folder: string;
  readonly log: string;
  readonly port: number;
  readonly user: User | undefined;
  readonly settings: Readonly<Record<string, string>>;
}

function startServer({ data, folder, log, port, user, settings }: ServerFacts): Running {
  const { bin, libraryPath } = needPart('postgres');
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    lc_messages: 'C',
    ...settings,
  };
  const args = Object.entries(all).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  return run({
    command: join(bin, 'postgres'),
    args: ['-D', data, ...args],
    env: environment(libraryPath),
    cwd: folder,
    log,
    user,
  });
}

/** Settings of the machine's own clients (PGDATA, PGPORT …) must not reach ours. */
function environment(libraryPath: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([key]) => !key.startsWith('PG'));
  const paths = [libraryPath, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
  return { ...Object.fromEntries(kept), ...(paths === '' ? {} : { LD_LIBRARY_PATH: paths }) };
}

/** True when the server takes statements; makes our database the first time. */
async function answers(port: number): Promise<boolean> {
  const client = new pg.Client({
    connectionString: urlOf(port, 'postgres'),
    connectionTimeoutMillis: CONNECT_MS_MAX,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${name}`);
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}
