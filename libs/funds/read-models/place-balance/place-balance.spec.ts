import { everything } from '#access';
import { openMemoryLog } from '#event-log';
import type { Fact } from '#kernel';
import { type PlaceTree, emptyTree, evolvePlaces, placeId, placeStream } from '#places';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Shape, bookHistory, randomFrom } from '../../../../tests/support/book-history.ts';
import { recorded } from '../../../../tests/support/given.ts';
import { type FreshHome, describeStores, projected } from '../../../../tests/support/stores.ts';
import { MEASURES } from '../../domain/movements.ts';
import { fundProjections, readFundBalances, readPlaceBalances } from '../index.ts';

const OLD = '2021-01-01';
const REFORM = '2025-07-01';
const fact = (place: string, type: string, data: object, effectiveOn = REFORM): Fact => ({
  stream: placeStream(place),
  type: `place.${type}.v1`,
  effectiveOn,
  data: { place, ...data },
});
const established = (code: string, level: string, parent: string | null, from = OLD): Fact =>
  fact(placeId(code, from), 'established', { code, from, name: `Tên ${code}`, level, parent }, from);

/** A province with two districts whose communes merged across them, one renewed under its code, one split. */
const tree: PlaceTree = recorded([
  established('06', 'province', null),
  established('058', 'district', `06-${OLD}`),
  established('063', 'district', `06-${OLD}`),
  established('01840', 'commune', `058-${OLD}`),
  established('01849', 'commune', `058-${OLD}`),
  established('01852', 'commune', `063-${OLD}`),
  established('01969', 'commune', `063-${OLD}`),
  established('19', 'province', null, REFORM),
  established('01840', 'commune', `19-${REFORM}`, REFORM),
  established('01969', 'commune', `19-${REFORM}`, REFORM),
  fact(`01840-${OLD}`, 'merged', { into: `01840-${REFORM}` }),
  fact(`01849-${OLD}`, 'merged', { into: `01969-${REFORM}` }),
  fact(`01969-${OLD}`, 'merged', { into: `01969-${REFORM}` }),
  fact(`01852-${OLD}`, 'split', { into: [`01840-${REFORM}`, `01969-${REFORM}`] }),
  fact(`058-${OLD}`, 'dissolved', {}),
  fact(`063-${OLD}`, 'dissolved', {}),
  fact(`06-${OLD}`, 'merged', { into: `19-${REFORM}` }),
]).reduce(evolvePlaces, emptyTree());

const SHAPE: Shape = {
  funds: ['qbt-06', 'qbt-19'],
  donors: 3,
  places: ['06', '058', '063', '01840', '01849', '01852', '01969'].map((code) => `${code}-${OLD}`),
  beneficiaries: ['truong-1'],
  programmes: ['ao-am'],
  year: 2024,
  giftMax: 90,
  receiptsPercent: 40,
  receipts: 80,
};
const scope = everything('kiem-toan');

async function books(fresh: FreshHome, seed: number) {
  const log = openMemoryLog();
  let events = 0;
  for (const { events: made, ...append } of bookHistory(SHAPE, randomFrom(seed))) {
    await log.append(append);
    events += made.length;
    if (events >= 150) break;
  }
  const context = await projected(fresh, log, fundProjections);
  return { context, close: context.close };
}

const DAYS = ['2024-06-30', '2025-06-30', '2026-01-01'] as const;
const LEVELS = ['province', 'district', 'commune', 'stated'] as const;

describeStores('balances by place', (fresh) => {
  test('sum to those by fund, on the tree of any day, at any level and any two dates', async () => {
    let named = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 150 }), async (seed, knownAt) => {
        const { context, close } = await books(fresh, seed);
        for (const asOf of [
          {},
          { effectiveThrough: '2024-05-15' },
          { knownAt, effectiveThrough: '2024-09-01' },
        ]) {
          const byFund = await readFundBalances(context, { scope, ...asOf });
          for (const level of LEVELS)
            for (const on of DAYS) {
              const { rows } = await readPlaceBalances(context, {
                scope,
                rollUp: { tree, level, on },
                ...asOf,
              });
              named += rows.filter(({ key }) => key !== null).length;
              for (const measure of MEASURES)
                expect(rows.reduce((sum, { sums }) => sum + sums[measure], 0n)).toBe(
                  byFund.rows.reduce((sum, { sums }) => sum + sums[measure], 0n),
                );
            }
        }
        await close();
      }),
      { numRuns: 6 },
    );
    expect(named).toBeGreaterThan(100);
  });

  test('stand under the units of the chosen day; what was split or dissolved is not specified', async () => {
    const { context, close } = await books(fresh, 4);
    const keys = async (level: (typeof LEVELS)[number], on: string): Promise<(string | null)[]> => {
      const { rows } = await readPlaceBalances(context, { scope, rollUp: { tree, level, on } });
      return [...new Set(rows.map(({ key }) => key))];
    };
    expect(await keys('district', '2024-06-30')).toStrictEqual([null, `058-${OLD}`, `063-${OLD}`]);
    expect(await keys('district', '2026-01-01')).toStrictEqual([null]);
    expect(await keys('commune', '2026-01-01')).toStrictEqual([null, `01840-${REFORM}`, `01969-${REFORM}`]);
    expect(await keys('province', '2026-01-01')).toStrictEqual([null, `19-${REFORM}`]);
    await close();
  });
});
