import { hostname } from 'node:os';
import { z } from 'zod';

/** Where the log is: a data folder that one ledger writes, or KurrentDB. */
export type LogSetting =
  | { readonly kind: 'sqlite'; readonly folder: string }
  | { readonly kind: 'kurrent'; readonly connectionString: string };

/** The settings that all services share, out of the environment (decision 0009). */
export interface Settings {
  /** `LALANH_DATA`: folder for what is kept on this machine. */
  readonly data: string;
  readonly log: LogSetting;
  /** `LALANH_POSTGRES`; absent: read models and vault are SQLite files. */
  readonly postgres: string | undefined;
  /** `LALANH_KAFKA`, host:port each. */
  readonly kafka: readonly string[];
  readonly partitions: number;
  /** No two processes have the same. */
  readonly instance: string;
  readonly host: string;
  /** Undefined: the service's own default. */
  readonly port: number | undefined;
  /** `LALANH_ADDRESS`: where other instances reach this one. Undefined: at host and port. */
  readonly address: string | undefined;
}

/** A setting that can not be used; its message says which one in two languages, and what to do. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
  readonly setting: string;
  constructor(setting: string, vi: string, en: string) {
    super(`${setting}: ${vi} / ${en}`);
    this.setting = setting;
  }
}

/** Partitions of the topic when it is made. */
const PARTITIONS_DEFAULT = 12;
const PARTITIONS_MAX = 1_000;
const PORT_MAX = 65_535;

const whole = (min: number, max: number): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));

/** Each setting, and what to say when it is wrong. */
const SETTINGS = {
  LALANH_DATA: {
    schema: z.string().min(1),
    vi: 'ghi đường dẫn thư mục dữ liệu',
    en: 'give the path of a folder',
  },
  LALANH_LOG: {
    schema: z.string().regex(/^(?:sqlite:.+|kurrentdb(?:\+discover)?:\/\/.+)$/),
    vi: 'ghi sqlite:<thư mục>, kurrentdb://… hoặc kurrentdb+discover://…',
    en: 'give sqlite:<folder>, kurrentdb://… or kurrentdb+discover://…',
  },
  LALANH_POSTGRES: {
    schema: z.url({ protocol: /^postgres(?:ql)?$/ }),
    vi: 'ghi postgres://người-dùng@máy:cổng/cơ-sở-dữ-liệu',
    en: 'give postgres://user@host:port/database',
  },
  LALANH_KAFKA: {
    schema: z.string().regex(/^[\w.-]+:\d+(?:,[\w.-]+:\d+)*$/),
    vi: 'ghi máy:cổng, cách nhau bằng dấu phẩy',
    en: 'give host:port, separated by commas',
  },
  LALANH_PARTITIONS: {
    schema: whole(1, PARTITIONS_MAX),
    vi: `ghi số nguyên từ 1 đến ${PARTITIONS_MAX}`,
    en: `give a whole number from 1 to ${PARTITIONS_MAX}`,
  },
  LALANH_INSTANCE: {
    schema: z.string().regex(/^[\w.-]{1,100}$/),
    vi: 'ghi tên tiến trình: chữ, số, dấu chấm, gạch; tối đa 100 ký tự',
    en: 'give a name of letters, digits, dots and hyphens, at most 100',
  },
  LALANH_HOST: {
    schema: z.string().min(1),
    vi: 'ghi địa chỉ để lắng nghe',
    en: 'give the address to listen at',
  },
  LALANH_PORT: {
    schema: whole(0, PORT_MAX),
    vi: `ghi số cổng từ 0 đến ${PORT_MAX}`,
    en: `give a port from 0 to ${PORT_MAX}`,
  },
  LALANH_ADDRESS: {
    schema: z.url({ protocol: /^https?$/ }),
    vi: 'ghi http://máy:cổng mà tiến trình khác gọi tới được',
    en: 'give the http://host:port where other instances reach this one',
  },
} as const;

type Name = keyof typeof SETTINGS;
type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings; an empty one counts as absent. Throws {@link SettingError}, which never shows a value. */
export function readSettings(environment: Environment): Settings {
  const read = <N extends Name>(name: N): z.output<(typeof SETTINGS)[N]['schema']> | undefined => {
    const text = environment[name];
    if (text === undefined || text === '') return undefined;
    const { schema, vi, en } = SETTINGS[name];
    const parsed = schema.safeParse(text);
    if (!parsed.success) throw new SettingError(name, vi, en);
    return parsed.data as z.output<(typeof SETTINGS)[N]['schema']>;
  };
  const data = read('LALANH_DATA') ?? 'data';
  const log = read('LALANH_LOG') ?? `sqlite:${data}`;
  const settings: Settings = {
    data,
    log: log.startsWith('sqlite:')
      ? { kind: 'sqlite', folder: log.slice('sqlite:'.length) }
      : { kind: 'kurrent', connectionString: log },
    postgres: read('LALANH_POSTGRES'),
    kafka: read('LALANH_KAFKA')?.split(',') ?? [],
    partitions: read('LALANH_PARTITIONS') ?? PARTITIONS_DEFAULT,
    instance: read('LALANH_INSTANCE') ?? `${hostname()}-${process.pid}`.replaceAll(/[^\w.-]/g, '-'),
    host: read('LALANH_HOST') ?? '127.0.0.1',
    port: read('LALANH_PORT'),
    address: read('LALANH_ADDRESS'),
  };
  if (settings.log.kind === 'kurrent') needPostgres(settings);
  return settings;
}

/** The database of services that can not be without one. Throws {@link SettingError}. */
export function needPostgres({ postgres }: Settings): string {
  if (postgres !== undefined) return postgres;
  throw new SettingError(
    'LALANH_POSTGRES',
    'cần PostgreSQL khi nhật ký ở KurrentDB; ghi postgres://…',
    'a log on KurrentDB needs PostgreSQL; give postgres://…',
  );
}

/** Addresses that mean every interface: nobody can be called there. */
const EVERYWHERE: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Where other instances reach this one, which listens at a port. Throws {@link SettingError}. */
export function addressOf({ address, host }: Settings, port: number): string {
  if (address !== undefined) return address;
  if (!EVERYWHERE.has(host)) return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const { vi, en } = SETTINGS.LALANH_ADDRESS;
  throw new SettingError('LALANH_ADDRESS', vi, en);
}

/** The settings of this process; ends it with the message when one can not be used. */
export function settingsOrExit(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}
