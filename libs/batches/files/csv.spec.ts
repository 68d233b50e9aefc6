import { describe, expect, it } from 'vitest';
import { readCsv } from './csv.ts';

const rows = (text: string) => {
  const read = readCsv(new TextEncoder().encode(text));
  return read.ok ? read.value.map(({ row, cells }) => [row, cells]) : read.error.code;
};

describe('a CSV file', () => {
  it('is read with comma, semicolon or tab, with and without a byte order mark, with any line end', () => {
    const expected = [
      [1, ['a', 'b']],
      [2, ['1', 'x']],
    ];
    expect(rows('a,b\n1,x\n')).toStrictEqual(expected);
    expect(rows('\ufeffa;b\r\n1;x\r\n')).toStrictEqual(expected);
    expect(rows('a\tb\r1\tx')).toStrictEqual(expected);
  });

  it('keeps quoted separators, quotes and line ends, and counts rows by lines', () => {
    expect(rows('a,b\n"x, ""y""\nz",1\n\n2,3\n')).toStrictEqual([
      [1, ['a', 'b']],
      [2, ['x, "y"\nz', '1']],
      [5, ['2', '3']],
    ]);
  });

  it('with a quote that is never closed loses that line alone', () => {
    expect(rows('a,b\n1,"x\n2,y\n3,z\n')).toStrictEqual([
      [1, ['a', 'b']],
      [2, null],
      [3, ['2', 'y']],
      [4, ['3', 'z']],
    ]);
  });

  it('with two stray quotes loses those two lines and none between', () => {
    expect(rows('a,b\n1,"x\n2,y\n3,"z\n4,w\n')).toStrictEqual([
      [1, ['a', 'b']],
      [2, null],
      [3, ['2', 'y']],
      [4, null],
      [5, ['4', 'w']],
    ]);
  });

  it('with a row of too few or too many cells loses that row alone', () => {
    expect(rows('a,b\n1\n1,2,3\n4,5\n')).toStrictEqual([
      [1, ['a', 'b']],
      [2, null],
      [3, null],
      [4, ['4', '5']],
    ]);
  });

  it('that is not UTF-8 is refused as a whole', () => {
    expect(readCsv(new Uint8Array([0x61, 0xff, 0xfe]))).toStrictEqual({
      ok: false,
      error: { code: 'FILE_NOT_UTF8', details: {} },
    });
  });
});
