import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ToolName, profiles } from '#books';
import { approve, given, id, line, listGood, openBook, pay, propose, receive } from '../support/funds.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exported, projectedEvents, projectedHistories } from './histories.ts';
import { type AccountingJudge, accountingJudge } from './judge.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const EVENTS_EACH = 70;
const TOOLS: readonly ToolName[] = ['hledger', 'ledger', 'beancount'];
const folder = mkdtempSync(join(tmpdir(), 'lalanh-judges-'));
let context: Awaited<ReturnType<typeof projectedHistories>>;
beforeAll(async () => {
  context = await projectedHistories(SEEDS, EVENTS_EACH, join(folder, 'books.db'));
});
afterAll(async () => {
  await context.close();
  rmSync(folder, { recursive: true });
});

for (const tool of TOOLS) {
  const judge = accountingJudge(tool) as AccountingJudge;
  describe.skipIf(judge === undefined)(`${tool}, reading our export of random histories`, () => {
    it.each(profiles.map(({ name }) => name))(
      'finds every account where we have it (%s)',
      async (profile) => {
        for (const effectiveThrough of [undefined, '2025-06-30']) {
          const { journal, balances } = await exported(context, tool, profile, {
            ...(effectiveThrough !== undefined && { effectiveThrough }),
          });
          expect(Object.keys(balances).length).toBeGreaterThan(SEEDS.length * 4);
          expect(judge(journal)).toStrictEqual({ ok: true, balances });
        }
      },
    );

    it('agrees with every balance we state at the end of a month', async () => {
      const { journal, balances } = await exported(context, tool, 'vn-public', { assertions: true });
      expect(judge(journal)).toStrictEqual({ ok: true, balances });
    });

    it('refuses one đồng more on one side', async () => {
      const { journal } = await exported(context, tool, 'vn-public');
      expect(judge(tamper(journal, 1))).toMatchObject({ ok: false });
    });

    it('refuses a stated balance when an entry is changed on both sides', async () => {
      const { journal } = await exported(context, tool, 'vn-public', { assertions: true });
      expect(judge(tamper(journal, 2))).toMatchObject({ ok: false });
    });

    it('refuses an account that nobody declared', async () => {
      const { journal } = await exported(context, tool, 'vn-public');
      const without = journal.replace(/^(?:account |1975-01-01 open )Assets:.*\n/m, '');
      expect(without).not.toBe(journal);
      expect(judge(without)).toMatchObject({ ok: false });
    });
  });
}

describe('an export with goods, another currency and ids of every form', () => {
  const fund = 'quy.bao-tro-06';
  const long = 'ao-am-mua-dong-cho-tre-em-vung-cao-2026';
  const world = given(
    openBook({
      fund,
      accounts: [
        { account: 'tien-mat', kind: 'cash' },
        { account: '0123.nh', kind: 'bank' },
        { account: 'kho', kind: 'store' },
      ],
      goods: [
        { code: 'gao', unit: 'kg', exponent: 3 },
        { code: long, unit: 'chiếc', exponent: 0 },
        { code: `${long}x`.slice(0, 40), unit: 'chiếc', exponent: 0 },
      ],
    }),
    listGood({ fund, code: 'vnd', unit: 'tờ', exponent: 0 }),
    receive('1000', { fund, account: '0123.nh' }),
    receive('1250', { fund, account: '0123.nh', commodity: 'EUR' }),
    receive('1500', {
      fund,
      account: 'kho',
      commodity: 'gao',
      valuation: { amount: '20000', commodity: 'VND', technique: 'quy-uoc' },
    }),
    receive('7', { fund, account: 'kho', commodity: long }),
    receive('8', { fund, account: 'kho', commodity: `${long}x`.slice(0, 40) }),
    receive('9', { fund, account: 'kho', commodity: 'vnd' }),
    propose('700', { fund, commodity: 'gao', lines: [line('700')] }),
    approve(id(9), { fund }),
    pay(id(9), { fund, account: 'kho' }),
  );
  const expected: Record<string, string> = {
    '112:0123.nh VND': '1000',
    '112:0123.nh EUR': '12.5',
    '152:kho VND': '10667',
    '152:kho gao': '0.8',
    [`152:kho ${long}`]: '7',
    [`152:kho ${`${long}x`.slice(0, 40)}`]: '8',
    '152:kho vnd': '9',
  };

  it.each(TOOLS.filter((tool) => accountingJudge(tool) !== undefined))(
    'is read by %s to the last decimal',
    async (tool) => {
      const { close, ...own } = await projectedEvents(world.log, join(folder, `${tool}.db`));
      const { journal, balances } = await exported(own, tool, 'vn-public');
      expect(accountingJudge(tool)?.(journal)).toStrictEqual({ ok: true, balances });
      const assets = Object.entries(balances).filter(([account]) => account.startsWith('Assets:'));
      expect(assets.map(([, amount]) => amount).sort()).toStrictEqual(Object.values(expected).sort());
      if (tool !== 'beancount')
        expect(
          Object.fromEntries(
            assets.map(([account, amount]) => [account.slice(`Assets:${fund}:`.length), amount]),
          ),
        ).toStrictEqual(expected);
      await close();
    },
  );
});

/** Adds one to the amounts of the first two postings of the journal: to one of them, or to both. */
function tamper(journal: string, sides: 1 | 2): string {
  let left: number = sides;
  const changed = journal.replaceAll(
    /^( +\S+ {2})(-?\d+)( VND)$/gm,
    (all, before: string, number: string, after: string) => {
      if (left === 0) return all;
      left -= 1;
      const more = number.startsWith('-') ? BigInt(number) - 1n : BigInt(number) + 1n;
      return `${before}${more}${after}`;
    },
  );
  expect(changed).not.toBe(journal);
  return changed;
}
