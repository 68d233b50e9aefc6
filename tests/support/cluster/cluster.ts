import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../judges.ts';
import { type KafkaServers, type PostgresServer, startKafka, startPostgres } from '../parts/index.ts';
import { type TcpProxy, startProxy } from '../tcp-proxy.ts';
import { type Running, freePort, removeScratch, run, scratchFolder, untilReady } from '../parts/process.ts';

/** The services of DESIGN §2, each a process of its own. */
export const KINDS = ['relay', 'ledger', 'projector', 'reports'] as const;
export type Kind = (typeof KINDS)[number];

/** One process of a service. Whatever happens to it, it comes back on its own port. */
export interface Service {
  readonly kind: Kind;
  /** `projector-2` */
  readonly name: string;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly pid: number;
  isRunning(): boolean;
  /** SIGKILL, and gone when this resolves. */
  kill(): Promise<void>;
  /** SIGSTOP: it neither answers nor hangs up. */
  pause(): void;
  resume(): void;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Starts it, after ending it when it runs; resolves when it is ready. */
  restart(): Promise<void>;
  /** The end of what it said. */
  log(): string;
}

export type ClusterLog =
  /** One ledger writes a file of this folder; the others read it. */
  | { readonly kind: 'sqlite' }
  /** A server, or the protocol double, at this address. */
  | { readonly kind: 'kurrentdb'; readonly url: string };

export interface ClusterOptions {
  /** Kept between runs; a scratch folder, removed by `stop`, when absent. */
  readonly folder?: string;
  readonly log?: ClusterLog;
  readonly brokers?: 1 | 3;
  /** How many of each; 1 when absent. More than one ledger needs KurrentDB. */
  readonly count?: Partial<Readonly<Record<Kind, number>>>;
  readonly partitions?: number;
  /** Of the door; a free one when absent. */
  readonly port?: number;
  /** Puts a proxy between the services and each broker, and one before PostgreSQL, for faults. */
  readonly proxied?: boolean;
  /** The address at which services reach Kafka and PostgreSQL; 127.0.0.1 when absent. Not with proxies. */
  readonly host?: string;
  /** Where PostgreSQL keeps its data, when that is a particular disk. */
  readonly postgresFolder?: string;
  /** Further settings of every service. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What is particular about one service, by its name. */
  readonly place?: (name: string) => Place;
  readonly say?: (message: string) => void;
}

/** Where a service runs, when that is not simply here. */
export interface Place {
  /** Put before its command line. */
  readonly prefix?: readonly string[];
  /** Where it listens and is reached; 127.0.0.1 when absent. */
  readonly address?: string;
  /** Its own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Cluster {
  /** Where the ledger on SQLite has its log. */
  readonly data: string;
  /** With `proxied`: those before the brokers, in their order, and the one before PostgreSQL. */
  readonly proxies: { readonly kafka: readonly TcpProxy[]; readonly postgres: TcpProxy } | undefined;
  readonly folder: string;
  readonly postgres: PostgresServer;
  readonly kafka: KafkaServers;
  /** Every process of a kind, in the order they were started; killed ones too. */
  of(kind: Kind): readonly Service[];
  /** The one door (nginx) of all services; the first ledger's address where this machine has no nginx. */
  readonly door: string;
  /** One more process of a kind; the door does not lead to it. */
  add(kind: Kind): Promise<Service>;
  /** The settings of a service, for a command line that works on the same parts. */
  readonly settings: Readonly<Record<string, string>>;
  /** Ends everything in order. */
  stop(): Promise<void>;
}

const PARTITIONS_DEFAULT = 6;
const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = (kind: Kind): string => join(root, 'dist', 'apps', kind, 'main.js');

/**
 * Starts the distributed shape on this machine from real parts: PostgreSQL, Kafka, the built services, the door.
 * Nothing of it outlives this process. The sources must be built (`npm run build`).
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { log = { kind: 'sqlite' }, brokers = 1, count = {}, partitions = PARTITIONS_DEFAULT } = options;
  const { say = () => undefined, host, place = () => ({}) } = options;
  if (log.kind === 'sqlite' && (count.ledger ?? 1) > 1)
    throw new RangeError('an SQLite log has exactly one ledger; several need KurrentDB');
  const folder = options.folder ?? scratchFolder('cluster', undefined);
  const [data, logs] = [join(folder, 'data'), join(folder, 'logs')];
  for (const made of [data, logs]) mkdirSync(made, { recursive: true });
  const kept = options.folder !== undefined;

  say(`PostgreSQL, Kafka (${brokers})`);
  const ports = await Promise.all(Array.from({ length: brokers }, freePort));
  const postgresPort = await freePort();
  const proxies = options.proxied
    ? {
        kafka: await Promise.all(ports.map((port) => startProxy(() => port))),
        postgres: await startProxy(() => postgresPort),
      }
    : undefined;
  const postgresFolder = options.postgresFolder ?? (kept ? join(folder, 'postgres') : undefined);
  const listening = host !== undefined && { host };
  const [postgres, kafka] = await Promise.all([
    startPostgres({
      port: postgresPort,
      ...listening,
      ...(postgresFolder !== undefined && { folder: postgresFolder }),
    }),
    startKafka({
      brokers,
      ports,
      ...(proxies !== undefined && { advertisedPorts: proxies.kafka.map(({ port }) => port) }),
      ...listening,
      ...(kept && { folder: join(folder, 'kafka') }),
    }),
  ]);
  const database = new URL(postgres.url);
  database.host = `${host ?? database.hostname}:${proxies?.postgres.port ?? postgres.port}`;
  const shared: Record<string, string> = {
    LALANH_DATA: data,
    LALANH_LOG: log.kind === 'sqlite' ? `sqlite:${data}` : log.url,
    LALANH_POSTGRES: database.href,
    LALANH_KAFKA: kafka.bootstrap.join(','),
    LALANH_PARTITIONS: String(partitions),
    ...options.settings,
  };
  const services: Service[] = [];
  const launch = async (kind: Kind): Promise<Service> => {
    const name = `${kind}-${services.filter((service) => service.kind === kind).length + 1}`;
    const service = await startService({ kind, name, folder: logs, settings: shared, ...place(name) });
    services.push(service);
    say(`${name}: ${service.url}`);
    return service;
  };
  let door: Door | undefined;
  const stop = async (): Promise<void> => {
    await door?.stop();
    // The writing side first, so that what it still records is relayed, then projected.
    for (const kind of ['ledger', 'relay', 'projector', 'reports'] as const)
      await Promise.all(services.filter((service) => service.kind === kind).map((service) => service.stop()));
    await Promise.all([kafka.stop(), postgres.stop()]);
    if (proxies !== undefined)
      await Promise.all([...proxies.kafka, proxies.postgres].map((proxy) => proxy.close()));
    if (!kept) await removeScratch(folder);
  };
  try {
    // The ledger makes the log, the relay the topic, the projector the tables: each next one finds what it needs.
    for (const kind of ['ledger', 'relay', 'projector', 'reports'] as const)
      for (let n = 0; n < (count[kind] ?? 1); n += 1) await launch(kind);
    const urls = (kind: Kind): string[] => services.filter((s) => s.kind === kind).map(({ url }) => url);
    door = await openDoor(
      join(folder, 'door'),
      options.port ?? (await freePort()),
      urls('ledger'),
      urls('reports'),
    );
    say(door === undefined ? 'không có nginx / no nginx' : `cửa / door: ${door.url}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    folder,
    data,
    proxies,
    postgres,
    kafka,
    settings: shared,
    of: (kind) => services.filter((service) => service.kind === kind),
    door: door?.url ?? services[0]?.url ?? '',
    add: launch,
    stop,
  };
}

interface ServiceOptions extends Place {
  readonly kind: Kind;
  readonly name: string;
  readonly folder: string;
  readonly settings: Readonly<Record<string, string>>;
}

async function startService(options: ServiceOptions): Promise<Service> {
  const { kind, name, folder, settings, prefix = [], address = '127.0.0.1', env } = options;
  const port = await freePort();
  const url = `http://${address}:${port}`;
  const [command = '', ...args] = [
    ...prefix,
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    program(kind),
  ];
  const log = join(folder, `${name}.log`);
  let running: Running;
  const start = async (): Promise<void> => {
    running = run({
      command,
      args,
      cwd: root,
      log,
      env: {
        ...process.env,
        ...settings,
        ...env,
        LALANH_INSTANCE: name,
        LALANH_HOST: address,
        LALANH_PORT: String(port),
        LALANH_ADDRESS: url,
      },
    });
    await untilReady([running], log, async () => (await fetch(`${url}/health/live`)).ok);
  };
  await start();
  return {
    kind,
    name,
    url,
    get pid() {
      return running.pid;
    },
    isRunning: () => running.isRunning(),
    kill: async () => {
      await running.killAll();
      await running.ended;
    },
    pause: () => running.signalAll('SIGSTOP'),
    resume: () => running.signalAll('SIGCONT'),
    stop: () => running.end('SIGTERM'),
    restart: async () => {
      await running.end('SIGTERM');
      await start();
    },
    log: () => readFileSync(log, 'utf8').slice(-LOG_CHARACTERS_SHOWN),
  };
}

const LOG_CHARACTERS_SHOWN = 4_000;

interface Door {
  readonly url: string;
  stop(): Promise<void>;
}

/** Real nginx with the configuration that the compose files and the chart use; undefined where there is none. */
export async function openDoor(
  folder: string,
  port: number,
  ledgers: readonly string[],
  reports: readonly string[],
): Promise<Door | undefined> {
  const nginx = findProgram('nginx');
  if (nginx === undefined) return undefined;
  mkdirSync(folder, { recursive: true });
  const servers = (urls: readonly string[]): string =>
    urls.map((url) => `server ${new URL(url).host};`).join(' ');
  const settings: Readonly<Record<string, string>> = {
    LISTEN: `127.0.0.1:${port}`,
    LEDGERS: servers(ledgers),
    REPORTS: servers(reports),
  };
  const template = readFileSync(join(root, 'infra', 'proxy', 'default.conf.template'), 'utf8');
  const site = template.replace(/\$\{([A-Z]+)\}/g, (_, name: string) => settings[name] ?? '');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((use) => `${use}_temp_path ${folder}/${use};`)
    .join(' ');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 1;
events {} http { access_log off; ${temporary} ${site} }`,
  );
  const url = `http://127.0.0.1:${port}`;
  const log = join(folder, 'start.log');
  const running = run({
    command: nginx.path,
    args: ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', log],
    cwd: folder,
    env: nginx.environment,
    log,
  });
  await untilReady([running], log, () =>
    fetch(url).then(
      () => true,
      () => false,
    ),
  );
  return { url, stop: () => running.end('SIGQUIT') };
}
