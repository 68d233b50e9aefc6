import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { everything } from '#access';
import { openMemoryLog } from '#event-log';
import { type BookEvent, fundProjections } from '#funds';
import { formatVietnamese, isCurrency } from '#kernel';
import { placeProjections } from '#places';
import { printedBytes } from '#print';
import { programmeProjections } from '#programmes';
import { catchUp, createProjector, openReadModels, openStore } from '#read-models';
import { describe, expect, it, vi } from 'vitest';
import { accountsHistory } from '../../../tests/support/accounts-history.ts';
import { fontsOf, linesOf, pagesOf, pdfJudge } from '../../../tests/support/pdf.ts';
import type { Book, BookRow } from '../book.ts';
import {
  BOOK_NAMES,
  type BookQuery,
  type Voucher,
  bookProjections,
  handOverPdf,
  markOf,
  paperworkOf,
  pdfOf,
  profiles,
  readVoucher,
  readVouchers,
  readWholeBook,
  voucherPdf,
} from '../index.ts';
import { CARRIED_COMMODITIES_MAX } from './pdf-layout.ts';

vi.setConfig({ testTimeout: 180_000 });

const FUND = 'qbt-06';
const YEAR = 2025;
const EVENTS = 260;
const scope = everything('kiem-toan');
const PAPER = { address: 'Tỉnh Bắc Kạn', at: Date.parse('2026-01-02T03:04:05Z') };

/** What each book needs to be asked for, in each profile. */
const MORE: Readonly<Record<string, Readonly<Record<string, Partial<BookQuery>>>>> = {
  'vn-public': {
    'general-ledger': { account: '366' },
    'detail-ledger': { account: '366', by: 'donor', key: 'd-1' },
    'cash-book': { account: 'tien-mat' },
    'bank-book': { account: 'nh-1' },
  },
  general: {
    'general-ledger': { account: '4' },
    'detail-ledger': { account: '4', by: 'programme', key: 'ao-am' },
    'cash-book': { account: 'tien-mat' },
    'bank-book': { account: 'nh-1' },
  },
};

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** The amounts of a row in the order of their columns, as they are printed. */
const amountsOf = ({ columns, exponents }: Book, { cells, commodity }: BookRow): string[] =>
  columns.flatMap(({ key, kind }) => {
    const cell = cells[key];
    return kind === 'amount' && typeof cell === 'bigint'
      ? [formatVietnamese(cell, exponents[commodity] ?? 0)]
      : [];
  });

/** Every total of a book stands on its pages, in one line, with its amounts in order. */
function assertTotals(book: Book, lines: readonly string[]): void {
  for (const row of book.totals) {
    const amounts = amountsOf(book, row);
    const pattern = new RegExp(`${amounts.map(escaped).join(String.raw`[| ]+`)}(?![\\d.,])`);
    const [word = ''] = String(
      row.cells['description'] ?? row.cells['item'] ?? row.cells['name'] ?? '',
    ).split(' ');
    expect(lines.filter((line) => line.includes(word) && pattern.test(line)).length).toBeGreaterThan(0);
  }
}

const DAY_FIRST = /^\d\d\/\d\d\/\d{4}\b/;

/** Each page hands on what its lines and those before come to; the next one takes it over. */
function assertCarried(book: Book, pages: readonly string[]): void {
  const lines = book.rows.filter(({ kind }) => kind === 'line');
  let printedLines = 0;
  let handedOn: string | undefined;
  for (const page of pages) {
    const own = linesOf([page]);
    const brought = own.find((line) => line.includes('Số trang trước chuyển sang'));
    const forward = own.find((line) => line.includes('Cộng chuyển trang sau'));
    const figures = (line: string | undefined): string | undefined => line?.replace(/^.*?(?=\d)/, '');
    expect(figures(brought)).toBe(handedOn);
    printedLines += own.filter((line) => DAY_FIRST.test(line)).length;
    handedOn = figures(forward);
    if (forward === undefined) continue;
    // Each commodity is summed by itself, and named where there are several.
    const of = lines.find(({ commodity }) => forward.endsWith(` ${commodity}`))?.commodity;
    const seen = lines.slice(0, printedLines).filter(({ commodity }) => of === undefined || commodity === of);
    const sums = book.columns
      .filter(({ carried }) => carried === 'sum')
      .map(({ key }) => seen.reduce((n, { cells }) => n + ((cells[key] as bigint | null) ?? 0n), 0n));
    for (const sum of sums) if (sum > 0n) expect(forward).toContain(formatVietnamese(sum, 0));
    expect(sums.some((sum) => sum > 0n)).toBe(true);
  }
  expect(printedLines).toBe(lines.length);
  expect(handedOn).toBe(undefined);
}

describe.skipIf(pdfJudge === undefined)('books on paper', () => {
  it.each([11])(
    'of a random history all print, and their totals are the books’ (history %i)',
    async (seed) => {
      const appends = accountsHistory(seed, EVENTS);
      const log = openMemoryLog();
      for (const { events: _, ...append } of appends) await log.append(append);
      const folder = mkdtempSync(join(tmpdir(), 'lalanh-print-'));
      const file = join(folder, 'readmodels.db');
      const store = openStore(file);
      const projections = [
        ...fundProjections,
        ...placeProjections,
        ...programmeProjections,
        ...bookProjections,
      ];
      await catchUp(await createProjector({ log, store, projections }));
      store.close();
      const models = openReadModels(file);
      const context = { db: models.db, log };
      let carriedPages = 0;
      for (const { name: profile } of profiles)
        for (const book of BOOK_NAMES) {
          const query = { scope, fund: FUND, year: YEAR, profile, book, ...MORE[profile]?.[book] };
          const found = await readWholeBook(context, query);
          if (found === null || !found.ok) throw new Error(`${book}: ${JSON.stringify(found)}`);
          const bytes = await printedBytes(
            pdfOf(found.value, await paperworkOf(context, found.value, scope)),
          );
          const pages = pagesOf(bytes);
          const lines = linesOf(pages);
          expect(lines).toContain(found.value.title.vi.length > 60 ? lines[2] : found.value.title.vi);
          for (const [i, page] of pages.entries()) expect(page).toContain(`Trang ${i + 1}/${pages.length}`);
          expect(lines.join('\n')).toMatch(
            new RegExp(`này có ${pages.length} trang, đánh số từ trang 1 đến trang ${pages.length}`),
          );
          assertTotals(found.value, lines);
          if (found.value.columns.some(({ carried }) => carried !== undefined)) {
            assertCarried(found.value, pages);
            carriedPages += pages.length - 1;
          }
        }
      expect(carriedPages).toBeGreaterThan(10);
      await assertVouchers(
        context,
        appends.flatMap((append) => append.events as BookEvent[]),
      );
      await models.close();
      rmSync(folder, { recursive: true });
    },
  );
});

/** Vouchers of a history that are put on paper: of each kind a few. */
const PER_KIND = 2;

async function assertVouchers(
  context: Parameters<typeof readVoucher>[0],
  events: readonly BookEvent[],
): Promise<void> {
  const { rows } = await readVouchers(context, { scope, fund: FUND, year: YEAR, limit: 500 });
  const own = events.filter(({ stream }) => stream === `book-${FUND}-${YEAR}`);
  const written = new Set(
    own.flatMap(({ data }) => ('voucher' in data && data.voucher ? [data.voucher] : [])),
  );
  for (const event of own) if (event.type === 'book.voucher-voided.v1') written.add(event.data.replacedBy);
  expect(rows.map(({ voucher }) => voucher).toSorted()).toStrictEqual([...written].toSorted());
  // Gapless: in each series the numbers from 1 on.
  for (const series of ['PT', 'PC', 'DC']) {
    const numbers = rows.map(({ voucher }) => voucher).filter((voucher) => voucher.startsWith(series));
    expect(numbers.map((voucher) => Number(voucher.slice(3)))).toStrictEqual(numbers.map((_, i) => i + 1));
  }
  const shown = new Map<string, number>();
  for (const { voucher, description, status } of rows) {
    const kind = `${description?.en} ${status}`;
    if ((shown.get(kind) ?? 0) >= PER_KIND) continue;
    shown.set(kind, (shown.get(kind) ?? 0) + 1);
    const found = await readVoucher(context, { scope, fund: FUND, year: YEAR, voucher });
    if (found === null || !found.ok) throw new Error(voucher);
    await assertVoucher(found.value);
  }
  expect(shown.size).toBeGreaterThan(6);
}

async function assertVoucher(voucher: Voucher): Promise<void> {
  const lines = linesOf(pagesOf(await printedBytes(voucherPdf(voucher, null))));
  const { total, entries } = voucher;
  expect(lines).toContain(`Số: ${voucher.voucher}`);
  expect(lines).toContain(voucher.title.vi);
  expect(lines[0]).toBe(markOf(voucher, null).stamp);
  if (total !== null) {
    const label = isCurrency(total.commodity) ? 'Số tiền' : 'Số lượng';
    expect(lines).toContain(`${label}: ${formatVietnamese(total.amount, total.exponent)} ${total.unit}`);
    expect(lines.join(' ')).toContain(`Viết bằng chữ: ${total.words}`);
  }
  const net = entries.reduce((n, { amount }) => n + amount, 0n);
  expect(net >= 0n).toBe(true);
  if (voucher.handOver.length === 0) return expect(handOverPdf(voucher, null)).toBe(null);
  const list = handOverPdf(voucher, null);
  const text = list === null ? [] : linesOf(pagesOf(await printedBytes(list)));
  const sum = voucher.handOver.reduce((n, { amount }) => n + amount, 0n);
  expect(text.find((line) => line.startsWith('Tổng cộng |'))).toContain(
    formatVietnamese(sum, total?.exponent ?? 0),
  );
}

const COMMODITIES = ['EUR', 'VND', 'gao'];
/** A journal of many pages in three commodities. */
const journalOf = (count: number, commodities: readonly string[] = COMMODITIES): Book => ({
  name: 'journal',
  title: { vi: 'Sổ Nhật ký chung', en: 'General journal' },
  form: { code: 'S04-H', confirm: true },
  profile: 'vn-public',
  unit: { fund: FUND, name: 'Quỹ Bảo trợ trẻ em tỉnh Bắc Kạn' },
  period: { year: YEAR, from: '2025-01-01', to: '2025-12-31' },
  openedOn: '2025-01-01',
  facts: [],
  columns: [
    { key: 'day', vi: 'Ngày ghi sổ', en: 'Posting date', kind: 'day' },
    { key: 'description', vi: 'Diễn giải', en: 'Description', kind: 'text', width: 3 },
    { key: 'debit', vi: 'Nợ', en: 'Debit', kind: 'amount', carried: 'sum' },
    { key: 'commodity', vi: 'Loại', en: 'Commodity', kind: 'text' },
  ],
  rows: Array.from({ length: count }, (_, i): BookRow => {
    const commodity = commodities[i % commodities.length] ?? 'VND';
    return {
      kind: 'line',
      cells: {
        day: '2025-03-01',
        description: `Tiếp nhận đóng góp số ${i % 50}`,
        debit: 1_234_567_89n,
        commodity,
      },
      commodity,
      source: null,
    };
  }),
  totals: [],
  exponents: Object.fromEntries(commodities.map((each) => [each, each === 'VND' ? 0 : 2])),
  signatures: [
    { vi: 'Người lập sổ', en: '' },
    { vi: 'Kế toán trưởng (phụ trách kế toán)', en: '' },
    { vi: 'Thủ trưởng đơn vị (ký, họ tên, đóng dấu)', en: '' },
  ],
  notes: [],
  page: { next: null, isFirst: true },
  position: 1,
  knownAt: 1,
  effectiveThrough: null,
});

describe.skipIf(pdfJudge === undefined)('a book', () => {
  it('without a line has its head, its titles and its signatures', async () => {
    const bytes = await printedBytes(pdfOf(journalOf(0), PAPER));
    expect(linesOf(pagesOf(bytes))).toStrictEqual([
      'Đơn vị: Quỹ Bảo trợ trẻ em tỉnh Bắc Kạn | Mẫu số: S04-H',
      'Địa chỉ: Tỉnh Bắc Kạn | (số mẫu cần kế toán xác nhận)',
      'Sổ Nhật ký chung',
      'Năm 2025',
      'Đơn vị tính: theo cột Loại',
      'Ngày ghi',
      'Diễn giải | Nợ | Loại',
      'sổ',
      '- Sổ này có 1 trang, đánh số từ trang 1 đến trang 1',
      '- Ngày mở sổ: 01/01/2025',
      'Ngày ..... tháng ..... năm .........',
      'Người lập sổ | Kế toán trưởng (phụ trách kế toán) | Thủ trưởng đơn vị',
      '(Ký, họ tên) | (Ký, họ tên) | (Ký, họ tên, đóng dấu)',
      'Sổ Nhật ký chung · Năm 2025 · Quỹ Bảo trợ trẻ em tỉnh Bắc Kạn | Trang 1/1',
      'Số liệu đến vị trí 1 của nhật ký, 02/01/2026 10:04 · vn-public',
    ]);
    expect(
      fontsOf(bytes).every(
        ({ embedded, subset, unicode }) => [embedded, subset, unicode].join() === 'yes,yes,yes',
      ),
    ).toBe(true);
  });

  it('in several commodities carries the sums of each, never added together', async () => {
    const pages = pagesOf(await printedBytes(pdfOf(journalOf(120), PAPER)));
    expect(pages.length).toBeGreaterThan(2);
    const [first = '', second = ''] = pages;
    const forward = linesOf([first]).filter((line) => line.includes('Cộng chuyển trang sau'));
    const brought = linesOf([second]).filter((line) => line.includes('Số trang trước chuyển sang'));
    const count = (commodity: string): bigint =>
      BigInt(linesOf([first]).filter((line) => DAY_FIRST.test(line) && line.endsWith(commodity)).length);
    const expected = ['VND', 'EUR', 'gao'].map(
      (each) => `${formatVietnamese(count(each) * 123_456_789n, each === 'VND' ? 0 : 2)} ${each}`,
    );
    const figures = (lines: readonly string[]) =>
      lines.map((line) => line.replace(/^.*?(?=\d)/, '').replaceAll(' | ', ' '));
    expect(figures(forward)).toStrictEqual(expected);
    expect(figures(brought)).toStrictEqual(expected);
  });

  it('in very many commodities says that it carries none', async () => {
    const many = Array.from({ length: CARRIED_COMMODITIES_MAX + 1 }, (_, i) => `hang-${i}`);
    const text = linesOf(pagesOf(await printedBytes(pdfOf(journalOf(120, many), PAPER)))).join('\n');
    expect(text).not.toContain('Cộng chuyển trang sau');
    expect(text).toContain(
      `Không cộng chuyển trang: sổ có trên ${CARRIED_COMMODITIES_MAX} loại tiền và hiện vật.`,
    );
  });

  it('whose names are long, or of letters that the font lacks, keeps every word on the page', async () => {
    const name = `${'Trường Phổ thông dân tộc bán trú '.repeat(6)}${'dài'.repeat(60)} 你`;
    const book = { ...journalOf(3), unit: { fund: FUND, name } };
    const rows = book.rows.map((row) => ({ ...row, cells: { ...row.cells, description: name } }));
    const text = pagesOf(await printedBytes(pdfOf({ ...book, rows }, PAPER)))
      .join('')
      .replaceAll(/\s/g, '');
    expect(text.split(`dài`).length).toBeGreaterThan(60 * 4);
    expect(text).toContain('□');
  });

  it('twice has the same bytes', async () => {
    const [first, second] = [
      await printedBytes(pdfOf(journalOf(40), PAPER)),
      await printedBytes(pdfOf(journalOf(40), PAPER)),
    ];
    expect(first.equals(second)).toBe(true);
  });

  it('of any number of lines never signs a page alone when it has totals', async () => {
    for (let count = 20; count < 60; count += 3) {
      const book = journalOf(count, ['VND']);
      const total: BookRow = {
        kind: 'total',
        cells: { description: 'Cộng phát sinh', debit: 1n },
        commodity: 'VND',
        source: null,
      };
      const pages = pagesOf(await printedBytes(pdfOf({ ...book, totals: [total, total] }, PAPER)));
      expect(pages.at(-1)).toContain('Cộng phát sinh');
      expect(linesOf(pages).filter((line) => DAY_FIRST.test(line))).toHaveLength(count);
    }
  });
});
