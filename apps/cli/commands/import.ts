import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { allRefusals } from '../../ledger/handlers.ts';
import { dataFolder } from '../data-folder.ts';
import { CliFailure, EXIT } from '../failure.ts';
import { openGate } from '../gate.ts';
import { countFates, renderReport } from '../import/report.ts';
import { importFolder } from '#batches';
import { writeTemplates } from '../import/templates.ts';
import type { Format } from '../output.ts';
import { createProgress } from '../progress.ts';
import { both, idOption, withData, withFormat } from './options.ts';

interface Options {
  readonly data?: string;
  readonly actor: string;
  readonly templates?: string;
  readonly format: Format;
}

/** `lalanh import <folder>`: reads CSV and XLSX files; `--templates` writes empty ones instead. */
export const addImport = (program: Command): void => {
  const command = program
    .command('import')
    .description(
      both(
        'nhập các tệp CSV, XLSX của một thư mục; nhập lại không ghi thêm',
        'import the CSV and XLSX files of a folder; importing again records nothing',
      ),
    )
    .argument('[folder]', both('thư mục có tệp nhập', 'folder with the import files'))
    .option('--actor <id>', both('mã người nhập', 'id of the person who imports'), idOption, 'nguoi-nhap')
    .option('--templates <folder>', both('ghi các tệp mẫu rồi dừng', 'write templates and stop'));
  withFormat(withData(command)).action(async (folder: string | undefined, options: Options) => {
    if (options.templates !== undefined) {
      await templates(options.templates);
      return;
    }
    if (folder === undefined)
      throw new CliFailure(
        'Hãy ghi thư mục có tệp nhập.',
        'Name the folder with the import files.',
        EXIT.usage,
      );
    await run(folder, options);
  });
};

async function templates(folder: string): Promise<void> {
  try {
    for (const name of await writeTemplates(folder)) process.stdout.write(`${name}\n`);
  } catch (cause) {
    throw new CliFailure(
      `Không ghi được tệp mẫu vào ${folder} (tệp đã có thì không ghi đè).`,
      `The templates could not be written to ${folder} (files that exist are not overwritten).`,
      EXIT.failed,
      { cause },
    );
  }
}

async function run(folder: string, { data, actor, format }: Options): Promise<void> {
  if (!(await isFolder(folder)))
    throw new CliFailure(`Không có thư mục ${folder}.`, `There is no folder ${folder}.`, EXIT.usage);
  const progress = createProgress();
  const gate = await openGate(dataFolder(data));
  try {
    const files = await importFolder(folder, gate, {
      actor,
      onProgress: (done, all, file) => progress.at(file, done, all),
    });
    progress.end();
    if (files.length === 0)
      throw new CliFailure(
        `Thư mục ${folder} không có tệp CSV hay XLSX nào.`,
        `The folder ${folder} has no CSV or XLSX file.`,
        EXIT.usage,
      );
    process.stdout.write(renderReport(format, files, allRefusals));
    if (countFates(files).refused > 0) process.exitCode = EXIT.findings;
  } finally {
    progress.end();
    await gate.close();
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
