import { handlers as people } from '#people';
import { handlers as pledges } from '#pledges';
import { describe, expect, test } from 'vitest';
import { CONTEXT, decide, factsOf } from '../../../tests/support/given.ts';
import { handlers } from '../index.ts';

/** Daily money as a client sends it: what the boundary accepts and what else a command appends. */

const ON = { fund: 'qbt-06', effectiveOn: '2026-03-01' };
const opening = {
  fund: 'qbt-06',
  year: 2026,
  name: 'Quỹ',
  level: 'province',
  effectiveOn: '2026-01-01',
  accounts: [
    { account: 'vcb', kind: 'bank' },
    { account: 'tien-mat', kind: 'cash' },
  ],
};
const donor = { donor: 'd-1', kind: 'organisation', effectiveOn: '2026-01-01' };
const pledge = { pledge: 'p-1', donor: 'd-1', fund: 'qbt-06', commodity: 'VND', amount: '900' };
const facts = factsOf([
  [handlers.openBook, opening],
  [people.registerDonor, donor],
  [pledges.makePledge, { ...pledge, effectiveOn: '2026-01-01' }],
  [handlers.recordUnidentifiedReceipt, { ...ON, account: 'vcb', commodity: 'VND', amount: '900' }],
]);

describe('identify-receipt', () => {
  const body = { ...ON, unidentified: CONTEXT.commandId, source: 'voluntary', donor: 'd-1', pledge: 'p-1' };

  test('pays on the pledge in the same append', () => {
    const decided = decide(handlers.identifyReceipt, { ...body, amount: '400' }, facts);
    expect(decided.ok && decided.value.map(({ stream, type }) => `${stream} ${type}`)).toStrictEqual([
      'book-qbt-06-2026 book.receipt-recorded.v1',
      'book-qbt-06-2026 book.receipt-identified.v1',
      'pledge-p-1 pledge.payment-applied.v1',
    ]);
    expect(decided.ok && decided.value.at(-1)?.data).toMatchObject({ amount: '400', commodity: 'VND' });
  });

  test.each([
    [{ ...body, pledge: 'p-2' }, 'PLEDGE_UNKNOWN'],
    [{ ...body, donor: 'd-2' }, 'DONOR_UNKNOWN'],
    [{ ...body, donor: null }, 'PLEDGE_OF_OTHER_DONOR'],
    [{ ...body, amount: '901' }, 'ITEM_TOO_SMALL'],
  ])('is refused whole when a part of it is (%#)', (refused, code) => {
    expect(decide(handlers.identifyReceipt, refused, facts)).toMatchObject({ ok: false, error: { code } });
  });
});
