import { resolve } from 'node:path';
import type { Command } from 'commander';
import { restoreBackup, takeBackup } from '../backup/backup.ts';
import { dataFolder, requireLedger } from '../data-folder.ts';
import { type Format, render } from '../output.ts';
import { createProgress } from '../progress.ts';
import { both, withData, withFormat } from './options.ts';

const COLUMNS = [
  { key: 'folder', vi: 'Thư mục', en: 'Folder' },
  { key: 'events', vi: 'Sự kiện', en: 'Events', numeric: true },
  { key: 'root', vi: 'Gốc cây', en: 'Tree root' },
  { key: 'takenAt', vi: 'Lúc sao lưu', en: 'Taken at' },
];

const show = (format: Format, row: Record<(typeof COLUMNS)[number]['key'], string | number>): void =>
  void process.stdout.write(render(format, { columns: COLUMNS, rows: [row] }, row));

/** `lalanh backup --to <folder>`: a checked copy of the data folder, also while a server runs. */
export const addBackup = (program: Command): void => {
  const command = program
    .command('backup')
    .description(
      both(
        'sao lưu thư mục dữ liệu, cả khi máy chủ đang chạy',
        'back the data folder up, also while a server runs',
      ),
    )
    .requiredOption('--to <folder>', both('thư mục mới cho bản sao lưu', 'a new folder for the backup'));
  withFormat(withData(command)).action(
    async ({
      data,
      to,
      format,
    }: {
      readonly data?: string;
      readonly to: string;
      readonly format: Format;
    }) => {
      const folder = dataFolder(data);
      requireLedger(folder);
      const progress = createProgress();
      const target = resolve(to);
      const { events, root, takenAt } = await takeBackup({ folder, to: target, progress, clock: Date.now });
      progress.end();
      show(format, { folder: target, events, root, takenAt });
    },
  );
};

/** `lalanh restore --from <backup>`: a new data folder out of a backup. */
export const addRestore = (program: Command): void => {
  const command = program
    .command('restore')
    .description(both('dựng thư mục dữ liệu mới từ bản sao lưu', 'make a new data folder out of a backup'))
    .requiredOption('--from <folder>', both('bản sao lưu', 'the backup'));
  withFormat(withData(command)).action(
    async ({
      data,
      from,
      format,
    }: {
      readonly data?: string;
      readonly from: string;
      readonly format: Format;
    }) => {
      const folder = dataFolder(data);
      const progress = createProgress();
      const { events, root, takenAt } = await restoreBackup(resolve(from), folder, progress);
      progress.end();
      show(format, { folder, events, root, takenAt });
      process.stderr.write(
        both(
          `Những gì ghi sau ${takenAt} (từ vị trí ${events + 1}) không có trong bản này; hãy nhập lại từ chứng từ.`,
          `What was recorded after ${takenAt} (from position ${events + 1}) is not in it; enter it again from the vouchers.`,
        ) + '\n',
      );
    },
  );
};
