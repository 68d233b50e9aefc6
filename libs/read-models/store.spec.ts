import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeStores } from '../../tests/support/stores.ts';
import { batchOf } from './postgres-store.ts';
import type { Cell, Table, Transaction } from './projection.ts';
import { createTable, insertInto } from './schema.ts';

const TABLE: Table = {
  columns: { key: 'text', note: 'text?', amount: 'whole', more: 'whole?' },
  key: ['key'],
};
const COLUMNS = Object.keys(TABLE.columns);
const WHOLE = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

const make = async (tx: Transaction): Promise<void> => {
  for (const sql of createTable('cells', TABLE, tx.dialect)) await tx.run(sql, [[]]);
};

/** Texts that an array literal, a quoted text or a null could be taken for. */
const awkward = fc.constantFrom(
  '',
  'NULL',
  'null',
  '{',
  '},{',
  '"',
  '\\',
  "'",
  ',',
  '?',
  '$1',
  'Lá lành',
  '🌿',
);
const text = fc
  .oneof(awkward, fc.string({ unit: 'grapheme', maxLength: 6 }))
  .filter((s) => !s.includes('\0'));

describeStores('a store', (fresh) => {
  test('gives back the cells it was given, whatever they are, in the order of their bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.record({
            key: text,
            note: fc.option(text),
            amount: fc.bigInt(WHOLE),
            more: fc.option(fc.bigInt(WHOLE)),
          }),
          { selector: ({ key }) => key, maxLength: 70 },
        ),
        async (rows) => {
          const home = await fresh();
          const store = home.store();
          await store.transaction(make);
          const cells = rows.map(({ key, note, amount, more }): Cell[] => [key, note, amount, more]);
          await store.transaction((tx) => tx.run(insertInto('cells', COLUMNS), cells));
          const bytes = ({ key }: { key: string }): Buffer => Buffer.from(key);
          expect(await store.all('select * from cells order by key', [])).toEqual(
            rows.toSorted((a, b) => Buffer.compare(bytes(a), bytes(b))),
          );
          const [first] = rows;
          if (first)
            expect(await store.all('select note, 1 as one from cells where key = ?', [first.key])).toEqual([
              { note: first.note, one: 1n },
            ]);
          store.close();
        },
      ),
      { numRuns: 25 },
    );
  });

  test('adds more rows at once than a statement has parameters, and adds to those that are there', async () => {
    const home = await fresh();
    const store = home.store();
    await store.transaction(make);
    const add =
      `${insertInto('cells', COLUMNS)} on conflict (key) do update ` +
      'set amount = cells.amount + excluded.amount, note = excluded.note';
    const rows = Array.from({ length: 33_333 }, (_, i): Cell[] => [`k-${i}`, null, i, null]);
    await store.transaction((tx) => tx.run(add, rows));
    await store.transaction((tx) => tx.run(add, rows.slice(0, 2)));
    expect(await store.all('select count(*) as n, sum(amount) as amount from cells', [])).toEqual([
      { n: 33_333n, amount: (33_332n * 33_333n) / 2n + 1n },
    ]);
    store.close();
  });

  test('keeps nothing of a transaction that threw, tables included', async () => {
    const home = await fresh();
    const store = home.store();
    const failing = store.transaction(async (tx) => {
      await make(tx);
      await tx.run(insertInto('cells', COLUMNS), [['a', null, 1, null]]);
      throw new Error('thought better of it');
    });
    await expect(failing).rejects.toThrow('thought better of it');
    expect(await home.tables()).toStrictEqual([]);
    store.close();
  });
});

test('a batch is one text for any number of rows, its columns one parameter each', () => {
  const sql = insertInto('t', ['a', 'b', 'c']);
  const two = batchOf(sql, [
    ['x"', null, 1],
    ['y', null, 1n],
  ]);
  expect(two).toStrictEqual({
    text: 'insert into t (a, b, c) select c0, null, c2 from unnest($1::text[], $2::bigint[]) as r (c0, c2)',
    values: [String.raw`{"x\"","y"}`, '{1,1}'],
  });
});

test('a large batch names what its rows share once', () => {
  const rows = Array.from({ length: 100 }, (_, i): Cell[] => [`k${i}`, 'VND', 7, null]);
  const { text, values } = batchOf(insertInto('t', ['a', 'b', 'c', 'd']), rows);
  expect(text).toBe(
    'insert into t (a, b, c, d) select c0, $2::text, $3::bigint, null from unnest($1::text[]) as r (c0)',
  );
  expect(values.slice(1)).toStrictEqual(['VND', 7]);
});
