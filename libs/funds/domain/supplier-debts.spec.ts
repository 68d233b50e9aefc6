import { describe, expect, test } from 'vitest';
import { setCap, spend } from '../../../tests/support/daily.ts';
import { credit, invoice, paySupplier } from '../../../tests/support/debts.ts';
import {
  type Step,
  type World,
  approve,
  closeBook,
  deliver,
  given,
  id,
  line,
  openBook,
  propose,
  receive,
  reverseReceipt,
  when,
} from '../../../tests/support/funds.ts';
import { available } from '#kernel';
import { poolOf } from './book.ts';
import { postingsOf } from './postings.ts';

const POOL = 'qbt-06/VND/general';
const started = (...more: Step[]): World => given(openBook(), receive('900'), ...more);
const posted = (log: World['log']): string[] =>
  log.flatMap((event) => postingsOf(event)).map(({ account, amount }) => `${account} ${amount}`);
const openIn = ({ book }: World): unknown[] =>
  [...book.items].map(([item, { kind, account, left }]) => [item, kind, account, left]);
const freeIn = ({ book }: World): bigint => available(poolOf(book, POOL));

describe('an invoice for an own cost', () => {
  const DEBT = id(3);

  test('spends its units when it comes and money when it is paid, in parts', () => {
    const world = started(
      invoice('300', { due: '2026-03-31' }),
      paySupplier(DEBT, { amount: '100' }),
      paySupplier(DEBT, { effectiveOn: '2026-03-02' }),
    );
    expect(world.log.slice(2).map(({ type }) => type)).toStrictEqual([
      'book.supplier-debt-recorded.v1',
      'book.expense-recorded.v1',
      'book.supplier-paid.v1',
      'book.supplier-paid.v1',
    ]);
    expect(posted(world.log.slice(2))).toStrictEqual([
      'free/qbt-06/VND/general 300',
      'debt/qbt-06/ncc-1 -300',
      'debt/qbt-06/ncc-1 100',
      'asset/qbt-06/tien-mat -100',
      'debt/qbt-06/ncc-1 200',
      'asset/qbt-06/tien-mat -200',
    ]);
    expect(world.log.at(-1)?.data).toMatchObject({ voucher: 'PC-000002', amount: '200', left: '0' });
    expect(world.log[3]?.data).toMatchObject({ voucher: 'DC-000001', account: 'debt/ncc-1', expense: DEBT });
    expect([openIn(world), freeIn(world)]).toStrictEqual([[], 600n]);
  });

  test('is open with its day and its due day until it is paid', () => {
    const { items } = started(invoice('300', { due: '2026-03-31' })).book;
    expect(items.get(DEBT)).toStrictEqual({
      kind: 'supplier-debt',
      account: 'ncc-1',
      commodity: 'VND',
      left: 300n,
      since: '2026-03-01',
      due: '2026-03-31',
    });
  });

  test('counts under the cap, and what is credited no more', () => {
    const world = started(setCap(), invoice('45'));
    expect(when(world, spend('1'))).toMatchObject({ error: { code: 'ADMIN_CAP_EXCEEDED' } });
    expect(when(started(setCap(), invoice('45'), credit(id(4), { amount: '5' })), spend('5')).ok).toBe(true);
  });

  test('credited in part frees its last units', () => {
    const world = started(
      invoice('300'),
      paySupplier(DEBT, { amount: '100' }),
      credit(DEBT, { amount: '50', creditNote: 'CN-7' }),
    );
    expect(world.log.at(-1)?.data).toMatchObject({
      corrects: DEBT,
      originalBook: null,
      voucher: 'DC-000002',
      creditNote: 'CN-7',
      amount: '50',
      left: '150',
      withdrawn: false,
      restored: [{ pool: POOL, units: [['250', '300']] }],
    });
    expect(posted(world.log.slice(-1))).toStrictEqual([
      'debt/qbt-06/ncc-1 50',
      'free/qbt-06/VND/general -50',
    ]);
    expect([openIn(world), freeIn(world)]).toStrictEqual([[[DEBT, 'supplier-debt', 'ncc-1', 150n]], 650n]);
  });

  test('whose units were of a reversed gift frees those that stand in their place', () => {
    const world = started(invoice('300'), receive('400'), reverseReceipt(id(2)), credit(DEBT));
    expect(world.log.at(-1)?.data).toMatchObject({ restored: [{ pool: POOL, units: [['900', '1200']] }] });
    expect(freeIn(world)).toBe(400n);
  });

  test('recorded wrongly is taken back whole, and then may be recorded again', () => {
    const world = started(invoice('300'), credit(DEBT), invoice('200'));
    expect(openIn(world)).toStrictEqual([[id(5), 'supplier-debt', 'ncc-1', 200n]]);
  });
});

describe('an invoice number', () => {
  test.each(['1C26TAA-0000123', ' 1c26taa-0000123', '1C26TAA - 0000123'])(
    'of one supplier is recorded once, however it is written: %s',
    (number) => {
      expect(when(started(invoice('300')), invoice('1', { invoice: number }))).toMatchObject({
        error: { code: 'INVOICE_TWICE', details: { supplier: 'ncc-1', debt: id(3) } },
      });
    },
  );

  test('of another supplier, or another number of the same one, is another invoice', () => {
    const world = started(invoice('300'));
    expect(when(world, invoice('1', { supplier: 'ncc-2' })).ok).toBe(true);
    expect(when(world, invoice('1', { invoice: '1C26TAA-0000124' })).ok).toBe(true);
  });

  test('that last year’s book has is not recorded again, paid or not', () => {
    const { book } = started(invoice('300'), paySupplier(id(3)), closeBook());
    const on = { effectiveOn: '2027-01-01' };
    const next = given(openBook({ year: 2027, ...on }, [book]));
    const decided = invoice('1', on, book).decide(next, {
      commandId: id(9),
      actor: 'lan',
      recordedAt: '2027-01-02T00:00:00.000Z',
      today: '2027-01-02',
    });
    expect(decided).toMatchObject({ error: { code: 'INVOICE_TWICE', details: { debt: id(3) } } });
  });
});

describe('an invoice for a disbursement', () => {
  const [DISBURSEMENT, DEBT] = [id(3), id(5)];
  const invoiced = (...more: Step[]): World =>
    started(
      propose('300', { lines: [line('200'), line('100')] }),
      approve(DISBURSEMENT),
      invoice('300', { disbursement: DISBURSEMENT, kind: null }),
      ...more,
    );

  test('pays it out of the debt, so that it can be delivered before money moves', () => {
    const world = invoiced(deliver(DISBURSEMENT), paySupplier(DEBT));
    expect(world.log.slice(-4).map(({ type }) => type)).toStrictEqual([
      'book.supplier-debt-recorded.v1',
      'book.disbursement-paid.v1',
      'book.disbursement-delivered.v1',
      'book.supplier-paid.v1',
    ]);
    expect(posted(world.log.slice(-4))).toStrictEqual([
      'committed/qbt-06/VND/general 300',
      'debt/qbt-06/ncc-1 -300',
      'debt/qbt-06/ncc-1 300',
      'asset/qbt-06/tien-mat -300',
    ]);
    expect([openIn(world), world.book.open.size]).toStrictEqual([[], 0]);
  });

  test('credited brings back its lines, out of the debt, also after delivery', () => {
    const lines = [{ line: 1, amount: '40' }];
    for (const more of [[], [deliver(DISBURSEMENT)]]) {
      const world = invoiced(...more, credit(DEBT, { disbursement: DISBURSEMENT, lines }));
      expect(
        world.log.slice(-2).map(({ type, data }) => [type, 'voucher' in data && data.voucher]),
      ).toStrictEqual([
        ['book.disbursement-returned.v1', 'DC-000002'],
        ['book.supplier-debt-reduced.v1', null],
      ]);
      expect(posted(world.log.slice(-2))).toStrictEqual([
        'debt/qbt-06/ncc-1 40',
        'free/qbt-06/VND/general -40',
      ]);
      expect(openIn(world)).toStrictEqual([[DEBT, 'supplier-debt', 'ncc-1', 260n]]);
      expect(freeIn(world)).toBe(640n);
    }
  });
});
