import { readFileSync, readdirSync } from 'node:fs';
import { type BookState, bookKind } from '#funds';
import { type Context, type Fact, type LedgerEvent, type Result, ok, refuse } from '#kernel';
import { describe, expect, it } from 'vitest';
import { type VoucherEventType, type VoucherName, voucherStream } from './events.ts';
import {
  PRINTS_MAX,
  VOUCHER_FILES_MAX,
  type VoucherState,
  decideAttachVoucherFile,
  decidePrintVoucher,
  voucherKind,
} from './voucher.ts';

const CONTEXT: Context = {
  commandId: '0190a0b0-0000-7000-8000-000000000001',
  actor: 'ke-toan',
  recordedAt: '2026-06-30T03:00:00.000Z',
  today: '2026-06-30',
};
const NAME: VoucherName = { fund: 'qbt-06', year: 2025, voucher: 'PT-000002' };
const STREAM = 'voucher-qbt-06-2025-pt-000002';
const FILE = 'a'.repeat(64);

/** A book of 2025 that has written two receipts and one payment. */
const book = (status: BookState['status'] = 'open'): BookState => ({
  ...bookKind.initial('book-qbt-06-2025'),
  status,
  fund: 'qbt-06',
  year: 2025,
  vouchers: { receipt: 2, payment: 1, adjustment: 0 },
});

/** The voucher after these decisions. */
const after = (...decided: Result<Fact[]>[]): VoucherState =>
  decided
    .flatMap((each) => (each.ok ? each.value : []))
    .reduce((state, fact) => voucherKind.evolve(state, fact as LedgerEvent), voucherKind.initial(STREAM));

const print = (name: VoucherName = NAME, state = after(), of = book()): Result<Fact[]> =>
  decidePrintVoucher(name, of, state, CONTEXT);
const attach = (file = FILE, state = after(), name = NAME): Result<Fact[]> =>
  decideAttachVoucherFile({ ...name, file, format: 'cades', bytes: 17 }, book(), state, CONTEXT);

const printedAs = (n: number): Result<Fact[]> =>
  ok([
    {
      stream: STREAM,
      type: 'voucher.printed.v1',
      effectiveOn: '2026-06-30',
      data: { fund: 'qbt-06', year: 2025, voucher: 'PT-000002', print: n },
    },
  ]);

describe('a voucher that was never printed', () => {
  it('is printed as the original, on the day it is printed, also when its book is closed', () => {
    expect(print()).toStrictEqual(printedAs(1));
    expect(print(NAME, after(), book('closed'))).toStrictEqual(printedAs(1));
  });

  it.each(['PT-000003', 'PC-000002', 'DC-000001', 'PT-000000', 'XX-000001', 'PT-1.5', 'PT-'])(
    'and never written, %s, is refused',
    (voucher) => {
      const refusal = refuse('VOUCHER_NOT_WRITTEN', { fund: 'qbt-06', year: '2025', voucher });
      expect(print({ ...NAME, voucher })).toStrictEqual(refusal);
      expect(attach(FILE, after(), { ...NAME, voucher })).toStrictEqual(refusal);
    },
  );
});

describe('a voucher that was printed', () => {
  it('is printed again as the next one, whatever was put to it meanwhile', () => {
    expect(print(NAME, after(print()))).toStrictEqual(printedAs(2));
    expect(print(NAME, after(print(), attach(), printedAs(2)))).toStrictEqual(printedAs(3));
  });

  it(`${PRINTS_MAX} times is printed no more`, () => {
    expect(print(NAME, after(printedAs(PRINTS_MAX - 1)))).toStrictEqual(printedAs(PRINTS_MAX));
    expect(print(NAME, after(printedAs(PRINTS_MAX)))).toStrictEqual(
      refuse('VOUCHER_PRINTS_TOO_MANY', { max: String(PRINTS_MAX) }),
    );
  });
});

describe('a signed file', () => {
  it('is put to its voucher by hash, form and size, and by nothing of what it says', () => {
    expect(attach()).toStrictEqual(
      ok([
        {
          stream: STREAM,
          type: 'voucher.file-attached.v1',
          effectiveOn: '2026-06-30',
          data: { ...NAME, file: FILE, format: 'cades', bytes: 17 },
        },
      ]),
    );
  });

  it('is put there once', () => {
    expect(attach(FILE, after(attach()))).toStrictEqual(
      refuse('VOUCHER_FILE_ATTACHED', { voucher: 'PT-000002', file: FILE }),
    );
  });

  it(`is one of ${VOUCHER_FILES_MAX} at most`, () => {
    const files = Array.from({ length: VOUCHER_FILES_MAX }, (_, i) => attach(String(i).padStart(64, '0')));
    expect(attach(FILE, after(...files.slice(1))).ok).toBe(true);
    expect(attach(FILE, after(...files))).toStrictEqual(
      refuse('VOUCHER_FILES_TOO_MANY', { voucher: 'PT-000002', max: String(VOUCHER_FILES_MAX) }),
    );
  });
});

describe('the stream of a voucher', () => {
  it('is its own, and knows no other events', () => {
    expect(voucherStream(NAME)).toBe(STREAM);
    const other = { type: 'voucher.lost.v1', data: {} } as LedgerEvent;
    expect(() => voucherKind.evolve(voucherKind.initial(STREAM), other)).toThrow('voucher.lost.v1');
  });
});

/** Stored bytes are never rewritten: a file here changes only with a new version of the event's type (DESIGN §5). */
describe('the stored form of the events', () => {
  const folder = new URL('golden/', import.meta.url);
  const facts: Readonly<Record<VoucherEventType, Result<Fact[]>>> = {
    'voucher.printed.v1': print(),
    'voucher.file-attached.v1': attach(),
  };
  it.each(Object.entries(facts))('%s is as it always was, key by key', (type, made) => {
    const golden = JSON.parse(readFileSync(new URL(`${type}.json`, folder), 'utf8')) as unknown;
    const [data] = made.ok ? made.value.map((fact) => fact.data) : [];
    expect(JSON.stringify(data, null, 2)).toBe(JSON.stringify(golden, null, 2));
  });
  it('has a golden file for each type and no other', () => {
    expect(readdirSync(folder).toSorted()).toStrictEqual(
      Object.keys(facts)
        .map((type) => `${type}.json`)
        .toSorted(),
    );
  });
});
