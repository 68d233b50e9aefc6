import { expect, test } from 'vitest';
import { postingsOf } from '#funds';
import type { Fact, Result } from '#kernel';
import {
  allocate,
  approve,
  given,
  id,
  line,
  openBook,
  propose,
  receive,
  release,
  when,
} from '../support/funds.ts';
import { BOOK_2026, openedLedger } from '../support/opened-ledger.ts';

const POOL = 'qbt-06/VND/group=mo-coi';
const code = (decided: Result<Fact[]>): string => (decided.ok ? 'ok' : decided.error.code);

test('NPSP#863, #764, #1050: no more is set aside or used than there is', () => {
  const world = given(openBook(), receive('100'), propose('60'), propose('60'), approve(id(3)));
  expect(code(when(world, approve(id(4))))).toBe('POOL_OVERDRAWN');
  expect(code(when(world, allocate('41', { designation: { group: 'mo-coi' } })))).toBe('POOLS_INSUFFICIENT');
  expect(code(when(world, allocate('40', { designation: { group: 'mo-coi' } })))).toBe('ok');
});

test('NPSP#3434: parts that come to more or less than the whole are refused', () => {
  const world = given(openBook(), receive('100'));
  for (const parts of [
    ['100', '100'],
    ['33', '33', '33'],
  ])
    expect(code(when(world, propose('100', { lines: parts.map((part) => line(part)) })))).toBe(
      'PARTS_DO_NOT_SUM',
    );
  expect(code(when(world, propose('100', { lines: [line('67'), line('33')] })))).toBe('ok');
});

test('NPSP#2636, #1832, OpenPetra#71: there is no default fund or account', async () => {
  const { ledger, made } = await openedLedger();
  await made('open-book', BOOK_2026);
  const gift = {
    fund: 'qbt-06',
    account: 'tien-mat',
    source: 'voluntary',
    commodity: 'VND',
    amount: '100',
    effectiveOn: '2026-03-01',
  };
  let keys = 0;
  const send = async (body: object): Promise<string> => {
    keys += 1;
    const key = `01990000-0000-7000-8000-${String(keys).padStart(12, '0')}`;
    const outcome = await ledger.execute({ handler: 'record-receipt', key, body, actor: 'ke-toan' });
    return outcome.ok ? 'ok' : `${outcome.error.code} ${String(outcome.error.details?.['pointer'] ?? '')}`;
  };
  const { fund: _fund, ...noFund } = gift;
  const { account: _account, ...noAccount } = gift;
  expect([await send(noFund), await send(noAccount), await send(gift)]).toStrictEqual([
    'FIELD_MISSING /fund',
    'FIELD_MISSING /account',
    'ok',
  ]);
  await ledger.close();
});

test('whatdotheyknow#1093, operations-fc#15: a release takes evidence and leaves an entry', () => {
  const world = given(openBook(), receive('100', { restriction: { group: 'mo-coi' } }));
  expect(code(when(world, release(POOL, '40', { files: [] })))).toBe('RELEASE_WITHOUT_EVIDENCE');
  const released = given(
    openBook(),
    receive('100', { restriction: { group: 'mo-coi' } }),
    release(POOL, '40'),
  );
  const event = released.log.at(-1);
  expect(event).toMatchObject({
    type: 'book.restriction-released.v1',
    actor: 'chi',
    data: { proposedBy: 'lan', ground: 'donor-consent', reason: 'dong-y', files: ['ef'.repeat(32)] },
  });
  expect(event && postingsOf(event)).toStrictEqual([
    { account: `free/${POOL}`, commodity: 'VND', amount: 40n },
    { account: 'free/qbt-06/VND/general', commodity: 'VND', amount: -40n },
  ]);
});
