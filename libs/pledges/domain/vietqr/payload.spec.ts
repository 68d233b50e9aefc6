import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BANKS } from './bank.ts';
import { decodeVietQr, encodeVietQr } from './payload.ts';
import { referenceOf } from './reference.ts';

const TRANSFER = { bin: '970405', number: '1234567890123', amount: 500_000n, purpose: 'QBT26000123K' };
/** The same transfer, published, with the check sum of another program. */
const KNOWN =
  '00020101021238570010A00000072701270006970405011312345678901230208QRIBFTTA530370454065000005802VN62160812QBT26000123K6304EC2A';

const text = (changes: object = {}): string => {
  const made = encodeVietQr({ ...TRANSFER, ...changes });
  if (!made.ok) throw new Error(made.error.code);
  return made.value;
};

describe('the text of a code', () => {
  test('is read back with every field as it was asked for', () => {
    const hex = fc.constantFrom(...'0123456789ABCDEFabcdef');
    const transfer = fc.record({
      bin: fc.constantFrom(...Object.keys(BANKS)),
      number: fc.string({ unit: hex, minLength: 6, maxLength: 19 }),
      amount: fc.option(fc.bigInt({ min: 1n, max: 9_999_999_999_999n }), { nil: null }),
      purpose: fc.integer({ min: 1, max: 1_000_000 }).map((n) => referenceOf('pledge', n)),
    });
    fc.assert(
      fc.property(transfer, (asked) => {
        expect(decodeVietQr(text(asked))).toStrictEqual({ ...asked });
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test('is that of the published example', () => {
    expect(text()).toBe(KNOWN);
    expect(decodeVietQr(KNOWN)).toStrictEqual(TRANSFER);
  });

  test('given no amount, then it is a code for many payments', () => {
    expect(text({ amount: null }).slice(0, 12)).toBe('000201010211');
    expect(text({ amount: null })).not.toContain('5406');
  });

  test('any sign of it changed, it is no code', () => {
    const whole = text();
    for (let at = 0; at < whole.length; at += 1) {
      const other = whole[at] === '0' ? '1' : '0';
      expect(decodeVietQr(`${whole.slice(0, at)}${other}${whole.slice(at + 1)}`)).toBeUndefined();
    }
    expect(decodeVietQr('')).toBeUndefined();
  });

  test.each([
    ['a BIN that circulates and is none', { bin: '970499' }, 'BANK_BIN_INVALID'],
    ['a BIN with a space', { bin: '97043 ' }, 'BANK_BIN_INVALID'],
    ['a name as BIN', { bin: 'toString' }, 'BANK_BIN_INVALID'],
    ['a short number', { number: '12345' }, 'BANK_NUMBER_INVALID'],
    ['a long number', { number: '1'.repeat(20) }, 'BANK_NUMBER_INVALID'],
    ['a number with spaces', { number: '1234 5678' }, 'BANK_NUMBER_INVALID'],
    ['a number with an accent', { number: '12345ố' }, 'BANK_NUMBER_INVALID'],
    ['no amount at all', { amount: 0n }, 'QR_AMOUNT_INVALID'],
    ['a negative amount', { amount: -1n }, 'QR_AMOUNT_INVALID'],
    ['an amount too long for its field', { amount: 10_000_000_000_000n }, 'QR_AMOUNT_INVALID'],
  ])('given %s, then it is refused', (_title, changes, code) => {
    expect(encodeVietQr({ ...TRANSFER, ...changes })).toMatchObject({ ok: false, error: { code } });
  });

  test.each(['ủng hộ', 'ung ho', 'A'.repeat(20), ''])(
    'the purpose %j is a mistake of the program',
    (purpose) => {
      expect(() => encodeVietQr({ ...TRANSFER, purpose })).toThrow('purpose');
    },
  );
});
