import { type BatchReport, readBatch, readBatches } from '#batches';
import type { Result } from '#kernel';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import writeXlsxFile, { type SheetData } from 'write-excel-file/node';
import { type BatchWorld, batchWorld } from '../support/batches.ts';

let world: BatchWorld;
beforeEach(async () => {
  world = await batchWorld();
});
afterEach(() => world.close());

const HEADER = 'Ref,Fund,Account,Date,Amount,Commodity,Source,Narrative';
const csv = (...rows: string[]): string => [HEADER, ...rows, ''].join('\n');
const row = (ref: string, amount: string, more = ''): string =>
  `${ref},qbt,nh-1,01/03/2026,${amount},${more},tự nguyện,ủng hộ`;

/** `row fate code vouchers` of each row, or the code of a refused batch. */
const told = (report: Result<BatchReport>): string[] =>
  report.ok
    ? report.value.rows.map((one) =>
        [one.row, one.fate, one.refusal?.code ?? '', one.vouchers.join(' ')].join(' ').trim(),
      )
    : [report.error.code];

const THREE = csv(row('A', '100'), row('B', '200'), row('C', '300'));
const TOTALS = { count: 3, sums: { VND: 600n } };

describe('control totals', () => {
  test('that agree let a batch in; each row is told with its place in the log and its voucher', async () => {
    const report = await world.enter('receipts', THREE, TOTALS);
    expect(told(report)).toStrictEqual([
      '2 recorded  PT-000001',
      '3 recorded  PT-000002',
      '4 recorded  PT-000003',
    ]);
    expect(report.ok && report.value.rows.map(({ at }) => at)).toStrictEqual([
      ['book-qbt-2026@1'],
      ['book-qbt-2026@2'],
      ['book-qbt-2026@3'],
    ]);
  });

  test.each([
    ['the number of rows', { count: 4, sums: { VND: 600n } }, 'count 4 / 3'],
    ['the sum', { count: 3, sums: { VND: 601n } }, 'VND 601 / 600'],
    ['a commodity that is not there', { count: 3, sums: { VND: 600n, EUR: 5n } }, 'EUR 5 / 0'],
    ['no sum at all', { count: 3 }, 'VND – / 600'],
    ['no number of rows', { sums: { VND: 600n } }, 'count – / 3'],
    ['everything', { count: 2, sums: { VND: 1n } }, 'count 2 / 3 · VND 1 / 600'],
  ])(
    'that differ in %s refuse it with both figures, and nothing is booked',
    async (_, totals, differences) => {
      const before = await world.booked();
      const refused = await world.enter('receipts', THREE, totals);
      expect(!refused.ok && refused.error).toMatchObject({
        code: 'BATCH_TOTALS_DIFFER',
        details: { differences, unread: '0' },
      });
      expect(await world.booked()).toStrictEqual(before);
      expect(await readBatches(world.log, { limit: 10 })).toMatchObject({ rows: [] });
    },
  );

  test('that differ do not stop one who goes on knowingly; the report says what differed', async () => {
    const report = await world.enter('receipts', THREE, { count: 4, sums: { VND: 600n } }, { goOn: true });
    expect(report.ok && [report.value.recorded, report.value.differences]).toStrictEqual([
      3,
      [{ of: 'count', declared: 4n, found: 3n }],
    ]);
  });

  test('may stand in the file, a row for each commodity, and add up with those of the request', async () => {
    const rows = [row('A', '100'), row('B', '2,50', 'EUR')];
    const totals = (count: string, sum: string): string =>
      csv(...rows, `Tổng cộng: ${count},,,,${sum},,,`, 'Total,,,,"2,50",EUR,,').replace(
        '2,50,EUR',
        '"2,50",EUR',
      );
    expect(told(await world.enter('receipts', totals('3', '100'), {}))).toStrictEqual([
      'BATCH_TOTALS_DIFFER',
    ]);
    expect(told(await world.enter('receipts', totals('2', '100'), { count: 3 }))).toStrictEqual([
      'BATCH_TOTALS_TWICE',
    ]);
    expect(told(await world.enter('receipts', totals('2', '100'), { sums: { VND: 100n } }))).toStrictEqual([
      '2 recorded  PT-000001',
      '3 recorded  PT-000002',
    ]);
  });

  test('are asked for', async () => {
    expect(told(await world.enter('receipts', THREE, {}))).toStrictEqual(['BATCH_TOTALS_MISSING']);
    expect(told(await world.enter('receipts', csv(), { count: 0 }))).toStrictEqual(['BATCH_EMPTY']);
  });
});

describe('a bad row', () => {
  const BAD = csv(
    row('A', '100'),
    row('B', 'nhiều'),
    row('C', '300').replace('nh-1', 'nh-9'),
    row('D', '400'),
    row('A', '500'),
  );
  const totals = { count: 5, sums: { VND: 1300n } };

  test('is refused with its code, and blocks no other', async () => {
    expect(told(await world.enter('receipts', BAD, totals))).toStrictEqual([
      '2 recorded  PT-000001',
      '3 refused AMOUNT_NOT_A_NUMBER',
      '4 refused ACCOUNT_UNKNOWN',
      '5 recorded  PT-000002',
      '6 refused REF_REPEATED',
    ]);
  });

  test('stops all of a batch that stands or falls as one, before anything is booked', async () => {
    const before = await world.booked();
    for (const rows of [BAD, BAD.replace('nhiều', '200')]) {
      const sums = { VND: rows === BAD ? 1300n : 1500n };
      const report = await world.enter('receipts', rows, { count: 5, sums }, { allOrNothing: true });
      const fates = report.ok ? report.value.rows.map(({ fate }) => fate) : [];
      expect(fates.includes('refused') && fates.includes('not-tried')).toBe(true);
      expect(fates.includes('recorded')).toBe(false);
      expect(await world.booked()).toStrictEqual(before);
    }
    const good = await world.enter('receipts', THREE, TOTALS, { allOrNothing: true });
    expect(good.ok && good.value.recorded).toBe(3);
  });

  test('is told before anything is done', async () => {
    const before = await world.booked();
    const report = await world.enter('receipts', BAD, totals, { dryRun: true });
    expect(report.ok && [report.value.recorded, report.value.refused]).toStrictEqual([2, 3]);
    expect(await world.booked()).toStrictEqual(before);
    expect(report.ok && (await world.vault.getFile(report.value.file))).toBe(undefined);
  });

  test('that was mended is entered by the same file once more, and the others are there already', async () => {
    await world.enter('receipts', BAD, totals);
    const mended = BAD.replace('nhiều', '200').replace('nh-9', 'nh-1');
    expect(told(await world.enter('receipts', mended, { count: 5, sums: { VND: 1500n } }))).toStrictEqual([
      '2 there  PT-000001',
      '3 recorded  PT-000003',
      '4 recorded  PT-000004',
      '5 there  PT-000002',
      '6 refused REF_REPEATED',
    ]);
  });
});

describe('a batch that was entered', () => {
  test('is looked up by its id with the fate of each row, and the file is kept', async () => {
    const report = await world.enter('receipts', THREE, TOTALS);
    const { batch = '', file = '' } = report.ok ? report.value : {};
    const found = await readBatch(world, batch);
    expect(found).toMatchObject({
      batch,
      kind: 'receipts',
      actor: 'ke-toan',
      recorded: 3,
      refused: 0,
      declared: { count: 3, sums: [{ commodity: 'VND', amount: '600' }] },
      rows: [{ row: 2, fate: 'recorded', vouchers: ['PT-000001'] }, {}, {}],
    });
    expect(new TextDecoder().decode(await world.vault.getFile(file))).toBe(THREE);
    expect((await readBatches(world.log, { limit: 10 })).rows.map((one) => one.batch)).toStrictEqual([batch]);
    expect(await readBatch(world, '0'.repeat(32))).toBe(undefined);
  });

  test('books nothing a second time, and is one batch', async () => {
    await world.enter('receipts', THREE, TOTALS);
    const head = await world.log.head();
    const again = await world.enter('receipts', THREE, TOTALS);
    expect(again.ok && [again.value.recorded, again.value.there]).toStrictEqual([0, 3]);
    expect(await world.log.head()).toBe(head);
  });
});

describe('bytes that are no batch', () => {
  const sheet = async (cell: object): Promise<Uint8Array> =>
    new Uint8Array(
      await (
        await writeXlsxFile([
          HEADER.split(',').map((value) => ({ value })),
          ['A', 'qbt', 'nh-1', '01/03/2026', cell, null, 'tự nguyện', null].map((value) =>
            typeof value === 'object' && value !== null ? value : { value },
          ),
        ] as SheetData)
      ).toBuffer(),
    );
  const one = { count: 1, sums: { VND: 100n } };

  test('an XLSX of figures is read like a CSV', async () => {
    expect(told(await world.enter('receipts', await sheet({ value: 100 }), one))).toStrictEqual([
      '2 recorded  PT-000001',
    ]);
  });

  test.each([
    ['a formula', () => sheet({ value: '=50+50', type: 'Formula' }), 'FILE_FORMULA'],
    ['an XLSX cut off', async () => (await sheet({ value: 1 })).subarray(0, 900), 'FILE_TRUNCATED'],
    ['Latin bytes', async () => new Uint8Array([...Buffer.from(THREE), 0xe0, 0x3b]), 'FILE_NOT_UTF8'],
    ['a PDF', async () => new Uint8Array(Buffer.from('%PDF-1.7')), 'FILE_UNREADABLE'],
    ['old Excel', async () => new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'FILE_UNREADABLE'],
    ['another header', async () => new Uint8Array(Buffer.from('a,b\n1,2\n')), 'COLUMN_UNKNOWN'],
    ['more than 25 MB', async () => new Uint8Array(26 * 1024 * 1024), 'FILE_TOO_LARGE'],
  ])('%s is refused, and nothing is booked', async (_, bytes, code) => {
    const before = await world.booked();
    expect(told(await world.enter('receipts', await bytes(), one))).toStrictEqual([code]);
    expect(await world.booked()).toStrictEqual(before);
  });

  test('a formula in one cell of a CSV spoils its row only', async () => {
    const rows = csv(row('A', '100'), row('B', '=50+50'));
    const report = await world.enter('receipts', rows, { count: 2, sums: { VND: 100n } });
    expect(told(report)).toStrictEqual(['2 recorded  PT-000001', '3 refused CELL_FORMULA']);
  });
});

test('rows come as NDJSON too; a line that is no row spoils itself only', async () => {
  const line = (Ref: string, Amount: string | number): string =>
    JSON.stringify({ Ref, Fund: 'qbt', Account: 'nh-1', Date: '2026-03-01', Amount, Source: 'voluntary' });
  const rows = [line('A', '100'), line('B', 200), '{"Ref":"C"', line('D', 0.5)].join('\n');
  const report = await world.enter('receipts', rows, { count: 4, sums: { VND: 300n } });
  expect(told(report)).toStrictEqual([
    '1 recorded  PT-000001',
    '2 recorded  PT-000002',
    '3 refused ROW_MALFORMED',
    '4 refused ROW_MALFORMED',
  ]);
});

describe('batches of corrections and daily money', () => {
  const enter = async (kind: string, header: string, rows: string[], sum?: bigint): Promise<string[]> =>
    told(
      await world.enter(kind, [header, ...rows].join('\n'), {
        count: rows.length,
        sums: sum === undefined ? {} : { VND: sum },
      }),
    );

  test('name the rows they correct by their refs', async () => {
    await world.enter('receipts', THREE, TOTALS);
    expect(
      await enter(
        'receipt-corrections',
        'Ref,Fund,Date,Receipt,Right amount,Reason',
        ['S1,qbt,02/03/2026,A,150,nhầm số'],
        150n,
      ),
    ).toStrictEqual(['2 recorded  DC-000001']);
    expect(
      await enter('receipt-reversals', 'Ref,Fund,Date,Receipt,Kind of reversal,Reason', [
        'D1,qbt,03/03/2026,B,wrong entry,nhầm quỹ',
        'D2,qbt,03/03/2026,X,wrong entry,không có',
      ]),
    ).toStrictEqual(['2 recorded  DC-000002', '3 refused RECEIPT_UNKNOWN']);
    const voided = await enter('voided-vouchers', 'Ref,Fund,Date,Voucher,Receipt,Disbursement,Reason', [
      'H1,qbt,03/03/2026,PT-000003,C,,rách',
      'H2,qbt,03/03/2026,PT-000003,,,rách',
      'H3,qbt,03/03/2026,PT-000003,C,D,rách',
    ]);
    expect(voided[0]).toMatch(/^2 recorded/);
    expect(voided.slice(1)).toStrictEqual(['3 refused CELL_MISSING', '4 refused CELL_UNEXPECTED']);
  });

  test('hold, identify, earn, spend and move', async () => {
    expect(
      await enter('unidentified', 'Ref,Fund,Account,Date,Amount', ['U1,qbt,nh-1,01/03/2026,900'], 900n),
    ).toStrictEqual(['2 recorded  DC-000001']);
    expect(
      await enter(
        'identifications',
        'Ref,Fund,Date,Unidentified receipt,Amount,Source',
        ['X1,qbt,05/03/2026,U1,400,tự nguyện'],
        400n,
      ),
    ).toStrictEqual(['2 recorded  PT-000001']);
    expect(
      await enter(
        'income',
        'Ref,Fund,Account,Date,Kind of income,Amount',
        ['L1,qbt,nh-1,05/03/2026,lãi,30'],
        30n,
      ),
    ).toStrictEqual(['2 recorded  PT-000002']);
    expect(
      await enter(
        'expenses',
        'Ref,Fund,Account,Date,Kind of expense,Amount',
        ['P1,qbt,nh-1,06/03/2026,phí ngân hàng,7', 'P2,qbt,nh-1,06/03/2026,phí ngân hàng,7000'],
        7007n,
      ),
    ).toStrictEqual(['2 recorded  PC-000001', '3 refused POOL_OVERDRAWN']);
    expect(
      await enter('money-moves', 'Ref,Fund,Date,From,To,Amount', ['M1,qbt,06/03/2026,nh-1,tien-mat,50'], 50n),
    ).toStrictEqual(['2 recorded  PT-000003']);
  });
});

const rowsOf = fc.array(
  fc.record({ ref: fc.integer({ min: 1, max: 9 }), amount: fc.integer({ min: 1, max: 50 }) }),
  { minLength: 1, maxLength: 9 },
);

test('any order, repetition and division of rows that do not need each other leads to the same books', async () => {
  await fc.assert(
    fc.asyncProperty(
      rowsOf,
      fc.array(fc.nat(8), { maxLength: 12 }),
      fc.integer(),
      async (made, again, cut) => {
        // One row a ref: what a row says is settled by its ref.
        const rows = [...new Map(made.map((one) => [one.ref, one])).values()];
        const books = async (batches: readonly (typeof rows)[]): Promise<unknown> => {
          const fresh = await batchWorld();
          try {
            for (const batch of batches) {
              if (batch.length === 0) continue;
              const sum = batch.reduce((total, { amount }) => total + amount, 0);
              const lines = batch.map(({ ref, amount }) => row(`R${ref}`, String(amount)));
              const totals = { count: batch.length, sums: { VND: BigInt(sum) } };
              const report = await fresh.enter('receipts', csv(...lines), totals);
              expect(report.ok && report.value.refused).toBe(0);
            }
            const booked = await fresh.booked();
            const receipts = booked
              .filter(({ type }) => type === 'book.receipt-recorded.v1')
              .map(
                ({ data }) => `${String(data['receipt'])} ${String(data['amount'])} ${String(data['pool'])}`,
              );
            const vouchers = booked.flatMap(({ data }) => data['voucher'] ?? []);
            return { receipts: receipts.toSorted(), vouchers: vouchers.toSorted(), events: booked.length };
          } finally {
            await fresh.close();
          }
        };
        const at = Math.abs(cut) % (rows.length + 1);
        const repeated = [...new Set(again.map((one) => rows[one % rows.length] ?? { ref: 1, amount: 1 }))];
        const order = rows.toSorted((a, b) => ((a.ref * 7 + cut) % 11) - ((b.ref * 7 + cut) % 11));
        const once = await books([rows]);
        expect(await books([order.slice(0, at), repeated, order.slice(at), order])).toStrictEqual(once);
      },
    ),
    { numRuns: 25 },
  );
});
