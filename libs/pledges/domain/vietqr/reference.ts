import { invariant } from '#kernel';

/**
 * Crockford's 32 signs: no I, L, O, U. A reader takes I and L for 1 and O for 0, so they are read as what they
 * look like.
 */
const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LOOKS_LIKE: Readonly<Record<string, string>> = { I: '1', L: '1', O: '0' };

/** What a reference names; its letter stands third. */
const KINDS = { pledge: 'C', fund: 'Q' } as const;
export type ReferenceKind = keyof typeof KINDS;

/** Signs of the number between the letters and the check sign: 34 thousand million of them. */
const NUMBER_SIGNS = 7;
const NUMBER_MAX = 32 ** NUMBER_SIGNS - 1;

/** Length of a reference: `LL`, the kind, the number, the check sign. Banks keep 19 characters at least. */
export const REFERENCE_LENGTH = 2 + 1 + NUMBER_SIGNS + 1;

/** A reference that was found in a text. */
export interface Reference {
  /** As it is printed. */
  readonly code: string;
  readonly kind: ReferenceKind;
  /** Position in the log of the fact that made what it names. */
  readonly number: number;
}

/**
 * The reference of a pledge or a fund, stable because its number is the position in the log of the promise, or of
 * the opening of the fund's first book.
 */
export function referenceOf(kind: ReferenceKind, number: number): string {
  invariant(Number.isSafeInteger(number) && number > 0 && number <= NUMBER_MAX, 'a position has a reference');
  let rest = number;
  let digits = '';
  for (let n = 0; n < NUMBER_SIGNS; n += 1) {
    digits = `${SIGNS[rest % 32]}${digits}`;
    rest = Math.floor(rest / 32);
  }
  const body = `${KINDS[kind]}${digits}`;
  return `LL${body}${SIGNS[checkOf(body)]}`;
}

/** Doubling in the field of 32 elements (x⁵ + x² + 1). */
const doubled = (value: number): number => (value < 16 ? value * 2 : (value * 2) ^ 0b100101);

/**
 * The check value over the field of 32 elements: the sum of the signs, each times another power of 2. One wrong sign
 * changes it, and so do two signs that changed places anywhere, because no two of the powers are equal.
 */
function checkOf(body: string): number {
  let sum = 0;
  for (const sign of body) sum = doubled(sum ^ SIGNS.indexOf(sign));
  return sum;
}

const squeezed = (text: string): string =>
  text
    .normalize('NFD')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/gu, '');

/** Characters of a text that is searched; a bank's narrative has a few hundred. */
const TEXT_CHARS_MAX = 4_000;

/**
 * Every reference in a text, each once, in the order in which they stand: whatever the spaces, hyphens, case or
 * accents, and with O for 0 or I and L for 1. A code whose check sign is wrong is not one.
 */
export function findReferences(text: string): readonly Reference[] {
  const signs = squeezed(text.slice(0, TEXT_CHARS_MAX));
  const found = new Map<string, Reference>();
  for (const { index } of signs.matchAll(/(?=[L1I]{2}[CQ])/gu)) {
    const reference = readAt(signs.slice(index + 2, index + REFERENCE_LENGTH));
    if (reference) found.set(reference.code, reference);
  }
  return [...found.values()];
}

/** Reads kind, number and check sign. */
function readAt(written: string): Reference | undefined {
  const read = [...written].map((sign) => LOOKS_LIKE[sign] ?? sign).join('');
  const [body, check] = [read.slice(0, -1), read.slice(-1)];
  if (read.length !== REFERENCE_LENGTH - 2 || ![...read].every((sign) => SIGNS.includes(sign)))
    return undefined;
  if (SIGNS[checkOf(body)] !== check) return undefined;
  const kind = body.startsWith(KINDS.pledge) ? 'pledge' : 'fund';
  let number = 0;
  for (const sign of body.slice(1)) number = number * 32 + SIGNS.indexOf(sign);
  return number > 0 ? { code: referenceOf(kind, number), kind, number } : undefined;
}
