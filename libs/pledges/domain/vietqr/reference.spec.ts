import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REFERENCE_LENGTH, findReferences, referenceOf } from './reference.ts';

const SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOOKS_LIKE: Readonly<Record<string, string>> = { I: '1', L: '1', O: '0' };
const seen = (sign: string): string => LOOKS_LIKE[sign] ?? sign;

const kind = fc.constantFrom('pledge', 'fund');
const number = fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 32 ** 7 - 1 }));

describe('a reference', () => {
  test('is eleven signs of A–Z and 0–9, the same for ever', () => {
    expect(referenceOf('pledge', 1)).toBe('LLC0000001M');
    expect(referenceOf('fund', 123_456)).toMatch(/^LLQ[0-9A-HJKMNP-TV-Z]{8}$/);
    expect(referenceOf('fund', 1).length).toBe(REFERENCE_LENGTH);
  });

  test('is found in any text, whatever spaces, hyphens, case and accents', () => {
    fc.assert(
      fc.property(
        kind,
        number,
        fc.string({ maxLength: 20 }),
        fc.integer({ min: 1, max: 10 }),
        (of, n, noise, at) => {
          const code = referenceOf(of, n);
          const broken = `${code.slice(0, at)} -${code.slice(at)}`.toLowerCase();
          const found = findReferences(`Ủng hộ ${noise}. ${broken} FT23123 ${code}`);
          expect(found.filter((one) => one.code === code)).toStrictEqual([{ code, kind: of, number: n }]);
        },
      ),
      { numRuns: 500, seed: 1 },
    );
  });

  test('reads O as 0, and I and L as 1', () => {
    const code = referenceOf('pledge', 1_024 + 1);
    expect(code).toContain('0');
    const misread = code.replaceAll('0', 'O').replaceAll('1', 'l').replaceAll('L', 'i');
    expect(findReferences(misread).map((one) => one.code)).toStrictEqual([code]);
  });

  test('every single wrong sign is noticed: no other reference is read', () => {
    fc.assert(
      fc.property(kind, number, (of, n) => {
        const code = referenceOf(of, n);
        for (let at = 0; at < code.length; at += 1)
          for (const sign of SIGNS) {
            if (seen(sign) === seen(code[at] ?? '')) continue;
            expect(findReferences(`${code.slice(0, at)}${sign}${code.slice(at + 1)}`)).toStrictEqual([]);
          }
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  test('every two signs that changed places, neighbours or not, are noticed', () => {
    fc.assert(
      fc.property(kind, number, (of, n) => {
        const code = referenceOf(of, n);
        for (let a = 0; a < code.length; a += 1)
          for (let b = a + 1; b < code.length; b += 1) {
            const signs = [...code];
            [signs[a], signs[b]] = [signs[b] ?? '', signs[a] ?? ''];
            if (seen(signs[a] ?? '') === seen(signs[b] ?? '')) continue;
            expect(findReferences(signs.join(''))).toStrictEqual([]);
          }
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  test('two in one text are both found, in their order, each once; a text without one has none', () => {
    const [a, b] = [referenceOf('pledge', 7), referenceOf('fund', 8)];
    expect(findReferences(`${b}${a}${b}`).map(({ code }) => code)).toStrictEqual([b, a]);
    expect(findReferences('NGUYEN VAN A CHUYEN TIEN UNG HO LLC LLQ 0000001')).toStrictEqual([]);
  });

  test('a position that there is not has none', () => {
    for (const wrong of [0, -1, 1.5, 32 ** 7]) expect(() => referenceOf('fund', wrong)).toThrow('position');
  });
});
