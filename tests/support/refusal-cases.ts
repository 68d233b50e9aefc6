import { describe, expect, test } from 'vitest';
import { type RefusalTable, refuse } from '../../libs/kernel/index.ts';
import { type Step, type World, when } from './funds.ts';

/** A step that is refused in a world, and what the refusal tells. */
export interface RefusalCase {
  readonly state: string;
  readonly world: () => World;
  readonly step: Step;
  readonly details?: Record<string, string>;
}

/** Each code of a table is reached by its cases, which tell all that its texts name. */
export function describeRefusals(
  title: string,
  cases: Readonly<Record<string, readonly RefusalCase[]>>,
  table: RefusalTable,
): void {
  describe(`refusals ${title}`, () => {
    test('each code of the table is reached by some command, and no other code is', () => {
      expect(Object.keys(cases).toSorted()).toStrictEqual(Object.keys(table).toSorted());
    });

    describe.each(Object.entries(cases))('%s', (code, rows) => {
      test.each(rows.map((row, index) => ({ ...row, index })))(
        '$state ($index)',
        ({ world, step, details }) => {
          expect(when(world(), step)).toStrictEqual(refuse(code, details));
        },
      );

      test('its texts name nothing that the refusal does not tell', () => {
        const { vi, en, nextVi, nextEn } = table[code] ?? { vi: '{missing}', en: '', nextVi: '', nextEn: '' };
        for (const text of [vi, en, nextVi, nextEn])
          for (const [, name = ''] of text.matchAll(/\{(\w+)\}/g))
            for (const { details } of rows) expect(Object.keys(details ?? {})).toContain(name);
      });
    });
  });
}
