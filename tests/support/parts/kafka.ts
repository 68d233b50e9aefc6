import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { needPart } from './found.ts';
import {
  freePort,
  removeScratch,
  run,
  scratchFolder,
  START_MS_MAX,
  untilReady,
  type Running,
} from './process.ts';

export interface KafkaOptions {
  readonly brokers: 1 | 3;
  /** Kept, and opened again when it holds a cluster's data; a scratch folder, removed by `stop`, when absent. */
  readonly folder?: string;
  /** Where each broker listens for clients; random free ports when absent. */
  readonly ports?: readonly number[];
  /** The ports clients are told instead, for proxies that stand in between; `ports` when absent. */
  readonly advertisedPorts?: readonly number[];
  /** The address clients reach the brokers at; 127.0.0.1 when absent. */
  readonly host?: string;
  /** Heap of each broker in MiB; {@link HEAP_MIB} when absent. */
  readonly heapMib?: number;
  /** Lets Java optimise fully, for a bench or a long life; otherwise a start costs two thirds of the time. */
  readonly optimised?: boolean;
  /** Broker settings over ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Real Apache Kafka brokers on 127.0.0.1 in KRaft mode, each its own process and a controller too. */
export interface KafkaServers {
  /** `host:port` as clients are told it: through the proxies, when there are any. */
  readonly bootstrap: readonly string[];
  /** `host:port` of a second listener that no proxy stands in front of; for a test's own look at what is there. */
  readonly direct: readonly string[];
  readonly brokers: readonly KafkaBroker[];
  readonly folder: string;
  readonly version: string;
  /** Ends all brokers: in order when the folder is kept, else by force, and removes it. */
  stop(): Promise<void>;
}

export interface KafkaBroker {
  readonly id: number;
  readonly port: number;
  /** Of the running process; another one after `restart`. */
  readonly pid: number;
  /** SIGKILL, then waits until it is gone. What it stored stays. */
  kill(): Promise<void>;
  /** SIGSTOP: it neither answers nor hangs up. */
  pause(): void;
  resume(): void;
  /** An orderly end: hands its partitions over first. */
  stop(): Promise<void>;
  /** Starts it again on the same ports and data; ends it first when it runs. Resolves when the cluster counts it in. */
  restart(): Promise<void>;
}

const HEAP_MIB = 256;
const FORMAT_MS_MAX = START_MS_MAX;
const REQUEST_MS_MAX = 5_000;
const LOOPBACK = '127.0.0.1';
const log4j = fileURLToPath(new URL('log4j2.properties', import.meta.url));

interface Ports {
  /** For clients, for the brokers among themselves, for the controllers. */
  readonly client: number;
  readonly advertised: number;
  readonly internal: number;
  readonly controller: number;
}

/** Starts the brokers and resolves when an admin client sees all of them. They end with this process at the latest. */
export async function startKafka(options: KafkaOptions): Promise<KafkaServers> {
  const { version } = needPart('kafka');
  const folder = options.folder ?? scratchFolder('kafka', undefined);
  mkdirSync(folder, { recursive: true });
  const all = await choosePorts(options);
  const brokers = all.map((ports, index) =>
    describeBroker({
      id: index + 1,
      ports,
      host: options.host ?? LOOPBACK,
      folder: join(folder, `broker-${index + 1}`),
      java: javaCommand(options),
      settings: { ...settingsFor(all), ...options.settings },
    }),
  );
  const clusterId = rememberClusterId(folder);
  await Promise.all(brokers.map((broker) => broker.format(clusterId)));
  for (const broker of brokers) broker.start();
  try {
    await Promise.all(brokers.map((broker) => broker.ready(brokers.length)));
  } catch (error) {
    await Promise.all(brokers.map(({ controls }) => controls.kill()));
    throw error;
  }
  return {
    bootstrap: all.map((ports) => `${options.host ?? LOOPBACK}:${ports.advertised}`),
    direct: all.map((ports) => `${LOOPBACK}:${ports.internal}`),
    brokers: brokers.map((broker) => broker.controls),
    folder,
    version,
    stop: async () => {
      const kept = options.folder !== undefined;
      // At once: a controller that is alone can not take its leave from the others.
      await Promise.all(brokers.map(({ controls }) => (kept ? controls.stop() : controls.kill())));
      if (!kept) await removeScratch(folder);
    },
  };
}

const choosePorts = ({ brokers, ports, advertisedPorts }: KafkaOptions): Promise<Ports[]> =>
  Promise.all(
    Array.from({ length: brokers }, async (_, index) => {
      const client = ports?.[index] ?? (await freePort());
      const [internal, controller] = [await freePort(), await freePort()];
      return { client, advertised: advertisedPorts?.[index] ?? client, internal, controller };
    }),
  );

/** The same for all brokers. One broker answers for itself; of three, two hold what was acknowledged with acks=-1. */
function settingsFor(all: readonly Ports[]): Record<string, string> {
  const replicas = String(all.length);
  const inSync = all.length === 1 ? '1' : '2';
  return {
    'process.roles': 'broker,controller',
    'controller.quorum.voters': all
      .map(({ controller }, index) => `${index + 1}@${LOOPBACK}:${controller}`)
      .join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'INTERNAL',
    'listener.security.protocol.map': 'CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'unclean.leader.election.enable': 'false',
    'auto.create.topics.enable': 'false',
    // Less of what a small machine would only spend its time on.
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.num.partitions': '4',
    'num.network.threads': '2',
    'num.io.threads': '2',
    'num.replica.fetchers': '1',
    'group.initial.rebalance.delay.ms': '0',
    // A dead broker is noticed soon, and a slow one on two busy cores is not yet taken for dead.
    'broker.heartbeat.interval.ms': '500',
    'broker.session.timeout.ms': '6000',
    // A stopping broker that is the last of its cluster has nobody to hand anything to.
    'controlled.shutdown.max.retries': '1',
  };
}

/** The id all brokers of a folder were formatted with. */
function rememberClusterId(folder: string): string {
  const file = join(folder, 'cluster-id');
  // Kafka's ids are 16 bytes in base64url; the zero keeps the first letter from being a dash, which is an option.
  if (!existsSync(file)) {
    writeFileSync(file, Buffer.concat([Buffer.alloc(1), randomBytes(15)]).toString('base64url'));
  }
  return readFileSync(file, 'utf8');
}

interface BrokerFacts {
  readonly id: number;
  readonly ports: Ports;
  readonly host: string;
  readonly folder: string;
  readonly java: JavaCommand;
  readonly settings: Readonly<Record<string, string>>;
}

function describeBroker({ id, ports, host, folder, java, settings }: BrokerFacts) {
  mkdirSync(folder, { recursive: true });
  const [properties, log, data] = ['server.properties', 'server.log', 'data'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const own = {
    'node.id': String(id),
    'log.dirs': data,
    listeners: `CLIENT://${host}:${ports.client},INTERNAL://${LOOPBACK}:${ports.internal},CONTROLLER://${LOOPBACK}:${ports.controller}`,
    'advertised.listeners': `CLIENT://${host}:${ports.advertised},INTERNAL://${LOOPBACK}:${ports.internal}`,
  };
  const lines = Object.entries({ ...settings, ...own }).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(properties, lines.join(''));

  let running: Running | undefined;
  const now = (): Running => {
    if (running === undefined) throw new Error(`broker ${id} was never started`);
    return running;
  };
  const start = (): void => {
    const args = [...java.args, 'kafka.Kafka', properties];
    running = run({ command: java.command, args, env: java.env, cwd: folder, log });
  };
  const ready = (wanted: number): Promise<void> =>
    untilReady([now()], log, () => seesBrokers(`${LOOPBACK}:${ports.internal}`, wanted, id));
  const stop = async (): Promise<void> => now().end('SIGTERM');
  const controls: KafkaBroker = {
    id,
    port: ports.client,
    get pid() {
      return now().pid;
    },
    kill: async () => now().killAll(),
    pause: () => now().signalAll('SIGSTOP'),
    resume: () => now().signalAll('SIGCONT'),
    stop,
    restart: async () => {
      await stop();
      start();
      // Others may be down at this moment, on purpose.
      await ready(1);
    },
  };
  const format = async (clusterId: string): Promise<void> => {
    if (existsSync(join(data, 'meta.properties'))) return;
    const args = ['kafka.tools.StorageTool', 'format', '--cluster-id', clusterId, '--config', properties];
    await promisify(execFile)(java.command, [...java.args, ...args], {
      env: java.env,
      timeout: FORMAT_MS_MAX,
    });
  };
  return { controls, format, start, ready };
}

interface JavaCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

function javaCommand({ heapMib = HEAP_MIB, optimised = false }: KafkaOptions): JavaCommand {
  const { path, libraryPath } = needPart('java');
  const { libs } = needPart('kafka');
  return {
    command: path,
    args: [
      `-Xmx${heapMib}m`,
      '-XX:+UseSerialGC', // the smallest, and enough for heaps of this size
      ...(optimised ? [] : ['-XX:TieredStopAtLevel=1']),
      '-Djava.awt.headless=true',
      `-Dlog4j2.configurationFile=${log4j}`,
      '-cp',
      join(libs, '*'),
    ],
    env: { ...process.env, ...(libraryPath === '' ? {} : { LD_LIBRARY_PATH: libraryPath }) },
  };
}

/** A broker takes requests only once the controller counts it in, so its own answer tells. */
async function seesBrokers(address: string, wanted: number, id: number): Promise<boolean> {
  const admin = new Kafka({
    brokers: [address],
    clientId: 'parts',
    logLevel: logLevel.NOTHING,
    connectionTimeout: REQUEST_MS_MAX,
    requestTimeout: REQUEST_MS_MAX,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    return brokers.length >= wanted && brokers.some(({ nodeId }) => nodeId === id);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
