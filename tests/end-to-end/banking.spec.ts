import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { everything, onlyFunds } from '#access';
import { matchAccount, readBankLines, readBankSide, readReconciliation } from '#banking';
import { parseEnvelope } from '#platform';
import { ACCOUNT, type BankWorld, type MadeLine, bankWorld, statementText } from '../support/bank.ts';

const SCOPE = everything('ke-toan');

async function withWorld<T>(work: (world: BankWorld) => Promise<T>): Promise<T> {
  const world = await bankWorld();
  try {
    return await work(world);
  } finally {
    await world.close();
  }
}

const receipt = (amount: string, effectiveOn: string, more: object = {}): [string, object] => [
  'record-receipt',
  { fund: 'qbt-06', account: 'nh-1', source: 'voluntary', commodity: 'VND', amount, effectiveOn, ...more },
];

const eventsOf = async ({ log }: BankWorld): Promise<string[]> =>
  (await log.readAll({ limit: 10_000 })).events.map(({ type }) => type);

const DAYS = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04'];
const lineArbitrary = fc.record({
  day: fc.constantFrom(...DAYS),
  amount: fc.integer({ min: -3, max: 3 }).filter((amount) => amount !== 0),
  text: fc.constantFrom('ung ho', 'ung ho tre em', 'phi'),
});

/** The true account, in order, and files that each cover whole days of it. */
const accountArbitrary = fc
  .record({
    lines: fc.array(lineArbitrary, { maxLength: 14 }),
    spans: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 5 }),
    balances: fc.boolean(),
  })
  .map(({ lines, spans, balances }) => {
    const sorted = lines.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
    const files = spans.flatMap(([a, b]) => {
      const [from = '', to = ''] = [DAYS[Math.min(a, b)], DAYS[Math.max(a, b)]];
      const covered = sorted.filter(({ day }) => day >= from && day <= to);
      const opening = sorted.filter(({ day }) => day < from).reduce((sum, { amount }) => sum + amount, 0);
      return covered.length === 0 ? [] : [statementText(covered, { opening, balances })];
    });
    const isCovered = ({ day }: MadeLine): boolean =>
      spans.some(([a, b]) => DAYS.indexOf(day) >= Math.min(a, b) && DAYS.indexOf(day) <= Math.max(a, b));
    return { files, expected: sorted.filter(isCovered) };
  });

/** What the bank's side came to, without what depends on salts and times. */
const linesOf = async (world: BankWorld): Promise<string[]> => {
  const records = (await world.log.readAll({ limit: 10_000 })).events;
  const lines: string[] = [];
  for (const record of records) {
    if (record.type !== 'bank.line-recorded.v1') continue;
    const { data, effectiveOn } = parseEnvelope(record) as unknown as {
      effectiveOn: string;
      data: { amount: string; direction: string; narrative: string };
    };
    const sign = data.direction === 'in' ? '' : '-';
    lines.push(`${effectiveOn} ${sign}${data.amount} ${await world.vault.get(data.narrative)}`);
  }
  return lines.toSorted();
};

const told = (lines: readonly MadeLine[]): string[] =>
  lines.map(({ day, amount, text }) => `${day} ${amount} ${text}`).toSorted();

describe('files of one account', () => {
  test('in any order, overlapping and repeated, lead to the lines of the account, each once', async () => {
    await fc.assert(
      fc.asyncProperty(
        accountArbitrary,
        fc.array(fc.nat(), { maxLength: 6 }),
        async ({ files, expected }, order) => {
          const shuffled = [
            ...order.map((at) => files[at % Math.max(1, files.length)] ?? ''),
            ...files,
          ].filter(Boolean);
          await withWorld(async (world) => {
            for (const file of shuffled) expect((await world.importText(file)).refusal).toBeNull();
            expect(await linesOf(world)).toStrictEqual(told(expected));
            const before = await eventsOf(world);
            for (const file of shuffled.toReversed()) await world.importText(file);
            expect(await eventsOf(world)).toStrictEqual(before);
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  test('with two equal lines on a day have two lines, and both in each file that covers the day', async () => {
    await withWorld(async (world) => {
      const twice = [1, 2].map(() => ({ day: '2026-03-01', amount: 5, text: 'ung ho' }));
      const file = statementText(twice, { balances: false });
      expect((await world.importText(file)).statements[0]).toMatchObject({ lines: 2, recorded: 2, known: 0 });
      const later = statementText([...twice, { day: '2026-03-02', amount: 1, text: 'a' }], {
        balances: false,
      });
      expect((await world.importText(later)).statements[0]).toMatchObject({
        lines: 3,
        recorded: 1,
        known: 2,
      });
    });
  });
});

const histories = fc.record({
  lines: fc.array(lineArbitrary, { maxLength: 12 }),
  gifts: fc.array(fc.record({ day: fc.constantFrom(...DAYS), amount: fc.integer({ min: 1, max: 3 }) }), {
    maxLength: 8,
  }),
  opening: fc.integer({ min: -2, max: 5 }),
  split: fc.nat(12),
  undo: fc.boolean(),
  gap: fc.integer({ min: -2, max: 2 }),
  on: fc.constantFrom(...DAYS),
});

test('the bank’s balance is the books’ and the listed items, to the đồng, on any day of any history', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ({ lines, gifts, opening, split, undo, gap, on }) => {
      await withWorld(async (world) => {
        for (const { day, amount } of gifts) await world.run(...receipt(String(amount), day));
        const sorted = lines.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
        const day = DAYS[split % DAYS.length] ?? '';
        const [early, late] = [sorted.filter((l) => l.day <= day), sorted.filter((l) => l.day > day)];
        const middle = opening + early.reduce((sum, { amount }) => sum + amount, 0);
        if (early.length > 0) await world.importText(statementText(early, { opening }));
        // A file is missing or wrong in between: its opening balance is not where the one before ended.
        if (late.length > 0) await world.importText(statementText(late, { opening: middle + gap }));
        const ports = { log: world.log, ledger: world.ledger, vault: world.vault };
        const rules = ['reference', 'reference-sum', 'name', 'amount-day'] as const;
        const matched = await matchAccount(
          { ...ports, context: await world.reads() },
          { scope: SCOPE, account: ACCOUNT, actor: 'ke-toan', rules },
        );
        expect(matched.ok && matched.value.refusals).toStrictEqual([]);
        const { side } = await readBankSide(await world.reads(), { scope: SCOPE, account: ACCOUNT });
        const [match] = [...(side?.matches.keys() ?? [])];
        if (undo && match !== undefined)
          await world.run('unmatch-bank-line', { account: ACCOUNT, year: 2026, match, reason: 'nham' });
        const found = await readReconciliation(await world.reads(), { scope: SCOPE, account: ACCOUNT, on });
        if (!found) throw new Error('there is a reconciliation');
        const { bank, book, items, difference } = found.statement;
        // The model: what the bank's files say of the day, and the sum of the gifts.
        const upTo = (all: readonly { readonly day: string; readonly amount: number }[]): number =>
          all.filter((one) => one.day <= on).reduce((sum, { amount }) => sum + amount, 0);
        const lastDay = late.at(-1)?.day ?? '';
        const isGapShown = late.length > 0 && on >= lastDay;
        const start = early.length > 0 ? opening : late.length > 0 ? middle + gap : 0;
        const shift = early.length > 0 && isGapShown ? gap : 0;
        expect(bank).toBe(BigInt(start + upTo(sorted) + shift));
        expect(book).toBe(BigInt(upTo(gifts)));
        expect(difference).toBe(0n);
        expect(bank - book).toBe(items.reduce((sum, { amount }) => sum + amount, 0n));
        const accepted = await world.tell('accept-reconciliation', {
          account: ACCOUNT,
          on,
          bank: String(bank),
          book: String(book),
          items: String(found.statement.listed),
          listed: items.length,
          knownAt: found.knownAt,
        });
        expect(accepted.ok).toBe(true);
      });
    }),
    { numRuns: 40 },
  );
});

describe('a file that is refused', () => {
  const refusedFile = async (world: BankWorld, text: string): Promise<string | undefined> => {
    const before = await eventsOf(world);
    const report = await world.importText(text);
    expect(await eventsOf(world)).toStrictEqual(before);
    const kept = await world.vault.getFile(report.file ?? '');
    expect(kept && new TextDecoder().decode(kept)).toBe(text);
    return report.refusal?.code;
  };
  const lines = [{ day: '2026-03-01', amount: 5, text: 'a' }];

  test.each([
    ['of another account', statementText(lines, { number: '999999999' }), 'STATEMENT_OF_ANOTHER_ACCOUNT'],
    ['of another bank', statementText(lines).replace('VIETCOMBANK', 'BIDV'), 'STATEMENT_OF_ANOTHER_BANK'],
    [
      'of another bank by its columns alone',
      'Ngày hiệu lực;Ghi nợ;Ghi có;Số dư;Mô tả\n01/03/2026;;5;5;a\n',
      'STATEMENT_OF_ANOTHER_BANK',
    ],
    [
      'of another currency',
      statementText(lines).replace('VIETCOMBANK', 'VIETCOMBANK Currency: USD'),
      'STATEMENT_OF_ANOTHER_CURRENCY',
    ],
    ['of days to come', statementText([{ day: '2027-03-01', amount: 5, text: 'a' }]), 'DATE_IN_FUTURE'],
    ['cut off', `${statementText(lines)}02/03/2026;;5;10;"ung`, 'STATEMENT_TRUNCATED'],
    ['with a formula', statementText([{ day: '2026-03-01', amount: 5, text: '=1+1' }]), 'STATEMENT_FORMULA'],
  ])('%s is kept, and nothing is recorded', async (_, text, code) => {
    await withWorld(async (world) => expect(await refusedFile(world, text)).toBe(code));
  });

  test('is read once its layout was saved for the account', async () => {
    await withWorld(async (world) => {
      const text = 'Ngày hiệu lực;Ghi nợ;Ghi có;Số dư;Mô tả\n01/03/2026;;5;5;a\n';
      expect(await refusedFile(world, text)).toBe('STATEMENT_OF_ANOTHER_BANK');
      await world.run('save-bank-layout', {
        account: ACCOUNT,
        layout: {
          name: 'cua-quy',
          columns: {
            bookedOn: ['Ngày hiệu lực'],
            debit: ['Ghi nợ'],
            credit: ['Ghi có'],
            narrative: ['Mô tả'],
          },
        },
        effectiveOn: '2026-03-02',
      });
      const report = await world.importText(text);
      expect(report).toMatchObject({ refusal: null, statements: [{ layout: 'cua-quy', recorded: 1 }] });
    });
  });
});

test('a statement that does not add up is recorded with its exceptions, and they stand in the reconciliation', async () => {
  await withWorld(async (world) => {
    const text = statementText([{ day: '2026-03-01', amount: 5, text: 'a' }]).replace(
      'Số dư cuối kỳ;;;5',
      'Số dư cuối kỳ;;;7',
    );
    expect((await world.importText(text)).refusal).toBeNull();
    const found = await readReconciliation(await world.reads(), {
      scope: SCOPE,
      account: ACCOUNT,
      on: '2026-03-31',
    });
    expect(found?.statement).toMatchObject({ bank: 7n, book: 0n, listed: 7n, difference: 0n });
    expect(found?.statement.items.map(({ kind, amount, todo }) => [kind, amount, todo])).toStrictEqual([
      ['at-bank-only', 5n, 'to-be-booked'],
      ['statement-gap', 2n, 'to-be-explained'],
    ]);
    expect(found?.statement.exceptions.map(({ code }) => code)).toStrictEqual(['CLOSING_DIFFERS']);
  });
});

describe('matching an account', () => {
  test('finds references in the narrative, names the rule, and what stays open is listed', async () => {
    await withWorld(async (world) => {
      await world.run('register-donor', {
        donor: 'd-1',
        kind: 'individual',
        name: 'Nguyễn Văn An',
        effectiveOn: '2026-01-01',
      });
      await world.run(...receipt('500000', '2026-03-01'));
      await world.run(...receipt('700000', '2026-03-02', { donor: 'd-1' }));
      await world.importText(
        statementText([
          { day: '2026-03-02', amount: 500_000, text: 'MBVCB.1.PT 0000-01.CT tu 001' },
          { day: '2026-03-02', amount: 700_000, text: 'NGUYEN VAN AN ung ho' },
          { day: '2026-03-03', amount: 9, text: 'khong ro' },
        ]),
      );
      const ports = { log: world.log, ledger: world.ledger, vault: world.vault };
      const ask = { scope: SCOPE, account: ACCOUNT, actor: 'ke-toan' };
      const report = await matchAccount({ ...ports, context: await world.reads() }, ask);
      expect(report.ok && report.value).toMatchObject({
        matched: { reference: 1, name: 1 },
        openLines: 1,
        openEntries: 0,
      });
      const again = await matchAccount({ ...ports, context: await world.reads() }, ask);
      expect(again.ok && again.value).toMatchObject({ matched: {}, lines: 0, openLines: 1 });
      const open = await readBankLines(await world.reads(), { ...ask, open: true, limit: 10 });
      expect(open?.rows.map(({ amount }) => amount)).toStrictEqual([9n]);
      const hidden = await readBankLines(await world.reads(), {
        account: ACCOUNT,
        scope: onlyFunds('khach', ['qbt-19']),
        limit: 10,
      });
      expect(hidden).toBeNull();
    });
  });
});
