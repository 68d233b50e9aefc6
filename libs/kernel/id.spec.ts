import { describe, expect, test } from 'vitest';
import { isId, isUuid } from './id.ts';

describe('ids', () => {
  test.each(['a', '7', 'ab', 'qbt-06', 'qbt06.k2', '1-a', 'a'.repeat(63)])('%s is an id', (text) =>
    expect(isId(text)).toBe(true),
  );

  test.each([
    '',
    '-',
    '.',
    'a-',
    '-a',
    '.a',
    'a.',
    'a--b',
    'A',
    'aB',
    'a b',
    'a_b',
    'ă',
    'a/b',
    'a\n',
    'a'.repeat(64),
  ])('%o is none', (text) => expect(isId(text)).toBe(false));
});

describe('UUIDs', () => {
  test.each([
    '0192d7a1-5b6c-7def-8abc-0123456789ab',
    'c232ab00-9414-11ec-b3c8-9f6bdeced846',
    '5df41881-3aed-3515-88a7-2f4a814cf09e',
    '2489e9ad-2ee2-8e00-8ec9-32d5f69181c0',
  ])('%s is one', (text) => expect(isUuid(text)).toBe(true));

  test.each([
    '0192D7A1-5B6C-7DEF-8ABC-0123456789AB',
    '0192d7a1-5b6c-0def-8abc-0123456789ab',
    '0192d7a1-5b6c-9def-8abc-0123456789ab',
    '0192d7a1-5b6c-7def-7abc-0123456789ab',
    '0192d7a1-5b6c-7def-cabc-0123456789ab',
    '0192d7a15b6c7def8abc0123456789ab',
    '0192d7a1-5b6c-7def-8abc-0123456789abc',
    'x0192d7a1-5b6c-7def-8abc-0123456789ab',
    '',
  ])('%o is none', (text) => expect(isUuid(text)).toBe(false));
});
