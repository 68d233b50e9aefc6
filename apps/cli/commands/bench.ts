import type { Command } from 'commander';
import { reaches } from '../bench/figures.ts';
import { QUICK, WHOLE, bench } from '../bench/index.ts';
import { type Format, render } from '../output.ts';
import { both, withFormat } from './options.ts';

interface Options {
  readonly quick?: boolean;
  readonly format: Format;
}

/** `lalanh bench`: measures DESIGN §12 on this machine. */
export const addBench = (program: Command): void => {
  const command = program
    .command('bench')
    .description(both('đo tốc độ trên máy này', 'measure the speed on this machine'))
    .option('--quick', both('bản ngắn, dưới một phút', 'a short run of less than a minute'));
  withFormat(command).action(async ({ quick = false, format }: Options) => {
    const progress = (message: string): void => void process.stderr.write(`• ${message}\n`);
    const report = await bench({ ...(quick ? QUICK : WHOLE), progress });
    const rows = report.rows.map((row) => ({
      ...row,
      reached: { true: '✓', false: '✗', null: '' }[`${reaches(row)}`],
    }));
    process.stdout.write(render(format, { columns: COLUMNS, rows }, report));
  });
};

/** Figures keep their decimal point in tables: they are measured, not counted. */
const COLUMNS = [
  { key: 'name', vi: 'Phép đo', en: 'Measured' },
  { key: 'unit', vi: 'Đơn vị', en: 'Unit' },
  { key: 'value', vi: 'Kết quả', en: 'Value' },
  { key: 'p50', vi: 'p50', en: 'p50' },
  { key: 'p99', vi: 'p99', en: 'p99' },
  { key: 'floor', vi: 'Mức cần đạt', en: 'Floor' },
  { key: 'reached', vi: 'Đạt', en: 'Reached' },
];
