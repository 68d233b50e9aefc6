import { describe, expect, it } from 'vitest';
import { asCsv, asJson, csvCell } from './output.ts';

describe('a CSV cell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+84', "'+84"],
    ['-x', "'-x"],
    ['@sum', "'@sum"],
    ['\tx', "'\tx"],
    ['\0x', "'\0x"],
    ['\rx', `"'\rx"`],
    ['＝1', "'＝1"],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['=a,b', `"'=a,b"`],
    ['Bắc Kạn', 'Bắc Kạn'],
  ])('of text %j is written %j', (text, written) => {
    expect(csvCell(text, false)).toBe(written);
  });

  it('of a numeric column passes numbers and nothing else', () => {
    expect(['-5', '12.5', '-x', '=1', null].map((cell) => csvCell(cell, true))).toStrictEqual([
      '-5',
      '12.5',
      "'-x",
      "'=1",
      '',
    ]);
  });
});

describe('results', () => {
  it('are CSV with a header of keys and CRLF', () => {
    const columns = [
      { key: 'name', vi: 'Tên', en: 'Name' },
      { key: 'amount', vi: 'Số tiền', en: 'Amount', numeric: true },
    ];
    expect(asCsv({ columns, rows: [{ name: 'a', amount: -5n }, { name: '=b' }] })).toBe(
      "name,amount\r\na,-5\r\n'=b,\r\n",
    );
  });

  it('are JSON with amounts as strings', () => {
    expect(JSON.parse(asJson({ amount: 10n ** 17n }))).toStrictEqual({ amount: '100000000000000000' });
  });
});
