import { everything } from '#access';
import {
  type HoldLines,
  type HoldReport,
  candidatesOf,
  holdLines,
  matchAccount,
  readBankLines,
  readBankSide,
  readOpenEntries,
  readReconciliation,
} from '#banking';
import { PAGE_MAX } from '#event-log';
import { parseEnvelope } from '#platform';
import { findReferences, referenceOf } from '#pledges';
import { describe, expect, test } from 'vitest';
import { ACCOUNT, type BankWorld, bankWorld, statementText } from '../support/bank.ts';

const SCOPE = everything('ke-toan');
const ASK = { scope: SCOPE, account: ACCOUNT, actor: 'ke-toan' };

async function withWorld(work: (world: BankWorld) => Promise<void>): Promise<void> {
  const world = await bankWorld();
  try {
    await work(world);
  } finally {
    await world.close();
  }
}

const portsOf = async (world: BankWorld) => ({
  log: world.log,
  ledger: world.ledger,
  vault: world.vault,
  context: await world.reads(),
});

async function hold(world: BankWorld, more: Partial<HoldLines> = {}): Promise<HoldReport> {
  const report = await holdLines(await portsOf(world), { ...ASK, ...more });
  if (!report.ok) throw new Error(report.error.code);
  return report.value;
}

const open = async (world: BankWorld): Promise<readonly { unit: string; day: string; amount: bigint }[]> =>
  (await readBankLines(await world.reads(), { ...ASK, open: true, limit: 100 }))?.rows ?? [];

const gift = (amount: string, effectiveOn: string, more: object = {}): [string, object] => [
  'record-receipt',
  {
    fund: 'qbt-06',
    account: 'nh-1',
    source: 'voluntary',
    commodity: 'VND',
    amount,
    effectiveOn,
    ...more,
  },
];

const types = async (world: BankWorld): Promise<string[]> =>
  (await world.log.readAll({ limit: PAGE_MAX })).events.map(({ type }) => type);

const fates = ({ lines }: HoldReport): unknown[] =>
  lines.map(({ amount, fate, refusal }) => [amount, fate, refusal?.code ?? null]);

describe('money in that nobody knows', () => {
  const lines = [
    { day: '2026-03-01', amount: 500, text: 'khong ro ai chuyen' },
    { day: '2026-03-01', amount: 500, text: 'khong ro ai chuyen' },
    { day: '2026-03-02', amount: -7, text: 'phi quan ly' },
  ];

  test('is held by one append for each line, which books and matches it; again books nothing', async () => {
    await withWorld(async (world) => {
      await world.importText(statementText(lines));
      const before = (await types(world)).length;
      const first = await hold(world);
      expect(fates(first)).toStrictEqual([
        [500n, 'held', null],
        [500n, 'held', null],
      ]);
      expect([first.held, first.amount, first.more]).toStrictEqual([2, 1000n, 0]);
      const booked = ['book.unidentified-receipt-recorded.v1', 'bank.line-matched.v1'];
      expect((await types(world)).slice(before)).toStrictEqual([...booked, ...booked]);
      const { events } = await world.log.readAll({ limit: PAGE_MAX });
      const commands = events.slice(before).map((event) => parseEnvelope(event).commandId);
      expect(new Set(commands).size).toBe(2);
      // The same lines once more, asked on what was known before: the key is the line's.
      const again = await hold(world, { lines: first.lines.map(({ line }) => line) });
      expect(fates(again)).toStrictEqual([
        [null, 'refused', 'BANK_LINE_NOT_OPEN'],
        [null, 'refused', 'BANK_LINE_NOT_OPEN'],
      ]);
      expect((await types(world)).length).toBe(before + 4);
      expect((await open(world)).map(({ amount }) => amount)).toStrictEqual([-7n]);
    });
  });

  test('asked for twice at once is booked once', async () => {
    await withWorld(async (world) => {
      await world.importText(statementText(lines));
      const ports = await portsOf(world);
      const both = await Promise.all([holdLines(ports, ASK), holdLines(ports, ASK)]);
      const told = both.map((report) => report.ok && report.value.lines.map(({ fate }) => fate));
      expect(told.flat().toSorted()).toStrictEqual(['already-held', 'already-held', 'held', 'held']);
      expect(
        (await types(world)).filter((type) => type === 'book.unidentified-receipt-recorded.v1').length,
      ).toBe(2);
    });
  });

  test('stays matched when it is identified, in parts and as a whole, and bank and book stay even', async () => {
    await withWorld(async (world) => {
      await world.importText(statementText(lines.slice(0, 1)));
      const [held] = (await hold(world)).lines;
      const unidentified = held?.unidentified;
      const on = { fund: 'qbt-06', unidentified, source: 'voluntary', effectiveOn: '2026-03-20' };
      await world.run('identify-receipt', { ...on, amount: '200' });
      await world.run('identify-receipt', on);
      const found = await readReconciliation(await world.reads(), {
        scope: SCOPE,
        account: ACCOUNT,
        on: '2026-03-31',
      });
      expect(found?.statement).toMatchObject({ bank: 500n, book: 500n, items: [], difference: 0n });
      const side = (await readBankSide(await world.reads(), ASK)).side;
      expect(side?.units.map(({ match }) => match === null)).toStrictEqual([false]);
      expect([...(side?.matches.values() ?? [])].map(({ rule }) => rule)).toStrictEqual(['holding']);
    });
  });

  test('is not booked again after its match was undone, neither so nor as a gift', async () => {
    await withWorld(async (world) => {
      await world.importText(statementText(lines.slice(0, 1)));
      const [held] = (await hold(world)).lines;
      const line = held?.line ?? '';
      const match = [...((await readBankSide(await world.reads(), ASK)).side?.matches.keys() ?? [])][0];
      await world.run('unmatch-bank-line', { account: ACCOUNT, year: 2026, match, reason: 'nham' });
      const before = (await types(world)).length;
      expect(fates(await hold(world, { lines: [line] }))).toStrictEqual([[500n, 'already-held', null]]);
      const body = { account: ACCOUNT, year: 2026, line, fund: 'qbt-06', effectiveOn: '2026-03-01' };
      for (const [command, more] of [
        ['hold-bank-line', {}],
        ['receive-bank-line', { source: 'voluntary' }],
        ['book-bank-interest', {}],
      ] as const)
        expect(await world.tell(command, { ...body, ...more })).toMatchObject({
          ok: false,
          error: { code: 'BANK_LINE_BOOKED' },
        });
      await world.run('split-bank-line', { account: ACCOUNT, year: 2026, line, parts: ['200', '300'] });
      expect(await world.tell('hold-bank-line', { ...body, line: `${line}.1` })).toMatchObject({
        error: { code: 'BANK_LINE_BOOKED' },
      });
      expect((await types(world)).length).toBe(before + 1);
    });
  });

  test('that an open entry of the books could be is left to a person, who may name it', async () => {
    await withWorld(async (world) => {
      await world.run(...gift('500', '2026-03-03'));
      await world.importText(statementText(lines.slice(0, 1)));
      const asked = await hold(world);
      expect(fates(asked)).toStrictEqual([[500n, 'maybe-booked', null]]);
      const line = asked.lines[0]?.line ?? '';
      expect(fates(await hold(world, { lines: [line], dryRun: true }))).toStrictEqual([[500n, 'held', null]]);
      expect(fates(await hold(world, { lines: [line] }))).toStrictEqual([[500n, 'held', null]]);
    });
  });

  test.each([
    ['an account of no bank', { account: 'khac' }, 'BANK_ACCOUNT_UNKNOWN'],
    ['a fund that is not kept there', { fund: 'qbt-19' }, 'BANK_FUND_NOT_KEPT'],
    ['a book account that is not kept there', { bookAccount: 'quy-khac' }, 'BANK_FUND_NOT_KEPT'],
    ['a line of another year', { year: 2025 }, 'BANK_LINE_UNKNOWN'],
    ['a day to come', { effectiveOn: '2027-01-05' }, 'BOOK_UNKNOWN'],
  ])('is not held for %s', async (_, more, code) => {
    await withWorld(async (world) => {
      await world.importText(statementText(lines));
      const line = (await open(world))[0]?.unit;
      const body = { account: ACCOUNT, year: 2026, line, fund: 'qbt-06', effectiveOn: '2026-03-01' };
      const before = (await types(world)).length;
      const refused = await world.tell('hold-bank-line', { ...body, ...more });
      expect(!refused.ok && refused.error.code).toBe(code);
      expect((await types(world)).length).toBe(before);
    });
  });

  test('is money in: a fee is booked as one, and interest is none', async () => {
    await withWorld(async (world) => {
      await world.run(...gift('900', '2026-01-03'));
      await world.importText(statementText(lines));
      const [, , fee] = await open(world);
      const [interest] = await open(world);
      const on = { account: ACCOUNT, year: 2026, fund: 'qbt-06', effectiveOn: '2026-03-02' };
      expect(await world.tell('hold-bank-line', { ...on, line: fee?.unit })).toMatchObject({
        error: { code: 'BANK_LINE_DIRECTION' },
      });
      expect(await world.tell('book-bank-fee', { ...on, line: interest?.unit })).toMatchObject({
        error: { code: 'BANK_LINE_DIRECTION' },
      });
      await world.run('book-bank-fee', { ...on, line: fee?.unit });
      await world.run('book-bank-interest', { ...on, line: interest?.unit });
      expect((await types(world)).filter((type) => /expense|income|line-matched/.test(type))).toStrictEqual([
        'book.expense-recorded.v1',
        'bank.line-matched.v1',
        'book.income-recorded.v1',
        'bank.line-matched.v1',
      ]);
    });
  });
});

describe('a line that names a pledge', () => {
  const promise = {
    pledge: 'ck-1',
    donor: null,
    fund: 'qbt-06',
    commodity: 'VND',
    schedule: { every: 'monthly', first: '2026-03-31', anchorDay: 31, count: 3, each: '100' },
    effectiveOn: '2026-01-05',
  };
  /** The code as a bank carries it: cut by spaces, small letters, O for 0. */
  async function promised(world: BankWorld): Promise<string> {
    const { position } = await world.run('make-pledge', promise);
    const code = referenceOf('pledge', position ?? 0);
    const carried = code
      .toLowerCase()
      .replace('0', 'o')
      .replace(/(.{4})/g, '$1 ');
    expect(findReferences(carried).map((one) => one.code)).toStrictEqual([code]);
    return `chuyen tien ${carried} xin cam on`;
  }

  test('is matched with the receipt on that pledge, among others of the same money', async () => {
    await withWorld(async (world) => {
      const text = await promised(world);
      await world.run(...gift('100', '2026-03-01'));
      await world.run(...gift('100', '2026-03-01', { pledge: 'ck-1' }));
      await world.importText(statementText([{ day: '2026-03-01', amount: 100, text }]));
      const ports = await portsOf(world);
      const [line] = await open(world);
      const told = await candidatesOf(ports, { scope: SCOPE, account: ACCOUNT, line: line?.unit ?? '' });
      expect(told?.candidates.map(({ entries, reasons }) => [entries[0]?.pledge, reasons])).toStrictEqual([
        ['ck-1', ['reference', 'amount', 'day']],
        [null, ['amount', 'day']],
      ]);
      expect(told?.proposals).toStrictEqual([]);
      const report = await matchAccount(ports, ASK);
      expect(report.ok && report.value.matched).toStrictEqual({ reference: 1 });
      const left = await readOpenEntries(await world.reads(), { ...ASK, limit: 10 });
      expect(left?.rows.map(({ pledge }) => pledge)).toStrictEqual([null]);
    });
  });

  test('is offered as a receipt on it when none is there; confirmed, it is booked, paid and matched', async () => {
    await withWorld(async (world) => {
      const text = await promised(world);
      await world.importText(statementText([{ day: '2026-03-02', amount: 100, text }]));
      const [line] = await open(world);
      const told = await candidatesOf(await portsOf(world), {
        scope: SCOPE,
        account: ACCOUNT,
        line: line?.unit ?? '',
      });
      const [proposal, ...others] = told?.proposals ?? [];
      expect([proposal?.as, proposal?.reason, proposal?.expected, others.length]).toStrictEqual([
        'receipt',
        'reference',
        { index: 1, due: '2026-03-31', amount: 100n },
        0,
      ]);
      const before = (await types(world)).length;
      await world.run(proposal?.command ?? '', proposal?.body ?? {});
      expect((await types(world)).slice(before)).toStrictEqual([
        'book.receipt-recorded.v1',
        'pledge.payment-applied.v1',
        'bank.line-matched.v1',
      ]);
      expect(await open(world)).toStrictEqual([]);
    });
  });
});

test('what people booked a payer’s lines as is proposed for the next, once they agree', async () => {
  await withWorld(async (world) => {
    const text = 'tra lai tien gui khong ky han';
    const lines = ['2026-01-31', '2026-02-28', '2026-03-31'].map((day) => ({ day, amount: 9, text }));
    await world.importText(statementText(lines));
    const all = await open(world);
    const proposals = async (): Promise<unknown> => {
      const line = all.at(-1)?.unit ?? '';
      const told = await candidatesOf(await portsOf(world), { scope: SCOPE, account: ACCOUNT, line });
      return told?.proposals.map(({ as, reason, command, body }) => [as, reason, command, body]);
    };
    const bodyOf = (at: number): Record<string, unknown> => ({
      account: ACCOUNT,
      year: 2026,
      line: all[at]?.unit,
      fund: 'qbt-06',
      effectiveOn: all[at]?.day,
    });
    await world.run('book-bank-interest', bodyOf(0));
    expect(await proposals()).toStrictEqual([]);
    await world.run('book-bank-interest', bodyOf(1));
    expect(await proposals()).toStrictEqual([['interest', 'learned', 'book-bank-interest', bodyOf(2)]]);
    await world.run('book-bank-interest', bodyOf(2));
  });
});

test('lists give every line and entry once, a page at a time, split lines as their parts', async () => {
  await withWorld(async (world) => {
    const days = ['2026-03-01', '2026-03-02'];
    const lines = Array.from({ length: 9 }, (_, i) => ({
      day: days[i % 2] ?? '',
      amount: 20 + i,
      text: `dong ${i}`,
    }));
    await world.importText(statementText(lines));
    for (const { day, amount } of lines) await world.run(...gift(String(amount), day));
    const all = await open(world);
    const split = all[3];
    const parts = Array.from({ length: 11 }, (_, i) => (i === 10 ? Number(split?.amount) - 10 : 1)).map(
      String,
    );
    await world.run('split-bank-line', { account: ACCOUNT, year: 2026, line: split?.unit, parts });
    const ports = await portsOf(world);
    await matchAccount(ports, { ...ASK, rules: ['amount-day'] });
    const reads = await world.reads();
    const { side } = await readBankSide(reads, ASK);
    for (const isOpen of [undefined, true, false])
      for (const limit of [1, 2, 3, 50]) {
        const found: string[] = [];
        let after: string | undefined;
        do {
          const page = await readBankLines(reads, { ...ASK, open: isOpen, limit, after });
          expect(page?.rows.length).toBeLessThanOrEqual(limit);
          found.push(...(page?.rows ?? []).map(({ unit, match }) => `${unit} ${match}`));
          after = page?.next ?? undefined;
        } while (after !== undefined);
        const wanted = (side?.units ?? [])
          .filter(({ match }) => isOpen === undefined || isOpen === (match === null))
          .map(({ day, unit, match }) => ({ key: `${day} ${unit}`, told: `${unit} ${match}` }))
          .toSorted((a, b) => (a.key < b.key ? -1 : 1))
          .map(({ told }) => told);
        expect(found).toStrictEqual(wanted);
      }
    const entries: string[] = [];
    let after: string | undefined;
    do {
      const page = await readOpenEntries(reads, { ...ASK, limit: 2, after });
      entries.push(...(page?.rows ?? []).map(({ entry }) => entry));
      after = page?.next ?? undefined;
    } while (after !== undefined);
    const openEntries = (side?.entries ?? []).filter(({ match }) => match === null);
    expect(entries.toSorted()).toStrictEqual(openEntries.map(({ entry }) => entry).toSorted());
    expect(entries.length).toBeGreaterThan(0);
  });
});
