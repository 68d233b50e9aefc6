import type { Command } from 'commander';
import { everything } from '#access';
import { readPlaceTree } from '#places';
import { readAnnualFunding } from '#programmes';
import { dataFolder, withReads } from '../data-folder.ts';
import { type Format, type OutputTable, render } from '../output.ts';
import { createProgress } from '../progress.ts';
import { both, withData, withDates, withFormat, yearOption } from './options.ts';

interface Options {
  readonly data?: string;
  readonly unit: string;
  readonly year: number;
  readonly effectiveThrough?: string;
  readonly knownAt?: number | string;
  readonly format: Format;
}

/** `lalanh report annual`: the annual funding table of a unit. */
export const addReport = (program: Command): void => {
  const annual = program
    .command('report')
    .description(both('báo cáo', 'reports'))
    .command('annual')
    .description(
      both('bảng kinh phí cho trẻ em trong năm của một tỉnh', 'the annual funding table of a province'),
    )
    .requiredOption('--unit <code>', both('mã tỉnh, ví dụ 06', 'code of the province, as 06'))
    .requiredOption('--year <year>', both('năm', 'year'), yearOption);
  withDates(withFormat(withData(annual))).action(async (options: Options) => {
    const { unit, year, effectiveThrough, knownAt, format } = options;
    const progress = createProgress();
    const { table } = await withReads(dataFolder(options.data), progress, async (context) => {
      const { tree } = await readPlaceTree(context, { knownAt });
      const scope = everything('cli');
      return readAnnualFunding(context, { scope, unit, year, tree, effectiveThrough, knownAt });
    });
    process.stdout.write(render(format, linesOf(table), table));
  });
};

const LINE = { key: 'line', vi: 'Dòng', en: 'Line' };
const AMOUNT = { key: 'amount', vi: 'Số tiền (đồng)', en: 'Amount (VND)', numeric: true };
const NOTE = { key: 'note', vi: 'Mức', en: 'Qualifier' };

/** The names people read for the members of the table; what is not listed shows its own name. */
const TITLES: Readonly<Record<string, string>> = {
  'localBudget.total': 'Ngân sách địa phương / Local budget',
  'localBudget.province': '  cấp tỉnh / province',
  'localBudget.districts': '  cấp huyện / districts',
  'mobilised.total': 'Vận động, viện trợ / Mobilised',
  'mobilised.childFund.total': '  Quỹ Bảo trợ trẻ em / Child funds',
  'mobilised.childFund.province': '    cấp tỉnh / province',
  'mobilised.childFund.districts': '    cấp huyện / districts',
  'mobilised.childFund.communes': '    cấp xã / communes',
  'mobilised.aid.total': '  Viện trợ cho cơ sở / Aid to facilities',
};

/** Prefixes of members whose last part names a donor. */
const NAMED: readonly (readonly [prefix: string, title: string])[] = [
  ['mobilised.aid.', '    '],
  ['outsideTheFund.', 'Ngoài quỹ, không cộng vào quỹ / Outside the funds, never added: '],
];

function titleOf(path: string): string {
  const known = TITLES[path];
  if (known !== undefined) return known;
  const named = NAMED.find(([prefix]) => path.startsWith(prefix));
  return named ? named[1] + path.slice(named[0].length) : path;
}

type Line = OutputTable['rows'][number];

/** The table as lines, in the order of the document; a total stands before its parts. */
function linesOf(table: Awaited<ReturnType<typeof readAnnualFunding>>['table']): OutputTable {
  const { notExact = [], ...sums } = table;
  const walk = (value: unknown, path: string): Line[] => {
    if (value === null || typeof value !== 'object')
      return [{ line: titleOf(path), amount: value === null ? null : BigInt(String(value)), note: '' }];
    return Object.entries(value).flatMap(([name, part]) =>
      walk(part, path === '' ? name : `${path}.${name}`),
    );
  };
  const beside = notExact.map(({ line, amount, qualifier, source }) => ({
    line: `${line} (${source})`,
    amount: amount === null ? null : BigInt(amount),
    note: qualifier,
  }));
  return { columns: [LINE, AMOUNT, NOTE], rows: [...walk(sums, ''), ...beside] };
}
