import { type Result, isDay, isId, ok, refuse } from '#kernel';
import { CELL_CHARS_MAX } from './limits.ts';

/** Reads the text of one filled cell; the text is trimmed and composed (NFC) before. */
export type Read<T> = (text: string) => Result<T>;

// oxlint-disable-next-line no-control-regex -- control characters are what is refused here
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f\ud800-\udfff]/u;

export const text: Read<string> = (cell) =>
  cell.length > CELL_CHARS_MAX || UNPRINTABLE.test(cell) ? refuse('TEXT_INVALID') : ok(cell);

/** An opaque id as the ledger writes it. */
export const id: Read<string> = (cell) => (isId(cell) ? ok(cell) : refuse('ID_INVALID', { id: cell }));

/** The official code of a place; leading zeros that a spreadsheet ate are not guessed. */
export const placeCode: Read<string> = (cell) =>
  /^\d{2,5}$/.test(cell) ? ok(cell) : refuse('PLACE_CODE_INVALID', { code: cell });

/** `31/12/2023`, `1/1/2023` or `2023-12-31`. */
export const day: Read<string> = (cell) => {
  const [, date = '', month = '', year = ''] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(cell) ?? [];
  const iso = year === '' ? cell : `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  return isDay(iso) ? ok(iso) : refuse('DATE_INVALID', { date: cell });
};

/**
 * An amount as people write it, to plain text with a decimal point. A comma starts the decimals, as in
 * Vietnam; a point (or space) separates thousands where it stands before every three digits, and else starts
 * the decimals. Sign, zero and size are judged with the commodity. `1,235,000` is no amount: to take a comma
 * now for one thing and now for another would misread somebody's money.
 */
export const amount: Read<string> = (cell) => {
  const [whole = '', decimals, ...more] = cell.split(',');
  const grouped = /^-?\d{1,3}([. \u00a0\u202f]\d{3})+$/.test(whole);
  const plain = grouped ? whole.replace(/[. \u00a0\u202f]/g, '') : whole;
  const number = decimals === undefined ? plain : `${plain}.${decimals}`;
  return more.length === 0 && /^-?\d+(\.\d+)?$/.test(number)
    ? ok(number)
    : refuse('AMOUNT_NOT_A_NUMBER', { amount: cell.slice(0, 40) });
};

/** A count of people or things, above zero; thousands may be separated. */
export const count: Read<number> = (cell) => {
  const read = amount(cell);
  const number = read.ok && /^\d{1,9}$/.test(read.value) ? Number(read.value) : 0;
  return number > 0 ? ok(number) : refuse('COUNT_INVALID', { value: cell.slice(0, 40) });
};

/** A number of decimals, 0 to 6. */
export const decimals: Read<number> = (cell) =>
  /^[0-6]$/.test(cell) ? ok(Number(cell)) : refuse('COUNT_INVALID', { value: cell.slice(0, 40) });

export const year: Read<number> = (cell) =>
  /^\d{4}$/.test(cell) ? ok(Number(cell)) : refuse('YEAR_INVALID', { year: cell });

/** Lower case without marks and with single hyphens: what headers, file names and choices are compared by. */
export const fold = (words: string): string =>
  words
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** One of a list, each by its English word, its Vietnamese word or the value itself. */
export function choice<const T extends string | boolean>(
  values: readonly { readonly value: T; readonly vi: string; readonly en: string }[],
): Read<T> & { readonly choices: readonly { readonly vi: string; readonly en: string }[] } {
  const byWord = new Map(
    values.flatMap(({ value, vi, en }) =>
      [vi, en, String(value)].map((word) => [fold(word), value] as const),
    ),
  );
  const choices = values.map(({ vi, en }) => `${vi} / ${en}`).join(', ');
  const read: Read<T> = (cell) => {
    const value = byWord.get(fold(cell));
    return value === undefined ? refuse('CHOICE_UNKNOWN', { value: cell.slice(0, 40), choices }) : ok(value);
  };
  return Object.assign(read, { choices: values });
}

/** Several values with `|` between them. */
export const list =
  <T>(read: Read<T>): Read<readonly T[]> =>
  (cell) => {
    const values: T[] = [];
    for (const part of cell.split('|')) {
      const one = read(part.trim());
      if (!one.ok) return one;
      values.push(one.value);
    }
    return ok(values);
  };
