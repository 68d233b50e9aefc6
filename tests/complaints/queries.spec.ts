import type { KyselyPlugin } from 'kysely';
import { expect, test } from 'vitest';
import { everything } from '#access';
import { fundProjections, readDisbursements, readJournal, readPoolBalances } from '#funds';
import type { ReadContext } from '#read-models';
import { BOOK_2026, openedLedger } from '../support/opened-ledger.ts';
import { describeStores, projected } from '../support/stores.ts';

const SCOPE = everything('kiem-toan');
const ON = { effectiveOn: '2026-03-01' };
const MANY = 100;

/** Statements that a read sends to the database. */
async function counted(
  context: ReadContext,
  read: (context: ReadContext) => Promise<unknown>,
): Promise<number> {
  let statements = 0;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      statements += 1;
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  await read({ ...context, db: context.db.withPlugin(plugin) });
  return statements;
}

describeStores('how often a read asks', (fresh) => {
  test('GiveWP#5475: a list asks as often for many rows as for one', async () => {
    const { log, ledger, made } = await openedLedger();
    await made('open-book', BOOK_2026);
    const give = async (donor: string): Promise<void> => {
      await made('register-donor', { donor, kind: 'organisation', ...ON });
      const money = { ...ON, commodity: 'VND', amount: '100' };
      await made('record-receipt', { ...money, account: 'tien-mat', source: 'voluntary', donor });
      await made('propose-disbursement', { ...money, amount: '10', lines: [{ amount: '10' }] });
    };
    const reads: readonly ((context: ReadContext) => Promise<unknown>)[] = [
      (context) => readJournal(context, { scope: SCOPE, limit: MANY * 2 }),
      (context) => readPoolBalances(context, { scope: SCOPE }),
      (context) => readDisbursements(context, { scope: SCOPE, limit: MANY * 2 }),
    ];
    const statements = async (): Promise<number[]> => {
      const context = await projected(fresh, log, fundProjections);
      const found: number[] = [];
      for (const read of reads) found.push(await counted(context, read));
      await context.close();
      return found;
    };
    await give('nt-1');
    const one = await statements();
    for (let donor = 2; donor <= MANY; donor += 1) await give(`nt-${donor}`);
    expect(await statements()).toStrictEqual(one);
    expect(Math.min(...one)).toBeGreaterThan(0);
    await ledger.close();
  });
});
