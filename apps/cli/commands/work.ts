import type { Command } from 'commander';
import { allRefusals } from '../../ledger/handlers.ts';
import { dataFolder } from '../data-folder.ts';
import { CliFailure, EXIT } from '../failure.ts';
import { openGate } from '../gate.ts';
import { countFates, renderReport } from '../import/report.ts';
import { type Format, type OutputTable, asJson, asTable, render } from '../output.ts';
import { createProgress } from '../progress.ts';
import { serverOf } from '../server-file.ts';
import { type ReconciledAccount, type StepDone, stepsOf, workStep } from '../periods/work-folder.ts';
import { both, idOption, withData, withFormat } from './options.ts';

interface Options {
  readonly data?: string;
  readonly actor: string;
  readonly format: Format;
}

/** `lalanh work <folder>`: the work of period after period, as files. */
export const addWork = (program: Command): void => {
  const command = program
    .command('work')
    .description(
      both(
        'làm việc của từng kỳ theo thư mục: nhập, lệnh, sao kê, khớp, đối chiếu; làm lại không ghi thêm',
        'do the work of periods as folders: import, commands, bank files, match, reconcile; again records nothing',
      ),
    )
    .argument('<folder>', both('thư mục có thư mục của từng kỳ', 'folder with a folder for each period'))
    .option('--actor <id>', both('mã người làm', 'id of the acting person'), idOption, 'ke-toan');
  withFormat(withData(command)).action(async (folder: string, options: Options) => {
    const data = dataFolder(options.data);
    const own = await serveUnlessServed(data);
    try {
      await run(folder, data, options);
    } finally {
      await own?.stop();
    }
  });
};

/** The bank files go through a server; a folder that none holds gets one of its own for the while. */
async function serveUnlessServed(data: string): Promise<{ readonly stop: () => Promise<void> } | undefined> {
  const { serve } = await import('../../standalone/serve.ts');
  return serve(data, { port: 0 }).catch((error: unknown) => {
    if ((error as { readonly code?: unknown }).code === 'ES_LOCKED') return undefined;
    throw error;
  });
}

async function run(folder: string, data: string, { actor, format }: Options): Promise<void> {
  const steps = await stepsOf(folder);
  const gate = await openGate(data);
  const address = serverOf(data);
  if (address === undefined)
    throw new CliFailure('Máy chủ không cho biết địa chỉ.', 'The server does not say where it listens.');
  const progress = createProgress();
  const done: StepDone[] = [];
  try {
    for (const [at, step] of steps.entries()) {
      progress.at(step, at, steps.length);
      const one = await workStep(folder, step, { data, address, gate, actor });
      done.push(one);
      // What comes after stands on what was refused.
      if (countFates(one.files).refused > 0) break;
    }
  } finally {
    progress.end();
    await gate.close();
    show(done, format);
  }
}

function show(done: readonly StepDone[], format: Format): void {
  const files = done.flatMap((one) => one.files);
  const { refused } = countFates(files);
  if (format === 'table') {
    for (const one of done)
      if (countFates(one.files).refused > 0)
        process.stdout.write(`${one.step}\n${renderReport(format, one.files, allRefusals)}`);
    process.stdout.write(asTable(fatesTable(done)) + asTable(accountsTable(done)));
  } else if (format === 'json') process.stdout.write(asJson({ ...countFates(files), steps: told(done) }));
  else process.stdout.write(render(format, accountsTable(done)));
  if (refused > 0 || done.some(({ accounts }) => accounts.some(isUneven))) process.exitCode = EXIT.findings;
}

const isUneven = ({ difference }: ReconciledAccount): boolean => difference !== 0n;

const told = (done: readonly StepDone[]): unknown =>
  done.map(({ step, files, accounts }) => ({ step, ...countFates(files), accounts }));

const fatesTable = (done: readonly StepDone[]): OutputTable => ({
  columns: [
    { key: 'step', vi: 'Kỳ', en: 'Period' },
    { key: 'recorded', vi: 'Đã ghi', en: 'Recorded', numeric: true },
    { key: 'there', vi: 'Đã có', en: 'Already there', numeric: true },
    { key: 'refused', vi: 'Bị từ chối', en: 'Refused', numeric: true },
  ],
  rows: done.map(({ step, files }) => ({ step, ...countFates(files) })),
});

const accountsTable = (done: readonly StepDone[]): OutputTable => ({
  columns: [
    { key: 'step', vi: 'Kỳ', en: 'Period' },
    { key: 'account', vi: 'Tài khoản', en: 'Account' },
    { key: 'layout', vi: 'Mẫu sao kê', en: 'Layout' },
    { key: 'recorded', vi: 'Dòng', en: 'Lines', numeric: true },
    { key: 'book', vi: 'Số dư sổ', en: 'Book', numeric: true },
    { key: 'items', vi: 'Khoản liệt kê', en: 'Listed items', numeric: true },
    { key: 'listed', vi: 'Tổng liệt kê', en: 'Their sum', numeric: true },
    { key: 'bank', vi: 'Số dư ngân hàng', en: 'Bank', numeric: true },
    { key: 'difference', vi: 'Chênh lệch', en: 'Difference', numeric: true },
  ],
  rows: done.flatMap(({ step, accounts }) =>
    accounts.map(({ account, layouts, recorded, book, items, listed, bank, difference }) => ({
      step,
      account,
      layout: layouts.join(', '),
      recorded,
      book,
      items,
      listed,
      bank,
      difference,
    })),
  ),
});
