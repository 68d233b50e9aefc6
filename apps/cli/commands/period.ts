import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { everything } from '#access';
import { type PeriodStep, readBooks } from '#funds';
import { allRefusals } from '../../ledger/handlers.ts';
import { dataFolder, withReads } from '../data-folder.ts';
import { CliFailure, EXIT, refusedBy } from '../failure.ts';
import { openGate } from '../gate.ts';
import { type Format, type OutputTable, render } from '../output.ts';
import { createProgress } from '../progress.ts';
import { both, dayOption, idOption, withData, withFormat, yearOption } from './options.ts';

interface Options {
  readonly data?: string;
  readonly fund: string;
  readonly year: number;
  readonly actor: string;
  readonly month?: number;
  readonly reason?: string;
  readonly on?: string;
  readonly format: Format;
}

const MONTHS = 12;
const monthOption = (text: string): number => {
  const month = Number(text);
  if (/^\d{1,2}$/.test(text) && month >= 1 && month <= MONTHS) return month;
  throw new InvalidArgumentError(both('không phải là tháng.', 'not a month.'));
};

/** What each step sends. */
const STEPS = {
  lock: { command: 'lock-period', vi: 'khoá sổ đến hết một tháng', en: 'lock the months through one' },
  unlock: { command: 'unlock-period', vi: 'mở tháng khoá cuối cùng', en: 'unlock the last locked month' },
  close: { command: 'close-book', vi: 'khoá sổ năm', en: 'close the book of the year' },
} as const;
type Step = keyof typeof STEPS;

const withBook = (command: Command): Command =>
  command
    .requiredOption('--fund <id>', both('quỹ', 'fund'), idOption)
    .requiredOption('--year <year>', both('năm', 'year'), yearOption);

/** `lalanh period …`: what was locked and closed, by whom; locks months, opens the last one, closes the year. */
export const addPeriod = (program: Command): void => {
  const period = program
    .command('period')
    .description(both('khoá sổ tháng, năm', 'months and years of books'));
  withFormat(withBook(withData(period.command('show'))))
    .description(both('các lần khoá và người khoá', 'locks and closings, and by whom'))
    .action((options: Options) => show(options));
  for (const step of Object.keys(STEPS) as Step[]) {
    const { vi, en } = STEPS[step];
    const command = withBook(withData(period.command(step)))
      .description(both(vi, en))
      .requiredOption('--actor <id>', both('mã người làm', 'id of the acting person'), idOption)
      .option('--reason <text>', both('lý do', 'reason'));
    if (step === 'close')
      command.option('--on <day>', both('ngày khoá; mặc định 31/12', 'day; default 31 December'), dayOption);
    else command.requiredOption('--month <month>', both('tháng 1…12', 'month 1…12'), monthOption);
    command.action((options: Options) => take(step, options));
  }
};

async function take(step: Step, { data, actor, fund, year, month, reason, on }: Options): Promise<void> {
  const name = STEPS[step].command;
  const said = { fund, year, ...(reason !== undefined && { reason }) };
  const body = step === 'close' ? { ...said, effectiveOn: on ?? `${year}-12-31` } : { ...said, month };
  const gate = await openGate(dataFolder(data));
  try {
    const [answer] = await gate.send([{ name, key: randomUUID(), actor, body }]);
    if (answer && !answer.ok) throw refusedBy(allRefusals, answer.refusal, EXIT.findings);
    process.stdout.write(
      `${both('Đã ghi', 'Recorded')}: ${name} ${fund} ${year}${month ? `-${month}` : ''}\n`,
    );
  } finally {
    await gate.close();
  }
}

async function show({ data, fund, year, format }: Options): Promise<void> {
  const found = await withReads(dataFolder(data), createProgress(), (context) =>
    readBooks(context, { scope: everything('cli'), funds: [fund] }),
  );
  const book = found.rows.find((each) => each.year === year);
  if (book === undefined)
    throw new CliFailure(
      `Không có sổ của quỹ ${fund} năm ${year}.`,
      `There is no book of ${fund} for ${year}.`,
    );
  process.stdout.write(render(format, tableOf(book.periods)));
}

const tableOf = (steps: readonly PeriodStep[]): OutputTable => ({
  columns: [
    { key: 'step', vi: 'Việc', en: 'Step' },
    { key: 'period', vi: 'Kỳ', en: 'Period' },
    { key: 'actor', vi: 'Người làm', en: 'By' },
    { key: 'recordedAt', vi: 'Lúc', en: 'At' },
    { key: 'position', vi: 'Vị trí', en: 'Position', numeric: true },
    { key: 'checklist', vi: 'Còn lại', en: 'Unfinished' },
  ],
  rows: steps.map(({ step, month, effectiveOn, actor, recordedAt, position, checklist }) => ({
    step,
    period: month === null ? effectiveOn.slice(0, 4) : effectiveOn.slice(0, 7),
    actor,
    recordedAt,
    position,
    checklist: checklist.map(({ check, count }) => `${check} ${count}`).join(', '),
  })),
});
