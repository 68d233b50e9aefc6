import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { everything } from '#access';
import { openMemoryLog } from '#event-log';
import { bookItems, fundProjections, readFundBalances, readVoidedVouchers } from '#funds';
import type { LedgerEvent } from '#kernel';
import { type Outcome, historyFromLog, openLedger, parseEnvelope } from '#platform';
import { pledgeProjections, readPledgeAgeing } from '#pledges';
import { openVault } from '#privacy';
import { allHandlers, directories, streamKinds } from '../../apps/ledger/handlers.ts';
import { describeStores, projected } from '../support/stores.ts';

const ALL = everything('kiem-toan');

/** The executor over a log in memory, at noon of a day of 2026. */
async function opened() {
  const log = openMemoryLog();
  const ledger = await openLedger({
    log,
    vault: openVault(':memory:'),
    handlers: allHandlers,
    streamKinds,
    directories,
    clock: () => Date.parse('2026-06-30T05:00:00Z'),
    history: historyFromLog(log, bookItems),
    items: bookItems,
  });
  const send = (handler: string, body: object, key: string = randomUUID()): Promise<Outcome> =>
    ledger.execute({ handler, key, body: { fund: 'qbt-06', ...body }, actor: 'ke-toan' });
  /** The id of what a command made; it must be accepted. */
  const made = async (handler: string, body: object): Promise<string> => {
    const outcome = await send(handler, body);
    if (!outcome.ok) throw new Error(`${handler}: ${JSON.stringify(outcome.error)}`);
    return outcome.value.commandId;
  };
  const events = async (): Promise<LedgerEvent[]> =>
    (await log.readAll({ limit: 1_000 })).events.map(parseEnvelope);
  const book = (year: number): Promise<string> =>
    made('open-book', {
      year,
      name: 'Quỹ Bảo trợ trẻ em tỉnh Bắc Kạn',
      level: 'province',
      accounts: [{ account: 'tien-mat', kind: 'cash' }],
      effectiveOn: `${year}-01-01`,
    });
  return { log, ledger, send, made, events, book };
}

const ON = { effectiveOn: '2026-03-01' };
const MONEY = { account: 'tien-mat', source: 'voluntary', commodity: 'VND' };

describeStores('corrections', (fresh) => {
  test('take the payment on a pledge back in the same append, and a retry changes nothing more', async () => {
    const { log, ledger, send, made, events, book } = await opened();
    await book(2026);
    for (const donor of ['a', 'b'])
      expect(
        (
          await ledger.execute({
            handler: 'register-donor',
            key: randomUUID(),
            actor: 'ke-toan',
            body: { donor, kind: 'organisation', effectiveOn: '2026-01-01' },
          })
        ).ok,
      ).toBe(true);
    for (const [pledge, donor] of [
      ['ck-1', 'a'],
      ['ck-2', 'b'],
    ])
      await made('make-pledge', {
        pledge,
        donor,
        commodity: 'VND',
        amount: '100',
        qualifier: 'exact',
        ...ON,
      });
    const receipt = await made('record-receipt', {
      ...MONEY,
      ...ON,
      amount: '100',
      donor: 'a',
      pledge: 'ck-1',
    });
    const relabelled = { receipt, donor: 'b', pledge: 'ck-2', reason: 'Nhầm người tặng', ...ON };
    expect((await send('correct-receipt', relabelled)).ok).toBe(true);
    const key = randomUUID();
    const body = { receipt, kind: 'bank-reversal', reason: 'Ngân hàng thu hồi', ...ON };
    const first = await send('reverse-receipt', body, key);
    const again = await send('reverse-receipt', body, key);
    expect(first.ok && again.ok && again.value).toStrictEqual(
      first.ok && { ...first.value, duplicate: true },
    );
    expect((await events()).slice(-5).map(({ type, stream }) => `${stream} ${type}`)).toStrictEqual([
      'book-qbt-06-2026 book.receipt-corrected.v1',
      'pledge-ck-1 pledge.payment-reversed.v1',
      'pledge-ck-2 pledge.payment-applied.v1',
      'book-qbt-06-2026 book.receipt-reversed.v1',
      'pledge-ck-2 pledge.payment-reversed.v1',
    ]);
    const context = await projected(fresh, log, [...fundProjections, ...pledgeProjections], 10);
    const { pledges } = await readPledgeAgeing(context, { scope: ALL, on: '2026-06-30' });
    expect(pledges.map(({ pledge, received, outstanding }) => [pledge, received, outstanding])).toStrictEqual(
      [
        ['ck-1', 0n, 100n],
        ['ck-2', 0n, 100n],
      ],
    );
    await context.close();
    await ledger.close();
  });

  test('of a receipt know every use of its units, also one decided since its past was read', async () => {
    const { ledger, send, made, events, book } = await opened();
    await book(2026);
    const receipt = await made('record-receipt', { ...MONEY, ...ON, amount: '100' });
    await made('record-receipt', { ...MONEY, ...ON, amount: '100' });
    const body = { receipt, kind: 'wrong-entry', reason: 'Ghi trùng', ...ON };
    const tried = await ledger.execute({
      handler: 'reverse-receipt',
      key: randomUUID(),
      actor: 'ke-toan',
      dryRun: true,
      body: { fund: 'qbt-06', ...body },
    });
    expect(tried.ok && tried.value.wouldAppend?.[0]?.data).toMatchObject({ voided: [['0', '100']] });
    const lines = [{ amount: '30', beneficiary: null, place: null, children: null }];
    const proposed = await send('propose-disbursement', { ...ON, commodity: 'VND', amount: '30', lines });
    if (!proposed.ok) throw new Error(JSON.stringify(proposed.error));
    const {
      commandId: disbursement,
      events: [proposal],
    } = proposed.value;
    const approved = await ledger.execute({
      handler: 'approve-disbursement',
      key: randomUUID(),
      actor: 'lanh-dao',
      body: { fund: 'qbt-06', disbursement, proposalHash: proposal?.hash, ...ON },
    });
    expect(approved.ok).toBe(true);
    expect((await send('reverse-receipt', body)).ok).toBe(true);
    expect((await events()).at(-1)).toMatchObject({
      data: {
        voided: [['30', '100']],
        covered: [{ use: disbursement, replaced: [['0', '30']], by: [['100', '130']] }],
      },
    });
    await ledger.close();
  });

  test('of a closed year stand in the open book, and the closed figures stay', async () => {
    const { log, ledger, send, made, events, book } = await opened();
    await book(2025);
    const old = { effectiveOn: '2025-05-01' };
    const receipt = await made('record-receipt', { ...MONEY, ...old, amount: '100' });
    await made('close-book', { year: 2025, effectiveOn: '2025-12-31' });
    await book(2026);
    const context = await projected(fresh, log, fundProjections, 10);
    const asked = { scope: ALL, effectiveThrough: '2025-12-31' };
    const before = (await readFundBalances(context, asked)).rows;
    await context.close();
    const corrected = { receipt, amount: '80', reason: 'Đếm nhầm', ...ON };
    expect((await send('correct-receipt', corrected)).ok).toBe(true);
    await made('void-voucher', {
      item: await made('record-receipt', { ...MONEY, ...ON, amount: '5' }),
      voucher: 'PT-000001',
      reason: 'In hỏng',
      ...ON,
    });
    const refunded = { receipt, amount: '10', account: 'tien-mat', reason: 'Tặng nhầm', ...ON };
    expect((await send('refund-to-donor', refunded)).ok).toBe(true);
    expect((await send('reverse-receipt', { receipt, kind: 'wrong-entry', reason: 'Sai', ...ON })).ok).toBe(
      true,
    );
    expect(
      (await events()).filter(({ data }) => (data as { receipt?: string }).receipt === receipt).slice(1),
    ).toMatchObject([
      {
        type: 'book.receipt-adjusted.v1',
        data: { originalBook: 'book-qbt-06-2025', voided: [['80', '100']] },
      },
      { type: 'book.donor-refunded.v1', data: { originalBook: 'book-qbt-06-2025', voided: [['70', '80']] } },
      { type: 'book.receipt-reversed.v1', data: { originalBook: 'book-qbt-06-2025', voided: [['0', '70']] } },
    ]);
    const after = await projected(fresh, log, fundProjections, 10);
    expect((await readFundBalances(after, asked)).rows).toStrictEqual(before);
    const [now] = (await readFundBalances(after, { scope: ALL })).rows;
    expect([now?.sums.received, now?.sums.available]).toStrictEqual([5n, 5n]);
    expect((await readVoidedVouchers(after, { scope: ALL })).rows).toMatchObject([
      {
        fund: 'qbt-06',
        book: 'book-qbt-06-2026',
        kind: 'receipt',
        voucher: 'PT-000001',
        replacedBy: 'PT-000002',
      },
    ]);
    await after.close();
    await ledger.close();
  });
});
