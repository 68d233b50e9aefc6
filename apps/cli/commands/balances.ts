import { type Command, Option } from 'commander';
import { type Scope, everything } from '#access';
import {
  MEASURES,
  exponentsOf,
  readBeneficiaryBalances,
  readBooks,
  readDonorBalances,
  readFundBalances,
  readPlaceBalances,
  readPoolBalances,
  readProgrammeBalances,
} from '#funds';
import { type Day, dayInVietnam, formatVietnamese } from '#kernel';
import { type PlaceTree, nameOn, readPlaceTree } from '#places';
import { readProgrammes } from '#programmes';
import type { AsOf, ReadContext, Standing } from '#read-models';
import { dataFolder, withReads } from '../data-folder.ts';
import {
  type Format,
  type OutputCell,
  type OutputColumn,
  type OutputTable,
  asTable,
  render,
} from '../output.ts';
import { createProgress } from '../progress.ts';
import { both, dayOption, withData, withDates, withFormat } from './options.ts';

type Row = Readonly<Record<string, OutputCell>> & { readonly key: string | null; readonly commodity: string };
type Answer = Standing & { readonly rows: readonly Row[] };

interface Query extends AsOf {
  readonly scope: Scope;
}

interface Dimension {
  readonly vi: string;
  readonly en: string;
  readonly measures: readonly string[];
  /** `on`: in the places of this day. */
  readonly read: (context: ReadContext, query: Query, on: Day) => Promise<Answer>;
}

/** The measures of a balance in the words of the screen. */
const WORDS: Readonly<Record<string, readonly [vi: string, en: string]>> = {
  received: ['Đã tiếp nhận', 'Received'],
  available: ['Còn dùng được', 'Available'],
  movedIn: ['Chuyển đến', 'Moved in'],
  movedOut: ['Chuyển đi', 'Moved out'],
  committed: ['Đã duyệt chi', 'Committed'],
  paid: ['Đã chi', 'Paid'],
  delivered: ['Đã trao', 'Delivered'],
  short: ['Thiếu (tiếp nhận bị huỷ, chưa bù)', 'Short (reversed, not covered)'],
  lost: ['Hư hỏng, mất mát', 'Lost or spoiled'],
  pledged: ['Đã cam kết', 'Pledged'],
  pledgedAbout: ['Cam kết ước chừng (hơn, gần)', 'Pledged, about or at least'],
  left: ['Còn lại', 'Left'],
};

interface Movements {
  readonly rows: readonly {
    readonly key: string | null;
    readonly commodity: string;
    readonly sums: Readonly<Record<string, bigint>>;
  }[];
}

/** Rows of a movement balance with the names people know the keys by. */
const named = <A extends Standing & Movements>(
  answer: A,
  nameOf: (key: string) => string | undefined = () => undefined,
): Answer => ({
  ...answer,
  rows: answer.rows.map(({ key, commodity, sums }) => ({
    key,
    name: key === null ? null : (nameOf(key) ?? null),
    commodity,
    ...sums,
  })),
});

const byPlace =
  (level: 'province' | 'district' | 'commune'): Dimension['read'] =>
  async (context, query, on) => {
    const { tree } = await readPlaceTree(context, query);
    const answer = await readPlaceBalances(context, { ...query, rollUp: { tree, level, on } });
    return named(answer, (place) => placeName(tree, place, on));
  };

function placeName(tree: PlaceTree, id: string, on: Day): string | undefined {
  const place = tree.places.get(id);
  return place && nameOn(place, on);
}

const DIMENSIONS: Readonly<Record<string, Dimension>> = {
  fund: {
    vi: 'Quỹ',
    en: 'Fund',
    measures: MEASURES,
    read: async (context, query) => {
      const { rows } = await readBooks(context, query);
      const names = new Map(rows.map(({ fund, name }) => [fund, name]));
      return named(await readFundBalances(context, query), (fund) => names.get(fund));
    },
  },
  province: { vi: 'Tỉnh', en: 'Province', measures: MEASURES, read: byPlace('province') },
  district: { vi: 'Huyện', en: 'District', measures: MEASURES, read: byPlace('district') },
  commune: { vi: 'Xã', en: 'Commune', measures: MEASURES, read: byPlace('commune') },
  beneficiary: {
    vi: 'Đối tượng',
    en: 'Beneficiary',
    measures: MEASURES,
    read: async (context, query) => named(await readBeneficiaryBalances(context, query)),
  },
  programme: {
    vi: 'Chương trình',
    en: 'Programme',
    measures: MEASURES,
    read: async (context, query) => {
      const { rows } = await readProgrammes(context, query);
      const names = new Map(rows.map(({ programme, name }) => [programme, name]));
      return named(await readProgrammeBalances(context, query), (programme) => names.get(programme));
    },
  },
  pool: {
    vi: 'Nhóm tiền',
    en: 'Pool',
    measures: MEASURES,
    read: async (context, query) => named(await readPoolBalances(context, query)),
  },
  donor: {
    vi: 'Nhà tài trợ',
    en: 'Donor',
    measures: ['pledged', 'pledgedAbout', 'received', 'committed', 'paid', 'lost', 'left'],
    read: async (context, query) => {
      const rows: Row[] = [];
      let after: string | undefined;
      for (;;) {
        const page = await readDonorBalances(context, { ...query, after });
        rows.push(...page.rows.map(({ donor, ...row }) => ({ key: donor, name: null, ...row })));
        if (page.next === null) return { ...page, rows };
        after = page.next;
      }
    },
  },
};

interface Options extends AsOf {
  readonly data?: string;
  readonly by: string;
  readonly on?: Day;
  readonly format: Format;
}

/** `lalanh balances --by …`: what was received, promised, paid and is left, at any two dates. */
export const addBalances = (program: Command): void => {
  const command = program
    .command('balances')
    .description(
      both(
        'số dư theo quỹ, địa bàn, đối tượng, nhà tài trợ, chương trình',
        'balances by fund, place, beneficiary, donor or programme',
      ),
    )
    .addOption(
      new Option('--by <dimension>', both('tính theo', 'taken by'))
        .choices(Object.keys(DIMENSIONS))
        .makeOptionMandatory(),
    )
    .option(
      '--on <day>',
      both(
        'theo đơn vị hành chính của ngày này; mặc định ngày hiệu lực, hoặc hôm nay',
        'in the units of this day; default the effective day, or today',
      ),
      dayOption,
    );
  withDates(withFormat(withData(command))).action(
    async ({ by, data, on: asked, format, ...dates }: Options) => {
      const dimension = DIMENSIONS[by];
      if (!dimension) return;
      const { effectiveThrough, knownAt } = dates;
      const on = asked ?? effectiveThrough ?? dayInVietnam(new Date().toISOString());
      const progress = createProgress();
      const scope = everything('cli');
      const [answer, books] = await withReads(dataFolder(data), progress, async (context) => [
        await dimension.read(context, { scope, effectiveThrough, knownAt }, on),
        await readBooks(context, { scope }),
      ]);
      const { rows, position, effectiveThrough: through, knownAt: known } = answer;
      process.stdout.write(
        format === 'table'
          ? asTable(forPeople(dimension, rows, exponentsOf(books.rows)))
          : render(
              format,
              { columns: columnsOf(dimension), rows },
              { by, position, effectiveThrough: through, knownAt: known, rows },
            ),
      );
      process.stderr.write(
        both(
          `tại vị trí ${known}/${position}, hiệu lực đến ${through ?? 'mọi ngày'}`,
          `at position ${known} of ${position}`,
        ) + '\n',
      );
    },
  );
};

const NOT_SPECIFIED = 'chưa xác định / not specified';

/** Columns that say nothing in most answers, and are left out of a table when they do. */
const SELDOM: ReadonlySet<string> = new Set(['name', 'movedIn', 'movedOut', 'short', 'lost']);

function forPeople(
  dimension: Dimension,
  rows: readonly Row[],
  exponentOf: (commodity: string) => number,
): OutputTable {
  const says = (key: string): boolean => rows.some((row) => row[key] !== null && row[key] !== 0n);
  return {
    columns: columnsOf(dimension).filter(({ key }) => !SELDOM.has(key) || says(key)),
    rows: rows.map((row) => ({
      ...row,
      ...Object.fromEntries(
        Object.entries(row).flatMap(([key, cell]) =>
          typeof cell === 'bigint' ? [[key, formatVietnamese(cell, exponentOf(row.commodity))]] : [],
        ),
      ),
      key: row.key ?? NOT_SPECIFIED,
    })),
  };
}

const columnsOf = ({ vi, en, measures }: Dimension): OutputColumn[] => [
  { key: 'key', vi, en },
  { key: 'name', vi: 'Tên', en: 'Name' },
  { key: 'commodity', vi: 'Loại', en: 'Commodity' },
  ...measures.map((key) => {
    const [wordVi, wordEn] = WORDS[key] ?? [key, key];
    return { key, vi: wordVi, en: wordEn, numeric: true };
  }),
];
