import type { Command } from 'commander';
import type { FileFates } from '#batches';
import { allHandlers, allRefusals } from '../../ledger/handlers.ts';
import { dataFolder } from '../data-folder.ts';
import { sendCommandFile } from '../do/command-file.ts';
import { CliFailure, EXIT } from '../failure.ts';
import { openGate } from '../gate.ts';
import { countFates, renderReport } from '../import/report.ts';
import type { Format } from '../output.ts';
import { createProgress } from '../progress.ts';
import { both, idOption, withData, withFormat } from './options.ts';

interface Options {
  readonly data?: string;
  readonly actor: string;
  readonly list?: boolean;
  readonly format: Format;
}

/** `lalanh do <files…>`: sends the commands of NDJSON files, any command there is. */
export const addDo = (program: Command): void => {
  const command = program
    .command('do')
    .description(
      both(
        'gửi các lệnh trong tệp NDJSON, mỗi dòng một lệnh; gửi lại không ghi thêm',
        'send the commands of NDJSON files, one a line; sending again records nothing',
      ),
    )
    .argument('[files...]', both('tệp NDJSON', 'NDJSON files'))
    .option('--actor <id>', both('mã người làm', 'id of the acting person'), idOption, 'ke-toan')
    .option('--list', both('chỉ in tên mọi lệnh', 'only print the names of all commands'));
  withFormat(withData(command)).action(async (files: readonly string[], options: Options) => {
    if (options.list) {
      for (const name of allHandlers.map((handler) => handler.name).toSorted())
        process.stdout.write(`${name}\n`);
      return;
    }
    if (files.length === 0) throw new CliFailure('Hãy ghi tệp NDJSON.', 'Name the NDJSON files.', EXIT.usage);
    await run(files, options);
  });
};

async function run(files: readonly string[], { data, actor, format }: Options): Promise<void> {
  const progress = createProgress();
  const gate = await openGate(dataFolder(data));
  try {
    const fates: FileFates[] = [];
    const hashes = new Map<string, string>();
    for (const file of files)
      fates.push(
        await sendCommandFile(file, gate, {
          actor,
          hashes,
          onProgress: (done, all) => progress.at(file, done, all),
        }),
      );
    progress.end();
    process.stdout.write(renderReport(format, fates, allRefusals));
    if (countFates(fates).refused > 0) process.exitCode = EXIT.findings;
  } finally {
    progress.end();
    await gate.close();
  }
}
