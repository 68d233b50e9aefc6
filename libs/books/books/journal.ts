import { ok } from '#kernel';
import type { BookRow } from '../book.ts';
import { readJournalRows } from '../read-models/read-lines.ts';
import { COLUMN, ROW } from '../words.ts';
import { type Builder, describe, framed, readFigures, say, voucherColumns } from './frame.ts';

const AMOUNTS = { vi: 'Số phát sinh', en: 'Amount' } as const;

/** Every entry of the period, day by day (Sổ Nhật ký chung). Its line numbers are the places of the entries in the log. */
export const journal: Builder = async (asked) => {
  const { db, profile, stand } = asked;
  const { rows: found, next } = await readJournalRows(db, profile, stand.knownAt, {
    ...asked,
    to: asked.lastDay !== undefined && asked.lastDay < asked.to ? asked.lastDay : asked.to,
  });
  const rows = found.map(
    ({ day, position, line, type, voucher, debit, credit, amount, commodity }): BookRow => ({
      kind: 'line',
      cells: {
        day,
        voucher,
        voucherDay: voucher === null ? null : day,
        description: describe(profile, type),
        journal: `${position}/${line}`,
        debitAccount: debit,
        creditAccount: credit,
        debit: amount,
        credit: amount,
        commodity,
      },
      commodity,
      source: { position: Number(position), voucher },
    }),
  );
  const totals: BookRow[] = [];
  if (next === null) {
    const figures = await readFigures(asked, { detail: '' });
    for (const commodity of [...new Set(figures.map((each) => each.commodity))].sort()) {
      const own = figures.filter((each) => each.commodity === commodity);
      const sum = (pick: (each: (typeof own)[number]) => bigint): bigint =>
        own.reduce((n, each) => n + pick(each), 0n);
      for (const [words, debit, credit] of [
        [ROW.turnover, sum((each) => each.debit), sum((each) => each.credit)],
        [ROW.cumulative, sum((each) => each.yearDebit), sum((each) => each.yearCredit)],
      ] as const)
        totals.push(
          framed('total', commodity, { description: say(profile, words), debit, credit, commodity }),
        );
    }
  }
  return ok({
    facts: [],
    columns: [
      { key: 'day', ...COLUMN.day, kind: 'day' },
      ...voucherColumns,
      { key: 'description', ...COLUMN.description, kind: 'text', width: 3 },
      { key: 'journal', ...COLUMN.journal, kind: 'text' },
      { key: 'debitAccount', vi: 'TK Nợ', en: 'Debit account', kind: 'text' },
      { key: 'creditAccount', vi: 'TK Có', en: 'Credit account', kind: 'text' },
      { key: 'debit', ...COLUMN.debit, kind: 'amount', group: AMOUNTS, carried: 'sum' },
      { key: 'credit', ...COLUMN.credit, kind: 'amount', group: AMOUNTS, carried: 'sum' },
      { key: 'commodity', ...COLUMN.commodity, kind: 'text' },
    ],
    rows,
    totals,
    next,
  });
};
