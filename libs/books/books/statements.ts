import { type CommodityCode, ok } from '#kernel';
import type { Bilingual, BookColumn, BookRow } from '../book.ts';
import { FLOWS, type Flow } from '../domain/leg.ts';
import type { ChartAccount, Detail } from '../domain/profile.ts';
import { flowAccount } from '../read-models/keys.ts';
import { readSums } from '../read-models/read-sums.ts';
import { COLUMN, DETAIL_WORDS, ROW } from '../words.ts';
import {
  type Asked,
  type Builder,
  chartAccount,
  dayBefore,
  framed,
  net,
  readFigures,
  say,
  sayValue,
  yearStart,
} from './frame.ts';

/** What came in, went back and was used: before the period, in it, and since the year began. */
interface Movement {
  readonly value: string;
  readonly commodity: CommodityCode;
  readonly before: Record<Flow, bigint>;
  readonly period: Record<Flow, bigint>;
  readonly year: Record<Flow, bigint>;
}

const noFlow = (): Record<Flow, bigint> => ({ received: 0n, refunded: 0n, used: 0n, prior: 0n });

/** Receipts and uses by the values of a detail, or of the whole fund. */
async function readMovements(asked: Asked, detail: Detail | ''): Promise<Movement[]> {
  const { db, stand, profile, fund, from, to } = asked;
  const through = [dayBefore(yearStart(from)), dayBefore(from), to];
  const sums = await readSums(db, profile, stand, {
    fund,
    detail,
    accounts: FLOWS.map(flowAccount),
    through,
  });
  const found = new Map<string, Movement>();
  for (const { account, value, commodity, through: at } of sums) {
    const id = `${commodity}\n${value}`;
    const movement = found.get(id) ?? {
      value,
      commodity,
      before: noFlow(),
      period: noFlow(),
      year: noFlow(),
    };
    found.set(id, movement);
    const flow = FLOWS.find((each) => flowAccount(each) === account);
    const [atYear, atFrom, atTo] = at;
    if (flow === undefined || !atYear || !atFrom || !atTo) continue;
    movement.before[flow] += net(atFrom);
    movement.period[flow] += net(atTo) - net(atFrom);
    movement.year[flow] += net(atTo) - net(atYear);
  }
  return [...found.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, movement]) => movement);
}

/** What came in from each donor, less what went back, out of the accounts that are kept by donor; the rest has none. */
async function readGiven(asked: Asked): Promise<Movement[]> {
  const { db, stand, profile, fund, from, to } = asked;
  const through = [dayBefore(yearStart(from)), dayBefore(from), to];
  const sums = await readSums(db, profile, stand, { fund, detail: 'donor', through });
  const found = new Map<string, Movement>();
  for (const { value, commodity, through: at } of sums) {
    const [atYear, atFrom, atTo] = at;
    if (value === '' || !atYear || !atFrom || !atTo) continue;
    const id = `${commodity}\n${value}`;
    const movement = found.get(id) ?? {
      value,
      commodity,
      before: noFlow(),
      period: noFlow(),
      year: noFlow(),
    };
    found.set(id, movement);
    movement.period.received += net(atFrom) - net(atTo);
    movement.year.received += net(atYear) - net(atTo);
  }
  // What belongs to closed years has a section of its own.
  for (const { value, commodity, period, year } of await readMovements(asked, 'donor')) {
    const movement = found.get(`${commodity}\n${value}`);
    if (movement === undefined) continue;
    movement.period.received -= period.prior;
    movement.year.received -= year.prior;
  }
  const named = [...found.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, movement]) => movement);
  const unnamed = (await readMovements(asked, '')).map(({ commodity, period, year, before }): Movement => {
    const own = named.filter((each) => each.commodity === commodity);
    const rest = (of: (movement: Movement) => bigint, whole: Record<Flow, bigint>): Record<Flow, bigint> => ({
      ...noFlow(),
      received: whole.received - whole.refunded - own.reduce((n, each) => n + of(each), 0n),
    });
    return {
      value: '',
      commodity,
      before,
      period: rest((each) => each.period.received, period),
      year: rest((each) => each.year.received, year),
    };
  });
  return [...named, ...unnamed];
}

const left = ({ received, refunded, used, prior }: Record<Flow, bigint>): bigint =>
  received - refunded - used + prior;

/** What was found after the close of the year it belongs to, or corrects what is closed. */
const PRIOR: Bilingual = { vi: 'Điều chỉnh năm trước', en: 'Prior-period adjustments' };

const AMOUNTS: readonly BookColumn[] = [
  { key: 'opening', vi: 'Số dư đầu kỳ', en: 'Opening', kind: 'amount' },
  { key: 'received', vi: 'Tiếp nhận trong kỳ', en: 'Received', kind: 'amount' },
  { key: 'refunded', vi: 'Hoàn trả trong kỳ', en: 'Given back', kind: 'amount' },
  { key: 'used', vi: 'Sử dụng trong kỳ', en: 'Used', kind: 'amount' },
  { key: 'prior', ...PRIOR, kind: 'amount' },
  { key: 'closing', vi: 'Số dư cuối kỳ', en: 'Closing', kind: 'amount' },
  {
    key: 'yearReceived',
    vi: 'Tiếp nhận lũy kế năm, đã trừ hoàn trả',
    en: 'Received this year, less given back',
    kind: 'amount',
  },
  { key: 'yearUsed', vi: 'Sử dụng lũy kế năm', en: 'Used this year', kind: 'amount' },
];

const amountsOf = ({ before, period, year }: Movement): Record<string, bigint> => ({
  opening: left(before),
  received: period.received,
  refunded: period.refunded,
  used: period.used,
  prior: period.prior,
  closing: left(before) + left(period),
  yearReceived: year.received - year.refunded,
  yearUsed: year.used,
});

/** Sums of the columns of rows, for each commodity. */
function totalsOf(asked: Asked, rows: readonly BookRow[], keys: readonly string[]): BookRow[] {
  const totals = new Map<CommodityCode, Record<string, bigint>>();
  for (const { commodity, cells } of rows) {
    const sums = totals.get(commodity) ?? {};
    totals.set(commodity, sums);
    for (const key of keys) {
      const cell = cells[key];
      sums[key] = (sums[key] ?? 0n) + (typeof cell === 'bigint' ? cell : 0n);
    }
  }
  return [...totals].map(([commodity, sums]) =>
    framed('total', commodity, { item: say(asked.profile, ROW.total), commodity, ...sums }),
  );
}

const itemColumn = (words: Bilingual): BookColumn => ({ key: 'item', ...words, kind: 'text', width: 3 });
const COMMODITY: BookColumn = { key: 'commodity', ...COLUMN.commodity, kind: 'text' };

/** Goods in pieces and money are separate lines: neither is added to the other. */
const NOTE_GOODS: Bilingual = {
  vi: 'Hiện vật ghi theo số lượng; nơi biết giá trị thì ghi thêm giá trị bằng tiền. Giá trị chưa biết không cộng là 0.',
  en: 'Goods are counted in pieces and, where it is known, in value beside it. An unknown value is not added as 0.',
};

/** Báo cáo tình hình tiếp nhận và sử dụng nguồn đóng góp, by source. */
export const bySource: Builder = async (asked) => {
  const movements = await readMovements(asked, 'source');
  const rows = movements.map((movement) =>
    framed('line', movement.commodity, {
      item: sayValue(asked.profile, 'source', movement.value),
      commodity: movement.commodity,
      ...amountsOf(movement),
    }),
  );
  const keys = AMOUNTS.map(({ key }) => key);
  return ok({
    facts: [],
    columns: [itemColumn(DETAIL_WORDS.source), COMMODITY, ...AMOUNTS],
    rows,
    totals: totalsOf(asked, rows, keys),
    notes: [NOTE_GOODS],
    next: null,
  });
};

/** What each recipient got. Ids only: who they are is in the vault. */
export const byRecipient: Builder = async (asked) => {
  const movements = (await readMovements(asked, 'recipient')).filter(
    ({ period, year }) => period.used !== 0n || year.used !== 0n || period.prior !== 0n,
  );
  const rows = movements.map((movement) =>
    framed('line', movement.commodity, {
      item: sayValue(asked.profile, 'recipient', movement.value),
      commodity: movement.commodity,
      used: movement.period.used,
      prior: movement.period.prior,
      yearUsed: movement.year.used,
    }),
  );
  const columns = AMOUNTS.filter(({ key }) => key === 'used' || key === 'prior' || key === 'yearUsed');
  return ok({
    facts: [],
    columns: [itemColumn(DETAIL_WORDS.recipient), COMMODITY, ...columns],
    rows,
    totals: totalsOf(asked, rows, ['used', 'prior', 'yearUsed']),
    notes: [NOTE_GOODS],
    next: null,
  });
};

const SIDES = [
  { key: 'without', vi: 'Không hạn chế', en: 'Without restrictions' },
  { key: 'with', vi: 'Có hạn chế', en: 'With restrictions' },
] as const;

/** Income and expense of the period, with and without restrictions of donors (Báo cáo kết quả hoạt động). */
export const activities: Builder = async (asked) => {
  const { profile } = asked;
  const kept = profile.chart.filter(({ kind }) => kind === 'income' || kind === 'expense');
  const figures = await readFigures(asked, {
    detail: 'restriction',
    accounts: kept.map(({ code }) => code),
  });
  const rows: BookRow[] = [];
  const totals: BookRow[] = [];
  const commodities = [...new Set(figures.map(({ commodity }) => commodity))].sort();
  for (const { words, sign, accounts } of activitySections(kept)) {
    const isShown = figures.some(({ account }) => accounts.some(({ code }) => code === account));
    if (words === PRIOR && !isShown) continue;
    rows.push(framed('heading', asked.commodity, { item: say(profile, words) }));
    for (const account of accounts)
      for (const commodity of commodities) {
        const own = figures.filter((each) => each.account === account.code && each.commodity === commodity);
        if (own.length === 0) continue;
        const amounts = activityOf(account.code, own, sign, profile);
        rows.push(
          framed('line', commodity, {
            item: `${account.code} ${say(profile, account)}`,
            commodity,
            ...amounts,
            total: amounts.with + amounts.without,
          }),
        );
      }
  }
  for (const commodity of commodities) {
    const change = { with: 0n, without: 0n };
    for (const account of kept) {
      const own = figures.filter((each) => each.account === account.code && each.commodity === commodity);
      const amounts = activityOf(account.code, own, -1n, profile);
      change.with += amounts.with;
      change.without += amounts.without;
    }
    totals.push(
      framed('total', commodity, {
        item: say(profile, { vi: 'Thặng dư (thâm hụt)', en: 'Change in net assets' }),
        commodity,
        ...change,
        total: change.with + change.without,
      }),
    );
  }
  return ok({
    facts: [],
    columns: [
      itemColumn({ vi: 'Chỉ tiêu', en: 'Item' }),
      COMMODITY,
      ...SIDES.map((side): BookColumn => ({ ...side, kind: 'amount' })),
      { key: 'total', ...ROW.total, kind: 'amount' },
    ],
    rows,
    totals,
    notes: [NOTE_GOODS],
    next: null,
  });
};

/** The parts of the statement of activities. What belongs to closed years counts as what it changes in net assets. */
const activitySections = (
  kept: readonly ChartAccount[],
): readonly {
  readonly words: Bilingual;
  readonly sign: bigint;
  readonly accounts: readonly ChartAccount[];
}[] => {
  const own = kept.filter(({ prior }) => prior !== true);
  return [
    { words: { vi: 'Thu', en: 'Income' }, sign: -1n, accounts: own.filter(({ kind }) => kind === 'income') },
    { words: { vi: 'Chi', en: 'Expense' }, sign: 1n, accounts: own.filter(({ kind }) => kind === 'expense') },
    { words: PRIOR, sign: -1n, accounts: kept.filter(({ prior }) => prior === true) },
  ];
};

/** Turnover of an account in the columns of the statement: by the gift, unless the chart says the column. */
function activityOf(
  code: string,
  figures: readonly { readonly value: string; readonly debit: bigint; readonly credit: bigint }[],
  sign: bigint,
  profile: Asked['profile'],
): { with: bigint; without: bigint } {
  const column = chartAccount(profile, code)?.column;
  const amounts = { with: 0n, without: 0n };
  for (const { value, debit, credit } of figures) {
    const side = column ?? (value === 'with' ? 'with' : 'without');
    amounts[side] += sign * (debit - credit);
  }
  return amounts;
}

const SECTIONS: readonly {
  readonly detail: Detail;
  readonly flow: 'received' | 'used';
  readonly words: Bilingual;
}[] = [
  {
    detail: 'source',
    flow: 'received',
    words: { vi: 'I. Tiếp nhận theo nguồn', en: 'I. Received by source' },
  },
  {
    detail: 'donor',
    flow: 'received',
    words: { vi: 'II. Tiếp nhận theo nhà tài trợ', en: 'II. Received by donor' },
  },
  {
    detail: 'programme',
    flow: 'used',
    words: { vi: 'III. Sử dụng theo chương trình', en: 'III. Used by programme' },
  },
  { detail: 'place', flow: 'used', words: { vi: 'IV. Sử dụng theo địa bàn', en: 'IV. Used by place' } },
];

/** Shown where there is any. */
const PRIOR_SECTION: Bilingual = { vi: `V. ${PRIOR.vi}, theo nguồn`, en: `V. ${PRIOR.en} by source` };

/**
 * What is published each quarter and year: received by source and by donor, used by programme and place, and what is
 * left. No line is about a child: recipients are not in it.
 */
export const disclosure: Builder = async (asked) => {
  const { profile } = asked;
  const rows: BookRow[] = [];
  const sources = await readMovements(asked, 'source');
  const moved = async (detail: Detail): Promise<readonly Movement[]> => {
    if (detail === 'source') return sources;
    return detail === 'donor' ? readGiven(asked) : readMovements(asked, detail);
  };
  for (const { detail, flow, words } of SECTIONS) {
    rows.push(framed('heading', asked.commodity, { item: say(profile, words) }));
    const movements = await moved(detail);
    for (const { value, commodity, period, year } of movements) {
      const of = (flows: Record<Flow, bigint>): bigint =>
        flow === 'used' ? flows.used : flows.received - flows.refunded;
      if (of(period) === 0n && of(year) === 0n) continue;
      rows.push(
        framed('line', commodity, {
          item: sayValue(profile, detail, value),
          commodity,
          period: of(period),
          year: of(year),
        }),
      );
    }
  }
  const late = sources.filter(({ year }) => year.prior !== 0n);
  if (late.length > 0)
    rows.push(
      framed('heading', asked.commodity, { item: say(profile, PRIOR_SECTION) }),
      ...late.map(({ value, commodity, period, year }) =>
        framed('line', commodity, {
          item: sayValue(profile, 'source', value),
          commodity,
          period: period.prior,
          year: year.prior,
        }),
      ),
    );
  const totals = (await readMovements(asked, '')).flatMap((movement) => {
    const { commodity, before, period, year } = movement;
    const row = (words: Bilingual, inPeriod: bigint, inYear: bigint): BookRow =>
      framed('total', commodity, { item: say(profile, words), commodity, period: inPeriod, year: inYear });
    const yearOpening = left(before) + left(period) - left(year);
    return [
      row({ vi: 'Số dư đầu kỳ', en: 'Opening' }, left(before), yearOpening),
      row(
        { vi: 'Đã tiếp nhận', en: 'Received' },
        period.received - period.refunded,
        year.received - year.refunded,
      ),
      row({ vi: 'Đã sử dụng', en: 'Used' }, period.used, year.used),
      ...(year.prior === 0n ? [] : [row(PRIOR, period.prior, year.prior)]),
      row({ vi: 'Số dư cuối kỳ', en: 'Closing' }, left(before) + left(period), left(before) + left(period)),
    ];
  });
  return ok({
    facts: [],
    columns: [
      itemColumn({ vi: 'Nội dung', en: 'Item' }),
      COMMODITY,
      { key: 'period', vi: 'Trong kỳ', en: 'This period', kind: 'amount' },
      { key: 'year', vi: 'Lũy kế từ đầu năm', en: 'Year to date', kind: 'amount' },
    ],
    rows,
    totals,
    notes: [NOTE_GOODS],
    next: null,
  });
};
