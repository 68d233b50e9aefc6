import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { everything } from '#access';
import { TOOL_NAMES, type ToolName, exportJournal } from '#books';
import { dataFolder, withReads } from '../data-folder.ts';
import { createProgress } from '../progress.ts';
import { failureOf } from './book.ts';
import { both, idOption, withData, withDates } from './options.ts';

interface Options {
  readonly data?: string;
  readonly format: ToolName;
  readonly profile?: string;
  readonly fund?: readonly string[];
  readonly assertions?: boolean;
  readonly effectiveThrough?: string;
  readonly knownAt?: number | string;
  readonly out?: string;
}

/** `lalanh export`: the whole journal as text of another accounting program. */
export const addExport = (program: Command): void => {
  const command = program
    .command('export')
    .description(
      both('toàn bộ nhật ký cho chương trình kế toán khác', 'the whole journal for another program'),
    )
    .addOption(
      new Option('--format <format>', both('chương trình', 'program'))
        .choices(TOOL_NAMES)
        .makeOptionMandatory(),
    )
    .option('--profile <name>', both('chế độ kế toán', 'accounting profile'))
    .option(
      '--fund <id>',
      both('chỉ quỹ này; dùng được nhiều lần', 'only this fund; may be repeated'),
      collect,
    )
    .option(
      '--assertions',
      both('thêm số dư cuối mỗi tháng để đối chiếu', 'add balances at each month’s end'),
    )
    .option('--out <file>', both('ghi vào tệp', 'write into a file'));
  withDates(withData(command)).action(async ({ data, out, fund, ...asked }: Options) => {
    await withReads(dataFolder(data), createProgress(), async (context) => {
      const exported = await exportJournal(context, { ...asked, funds: fund, scope: everything('cli') });
      if (!exported.ok) throw failureOf(exported.error);
      const text = Readable.from(exported.value.text);
      if (out !== undefined) await pipeline(text, createWriteStream(out));
      else for await (const piece of text) await print(String(piece));
    });
  });
};

const collect = (id: string, before: readonly string[] = []): readonly string[] => [...before, idOption(id)];

/** Waits while whoever reads the output is slow, so that a long journal does not pile up in memory. */
const print = (piece: string): Promise<void> =>
  new Promise((resolve) => {
    if (process.stdout.write(piece)) resolve();
    else process.stdout.once('drain', resolve);
  });
