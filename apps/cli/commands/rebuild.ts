import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { balanceProjections } from '#funds';
import { readSettings } from '#platform';
import { openDatabase } from '#postgres';
import { READ_MODELS_SCHEMA, openPostgresReadModels } from '#read-models';
import { alone, catchUpFolder, dataFolder, refuseFaulted, requireLedger } from '../data-folder.ts';
import { CliFailure, EXIT } from '../failure.ts';
import { type Progress, createProgress } from '../progress.ts';
import { isAbsent } from '../sequence.ts';
import { openPartitioned } from '../../projector/open-partitioned.ts';
import { allProjections } from '../../projector/projections.ts';
import { both, withData } from './options.ts';

/** `lalanh rebuild [names…]`: builds read models anew beside the served ones and switches when they agree. */
export const addRebuild = (program: Command): void => {
  const command = program
    .command('rebuild')
    .description(both('dựng lại số liệu tổng hợp từ nhật ký', 'build the read models anew from the log'))
    .argument(
      '[names...]',
      both('tên số liệu, hoặc balances; mặc định tất cả', 'read models, or balances; default all'),
    );
  withData(command)
    .option(
      '--postgres <url>',
      both(
        'số liệu trong PostgreSQL, cả khi các bộ chiếu đang chạy; nhật ký theo LALANH_LOG',
        'the read models in PostgreSQL, also while projectors run; the log is that of LALANH_LOG',
      ),
    )
    .action(async (names: string[], { data, postgres }: Options) => {
      const chosen = chosenOf(names);
      const progress = createProgress();
      if (postgres === undefined) await rebuildFolder(dataFolder(data), chosen, progress);
      else await rebuildPostgres(postgres, data, chosen, progress);
      progress.end();
      process.stdout.write(
        `${both('đã dựng lại', 'rebuilt')}: ${names.join(', ') || both('tất cả', 'all')}\n`,
      );
    });
};

interface Options {
  readonly data?: string;
  readonly postgres?: string;
}

/** The names of the read models that are meant; `all` when none is named. */
function chosenOf(names: readonly string[]): readonly string[] {
  const chosen = names.flatMap((name) =>
    name === 'balances' ? balanceProjections.map((projection) => projection.name) : [name],
  );
  const unknown = chosen.find((name) => !allProjections.some((projection) => projection.name === name));
  if (unknown !== undefined)
    throw new CliFailure(
      `Không có số liệu “${unknown}”. Có: balances, ${allProjections.map(({ name }) => name).join(', ')}.`,
      `There is no read model “${unknown}”.`,
      EXIT.usage,
    );
  return chosen.length === 0 ? ['all'] : chosen;
}

async function rebuildFolder(folder: string, chosen: readonly string[], progress: Progress): Promise<void> {
  requireLedger(folder);
  const done = await alone(folder, async () => {
    refuseFaulted(await catchUpFolder(folder, progress, chosen));
    return true;
  });
  if (done === undefined)
    throw new CliFailure(
      'Có máy chủ đang giữ thư mục này; hãy dừng nó rồi dựng lại.',
      'A server holds this folder; stop it, then rebuild.',
    );
}

/** Milliseconds between looks while others build. */
const LOOK_MS = 50;

/** Takes turns at building with the projectors that run; without any it builds alone. */
async function rebuildPostgres(
  url: string,
  data: string | undefined,
  chosen: readonly string[],
  progress: Progress,
): Promise<void> {
  const settings = readSettings(data === undefined ? process.env : { ...process.env, LALANH_DATA: data });
  const partitions = await partitionsOf(url);
  const { log, projector, close } = await openPartitioned({
    log: settings.log,
    partitions,
    postgres: url,
    name: 'lalanh rebuild',
  });
  try {
    for (const name of chosen) await projector.rebuild(name);
    const head = await log.head();
    for (;;) {
      const isMore = await projector.build();
      const builds = await projector.builds();
      refuseFaulted(builds);
      const unserved = builds.filter(({ served }) => !served);
      const lowest = Math.min(head, ...unserved.map(({ position }) => position));
      progress.at('số liệu tổng hợp / read models', lowest, head);
      if (unserved.length === 0) return;
      if (!isMore) await sleep(LOOK_MS);
    }
  } finally {
    await close();
  }
}

/** How many partitions the read models there are kept in: a rebuild must not change it. */
async function partitionsOf(url: string): Promise<number> {
  const database = openDatabase({ url, schema: READ_MODELS_SCHEMA, name: 'lalanh rebuild' });
  try {
    const [served] = (await openPostgresReadModels(database).status()).filter((build) => build.served);
    if (served !== undefined) return served.partitions.length;
  } catch (cause) {
    if (!isAbsent(cause)) throw cause;
  } finally {
    await database.close();
  }
  throw new CliFailure(
    'Cơ sở dữ liệu này chưa có số liệu tổng hợp. Hãy chạy bộ chiếu trước, hoặc kiểm tra --postgres.',
    'This database holds no read models. Run a projector first, or check --postgres.',
  );
}
