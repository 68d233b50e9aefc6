import { describe, expect, it } from 'vitest';
import { amount, choice, count, day, fold, list, placeCode } from './cells.ts';

const value = <T>(result: { ok: true; value: T } | { ok: false; error: { code: string } }): T | string =>
  result.ok ? result.value : result.error.code;

describe('an amount in a cell', () => {
  it.each([
    ['95.076.000', '95076000'],
    ['95076000', '95076000'],
    ['95 076 000', '95076000'],
    ['1.235', '1235'],
    ['1.235,5', '1235.5'],
    ['12,50', '12.50'],
    ['12.5', '12.5'],
    ['-5.000', '-5000'],
    ['0', '0'],
  ])('%s is %s', (cell, read) => {
    expect(value(amount(cell))).toBe(read);
  });

  it.each(['95,076,000', '1.23.456', 'mười', '1e6', '12.', '1.234.56', '٣', '--1', '1.235 đ'])(
    '%s is refused, because it could be read in two ways or in none',
    (cell) => {
      expect(value(amount(cell))).toBe('AMOUNT_NOT_A_NUMBER');
    },
  );
});

describe('a date in a cell', () => {
  it.each([
    ['31/12/2023', '2023-12-31'],
    ['1/7/2025', '2025-07-01'],
    ['2023-12-31', '2023-12-31'],
  ])('%s is %s', (cell, read) => {
    expect(value(day(cell))).toBe(read);
  });

  it.each(['31/02/2023', '12/31/2023', '2023-13-01', '31-12-2023', '31/12/23', '45291'])(
    '%s is refused',
    (cell) => {
      expect(value(day(cell))).toBe('DATE_INVALID');
    },
  );
});

describe('other cells', () => {
  it('counts are above zero and may have separators', () => {
    expect(['2.150', '1', '0', '-3', '1,5', 'x'].map((cell) => value(count(cell)))).toStrictEqual([
      2150,
      1,
      'COUNT_INVALID',
      'COUNT_INVALID',
      'COUNT_INVALID',
      'COUNT_INVALID',
    ]);
  });

  it('a place code keeps its zeros and is nothing but digits', () => {
    expect(['06', '01864', '6', '6.2'].map((cell) => value(placeCode(cell)))).toStrictEqual([
      '06',
      '01864',
      'PLACE_CODE_INVALID',
      'PLACE_CODE_INVALID',
    ]);
  });

  it('a choice is known by either language, without marks or case', () => {
    const read = choice([{ value: 'bank', vi: 'ngân hàng', en: 'bank account' }]);
    expect(
      ['Ngân hàng', 'NGAN HANG', 'Bank account', 'bank', 'két'].map((cell) => value(read(cell))),
    ).toStrictEqual(['bank', 'bank', 'bank', 'bank', 'CHOICE_UNKNOWN']);
  });

  it('a list is refused for its first bad member', () => {
    expect(value(list(day)('01/01/2023 | 31/12/2023'))).toStrictEqual(['2023-01-01', '2023-12-31']);
    expect(value(list(day)('01/01/2023|'))).toBe('DATE_INVALID');
  });

  it('folding takes đ for d and everything else for a hyphen', () => {
    expect(fold('  Địa bàn (Xã) Thủy*')).toBe('dia-ban-xa-thuy');
  });
});
