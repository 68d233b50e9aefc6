import { type CommodityCode, ok } from '#kernel';
import type { BookColumn, BookRow } from '../book.ts';
import { COLUMN, ROW } from '../words.ts';
import {
  type Builder,
  type Figures,
  accountTitle,
  chartAccount,
  framed,
  readFigures,
  say,
  sides,
} from './frame.ts';
import { ownPart } from '../domain/entries.ts';

const GROUPS = [
  ['opening', 'Dư đầu', 'Opening'],
  ['period', 'Phát sinh kỳ', 'Period'],
  ['year', 'Lũy kế năm', 'Year to date'],
  ['closing', 'Dư cuối', 'Closing'],
] as const;

const COLUMNS: readonly BookColumn[] = [
  { key: 'account', ...COLUMN.account, kind: 'text' },
  { key: 'name', ...COLUMN.name, kind: 'text', width: 3 },
  { key: 'commodity', ...COLUMN.commodity, kind: 'text' },
  ...GROUPS.flatMap(([key, vi, en]): BookColumn[] => [
    { key: `${key}Debit`, ...COLUMN.debit, kind: 'amount', group: { vi, en } },
    { key: `${key}Credit`, ...COLUMN.credit, kind: 'amount', group: { vi, en } },
  ]),
];

type Cells = Record<string, bigint | string | null>;

const cellsOf = ({ opening, debit, credit, yearDebit, yearCredit, closing }: Figures): Cells => {
  const [first, last] = [sides(opening), sides(closing)];
  return {
    openingDebit: first.debit,
    openingCredit: first.credit,
    periodDebit: debit,
    periodCredit: credit,
    yearDebit,
    yearCredit,
    closingDebit: last.debit,
    closingCredit: last.credit,
  };
};

/** Opening, turnover of the period and of the year, and closing of every account (Bảng cân đối số phát sinh). */
export const trialBalance: Builder = async (asked) => {
  const { profile } = asked;
  const figures = await readFigures(asked, { detail: '' });
  const rows = figures.map((each): BookRow => {
    const own = ownPart(each.account);
    const found = chartAccount(profile, each.account);
    const name = own === undefined && found ? say(profile, found) : accountTitle(profile, each.account);
    return framed('line', each.commodity, {
      account: each.account,
      name,
      commodity: each.commodity,
      ...cellsOf(each),
    });
  });
  const totalOf = (commodity: CommodityCode): BookRow => {
    const sums: Record<string, bigint> = {};
    for (const each of figures.filter((figure) => figure.commodity === commodity))
      for (const [key, cell] of Object.entries(cellsOf(each)))
        sums[key] = (sums[key] ?? 0n) + (typeof cell === 'bigint' ? cell : 0n);
    return framed('total', commodity, { name: say(profile, ROW.total), commodity, ...sums });
  };
  const commodities = [...new Set(figures.map(({ commodity }) => commodity))].sort();
  return ok({ facts: [], columns: COLUMNS, rows, totals: commodities.map(totalOf), next: null });
};
