import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { everything } from '#access';
import { openMemoryLog } from '#event-log';
import { fundProjections, readJournal, readTrialBalance } from '#funds';
import { catchUp, createProjector, openReadModels, openStore } from '#read-models';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { type Shape, bookHistory, randomFrom } from '../support/book-history.ts';
import { findJudge } from '../support/judges.ts';

const hledger = findJudge('hledger');
const folder = mkdtempSync(join(tmpdir(), 'lalanh-hledger-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SHAPE: Shape = {
  funds: ['qbt-06', 'qbt-19'],
  donors: 4,
  places: ['062-2021-01-01', '064-2021-01-01'],
  beneficiaries: ['tre-1', 'tre-2'],
  programmes: ['ao-am'],
  year: 2024,
  giftMax: 4_000_000,
  receiptsPercent: 40,
  receipts: 200,
};
const EVENTS = 400;
const JOURNAL_LIMIT = 1_000;
const scope = everything('kiem-toan');

/** A random history, as our read models hold it. */
async function books(seed: number) {
  const log = openMemoryLog();
  let events = 0;
  for (const { events: made, ...append } of bookHistory(SHAPE, randomFrom(seed))) {
    await log.append(append);
    events += made.length;
    if (events >= EVENTS) break;
  }
  const file = join(folder, `${seed}.db`);
  const store = openStore(file);
  await catchUp(await createProjector({ store, log, projections: fundProjections }));
  store.close();
  const { db, close } = openReadModels(file);
  return { context: { db, log }, close };
}

type Context = Awaited<ReturnType<typeof books>>['context'];

/** Our journal as hledger reads one. Our account names hold its comment sign, so they go in quotes of their own. */
async function journalText(context: Context): Promise<string> {
  const blocks = new Map<number, string[]>();
  let after: string | undefined;
  do {
    const page = await readJournal(context, { scope, limit: JOURNAL_LIMIT, after });
    for (const { position, effectiveOn, account, amount, commodity } of page.rows) {
      const block = blocks.get(position) ?? [`${effectiveOn} ${position}`];
      block.push(`  ${asHledger(account)}  ${amount} ${named(commodity)}`);
      blocks.set(position, block);
    }
    after = page.next ?? undefined;
  } while (after !== undefined);
  return [...blocks.values()].map((block) => `${block.join('\n')}\n`).join('\n');
}

const asHledger = (account: string): string => account.replaceAll(';', '+');

/** What lies on an account, commodity by commodity, in one order. */
type Balances = Record<string, string[]>;

/** A commodity as hledger writes it: letters alone, or in quotes. */
const named = (commodity: string): string => (/^[A-Z]+$/.test(commodity) ? commodity : `"${commodity}"`);

const ours = async (context: Context, effectiveThrough: string): Promise<Balances> => {
  const { rows } = await readTrialBalance(context, { scope, effectiveThrough });
  const sums: Balances = {};
  for (const {
    key,
    commodity,
    sums: { debit, credit },
  } of rows)
    if (debit !== credit) (sums[asHledger(key ?? '')] ??= []).push(`${debit - credit} ${named(commodity)}`);
  for (const of of Object.values(sums)) of.sort();
  return sums;
};

const theirs = (text: string, before: string): Balances => {
  const verdict = hledger?.(['-f', '-', 'balance', '--flat', '-N', '-O', 'csv', '-e', before], text);
  expect(verdict?.stderr).toBe('');
  const rows = parse(verdict?.stdout ?? '', { columns: true }) as { account: string; balance: string }[];
  return Object.fromEntries(rows.map(({ account, balance }) => [account, balance.split(', ').toSorted()]));
};

describe.skipIf(hledger === undefined)('hledger, reading our journal', () => {
  it.each([1, 2, 3])(
    'finds every entry balanced and every account as we have it (history %i)',
    async (seed) => {
      const { context, close } = await books(seed);
      const text = await journalText(context);
      for (const [through, before] of [
        ['2024-06-30', '2024-07-01'],
        ['2024-12-31', '2025-01-01'],
      ] as const) {
        const expected = await ours(context, through);
        expect(Object.keys(expected).length).toBeGreaterThan(4);
        expect(theirs(text, before)).toStrictEqual(expected);
      }
      await close();
    },
  );

  it('refuses a journal of ours with one đồng changed', async () => {
    const { context, close } = await books(1);
    const text = (await journalText(context)).replace(/(\d+) VND/, '1$1 VND');
    expect(hledger?.(['-f', '-', 'balance'], text).code).not.toBe(0);
    await close();
  });
});
