import type { Result } from '#kernel';

export * from './decode.ts';
export * from './grid.ts';
export * from './limits.ts';
export * from './xlsx.ts';
export * from './zip.ts';

/**
 * Why a file is not read, in the words of whoever reads it: `SHEET_FORMULA` becomes `STATEMENT_FORMULA` with the
 * prefix `STATEMENT`. Reasons: TRUNCATED, ENCODING, TOO_LARGE {limit}, ZIP_BOMB {limit}, DOCTYPE, FORMULA {row},
 * NOT_A_TABLE.
 */
export function inWordsOf<T>(prefix: string, result: Result<T>): Result<T> {
  if (result.ok || !result.error.code.startsWith('SHEET_')) return result;
  const { code, details } = result.error;
  return { ok: false, error: { code: `${prefix}${code.slice('SHEET'.length)}`, details } };
}
