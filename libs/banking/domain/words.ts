/** Lower case without marks, anything else than letters and digits as one space: what words are compared by. */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

/** Upper case letters and digits alone: banks cut narratives with spaces, dots and hyphens as they like. */
export const squeeze = (text: string): string => fold(text).replaceAll(' ', '').toUpperCase();

/** True when the folded text has the folded words in it, whole. */
export const hasWords = (folded: string, words: string): boolean => ` ${folded} `.includes(` ${words} `);
