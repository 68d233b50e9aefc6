import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Scope, everything } from '#access';
import {
  AGE_NAMES,
  type Ages,
  GIFTS_PAGE_MAX,
  WITHIN_MAX,
  exponentsOf,
  readBooks,
  readExpiring,
  readGiftAges,
  readIdleAges,
  readOpenItemAges,
} from '#funds';
import { type Day, dayInVietnam, formatVietnamese } from '#kernel';
import type { AsOf, ReadContext, Standing } from '#read-models';
import { dataFolder, withReads } from '../data-folder.ts';
import { type Format, type OutputCell, type OutputColumn, asTable, render } from '../output.ts';
import { createProgress } from '../progress.ts';
import { both, dayOption, idOption, withData, withDates, withFormat } from './options.ts';

type Row = Readonly<Record<string, OutputCell>> & { readonly commodity: string };
type Answer = Standing & { readonly rows: readonly Row[] };

interface Query extends AsOf {
  readonly scope: Scope;
  readonly on: Day;
  readonly funds?: readonly string[] | undefined;
}

interface List {
  readonly columns: readonly OutputColumn[];
  readonly read: (context: ReadContext, query: Query, within: number) => Promise<Answer>;
}

const text = (key: string, vi: string, en: string): OutputColumn => ({ key, vi, en });
const amount = (key: string, vi: string, en: string): OutputColumn => ({ key, vi, en, numeric: true });

const FUND = text('fund', 'Quỹ', 'Fund');
const COMMODITY = text('commodity', 'Loại', 'Commodity');
const DONOR = text('donor', 'Nhà tài trợ', 'Donor');
const RECEIPT = text('receipt', 'Khoản tiếp nhận', 'Receipt');
const POOL = text('pool', 'Nhóm tiền', 'Pool');

const AGE_WORDS: Readonly<Record<keyof Ages, string>> = {
  days0to30: '0–30',
  days31to90: '31–90',
  days91to180: '91–180',
  days181to365: '181–365',
  over365: '> 365',
};

const AGES: readonly OutputColumn[] = [
  ...AGE_NAMES.map((name) => amount(name, `${AGE_WORDS[name]} ngày`, `${AGE_WORDS[name]} days`)),
  amount('total', 'Cộng', 'Total'),
];

/** Gifts of all pages, the oldest first. */
async function allGifts(context: ReadContext, query: Query): Promise<Answer> {
  const rows: Row[] = [];
  let asked: Query & { readonly after?: string } = query;
  for (;;) {
    const page = await readGiftAges(context, { ...asked, limit: GIFTS_PAGE_MAX });
    rows.push(...page.rows.map((row) => ({ ...row })));
    if (page.next === null) return { ...page, rows };
    asked = { ...query, knownAt: page.knownAt, after: page.next };
  }
}

const LISTS: Readonly<Record<string, List>> = {
  idle: {
    columns: [FUND, POOL, COMMODITY, ...AGES, amount('overdrawn', 'Dùng trước', 'Used before it came')],
    read: async (context, query) => {
      const answer = await readIdleAges(context, query);
      return { ...answer, rows: answer.rows.map(({ ages, ...row }) => ({ ...row, ...ages })) };
    },
  },
  gifts: {
    columns: [
      text('since', 'Ngày', 'Day'),
      amount('days', 'Tuổi (ngày)', 'Days'),
      DONOR,
      RECEIPT,
      FUND,
      COMMODITY,
      amount('amount', 'Chưa dùng', 'Unspent'),
    ],
    read: allGifts,
  },
  'open-items': {
    columns: [
      text('kind', 'Loại khoản', 'Kind'),
      FUND,
      text('account', 'Tài khoản, người, nhà cung cấp', 'Account, person or supplier'),
      COMMODITY,
      amount('items', 'Số khoản', 'Items'),
      ...AGES,
    ],
    read: async (context, query) => {
      const answer = await readOpenItemAges(context, query);
      return { ...answer, rows: answer.rows.map(({ ages, ...row }) => ({ ...row, ...ages })) };
    },
  },
};

const EXPIRING: List = {
  columns: [
    text('until', 'Hạn', 'Until'),
    amount('daysLeft', 'Còn (ngày)', 'Days left'),
    FUND,
    POOL,
    COMMODITY,
    amount('amount', 'Chưa dùng', 'Free'),
    amount('gifts', 'Số khoản tặng', 'Gifts'),
    text('donors', 'Nhà tài trợ', 'Donors'),
  ],
  read: async (context, query, within) => {
    const answer = await readExpiring(context, { ...query, within });
    return {
      ...answer,
      rows: answer.rows.map(({ gifts, moreGifts, ...row }) => ({
        ...row,
        gifts: gifts.length + moreGifts,
        donors:
          [...new Set(gifts.flatMap(({ donor }) => donor ?? []))].join(' ') + (moreGifts > 0 ? ' …' : ''),
      })),
    };
  },
};

interface Options extends AsOf {
  readonly data?: string;
  readonly fund?: string;
  readonly on?: Day;
  readonly within?: number;
  readonly format: Format;
}

async function show(
  list: List,
  { data, fund, on: asked, within = 0, format, ...dates }: Options,
): Promise<void> {
  const { effectiveThrough, knownAt } = dates;
  const on = asked ?? effectiveThrough ?? dayInVietnam(new Date().toISOString());
  const scope = everything('cli');
  const query = { scope, on, effectiveThrough, knownAt, ...(fund !== undefined && { funds: [fund] }) };
  const [answer, books] = await withReads(dataFolder(data), createProgress(), async (context) => [
    await list.read(context, query, within),
    await readBooks(context, { scope }),
  ]);
  const exponentOf = exponentsOf(books.rows);
  const { rows, position, effectiveThrough: through, knownAt: known } = answer;
  const forPeople = (row: Row): Row => ({
    ...row,
    ...Object.fromEntries(
      Object.entries(row).flatMap(([key, cell]) =>
        typeof cell === 'bigint' ? [[key, formatVietnamese(cell, exponentOf(row.commodity))]] : [],
      ),
    ),
  });
  process.stdout.write(
    format === 'table'
      ? asTable({ columns: list.columns, rows: rows.map(forPeople) })
      : render(
          format,
          { columns: list.columns, rows },
          { on, position, effectiveThrough: through, knownAt: known, rows },
        ),
  );
  process.stderr.write(
    both(
      `tuổi tính đến ${on}, tại vị trí ${known}/${position}`,
      `ages up to ${on}, at position ${known} of ${position}`,
    ) + '\n',
  );
}

const common = (command: Command): Command =>
  withDates(
    withFormat(
      withData(
        command
          .option('--fund <fund>', both('chỉ quỹ này', 'this fund only'), idOption)
          .option(
            '--on <day>',
            both(
              'tính đến ngày này; mặc định ngày hiệu lực, hoặc hôm nay',
              'up to this day; default the effective day, or today',
            ),
            dayOption,
          ),
      ),
    ),
  );

const withinOption = (given: string): number => {
  if (/^\d{1,4}$/.test(given) && Number(given) <= WITHIN_MAX) return Number(given);
  throw new InvalidArgumentError(
    both(`phải là số ngày, nhiều nhất ${WITHIN_MAX}.`, `a number of days, at most ${WITHIN_MAX}.`),
  );
};

/** `lalanh ages idle|gifts|open-items` and `lalanh expiring`: how old what lies there is, and what ends soon. */
export const addAges = (program: Command): void => {
  const ages = program
    .command('ages')
    .description(
      both(
        'tiền chưa dùng, khoản tặng, công nợ theo tuổi',
        'idle money, unspent gifts and open items by age',
      ),
    );
  for (const [name, list] of Object.entries(LISTS))
    common(ages.command(name)).action((options: Options) => show(list, options));
  common(
    program
      .command('expiring')
      .description(both('điều kiện sắp hết hạn hoặc đã hết hạn', 'restrictions that end soon or have ended')),
  )
    .addOption(
      new Option('--within <days>', both('trong số ngày này', 'within so many days'))
        .default(90)
        .argParser(withinOption),
    )
    .action((options: Options) => show(EXPIRING, options));
};
