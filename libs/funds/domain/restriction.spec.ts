import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { covers } from '../../../tests/support/funds.ts';
import {
  type Designation,
  type Restriction,
  admits,
  mayBeDesignated,
  offeringOrder,
  poolAdmits,
  poolId,
  poolKey,
} from './restriction.ts';

const name = fc.stringMatching(/^[a-z0-9](?:[a-z0-9.-]{0,8}[a-z0-9])?$/);
const day = fc.constantFrom('2026-01-31', '2026-12-31', '2027-06-30');
const restriction: fc.Arbitrary<Restriction> = fc.record(
  { programme: name, place: name, group: name, beneficiary: name, purpose: name, until: day },
  { requiredKeys: [], noNullPrototype: true },
);
const designation: fc.Arbitrary<Designation> = fc.record(
  { programme: name, place: name, group: name },
  { requiredKeys: [], noNullPrototype: true },
);
const key = fc.record(
  { fund: name, commodity: fc.constantFrom('VND', 'EUR', 'xe-dap'), restriction, designation },
  { noNullPrototype: true },
);

describe('the id of a pool', () => {
  test.each([
    [{}, {}, 'qbt-06/VND/general'],
    [{}, { programme: 'ao-am' }, 'qbt-06/VND/general/programme=ao-am'],
    [
      { purpose: 'hoc-bong', place: '062-2021-01-01' },
      {},
      'qbt-06/VND/place=062-2021-01-01;purpose=hoc-bong',
    ],
    [
      { until: '2026-12-31', programme: 'p', purpose: 'q', place: 'bk', group: 'g', beneficiary: 'b' },
      { programme: 'p', place: 'bk.ns', group: 'g' },
      'qbt-06/VND/beneficiary=b;group=g;place=bk;programme=p;purpose=q;until=2026-12-31/group=g;place=bk.ns;programme=p',
    ],
  ])('of %j set aside for %j is %s', (limits, set, id) => {
    expect(poolId({ fund: 'qbt-06', commodity: 'VND', restriction: limits, designation: set })).toBe(id);
  });

  test('gives back the key it was made from', () => {
    fc.assert(
      fc.property(key, (k) => {
        expect(poolKey(poolId(k))).toStrictEqual(k);
      }),
    );
  });

  test('does not depend on the order in which the dimensions are given', () => {
    fc.assert(
      fc.property(key, (k) => {
        const turned = Object.fromEntries(Object.entries(k.restriction).toReversed());
        expect(poolId({ ...k, restriction: turned })).toBe(poolId(k));
      }),
    );
  });
});

describe('the order in which pools are offered', () => {
  test('is earliest expiry, most dimensions, then beneficiary > group > place > programme > purpose, then id', () => {
    const inOrder = [
      'f/VND/until=2026-05-31',
      'f/VND/beneficiary=b;group=g;until=2026-06-30',
      'f/VND/purpose=q;until=2026-06-30',
      'f/VND/beneficiary=b;group=g;place=p',
      'f/VND/group=g/place=p;programme=r',
      'f/VND/beneficiary=b;group=g',
      'f/VND/beneficiary=b;place=p',
      'f/VND/group=g;place=p',
      'f/VND/beneficiary=b',
      'f/VND/group=g',
      'f/VND/general/place=p',
      'f/VND/place=p',
      'f/VND/place=p/place=p.q',
      'f/VND/place=q',
      'f/VND/programme=r',
      'f/VND/purpose=q',
      'f/VND/general',
    ];
    expect(inOrder.toReversed().toSorted(offeringOrder)).toStrictEqual(inOrder);
    expect(inOrder.toSorted(offeringOrder)).toStrictEqual(inOrder);
  });

  test('is a total order: any shuffle sorts the same, and only a pool itself is its equal', () => {
    const pools = fc.uniqueArray(key.map(poolId), { minLength: 2, maxLength: 12 });
    const shuffled = pools.chain((ids) =>
      fc.tuple(fc.constant(ids), fc.shuffledSubarray(ids, { minLength: ids.length })),
    );
    fc.assert(
      fc.property(shuffled, ([ids, other]) => {
        const sorted = ids.toSorted(offeringOrder);
        expect(other.toSorted(offeringOrder)).toStrictEqual(sorted);
        for (const [i, a] of sorted.entries())
          for (const [j, b] of sorted.entries())
            expect(Math.sign(offeringOrder(a, b))).toBe(Math.sign(i - j));
      }),
    );
  });
});

describe('units under a restriction', () => {
  const on = '2026-03-01';
  test.each<[Restriction, Omit<Parameters<typeof admits>[1], 'on'>, boolean]>([
    [{}, {}, true],
    [{}, { programme: 'p', group: 'g', purpose: 'q', place: 'bk', beneficiary: 'b' }, true],
    [{ programme: 'p' }, { programme: 'p', group: 'g' }, true],
    [{ programme: 'p' }, { programme: 'r' }, false],
    [{ programme: 'p' }, {}, false],
    [{ group: 'g' }, { group: 'g' }, true],
    [{ group: 'g' }, { group: 'h' }, false],
    [{ beneficiary: 'b' }, { beneficiary: 'b' }, true],
    [{ beneficiary: 'b' }, { beneficiary: 'c' }, false],
    [{ purpose: 'q' }, { purpose: 'q' }, true],
    [{ purpose: 'q' }, { purpose: 'r' }, false],
    [{ place: 'bk' }, { place: 'bk' }, true],
    [{ place: 'bk' }, { place: 'bk.ns' }, true],
    [{ place: 'bk.ns' }, { place: 'bk' }, false],
    [{ place: 'bk' }, {}, false],
    [{ until: on }, {}, true],
    [{ until: '2026-02-28' }, {}, false],
    [{ programme: 'p', place: 'bk' }, { programme: 'p', place: 'bk.ns' }, true],
    [{ programme: 'p', place: 'bk' }, { programme: 'p', place: 'cb' }, false],
  ])('%j may be used for %j: %s', (limits, use, expected) => {
    expect(admits(limits, { ...use, on }, covers)).toBe(expected);
  });

  test.each<[Restriction, Designation, boolean]>([
    [{}, { programme: 'p', place: 'bk', group: 'g' }, true],
    [{ programme: 'p' }, { programme: 'p' }, true],
    [{ programme: 'p' }, { programme: 'r' }, false],
    [{ programme: 'p' }, { group: 'g' }, true],
    [{ group: 'g' }, { group: 'h' }, false],
    [{ place: 'bk' }, { place: 'bk.ns' }, true],
    [{ place: 'bk.ns' }, { place: 'bk' }, false],
    [{ place: 'bk.ns' }, { programme: 'p' }, true],
    [{ beneficiary: 'b', purpose: 'q', until: '2026-01-01' }, { programme: 'p' }, true],
  ])('%j may be set aside for %j: %s', (limits, set, expected) => {
    expect(mayBeDesignated(limits, set, covers)).toBe(expected);
  });

  test.each<[Restriction, Designation, boolean]>([
    [{ place: 'bk' }, { programme: 'p' }, true],
    [{ place: 'cb' }, { programme: 'p' }, false],
    [{ place: 'bk' }, { programme: 'r' }, false],
  ])('%j, set aside for %j, serve programme p in bk.ns: %s', (limits, set, expected) => {
    const pool = { fund: 'f', commodity: 'VND', restriction: limits, designation: set };
    expect(poolAdmits(pool, { programme: 'p', place: 'bk.ns', on }, covers)).toBe(expected);
  });
});
