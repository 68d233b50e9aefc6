import { type Day, type Fact, ok, refuse } from '#kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recorded } from '../../../tests/support/given.ts';
import { decideDissolvePlace } from './dissolve-place.ts';
import { decideEstablishPlace } from './establish-place.ts';
import { placeId, placeStream } from './events.ts';
import { decideMergePlace } from './merge-place.ts';
import {
  type PlaceTree,
  ancestorsOf,
  covers,
  districtOf,
  emptyTree,
  evolvePlaces,
  livesOn,
  resolvePlace,
  restate,
  unitAbove,
  unitOn,
} from './place-tree.ts';
import { decideSplitPlace } from './split-place.ts';

const treeOf = (facts: readonly Fact[]): PlaceTree => recorded(facts).reduce(evolvePlaces, emptyTree());

const OLD = '2021-01-01';
const REFORM = '2025-07-01';
const fact = (place: string, type: string, data: object, effectiveOn: Day = REFORM): Fact => ({
  stream: placeStream(place),
  type: `place.${type}.v1`,
  effectiveOn,
  data: { place, ...data },
});
const established = (code: string, level: string, parent: string | null, from: Day = OLD): Fact =>
  fact(placeId(code, from), 'established', { code, from, name: `Tên ${code}`, level, parent }, from);

/**
 * The reform of Bắc Kạn in small. Two communes of two districts become 01969 of 2025; 01840 is renewed under the
 * same code; 01852 is split; 01861 is dissolved; the province becomes part of 19.
 */
const tree = treeOf([
  established('06', 'province', null),
  established('058', 'district', `06-${OLD}`),
  established('063', 'district', `06-${OLD}`),
  established('01840', 'commune', `058-${OLD}`),
  established('01849', 'commune', `058-${OLD}`),
  established('01843', 'commune', `058-${OLD}`),
  established('01852', 'commune', `058-${OLD}`),
  established('01861', 'commune', `063-${OLD}`),
  established('01969', 'commune', `063-${OLD}`),
  established('19', 'province', null, REFORM),
  established('01840', 'commune', `19-${REFORM}`, REFORM),
  established('01969', 'commune', `19-${REFORM}`, REFORM),
  fact(`01840-${OLD}`, 'merged', { into: `01840-${REFORM}` }),
  fact(`01843-${OLD}`, 'merged', { into: `01840-${REFORM}` }),
  fact(`01849-${OLD}`, 'merged', { into: `01969-${REFORM}` }),
  fact(`01969-${OLD}`, 'merged', { into: `01969-${REFORM}` }),
  fact(`01852-${OLD}`, 'split', { into: [`01840-${REFORM}`, `01969-${REFORM}`] }, '2026-01-01'),
  fact(`01861-${OLD}`, 'dissolved', {}),
  fact(`058-${OLD}`, 'dissolved', {}),
  fact(`063-${OLD}`, 'dissolved', {}),
  fact(`06-${OLD}`, 'merged', { into: `19-${REFORM}` }),
]);

describe('a code and a date', () => {
  test.each([
    ['the old unit on its last day', { code: '01969' }, '2025-06-30', ok(`01969-${OLD}`)],
    ['the new unit on its first day', { code: '01969' }, REFORM, ok(`01969-${REFORM}`)],
    ['a name in another writing', { code: '01969', name: 'xã tên 01969' }, OLD, ok(`01969-${OLD}`)],
    [
      'a day before the first unit',
      { code: '01969' },
      '2020-12-31',
      refuse('PLACE_NOT_VALID_ON_DATE', { code: '01969', date: '2020-12-31' }),
    ],
    [
      'a day after the last unit',
      { code: '058' },
      REFORM,
      refuse('PLACE_NOT_VALID_ON_DATE', { code: '058', date: REFORM }),
    ],
    ['a code of nobody', { code: '99999' }, REFORM, refuse('PLACE_UNKNOWN', { code: '99999' })],
    [
      'another name',
      { code: '01969', name: 'Đôn Phong' },
      OLD,
      refuse('PLACE_CODE_MEANS_OTHER', { code: '01969', date: OLD, means: 'Tên 01969' }),
    ],
  ])('given %s', (_title, named, day, expected) => {
    expect(resolvePlace(tree, named, day)).toStrictEqual(expected);
  });
});

test('units above are found whatever the date', () => {
  expect(ancestorsOf(tree, `01849-${OLD}`).map(({ id }) => id)).toStrictEqual([
    `01849-${OLD}`,
    `058-${OLD}`,
    `06-${OLD}`,
  ]);
  expect(unitAbove(tree, `01849-${OLD}`, 'district')).toBe(`058-${OLD}`);
  expect(unitAbove(tree, `058-${OLD}`, 'district')).toBe(`058-${OLD}`);
  expect(unitAbove(tree, `01969-${REFORM}`, 'district')).toBeNull();
});

test('a place that was never established is a fault', () => {
  expect(() => covers(tree, '06-2021-01-01', '99-2021-01-01')).toThrow('99-2021-01-01 is established');
});

describe('a limit to a place', () => {
  test.each([
    ['itself', '058', OLD, '058', OLD, true],
    ['a unit below', '06', OLD, '01849', OLD, true],
    ['the unit above', '058', OLD, '06', OLD, false],
    ['a neighbour', '058', OLD, '01969', OLD, false],
    ['the unit it became part of', '01849', OLD, '01969', REFORM, true],
    ['what became part of it', '01969', REFORM, '01849', OLD, false],
    ['the unit that a commune of it became part of', '058', OLD, '01840', REFORM, true],
    ['a unit of the province that its province became part of', '06', OLD, '01840', REFORM, true],
    ['the province that its province became part of', '058', OLD, '19', REFORM, false],
    ['what a split gave it to', '01852', OLD, '01840', REFORM, false],
  ])('admits %s or not', (_title, place, from, of, ofFrom, expected) => {
    expect(covers(tree, placeId(place, from), placeId(of, ofFrom))).toBe(expected);
  });
});

describe('a place in the units of another day', () => {
  test.each([
    ['that lives then is itself', '01852', OLD, '2025-12-31', `01852-${OLD}`],
    ['that merged is its successor', '01849', OLD, REFORM, `01969-${REFORM}`],
    ['that is still there the day before is itself', '01849', OLD, '2025-06-30', `01849-${OLD}`],
    ['that was split is not specified', '01852', OLD, '2026-01-01', null],
    ['that was dissolved is not specified', '058', OLD, REFORM, null],
    ['made of several is not specified before', '01969', REFORM, OLD, null],
    ['made of one is that one before', '19', REFORM, OLD, `06-${OLD}`],
    ['made of nothing known is not specified before', '06', OLD, '2020-01-01', null],
  ])('%s', (_title, code, from, on, expected) => {
    expect(restate(tree, placeId(code, from), on)).toBe(expected);
  });

  test('made in part of a place that was split, or of one that was not there yet, is not specified before', () => {
    const parts = (end: Fact) =>
      treeOf([
        established('00001', 'commune', null),
        established('00002', 'commune', null, '2023-01-01'),
        established('00003', 'commune', null, REFORM),
        fact(`00001-${OLD}`, 'merged', { into: `00003-${REFORM}` }),
        end,
      ]);
    const split = parts(fact('00002-2023-01-01', 'split', { into: [`00003-${REFORM}`] }));
    expect(restate(split, `00003-${REFORM}`, '2024-01-01')).toBeNull();
    const young = parts(fact('00002-2023-01-01', 'merged', { into: `00003-${REFORM}` }));
    expect(restate(young, `00003-${REFORM}`, '2022-01-01')).toBeNull();
  });

  test('given a code taken over and nothing said of the unit before, then it is not specified', () => {
    const untold = treeOf([established('06', 'province', null), established('06', 'province', null, REFORM)]);
    expect(restate(untold, `06-${OLD}`, '2025-06-30')).toBe(`06-${OLD}`);
    expect(restate(untold, `06-${OLD}`, REFORM)).toBeNull();
    expect(restate(untold, `06-${REFORM}`, '2025-06-30')).toBeNull();
  });
});

describe('the district of a place on a day', () => {
  test.each([
    ['of a commune', '01849', OLD, '2023-12-31', `058-${OLD}`],
    ['of a district', '058', OLD, '2023-12-31', `058-${OLD}`],
    ['of a province is none', '06', OLD, '2023-12-31', null],
    ['after the districts ended is none', '01849', OLD, REFORM, null],
    ['of a commune that outlived its district is none', '01852', OLD, '2025-12-31', null],
    ['before a commune was made of two in one district', '01840', REFORM, '2023-12-31', `058-${OLD}`],
    ['before a commune was made of two in two districts is none', '01969', REFORM, '2023-12-31', null],
  ])('%s', (_title, code, from, on, expected) => {
    expect(districtOf(tree, placeId(code, from), on)).toBe(expected);
  });

  test('province after the reform', () => {
    expect(unitOn(tree, `01849-${OLD}`, 'province', REFORM)).toBe(`19-${REFORM}`);
    expect(unitOn(tree, `01852-${OLD}`, 'province', '2026-01-01')).toBeNull();
  });
});

/** Codes that random histories use: few, so that they are used again. */
const CODES = ['00001', '00002', '00003', '00004', '00005', '00006'] as const;
const DAYS = ['2021-01-01', '2022-01-01', '2023-01-01', '2024-01-01', '2025-01-01', '2026-01-01'] as const;
const code = fc.constantFrom(...CODES);
const step = fc.record({
  kind: fc.constantFrom('establish', 'establish', 'merge', 'merge', 'split', 'dissolve'),
  day: fc.constantFrom(...DAYS),
  code,
  others: fc.tuple(code, code),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A random history through the deciders, so that only what they accept is in it; and how much they accepted. */
function historyOf(steps: readonly Step[]): { tree: PlaceTree; accepted: number } {
  const facts: Fact[] = [
    established('01', 'province', null),
    established('001', 'district', `01-${OLD}`),
    established('002', 'district', `01-${OLD}`),
  ];
  let grown = treeOf(facts);
  let accepted = 0;
  for (const { kind, day: effectiveOn, code: mine, others } of steps) {
    const named = { place: { code: mine }, effectiveOn };
    const [one, two] = others.map((other) => ({ code: other })) as [{ code: string }, { code: string }];
    const parent = { code: Number(one.code) % 2 === 0 ? '001' : '002' };
    const decided =
      kind === 'establish'
        ? decideEstablishPlace(
            {
              code: mine,
              name: mine,
              level: 'commune',
              parent,
              takesOverCode: two.code < mine,
              effectiveOn,
            },
            grown,
          )
        : kind === 'merge'
          ? decideMergePlace({ ...named, into: one }, grown)
          : kind === 'split'
            ? decideSplitPlace({ ...named, into: [one, two] }, grown)
            : decideDissolvePlace(named, grown);
    if (!decided.ok) continue;
    accepted += 1;
    facts.push(...decided.value);
    grown = treeOf(facts);
  }
  return { tree: grown, accepted };
}

describe('over random histories', () => {
  const history = fc.array(step, { minLength: 10, maxLength: 40 }).map(historyOf);
  const RUNS = { numRuns: 300, seed: 20250701 };
  const idsOf = ({ places }: PlaceTree): string[] => [...places.keys()];

  test('a good share of the steps is accepted', () => {
    const shares = fc.sample(history, { numRuns: 100, seed: 1 });
    const accepted = shares.reduce((sum, { accepted: n }) => sum + n, 0);
    expect(accepted / shares.length).toBeGreaterThan(5);
    const kinds = new Set(
      shares.flatMap(({ tree: t }) => [...t.places.values()].map(({ succession }) => succession?.kind)),
    );
    expect(kinds).toStrictEqual(new Set([undefined, 'merged', 'split', 'dissolved', 'unstated']));
  });

  test('a code means at most one place on a day', () => {
    fc.assert(
      fc.property(history, ({ tree: t }) => {
        for (const day of DAYS)
          for (const one of CODES)
            expect(
              [...t.places.values()].filter((p) => p.code === one && livesOn(p, day)).length,
            ).toBeLessThanOrEqual(1);
      }),
      RUNS,
    );
  });

  test('totals restated in the units of any day are the same, each in a unit that lives then or not specified', () => {
    fc.assert(
      fc.property(history, ({ tree: t }) => {
        const amounts = idsOf(t).map((id, i) => [id, 2 ** i] as const);
        for (const day of DAYS) {
          const totals = new Map<string | null, number>();
          for (const [id, amount] of amounts) {
            const unit = restate(t, id, day);
            totals.set(unit, (totals.get(unit) ?? 0) + amount);
          }
          const living = idsOf(t).filter((id) => livesOn(t.places.get(id) as never, day));
          expect([...totals.keys()].filter((unit) => unit !== null && !living.includes(unit))).toStrictEqual(
            [],
          );
          expect([...totals.values()].reduce((a, b) => a + b, 0)).toBe(2 ** amounts.length - 1);
          // A living unit is itself, so nothing moves between units that both live.
          for (const id of living) expect(restate(t, id, day)).toBe(id);
        }
      }),
      RUNS,
    );
  });

  test('restating over a day between changes nothing', () => {
    fc.assert(
      fc.property(history, ({ tree: t }) => {
        for (const id of idsOf(t))
          DAYS.forEach((between, i) => {
            const first = restate(t, id, between);
            if (first === null || (t.places.get(id)?.from ?? '') > between) return;
            for (const day of DAYS.slice(i)) expect(restate(t, first, day)).toBe(restate(t, id, day));
          });
      }),
      RUNS,
    );
  });

  test('a limit admits its place, all below it, and what its admitted places became as a whole', () => {
    fc.assert(
      fc.property(history, ({ tree: t }) => {
        const ids = idsOf(t);
        const admitted = new Map(ids.map((id) => [id, ids.filter((of) => covers(t, id, of))]));
        for (const id of ids) {
          const mine = admitted.get(id) ?? [];
          expect(mine).toContain(id);
          for (const of of mine) {
            expect(mine).toStrictEqual(expect.arrayContaining([...(t.places.get(of)?.children ?? [])]));
            expect(mine).toStrictEqual(expect.arrayContaining([...(admitted.get(of) ?? [])]));
            const succession = t.places.get(of)?.succession;
            if (succession?.kind === 'merged') expect(mine).toContain(succession.into);
          }
        }
      }),
      { ...RUNS, numRuns: 100 },
    );
  });

  test('a limit to a unit without units below admits exactly the line of its whole successors', () => {
    fc.assert(
      fc.property(history, ({ tree: t }) => {
        for (const { id, level } of t.places.values()) {
          if (level !== 'commune') continue;
          const line = [id];
          for (
            let at = t.places.get(id)?.succession;
            at?.kind === 'merged';
            at = t.places.get(at.into)?.succession
          )
            line.push(at.into);
          expect(
            idsOf(t)
              .filter((of) => covers(t, id, of))
              .toSorted(),
          ).toStrictEqual(line.toSorted());
        }
      }),
      RUNS,
    );
  });
});
