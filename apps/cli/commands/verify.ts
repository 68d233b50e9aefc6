import type { Command } from 'commander';
import { balanceProjections } from '#funds';
import { openSequenceReader, openSqliteLogReader } from '#event-log';
import { alone, catchUpFolder, dataFolder, requireLedger } from '../data-folder.ts';
import { EXIT } from '../failure.ts';
import { type Format, render } from '../output.ts';
import { type Progress, createProgress } from '../progress.ts';
import { allProjections } from '../../projector/projections.ts';
import { withSequence } from '../sequence.ts';
import { type Finding, type Verified, verifyEvents, verifySequenceEvents } from '../verify/events.ts';
import { startReplay } from '../verify/start-replay.ts';
import { both, withData, withFormat } from './options.ts';

interface Options {
  readonly data?: string;
  readonly all?: boolean;
  readonly postgres?: string;
  readonly readModels?: string;
  readonly format: Format;
}

/** Findings shown; more of them say nothing new. All are counted. */
const FINDINGS_SHOWN_MAX = 1_000;

/** `lalanh verify`: is everything that is stored what it must be? Exit 1 when something is not. */
export const addVerify = (program: Command): void => {
  const command = program
    .command('verify')
    .description(
      both(
        'kiểm tra nhật ký, dãy đơn vị, bút toán và số dư',
        'check the log, the spans, the postings and the balances',
      ),
    )
    .option('--all', both('kiểm tra cả mọi số liệu tổng hợp khác', 'check every other read model too'))
    .option(
      '--postgres <url>',
      both(
        'kiểm tra dãy sự kiện, và số liệu tổng hợp nếu đã có, trong PostgreSQL thay cho thư mục',
        'check the sequence, and the read models when there are any, in PostgreSQL instead',
      ),
    )
    .option(
      '--read-models <url>',
      both(
        'nhật ký ở thư mục, số liệu tổng hợp ở PostgreSQL này',
        'the log is in the folder, the read models in this PostgreSQL',
      ),
    );
  withFormat(withData(command)).action(
    async ({ data, all = false, postgres, readModels, format }: Options) => {
      const progress = createProgress();
      const { summary, findings } =
        postgres === undefined
          ? await verify(requireLedger(dataFolder(data)), all, readModels, progress)
          : await verifyPostgres(postgres, all, progress);
      progress.end();
      const shown = findings.slice(0, FINDINGS_SHOWN_MAX);
      const clean = findings.length === 0;
      process.stdout.write(
        clean && format === 'table'
          ? `${both('Không có sai lệch', 'Clean')}: ${summary.events} ${both('sự kiện', 'events')}, ${summary.root}\n`
          : render(
              format,
              { columns: COLUMNS, rows: shown.map((finding) => ({ ...finding })) },
              {
                clean,
                ...summary,
                count: findings.length,
                findings: shown,
              },
            ),
      );
      if (!clean) process.exitCode = EXIT.findings;
    },
  );
};

const COLUMNS = [
  { key: 'position', vi: 'Vị trí', en: 'Position', numeric: true },
  { key: 'code', vi: 'Mã', en: 'Code' },
  { key: 'detail', vi: 'Chi tiết', en: 'Detail' },
];

const namesOf = (all: boolean): string[] =>
  (all ? allProjections : balanceProjections).map(({ name }) => name);

const showReplay =
  (progress: Progress) =>
  (position: number, of: number): void =>
    progress.at('số liệu tổng hợp / read models', position, of);

/** Checks the sequence in PostgreSQL and, in another thread, the read models beside it. */
async function verifyPostgres(url: string, all: boolean, progress: Progress): Promise<Checked> {
  return withSequence(url, async (database) => {
    const reader = openSequenceReader(database);
    const head = await reader.head();
    await reader.close();
    const here = { postgres: url };
    const replayed = startReplay(
      { log: here, models: here, mayBeAbsent: true, names: namesOf(all) },
      showReplay(progress),
    );
    const checked = verifySequenceEvents(database, (position) =>
      progress.at('dãy / sequence', position, head),
    );
    const findings: Finding[] = [];
    let next = await checked.next();
    for (; !next.done; next = await checked.next()) findings.push(next.value);
    return { summary: next.value, findings: [...findings, ...(await replayed)] };
  });
}

interface Checked {
  readonly summary: Verified;
  readonly findings: readonly Finding[];
}

/** Checks the log of a folder and, in another thread, its read models: in the folder, or in PostgreSQL. */
async function verify(
  folder: string,
  all: boolean,
  readModels: string | undefined,
  progress: Progress,
): Promise<Checked> {
  if (readModels === undefined) await alone(folder, () => catchUpFolder(folder, progress));
  const log = openSqliteLogReader(folder);
  const head = await log.head();
  await log.close();
  const models = readModels === undefined ? { folder } : { postgres: readModels };
  const replayed = startReplay({ log: { folder }, models, names: namesOf(all) }, showReplay(progress));
  const checked = verifyEvents(folder, (position) => progress.at('nhật ký / log', position, head));
  const findings: Finding[] = [];
  let next = checked.next();
  for (; !next.done; next = checked.next()) findings.push(next.value);
  return { summary: next.value, findings: [...findings, ...(await replayed)] };
}
