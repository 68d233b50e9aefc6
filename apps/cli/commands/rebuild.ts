import type { Command } from 'commander';
import { balanceProjections } from '#funds';
import { alone, catchUpFolder, dataFolder, refuseFaulted, requireLedger } from '../data-folder.ts';
import { CliFailure, EXIT } from '../failure.ts';
import { createProgress } from '../progress.ts';
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
  withData(command).action(async (names: string[], { data }: { readonly data?: string }) => {
    const folder = dataFolder(data);
    requireLedger(folder);
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
    const progress = createProgress();
    const done = await alone(folder, async () => {
      refuseFaulted(await catchUpFolder(folder, progress, chosen.length === 0 ? ['all'] : chosen));
      return true;
    });
    progress.end();
    if (done === undefined)
      throw new CliFailure(
        'Có máy chủ đang giữ thư mục này; hãy dừng nó rồi dựng lại.',
        'A server holds this folder; stop it, then rebuild.',
      );
    process.stdout.write(`${both('đã dựng lại', 'rebuilt')}: ${names.join(', ') || both('tất cả', 'all')}\n`);
  });
};
