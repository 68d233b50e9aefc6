import { hostname } from 'node:os';
import { type Command, Option } from 'commander';
import {
  type LogSummary,
  SEQUENCER_ROLE,
  openKurrentFeed,
  openKurrentLog,
  openSequenceReader,
  openSqliteLogReader,
  prepareSequence,
  verifyLog,
} from '#event-log';
import { type Database, type Role, prepareRoles, takeRole } from '#postgres';
import { type CopiedVault, VaultDamagedError, copyVault } from '#privacy';
import { alone, dataFolder, requireLedger } from '../data-folder.ts';
import { CliFailure, EXIT } from '../failure.ts';
import { type Copied, copyLog } from '../migrate/copy-log.ts';
import { explainTarget } from '../migrate/explain.ts';
import { type Format, asJson, render } from '../output.ts';
import { type Progress, createProgress } from '../progress.ts';
import { ROLES_SCHEMA, withSequence } from '../sequence.ts';
import { both, withData, withFormat } from './options.ts';

interface Options {
  readonly data?: string;
  readonly to: string;
  readonly postgres: string;
  readonly format: Format;
}

/** Longer than any stretch between two renewals; a run that was killed is followed at once by its own name. */
const LEASE_MS = 60_000;

/**
 * `lalanh migrate`: copies the log of a folder into KurrentDB and its sequence into PostgreSQL. Killed anywhere and run
 * again, it goes on; it writes nothing into the folder.
 */
export const addMigrate = (program: Command): void => {
  const command = program
    .command('migrate')
    .description(
      both(
        'chép nhật ký của thư mục sang KurrentDB và PostgreSQL; chạy lại thì chép tiếp',
        'copy the log of a folder to KurrentDB and PostgreSQL; run again, it goes on',
      ),
    )
    .addOption(
      new Option('--to <address>', both('địa chỉ kurrentdb://…', 'address kurrentdb://…'))
        .env('LALANH_LOG')
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--postgres <url>', both('địa chỉ postgres://…', 'address postgres://…'))
        .env('LALANH_POSTGRES')
        .makeOptionMandatory(),
    );
  withFormat(withData(command)).action(async ({ data, to, postgres, format }: Options) => {
    const folder = requireLedger(dataFolder(data));
    const progress = createProgress();
    const copied = await alone(folder, () => migrate(folder, to, postgres, progress)).finally(progress.end);
    if (copied === undefined)
      throw new CliFailure(
        'Có máy chủ đang giữ thư mục này; hãy dừng nó rồi chép.',
        'A server holds this folder; stop it, then migrate.',
      );
    process.stdout.write(shown(format, copied));
  });
};

const COLUMNS = [
  { key: 'events', vi: 'Sự kiện', en: 'Events', numeric: true },
  { key: 'resumedAfter', vi: 'Chép tiếp sau', en: 'Resumed after', numeric: true },
  { key: 'root', vi: 'Gốc cây', en: 'Root' },
  { key: 'texts', vi: 'Văn bản', en: 'Texts', numeric: true },
  { key: 'files', vi: 'Tệp', en: 'Files', numeric: true },
];

const shown = (format: Format, copied: Migrated): string =>
  format === 'table'
    ? `${both('Đã chép và kiểm tra', 'Copied and verified')}: ${copied.events} ${both('sự kiện', 'events')}, ${copied.root}\n`
    : format === 'json'
      ? asJson(copied)
      : render(format, { columns: COLUMNS, rows: [{ ...copied }] });

const STAGES = {
  vault: 'kho riêng tư / vault',
  compare: 'so với đích / compare',
  copy: 'chép / copy',
  verify: 'kiểm tra / verify',
} as const;

interface Migrated extends Copied, CopiedVault {}

async function migrate(folder: string, to: string, postgres: string, progress: Progress): Promise<Migrated> {
  const { root } = verifySource(folder, progress);
  return withSequence(postgres, async (database) => {
    await prepareRoles(database, ROLES_SCHEMA);
    await prepareSequence(database);
    const role = await takePart(database, folder);
    const sequence = openSequenceReader(database);
    const source = openSqliteLogReader(folder);
    try {
      // First what the events refer to, so that nobody finds an event without its text.
      const vault = await vaultOf(folder, database, progress);
      const copied = await withTarget(to, sequence, (target, feed) =>
        copyLog({
          source,
          target,
          feed,
          database,
          sequence,
          role,
          onProgress: (stage, done, all) => progress.at(STAGES[stage], done, all),
        }),
      );
      if (copied.root !== root)
        throw new Error(`the source changed while it was held: ${root}, ${copied.root}`);
      return { ...copied, ...vault };
    } finally {
      await source.close();
      await sequence.close();
      await role.release().catch(() => undefined);
    }
  });
}

const vaultOf = async (folder: string, database: Database, progress: Progress): Promise<CopiedVault> => {
  try {
    return await copyVault(folder, database, (done, all) => progress.at(STAGES.vault, done, all));
  } catch (cause) {
    throw cause instanceof VaultDamagedError ? damagedVault(cause) : cause;
  }
};

/** The log of KurrentDB and its feed, both closed at the end. */
async function withTarget<T>(
  to: string,
  sequence: ReturnType<typeof openSequenceReader>,
  work: (
    target: Awaited<ReturnType<typeof openKurrentLog>>,
    feed: Awaited<ReturnType<typeof openKurrentFeed>>,
  ) => Promise<T>,
): Promise<T> {
  try {
    const target = await openKurrentLog({ connectionString: to, sequence });
    try {
      const feed = await openKurrentFeed({ connectionString: to });
      return await work(target, feed).finally(feed.close);
    } finally {
      await target.close();
    }
  } catch (cause) {
    throw explainTarget(cause);
  }
}

/** A damaged log is not carried on: the copy would be as damaged, and look new. */
function verifySource(folder: string, progress: Progress): LogSummary {
  let seen = 0;
  const stage = 'kiểm tra nguồn / verify the source';
  const check = verifyLog(folder, ({ position }) => {
    seen = position;
    if (position % 1_000 === 0) progress.at(stage, position, position + 1);
  });
  const first = check.next();
  if (first.done) {
    progress.at(stage, seen, seen);
    return first.value;
  }
  const { code, position, detail } = first.value;
  throw new CliFailure(
    `Nhật ký nguồn có sai lệch ở vị trí ${position} (${code}: ${detail}). Chạy lalanh verify, khôi phục bản sao lưu rồi chép.`,
    `The source has a finding at position ${position} (${code}: ${detail}). Run lalanh verify, restore a backup, then migrate.`,
    EXIT.findings,
  );
}

const damagedVault = (cause: VaultDamagedError): CliFailure =>
  new CliFailure(
    `Kho riêng tư có nội dung hỏng (${cause.message}). Khôi phục vault.db và files từ bản sao lưu rồi chạy lại.`,
    `The vault holds damaged content (${cause.message}). Restore vault.db and files from a backup, then run again.`,
    EXIT.findings,
    { cause },
  );

/** Nobody else may give positions meanwhile. The name is the folder's, so that a second run follows a killed one. */
async function takePart(database: Database, folder: string): Promise<Role> {
  const role = await takeRole(database, {
    name: SEQUENCER_ROLE,
    holder: `migrate ${hostname()} ${folder}`,
    leaseMs: LEASE_MS,
    schema: ROLES_SCHEMA,
  });
  if (role !== undefined) return role;
  throw new CliFailure(
    'Một dịch vụ đang đánh số trên PostgreSQL này. Dừng các dịch vụ, đợi một phút rồi chạy lại.',
    'A service is the sequencer of this PostgreSQL. Stop the services, wait a minute, then run again.',
  );
}
