import { ok, refuse } from '#kernel';
import { beneficiaryKind, donorKind, handlers, refusals } from '#people';
import { handlers as places } from '#places';
import { describe, expect, test } from 'vitest';
import { decide, factsOf, given, leftOpen } from '../../tests/support/given.ts';

const { registerDonor, registerBeneficiary } = handlers;

const DONOR = { donor: 'kinderhilfe', kind: 'organisation', effectiveOn: '2023-01-01' };
const CHILD = { beneficiary: 'tre-0001', kind: 'child', effectiveOn: '2023-01-01' };
const PLACES = factsOf([
  [places.establishPlace, { code: '06', name: 'Tỉnh Bắc Kạn', level: 'province', effectiveOn: '2021-01-01' }],
]);

describe('a donor', () => {
  test('not yet registered, then is, with what the source does not say left empty', () => {
    expect(decide(registerDonor, DONOR)).toStrictEqual(
      ok([
        {
          stream: 'donor-kinderhilfe',
          type: 'donor.registered.v1',
          effectiveOn: '2023-01-01',
          data: { donor: 'kinderhilfe', kind: 'organisation', country: null, name: null },
        },
      ]),
    );
  });

  test('registered, then is known with its kind', () => {
    const states = given(factsOf([[registerDonor, DONOR]]));
    expect(states.of(donorKind, 'donor-kinderhilfe')).toStrictEqual({
      registered: true,
      kind: 'organisation',
    });
    expect(states.of(donorKind, 'donor-khac')).toStrictEqual({ registered: false, kind: null });
  });

  test('registered, then is not registered again', () => {
    const result = decide(registerDonor, DONOR, factsOf([[registerDonor, DONOR]]));
    expect(result).toStrictEqual(refuse('DONOR_EXISTS', { donor: 'kinderhilfe' }));
  });

  test('registered on a day to come is refused, today is not', () => {
    expect(decide(registerDonor, { ...DONOR, effectiveOn: '2026-07-01' })).toStrictEqual(
      refuse('DATE_IN_FUTURE', { date: '2026-07-01', today: '2026-06-30' }),
    );
    expect(decide(registerDonor, { ...DONOR, effectiveOn: '2026-06-30' }).ok).toBe(true);
  });

  test('the name is personal; a country is two capitals', () => {
    expect(registerDonor.personal).toStrictEqual(['name']);
    expect(registerDonor.schema.safeParse({ ...DONOR, country: 'DE' }).success).toBe(true);
    expect(registerDonor.schema.safeParse({ ...DONOR, country: 'de' }).error?.issues[0]?.message).toBe(
      'COUNTRY_INVALID',
    );
    expect(refusals).toHaveProperty('COUNTRY_INVALID');
  });
});

describe('a beneficiary', () => {
  test('not yet registered, then is, in the place of that day', () => {
    const body = { ...CHILD, place: { code: '06', name: 'Bắc Kạn' }, ageBand: '6-10' };
    expect(decide(registerBeneficiary, body, PLACES)).toStrictEqual(
      ok([
        {
          stream: 'beneficiary-tre-0001',
          type: 'beneficiary.registered.v1',
          effectiveOn: '2023-01-01',
          data: {
            beneficiary: 'tre-0001',
            kind: 'child',
            place: '06-2021-01-01',
            ageBand: '6-10',
            name: null,
            registeredOn: '2023-01-01',
          },
        },
      ]),
    );
  });

  test('registered, then is known with its kind and place', () => {
    const states = given(factsOf([[registerBeneficiary, { ...CHILD, place: { code: '06' } }]], PLACES));
    expect(states.of(beneficiaryKind, 'beneficiary-tre-0001')).toStrictEqual({
      registered: true,
      kind: 'child',
      place: '06-2021-01-01',
      ended: false,
      sponsorships: new Map(),
    });
    expect(states.of(beneficiaryKind, 'beneficiary-khac').registered).toBe(false);
  });

  test.each([
    ['registered already', CHILD, 'BENEFICIARY_EXISTS'],
    [
      'a school with an age band',
      { ...CHILD, beneficiary: 'truong', kind: 'school', ageBand: '6-10' },
      'AGE_BAND_NOT_OF_CHILD',
    ],
  ])('%s is refused', (_title, body, code) => {
    const result = decide(registerBeneficiary, body, factsOf([[registerBeneficiary, CHILD]]));
    expect(result).toMatchObject({ ok: false, error: { code } });
    expect(result.ok ? [] : leftOpen(result.error, refusals)).toStrictEqual([]);
  });

  test('that is a school, then is registered today without an age band', () => {
    const body = { beneficiary: 'truong-1', kind: 'school', effectiveOn: '2026-06-30' };
    expect(decide(registerBeneficiary, body).ok).toBe(true);
  });

  test('in an unknown place, or on a day to come, is refused', () => {
    expect(decide(registerBeneficiary, { ...CHILD, place: { code: '99' } }, PLACES)).toStrictEqual(
      refuse('PLACE_UNKNOWN', { code: '99' }),
    );
    expect(decide(registerBeneficiary, { ...CHILD, effectiveOn: '2027-01-01' })).toStrictEqual(
      refuse('DATE_IN_FUTURE', { date: '2027-01-01', today: '2026-06-30' }),
    );
  });

  test('takes no fact that would single a child out', () => {
    expect(registerBeneficiary.personal).toStrictEqual(['name']);
    for (const extra of [
      { birthDate: '2015-05-05' },
      { school: 'truong-1' },
      { ethnicity: 'tay' },
      { ageBand: '9' },
    ])
      expect(registerBeneficiary.schema.safeParse({ ...CHILD, ...extra }).success).toBe(false);
  });
});

test('an event of another kind stops the fold', () => {
  const stray = { type: 'place.dissolved.v1', effectiveOn: '2023-01-01', data: {} };
  expect(() => given([{ ...stray, stream: 'donor-a' }]).of(donorKind, 'donor-a')).toThrow(
    'place.dissolved.v1',
  );
  expect(() => given([{ ...stray, stream: 'beneficiary-a' }]).of(beneficiaryKind, 'beneficiary-a')).toThrow(
    'place.dissolved.v1',
  );
});
