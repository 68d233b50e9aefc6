import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  AMOUNT_MAX,
  currencyExponent,
  formatUnits,
  formatVietnamese,
  isCurrency,
  isGoodCode,
  parseAmount,
  parseUnits,
} from './commodity.ts';
import { type Result, ok, refuse } from './result.ts';

describe('amounts in minor units', () => {
  test.each([
    ['1', 1n],
    ['95076000', 95_076_000n],
    ['007', 7n],
    ['1000000000000000', AMOUNT_MAX],
  ])('%s is read', (text, amount) => expect(parseAmount(text)).toStrictEqual(ok(amount)));

  test.each([
    ['0', refuse('AMOUNT_ZERO')],
    ['-0', refuse('AMOUNT_ZERO')],
    ['-5', refuse('AMOUNT_NEGATIVE', { amount: '-5' })],
    ['1.5', refuse('AMOUNT_FRACTIONAL', { amount: '1.5' })],
    ['-1,25', refuse('AMOUNT_FRACTIONAL', { amount: '-1,25' })],
    ['12.34', refuse('AMOUNT_FRACTIONAL', { amount: '12.34' })],
    ['1000000000000001', refuse('AMOUNT_TOO_LARGE', { max: '1000000000000000' })],
    ['9'.repeat(20), refuse('AMOUNT_TOO_LARGE', { max: '1000000000000000' })],
    ['9'.repeat(100_000), refuse('AMOUNT_TOO_LARGE', { max: '1000000000000000' })],
    ['', refuse('AMOUNT_NOT_A_NUMBER', { amount: '' })],
    ['-', refuse('AMOUNT_NOT_A_NUMBER', { amount: '-' })],
    ['+5', refuse('AMOUNT_NOT_A_NUMBER', { amount: '+5' })],
    ['1e5', refuse('AMOUNT_NOT_A_NUMBER', { amount: '1e5' })],
    ['0x10', refuse('AMOUNT_NOT_A_NUMBER', { amount: '0x10' })],
    [' 5', refuse('AMOUNT_NOT_A_NUMBER', { amount: ' 5' })],
    ['5 ', refuse('AMOUNT_NOT_A_NUMBER', { amount: '5 ' })],
    ['1.234.567', refuse('AMOUNT_NOT_A_NUMBER', { amount: '1.234.567' })],
    ['1.', refuse('AMOUNT_NOT_A_NUMBER', { amount: '1.' })],
    ['.5', refuse('AMOUNT_NOT_A_NUMBER', { amount: '.5' })],
    ['x1.5', refuse('AMOUNT_NOT_A_NUMBER', { amount: 'x1.5' })],
    ['١٢', refuse('AMOUNT_NOT_A_NUMBER', { amount: '١٢' })],
    ['x'.repeat(41), refuse('AMOUNT_NOT_A_NUMBER', { amount: 'x'.repeat(40) })],
  ])('%o is refused', (text, refusal) => expect(parseAmount(text)).toStrictEqual(refusal));
});

describe('amounts in whole units', () => {
  test.each([
    ['12.50', 2, 1250n],
    ['12.5', 2, 1250n],
    ['12', 2, 1200n],
    ['12.500', 2, 1250n],
    ['0.05', 2, 5n],
    ['00.05', 2, 5n],
    [`${'0'.repeat(30)}.05`, 2, 5n],
    ['1.5', 3, 1500n],
    ['20000', 0, 20_000n],
    ['20000.00', 0, 20_000n],
  ])('%s with %i decimals is read', (text, exponent, minor) =>
    expect(parseUnits(text, exponent)).toStrictEqual(ok(minor)),
  );

  test.each([
    ['12.505', 2, refuse('AMOUNT_FRACTIONAL', { amount: '12.505' })],
    ['1.5', 0, refuse('AMOUNT_FRACTIONAL', { amount: '1.5' })],
    ['0', 2, refuse('AMOUNT_ZERO')],
    ['0.00', 2, refuse('AMOUNT_ZERO')],
    ['-1.25', 2, refuse('AMOUNT_NEGATIVE', { amount: '-125' })],
    ['10000000000000.01', 2, refuse('AMOUNT_TOO_LARGE', { max: '1000000000000000' })],
    ['1,5', 2, refuse('AMOUNT_NOT_A_NUMBER', { amount: '1,5' })],
    ['1.', 2, refuse('AMOUNT_NOT_A_NUMBER', { amount: '1.' })],
    ['.5', 2, refuse('AMOUNT_NOT_A_NUMBER', { amount: '.5' })],
    ['1.5x', 2, refuse('AMOUNT_NOT_A_NUMBER', { amount: '1.5x' })],
    ['x1.5', 2, refuse('AMOUNT_NOT_A_NUMBER', { amount: 'x1.5' })],
    ['y'.repeat(41), 2, refuse('AMOUNT_NOT_A_NUMBER', { amount: 'y'.repeat(40) })],
  ])('%o with %i decimals is refused', (text, exponent, refusal) =>
    expect(parseUnits(text, exponent)).toStrictEqual(refusal),
  );

  test('are written with all their decimals', () => {
    expect(formatUnits(1250n, 2)).toBe('12.50');
    expect(formatUnits(5n, 2)).toBe('0.05');
    expect(formatUnits(-5n, 2)).toBe('-0.05');
    expect(formatUnits(20_000n, 0)).toBe('20000');
    expect(formatUnits(-7n, 0)).toBe('-7');
    expect(formatUnits(0n, 3)).toBe('0.000');
  });

  test('are read in Vietnam with dots and a decimal comma', () => {
    const written = [
      [1_792_362_000n, 0],
      [-95_076_000n, 0],
      [1_250n, 2],
      [-123_456_789n, 3],
      [999n, 0],
    ] as const;
    expect(written.map(([minor, exponent]) => formatVietnamese(minor, exponent))).toStrictEqual([
      '1.792.362.000',
      '-95.076.000',
      '12,50',
      '-123.456,789',
      '999',
    ]);
  });

  test('what is written is read back the same', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, AMOUNT_MAX), fc.nat(6), (minor, exponent) => {
        expect(parseUnits(formatUnits(minor, exponent), exponent)).toStrictEqual(ok(minor));
        expect(parseAmount(String(minor))).toStrictEqual(ok(minor));
      }),
      { numRuns: 300 },
    );
  });
});

describe('commodities', () => {
  test('currencies of ISO 4217 have their exponent', () => {
    expect(
      ['VND', 'JPY', 'KRW', 'XOF', 'EUR', 'USD', 'LAK', 'CHF', 'KWD', 'TND'].map(currencyExponent),
    ).toStrictEqual([0, 0, 0, 0, 2, 2, 2, 2, 3, 3]);
  });

  test('every currency has two decimals but those that ISO 4217 says otherwise of', () => {
    const all = Intl.supportedValuesOf('currency').filter(isCurrency);
    expect(all.filter((code) => currencyExponent(code) === 0).join(' ')).toBe(
      'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
    );
    expect(all.filter((code) => currencyExponent(code) === 3).join(' ')).toBe('BHD IQD JOD KWD LYD OMR TND');
  });

  test('what is no active currency is none', () => {
    expect(['VND', 'EUR', 'XCG', 'ZWG'].map(isCurrency)).toStrictEqual([true, true, true, true]);
    expect(
      ['vnd', 'DEM', 'HRK', 'XAU', 'CLF', 'XXX', '', 'VN', 'constructor'].filter(isCurrency),
    ).toStrictEqual([]);
  });

  test.each(['xe-dap', 'gao', 'vo-o-ly-96', 'a1', 'a'.repeat(40)])('%s is the code of a good', (code) => {
    expect(isGoodCode(code)).toBe(true);
    expect(isCurrency(code)).toBe(false);
  });

  test.each(['', 'a', 'VND', 'Gao', '1a', '-a', 'gạo', 'xe dap', ' xe', 'xe\n', 'a'.repeat(41)])(
    '%o is not the code of a good',
    (code) => expect(isGoodCode(code)).toBe(false),
  );
});

test('a result is a value or a refusal, told apart by ok', () => {
  const result = parseAmount('5');
  expectTypeOf(result).toEqualTypeOf<Result<bigint>>();
  if (result.ok) expectTypeOf(result.value).toEqualTypeOf<bigint>();
  else expectTypeOf(result.error.code).toEqualTypeOf<string>();
  expect(refuse('X')).toStrictEqual({ ok: false, error: { code: 'X', details: {} } });
});
