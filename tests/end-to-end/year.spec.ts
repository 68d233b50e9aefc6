import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { everything } from '#access';
import { type Book, type ToolName, paperworkOf, pdfOf, readWholeBook } from '#books';
import { openSqliteLogReader } from '#event-log';
import { type LedgerEvent, formatVietnamese, yearOf } from '#kernel';
import { parseEnvelope } from '#platform';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { withReads } from '../../apps/cli/data-folder.ts';
import { type OpenGate, openGate } from '../../apps/cli/gate.ts';
import { countFates } from '../../apps/cli/import/report.ts';
import { createProgress } from '../../apps/cli/progress.ts';
import { type StepDone, stepsOf, workStep } from '../../apps/cli/periods/work-folder.ts';
import { type Serving, serve } from '../../apps/standalone/serve.ts';
import { type AccountingJudge, accountingJudge } from '../judges/judge.ts';
import { exported } from '../judges/histories.ts';
import { fontsOf, pagesOf, pdfJudge } from '../support/pdf.ts';

// The whole year goes through a server on disk, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const year = join(root, 'demo', 'nam-2024');
const data = mkdtempSync(join(tmpdir(), 'lalanh-year-'));
const FUND = 'qbt-vd';
/** Events of the whole year; more would not be a small example. */
const EVENTS_MAX = 10_000;

type Row = Readonly<Record<string, string>>;

/** Figures worked out from the files by `ket-qua/tinh.py`, which knows nothing of this program. */
const golden = (name: string): Row[] =>
  parse<Row>(readFileSync(join(year, 'ket-qua', name)), { columns: true });

let serving: Serving;
let gate: OpenGate;
const done: StepDone[] = [];
/** The books of 2024 when it was closed, before anything of 2025. */
let closed: unknown;
let events: readonly (LedgerEvent & { readonly stream: string })[];

const work = (step: string): Promise<StepDone> =>
  workStep(year, step, {
    data,
    address: `http://${serving.host}:${serving.port}`,
    gate,
    actor: 'ke-toan',
  });

async function book(name: string, to = '2024-12-31'): Promise<Book> {
  const found = await withReads(data, createProgress(), (context) =>
    readWholeBook(context, { book: name, fund: FUND, year: yearOf(to), to, scope: everything('kiem-toan') }),
  );
  if (!found?.ok) throw new Error(`${name}: ${JSON.stringify(found)}`);
  return found.value;
}

/** What is printed at the end of the year, and the own account it is of. */
const PRINTED: readonly { readonly name: string; readonly account?: string }[] = [
  { name: 'journal' },
  { name: 'cash-book' },
  ...['vcb', 'bidv', 'agri'].map((account) => ({ name: 'bank-book', account })),
  { name: 'trial-balance' },
  { name: 'receipts-and-uses-by-source' },
  { name: 'receipts-and-uses-by-recipient' },
  { name: 'activities' },
  { name: 'disclosure-year' },
];

const text = (cell: unknown): string => String(cell ?? 0);

/** A column of a book by its first cell, for one commodity. */
const column = ({ rows }: Book, key: string, value: string, of = 'VND'): Record<string, string> =>
  Object.fromEntries(
    rows.flatMap(({ cells, commodity }) =>
      commodity === of ? [[text(cells[key]), text(cells[value])] as const] : [],
    ),
  );

/** What the closed year says, without where the read stands. */
const figures = async (): Promise<unknown> => {
  const books = [
    'trial-balance',
    'receipts-and-uses-by-source',
    'receipts-and-uses-by-recipient',
    'activities',
  ];
  const found: unknown[] = [];
  for (const name of books) {
    const { rows, totals, facts } = await book(name);
    found.push({ name, rows, totals, facts });
  }
  return found;
};

beforeAll(async () => {
  serving = await serve(data, { port: 0 });
  gate = await openGate(data);
  const steps = await stepsOf(year);
  for (const step of steps) {
    if (step.startsWith('13')) closed = await figures();
    done.push(await work(step));
  }
  const log = openSqliteLogReader(data);
  const page = await log.readAll({ limit: EVENTS_MAX });
  events = page.events.map(parseEnvelope) as typeof events;
  await log.close();
});

afterAll(async () => {
  await gate.close();
  await serving.stop();
  rmSync(data, { recursive: true });
});

describe('the worked year 2024', () => {
  it('is taken whole, and a second time records nothing', async () => {
    expect(done.map(({ step, files }) => [step, countFates(files).refused])).toStrictEqual(
      done.map(({ step }) => [step, 0]),
    );
    const before = events.length;
    for (const { step } of done) {
      const again = await work(step);
      expect([step, countFates(again.files)]).toMatchObject([step, { recorded: 0, refused: 0 }]);
    }
    const log = openSqliteLogReader(data);
    expect(await log.head()).toBe(before);
    await log.close();
  });

  it('reconciles each bank account at the end of each month, to the đồng', () => {
    const found = done.flatMap(({ accounts }) =>
      accounts.map(({ on, account, book: books, bank, listed, difference }) => ({
        on,
        account,
        books: String(books),
        bank: String(bank),
        listed: String(listed),
        difference,
      })),
    );
    const worked = golden('doi-chieu.csv').map((row) => ({
      on: row['Ngày'],
      account: row['Tài khoản'],
      books: row['Sổ'],
      bank: row['Ngân hàng'],
      listed: row['Chênh lệch phải liệt kê'],
      difference: 0n,
    }));
    expect(found).toStrictEqual(worked);
    expect(new Set(found.map(({ on }) => on)).size).toBe(13);
    const layouts = new Set(done.flatMap(({ accounts }) => accounts.flatMap((one) => one.layouts)));
    expect([...layouts].toSorted()).toStrictEqual([
      'agribank-1',
      'bidv-2',
      'camt.053.001.08',
      'detected',
      'mt940',
      'vietcombank-2',
    ]);
  });

  it('has in each own account at the end of each month what the files add up to', async () => {
    const found: unknown[] = [];
    for (const row of golden('so-du.csv')) {
      const on = row['Ngày'] ?? '';
      const closing = column(await book('trial-balance', on), 'account', 'closingDebit');
      const { Ngày: _, ...accounts } = row;
      found.push([
        on,
        Object.keys(accounts).map((name) => closing[name === 'tien-mat' ? '111:tien-mat' : `112:${name}`]),
      ]);
    }
    const worked = golden('so-du.csv').map(({ Ngày: on, ...accounts }) => [on, Object.values(accounts)]);
    expect(found).toStrictEqual(worked);
  });

  it('was received, given back and used as the files say', async () => {
    const sources = await book('receipts-and-uses-by-source');
    const [received, refunded] = [column(sources, 'item', 'received'), column(sources, 'item', 'refunded')];
    const NAMES: Row = {
      'foreign-aid': 'Viện trợ quốc tế',
      income: 'Thu từ hoạt động',
      sponsorship: 'Tài trợ có mục đích, địa chỉ',
    };
    for (const row of golden('nguon.csv')) {
      const name = NAMES[row['Nguồn'] ?? ''];
      if (name === undefined) continue;
      expect([name, received[name], refunded[name]]).toStrictEqual([name, row['Tiếp nhận'], row['Hoàn trả']]);
    }
    const used = column(await book('receipts-and-uses-by-recipient'), 'item', 'used');
    const { 'Chưa xác định': own, ...recipients } = used;
    expect(recipients).toStrictEqual(
      Object.fromEntries(golden('doi-tuong.csv').map((row) => [row['Đối tượng'], row['Sử dụng']])),
    );
    const costs = golden('chi-phi.csv').reduce((sum, row) => sum + BigInt(row['Số tiền'] ?? 0), 0n);
    expect(own).toBe(String(costs));
  });

  it('has in its README the balances of the files', () => {
    const readme = readFileSync(join(year, 'README.md'), 'utf8');
    for (const { Ngày: on = '', ...accounts } of golden('so-du.csv')) {
      const amounts = Object.values(accounts).map((amount) => formatVietnamese(BigInt(amount), 0));
      expect(readme).toContain(`| ${[on.split('-').toReversed().join('/'), ...amounts].join(' | ')} |`);
    }
  });

  it('has a trial balance that is even, and the goods the files leave', async () => {
    const trial = await book('trial-balance');
    for (const { cells } of trial.totals) {
      expect(cells['closingDebit']).toBe(cells['closingCredit']);
      expect(cells['periodDebit']).toBe(cells['periodCredit']);
    }
    const goods = golden('hien-vat.csv');
    for (const row of goods) {
      const good = row['Hiện vật'] ?? '';
      expect([good, column(trial, 'account', 'closingDebit', good)['152:kho']]).toStrictEqual([
        good,
        row['Còn lại'],
      ]);
    }
    const unknown = column(trial, 'account', 'closingCredit');
    const held = Object.keys(unknown).filter((account) => account.startsWith('3381:'));
    expect(String(held.reduce((sum, account) => sum + BigInt(unknown[account] ?? 0), 0n))).toBe(
      golden('chua-ro.csv')[0]?.['Tiền chưa rõ của ai khi khoá sổ'],
    );
    const value = goods.reduce((sum, row) => sum + BigInt(row['Giá trị còn lại'] ?? 0), 0n);
    expect(column(trial, 'account', 'closingDebit')['152:kho']).toBe(String(value));
  });

  it('keeps the figures of the closed year when late facts come in the next', async () => {
    expect(await figures()).toStrictEqual(closed);
    const late = events.filter(
      ({ stream, data: said }) =>
        stream === `book-${FUND}-2025` &&
        (said as { readonly originalBook?: string | null }).originalBook === `book-${FUND}-2024`,
    );
    expect(late.map(({ type }) => type).toSorted()).toStrictEqual([
      'book.disbursement-returned.v1',
      'book.donor-refunded.v1',
      'book.expense-recorded.v1',
      'book.expense-recorded.v1',
      'book.receipt-adjusted.v1',
      'book.receipt-corrected.v1',
      'book.receipt-recorded.v1',
    ]);
  });

  it('shows at least two of every kind of correction', () => {
    const of = <T>(type: string): T[] =>
      events.flatMap((event) => (event.type === `book.${type}.v1` ? [event.data as T] : []));
    const adjusted = of<{ was: string; now: string }>('receipt-adjusted');
    const reversed = of<{ kind: string; short: readonly unknown[]; recordedAgain: string | null }>(
      'receipt-reversed',
    );
    const paid = new Map(
      of<{ disbursement: string; amount: string }>('disbursement-paid').map((one) => [
        one.disbursement,
        one.amount,
      ]),
    );
    const returned = of<{ disbursement: string; amount: string }>('disbursement-returned');
    const counts = {
      'donor relabelled': of('receipt-corrected').length,
      'amount adjusted up': adjusted.filter(({ was, now }) => BigInt(now) > BigInt(was)).length,
      'amount adjusted down': adjusted.filter(({ was, now }) => BigInt(now) < BigInt(was)).length,
      'reversed and recorded again': reversed.filter(({ recordedAgain }) => recordedAgain !== null).length,
      'voucher voided': of('voucher-voided').length,
      'returned in part': returned.filter((one) => one.amount !== paid.get(one.disbursement)).length,
      'returned in whole': returned.filter((one) => one.amount === paid.get(one.disbursement)).length,
      'refunded to the donor': of('donor-refunded').length,
      'taken back by the bank with nothing left': reversed.filter(
        ({ kind, short }) => kind === 'bank-reversal' && short.length > 0,
      ).length,
      'shortfall filled': of('shortfall-settled').length,
      'restriction released': of('restriction-released').length,
      'unidentified, identified': of('receipt-identified').length,
      'unidentified, returned': of('unidentified-receipt-returned').length,
      'unidentified, held out of the statement': of<{ bankLine: string | null }>(
        'unidentified-receipt-recorded',
      ).filter(({ bankLine }) => bankLine !== null).length,
      'open item carried': of<{ kind: string }>('open-item-carried').length,
      'allocation reduced': of('allocation-reduced').length,
      'month opened again': of('period-unlocked').length,
      'cash counted': of('cash-counted').length,
      'stock counted': of('stock-counted').length,
      'count off': of('count-difference-booked').length,
      'difference resolved': of('count-difference-resolved').length,
      'goods bought': of('goods-bought').length,
      'goods lost': of('goods-lost').length,
      'valuation revised': of('valuation-revised').length,
      'advance paid': of('advance-paid').length,
      'advance settled': of('advance-settled').length,
      'debt to a supplier': of('supplier-debt-recorded').length,
      'debt reduced': of('supplier-debt-reduced').length,
      'proposal changed after an approval': of<{ voids: readonly string[] }>('disbursement-changed').filter(
        ({ voids }) => voids.length > 0,
      ).length,
      'own cost approved': of('decision-approval-given').length,
      'first of two approvals': of('disbursement-approval-given').length,
    };
    expect(Object.entries(counts).filter(([, count]) => count < 2)).toStrictEqual([]);
    expect(of('period-locked').length).toBe(14);
    expect(of('closed').length).toBe(2);
  });

  it('verifies clean, every read model included', async () => {
    const node = ['--conditions=source', '--disable-warning=ExperimentalWarning', 'apps/cli/main.ts'];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...node, 'verify', '--all', '--data', data, '--format', 'json'],
      { cwd: root },
    );
    expect(JSON.parse(stdout)).toMatchObject({ clean: true, count: 0, findings: [] });
  });

  it.skipIf(pdfJudge === undefined).each(PRINTED)(
    'prints $name $account with its totals on paper',
    async ({ name, account }) => {
      const { bytes, totals } = await withReads(data, createProgress(), async (context) => {
        const query = { book: name, fund: FUND, year: 2024, scope: everything('kiem-toan') };
        const found = await readWholeBook(context, { ...query, ...(account && { account }) });
        if (!found?.ok) throw new Error(`${name}: ${JSON.stringify(found)}`);
        const paper = pdfOf(found.value, await paperworkOf(context, found.value, query.scope));
        return { bytes: Buffer.concat(await Array.fromAsync(paper)), totals: found.value.totals };
      });
      const pages = pagesOf(bytes);
      expect(pages.length).toBeGreaterThan(0);
      expect(pages.filter((page) => page.trim() === '')).toStrictEqual([]);
      const printed = pages.join('\n');
      const money = totals.flatMap(({ cells, commodity }) =>
        commodity === 'VND' ? Object.values(cells).filter((cell) => typeof cell === 'bigint') : [],
      );
      expect(
        money.map((amount) => formatVietnamese(amount, 0)).filter((one) => !printed.includes(one)),
      ).toStrictEqual([]);
      expect(fontsOf(bytes).every(({ embedded, unicode }) => embedded === 'yes' && unicode === 'yes')).toBe(
        true,
      );
    },
  );

  it.skipIf(pdfJudge === undefined)(
    'prints vouchers with their amounts, and lists what was voided',
    async () => {
      const vouchers = `http://${serving.host}:${serving.port}/v1/vouchers/${FUND}/2024`;
      const headers = { 'lalanh-actor': 'ke-toan' };
      const listed = (await (await fetch(`${vouchers}?limit=500`, { headers })).json()) as {
        readonly rows: readonly {
          readonly voucher: string;
          readonly amount: string | null;
          readonly status: string;
        }[];
      };
      const series = Map.groupBy(listed.rows, ({ voucher }) => voucher.slice(0, 2));
      for (const [name, rows] of series)
        expect(rows.map(({ voucher }) => voucher)).toStrictEqual(
          rows.map((_, at) => `${name}-${String(at + 1).padStart(6, '0')}`),
        );
      expect(listed.rows.filter(({ status }) => status === 'voided')).toHaveLength(2);
      for (const voucher of ['PT-000010', 'PC-000010']) {
        const amount = listed.rows.find((row) => row.voucher === voucher)?.amount ?? '';
        const paper = await fetch(`${vouchers}/${voucher}?format=pdf`, { headers });
        const printed = pagesOf(new Uint8Array(await paper.arrayBuffer())).join('\n');
        expect(printed).toContain(`Số: ${voucher}`);
        expect(printed).toContain(formatVietnamese(BigInt(amount), 0));
      }
    },
  );

  const TOOLS: readonly ToolName[] = ['hledger', 'ledger', 'beancount'];
  it.skipIf(TOOLS.some((tool) => accountingJudge(tool) === undefined)).each(TOOLS)(
    'is found by %s where we have it, month by month',
    async (tool) => {
      const judge = accountingJudge(tool) as AccountingJudge;
      await withReads(data, createProgress(), async (context) => {
        const { journal, balances } = await exported(context, tool, 'vn-public', { assertions: true });
        expect(judge(journal)).toStrictEqual({ ok: true, balances });
      });
    },
  );
});
