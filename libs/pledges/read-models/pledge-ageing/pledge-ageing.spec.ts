import { expect, test } from 'vitest';
import { everything, onlyFunds } from '#access';
import { eventId, openMemoryLog } from '#event-log';
import { writeEnvelope } from '#platform';
import { describeStores, projected } from '../../../../tests/support/stores.ts';
import type { Instalment } from '../../domain/events.ts';
import { pledgeProjections, readPledgeAgeing } from '../index.ts';

const HASH = '0'.repeat(64);

const due = (...list: readonly (readonly [string, string])[]): Instalment[] =>
  list.map(([day, amount], index) => ({ index, due: day, amount }));
const made = (pledge: string, amount: string | null, instalments: Instalment[], qualifier = 'exact') =>
  [
    pledge,
    'pledge.made.v1',
    '2024-01-01',
    {
      pledge,
      donor: 'd-1',
      fund: 'qbt-06',
      commodity: 'VND',
      amount,
      qualifier,
      instalments,
      narrative: null,
    },
  ] as const;
const paid = (pledge: string, amount: string) =>
  [
    pledge,
    'pledge.payment-applied.v1',
    '2024-03-01',
    { pledge, receipt: 'r', fund: 'qbt-06', donor: 'd-1', commodity: 'VND', amount },
  ] as const;

describeStores('pledge ageing', (fresh) => {
  test('what is outstanding stands in the bucket of its lateness; unknown amounts are counted, never summed', async () => {
    const facts = [
      // Money fills the earliest instalment first: 60 of the first 100 is left, due 31 days before the day asked.
      made('p-1', '300', due(['2024-05-31', '100'], ['2024-06-01', '100'], ['2024-07-01', '100'])),
      paid('p-1', '40'),
      made('p-2', '50', [], 'at-least'),
      made('p-3', null, []),
      made('p-4', '70', due(['2024-04-02', '30'], ['2024-04-01', '40'])),
      made('p-5', '80', due(['2024-01-31', '80'])),
      ['p-5', 'pledge.cancelled.v1', '2024-06-15', { pledge: 'p-5', reason: 'thoi' }] as const,
    ];
    const log = openMemoryLog();
    const revisions = new Map<string, number>();
    for (const [index, [pledge, type, effectiveOn, data]] of facts.entries()) {
      const stream = `pledge-${pledge}`;
      const commandId = `01890000-0000-7000-8000-${String(index).padStart(12, '0')}`;
      const last = revisions.get(stream);
      const revision = (last ?? -1) + 1;
      revisions.set(stream, revision);
      const id = eventId(commandId, 0);
      const ids = { id, commandId, correlationId: commandId, causationId: commandId };
      const recordedAt = '2024-06-30T00:00:00.000Z';
      const envelope = writeEnvelope({
        ...ids,
        type,
        stream,
        revision,
        effectiveOn,
        recordedAt,
        actor: 'an',
        bodyHash: HASH,
        data,
      });
      await log.append({
        command: commandId,
        requestHash: HASH,
        writes: [{ stream, expected: last ?? 'no-stream', events: [{ id, type, envelope }] }],
      });
    }
    const context = await projected(fresh, log, pledgeProjections);
    const query = { scope: everything('ke-toan'), on: '2024-07-01' };
    const { rows } = await readPledgeAgeing(context, query);
    expect(rows).toStrictEqual([
      {
        fund: 'qbt-06',
        commodity: 'VND',
        ages: {
          notDue: 100n,
          days1to30: 100n,
          days31to60: 60n,
          days61to90: 30n,
          over90: 40n,
          unscheduled: 50n,
        },
        notExact: 50n,
        unknown: 1,
      },
    ]);
    const beforePayment = await readPledgeAgeing(context, { ...query, effectiveThrough: '2024-02-29' });
    expect(beforePayment.rows[0]?.ages).toStrictEqual({
      notDue: 100n,
      days1to30: 100n,
      days31to60: 100n,
      days61to90: 30n,
      over90: 120n,
      unscheduled: 50n,
    });
    const hidden = await readPledgeAgeing(context, { ...query, scope: onlyFunds('khach', ['qbt-19']) });
    expect([hidden.rows, hidden.pledges]).toStrictEqual([[], []]);
    await context.close();
  });
});
