import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type KafkaServers,
  type PostgresServer,
  startKafka,
  startPostgres,
} from '../../support/parts/index.ts';

/** The processes of the distributed shape, by the folder of their program. */
export type Role = 'ledger' | 'relay' | 'projector' | 'reports';

const START_MS_MAX = 60_000;
const LOOK_MS = 20;
const SAID_MAX = 4_000;
const PARTITIONS = 4;
const WHERE = /(http:\/\/127\.0\.0\.1:\d+)/;

/** One process of ours; another one after `restart`. */
export interface Service {
  readonly role: Role;
  readonly name: string;
  url(): string;
  isRunning(): boolean;
  kill(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Starts it when it does not run; resolves when it answers. */
  restart(): Promise<void>;
  said(): string;
}

export interface Cluster {
  /** Data folder of the ledger; its log file is the sequence that the others read. */
  readonly folder: string;
  readonly postgres: PostgresServer;
  readonly kafka: KafkaServers;
  readonly services: readonly Service[];
  /** The services of one role. */
  of(role: Role): readonly Service[];
  stop(): Promise<void>;
}

const createService = (role: Role, name: string, env: Readonly<Record<string, string>>): Service => {
  const main = fileURLToPath(new URL(`../../../dist/apps/${role}/main.js`, import.meta.url));
  let child: ChildProcess | undefined;
  let said = '';
  let [running, url] = [false, ''];
  let ended: Promise<void> = Promise.resolve();

  const start = async (): Promise<void> => {
    [running, url, said] = [true, '', ''];
    const started = spawn(process.execPath, [main], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...env, LALANH_INSTANCE: name, LALANH_PORT: '0' },
    });
    child = started;
    ended = new Promise((resolve) =>
      started.once('exit', () => {
        running = false;
        resolve();
      }),
    );
    started.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-SAID_MAX);
      url ||= WHERE.exec(said)?.[1] ?? '';
    });
    const end = performance.now() + START_MS_MAX;
    while (url === '' || !(await isLive(url))) {
      if (!running || performance.now() > end) throw new Error(`${name} did not start: ${said}`);
      await sleep(LOOK_MS);
    }
  };
  return {
    role,
    name,
    url: () => url,
    isRunning: () => running,
    said: () => said,
    signal: (signal) => void child?.kill(signal),
    kill: async () => {
      child?.kill('SIGKILL');
      await ended;
    },
    restart: async () => {
      if (!running) await start();
    },
  };
};

const isLive = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
};

/**
 * The distributed shape on this machine from real parts: PostgreSQL, Kafka, one ledger whose SQLite log is the
 * sequence, two relays (one works), two projectors and a reading process.
 */
export const startCluster = async (scratch: string, brokers: 1 | 3): Promise<Cluster> => {
  const folder = join(scratch, 'data');
  mkdirSync(folder, { recursive: true });
  const ends: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    const postgres = await startPostgres();
    ends.push(() => postgres.stop('immediate'));
    const kafka = await startKafka({ brokers });
    ends.push(() => kafka.stop());
    const env = {
      LALANH_DATA: folder,
      LALANH_POSTGRES: postgres.url,
      LALANH_KAFKA: kafka.bootstrap.join(','),
      LALANH_PARTITIONS: String(PARTITIONS),
    };
    const services = (
      [
        ['ledger', 'ledger-1'],
        ['relay', 'relay-1'],
        ['relay', 'relay-2'],
        ['projector', 'projector-1'],
        ['projector', 'projector-2'],
        ['reports', 'reports-1'],
      ] as const
    ).map(([role, name]) => createService(role, name, env));
    ends.push(async () => {
      for (const service of services) {
        service.signal('SIGCONT');
        await service.kill();
      }
    });
    for (const service of services) await service.restart();
    return { folder, postgres, kafka, services, of: (role) => services.filter((s) => s.role === role), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
