import { type Fact, ok, refuse } from '#kernel';
import { handlers, placeDirectory, refusals, resolvePlace } from '#places';
import { describe, expect, test } from 'vitest';
import { decide, factsOf, given, leftOpen } from '../../tests/support/given.ts';

const { establishPlace, renamePlace, mergePlace, splitPlace, dissolvePlace } = handlers;

const REFORM = '2025-07-01';
const old = (code: string, name: string, level: string, parent: string | null) =>
  [
    establishPlace,
    { code, name, level, parent: parent && { code: parent }, effectiveOn: '2021-01-01' },
  ] as const;

/** Bắc Kạn with two districts and three communes, as it was before the reform. */
const BEFORE: Fact[] = factsOf([
  old('06', 'Tỉnh Bắc Kạn', 'province', null),
  old('058', 'Thành phố Bắc Kạn', 'district', '06'),
  old('063', 'Huyện Bạch Thông', 'district', '06'),
  old('01849', 'Xã Dương Quang', 'commune', '058'),
  old('01840', 'Phường Đức Xuân', 'commune', '058'),
  old('01969', 'Xã Đôn Phong', 'commune', '063'),
]);
const NEW_PROVINCE = [
  establishPlace,
  { code: '19', name: 'Tỉnh Thái Nguyên', level: 'province', effectiveOn: REFORM },
] as const;

const place = (code: string, extra: object = {}) => ({ place: { code }, effectiveOn: REFORM, ...extra });

describe('establishing a place', () => {
  test('given nothing, then a province is there from its day on', () => {
    const body = { code: '06', name: 'Tỉnh Bắc Kạn', level: 'province', effectiveOn: '2021-01-01' };
    expect(decide(establishPlace, body)).toStrictEqual(
      ok([
        {
          stream: 'place-06-2021-01-01',
          type: 'place.established.v1',
          effectiveOn: '2021-01-01',
          data: {
            place: '06-2021-01-01',
            code: '06',
            from: '2021-01-01',
            name: 'Tỉnh Bắc Kạn',
            level: 'province',
            parent: null,
          },
        },
      ]),
    );
  });

  test.each([
    ['a code of the wrong length', { code: '062', level: 'commune' }, 'PLACE_CODE_DIGITS'],
    ['a commune without a unit above', { code: '01960', level: 'commune' }, 'PLACE_PARENT_MISSING'],
    ['a district without a unit above', { code: '062', level: 'district' }, 'PLACE_PARENT_MISSING'],
    ['an unknown unit above', { code: '062', level: 'district', parent: { code: '99' } }, 'PLACE_UNKNOWN'],
    [
      'a unit above that was not there yet',
      { code: '062', level: 'district', parent: { code: '06' }, effectiveOn: '2020-12-31' },
      'PLACE_NOT_VALID_ON_DATE',
    ],
    [
      'a unit above of the same level',
      { code: '062', level: 'district', parent: { code: '063' } },
      'PLACE_PARENT_NOT_ABOVE',
    ],
    ['the same code and day', { code: '06', level: 'province', effectiveOn: '2021-01-01' }, 'PLACE_EXISTS'],
    ['a code that is borne', { code: '06', level: 'province' }, 'PLACE_CODE_TAKEN'],
    [
      'a code that will be borne',
      { code: '06', level: 'province', effectiveOn: '2020-01-01' },
      'PLACE_CODE_TAKEN',
    ],
  ])('given a tree, then %s is refused', (_title, body, code) => {
    const result = decide(establishPlace, { name: 'Mới', effectiveOn: '2022-01-01', ...body }, BEFORE);
    expect(result).toMatchObject({ ok: false, error: { code } });
    expect(result.ok ? [] : leftOpen(result.error, refusals)).toStrictEqual([]);
  });

  test('given a code that is borne, when it is taken over, then the bearer ends on that day', () => {
    const facts = factsOf(
      [
        [
          establishPlace,
          { code: '06', name: 'Mới', level: 'province', takesOverCode: true, effectiveOn: REFORM },
        ],
      ],
      BEFORE,
    );
    const tree = given(facts).all(placeDirectory);
    expect(resolvePlace(tree, { code: '06' }, '2025-06-30')).toStrictEqual(ok('06-2021-01-01'));
    expect(resolvePlace(tree, { code: '06' }, REFORM)).toStrictEqual(ok('06-2025-07-01'));
  });

  test('given a bearer whose end was stated, when its code is taken over before that day, then it is refused', () => {
    const facts = factsOf([NEW_PROVINCE, [dissolvePlace, place('01840')]], BEFORE);
    const body = {
      code: '01840',
      name: 'Khác',
      level: 'commune',
      parent: { code: '058' },
      takesOverCode: true,
      effectiveOn: '2024-01-01',
    };
    expect(decide(establishPlace, body, facts)).toStrictEqual(
      refuse('PLACE_CODE_TAKEN', { code: '01840', date: '2024-01-01', by: '01840-2021-01-01' }),
    );
  });

  test('given an earlier unit is entered after a later one took the code, then it ends where the later begins', () => {
    const facts = factsOf(
      [
        [
          establishPlace,
          { code: '06', name: 'Xưa', level: 'province', takesOverCode: true, effectiveOn: '1997-01-01' },
        ],
      ],
      BEFORE,
    );
    const tree = given(facts).all(placeDirectory);
    expect(resolvePlace(tree, { code: '06' }, '2020-12-31')).toStrictEqual(ok('06-1997-01-01'));
    expect(resolvePlace(tree, { code: '06' }, '2021-01-01')).toStrictEqual(ok('06-2021-01-01'));
  });
});

describe('renaming a place', () => {
  test('given a living place, then it bears the new name from the day on and the old one before', () => {
    const facts = factsOf(
      [[renamePlace, { place: { code: '06' }, name: 'Tỉnh Bắc Cạn', effectiveOn: '2023-01-01' }]],
      BEFORE,
    );
    const tree = given(facts).all(placeDirectory);
    const before = resolvePlace(tree, { code: '06', name: 'Bắc Kạn' }, '2022-12-31');
    const after = resolvePlace(tree, { code: '06', name: 'Bắc Kạn' }, '2023-01-01');
    expect(before).toStrictEqual(ok('06-2021-01-01'));
    expect(after).toStrictEqual(
      refuse('PLACE_CODE_MEANS_OTHER', { code: '06', date: '2023-01-01', means: 'Tỉnh Bắc Cạn' }),
    );
  });

  test('given a name entered for an earlier day, then the later name stays', () => {
    const facts = factsOf(
      [
        [renamePlace, { place: { code: '06' }, name: 'Ba', effectiveOn: '2023-01-01' }],
        [renamePlace, { place: { code: '06' }, name: 'Hai', effectiveOn: '2022-01-01' }],
      ],
      BEFORE,
    );
    const tree = given(facts).all(placeDirectory);
    expect(tree.places.get('06-2021-01-01')?.names).toStrictEqual([
      { from: '2021-01-01', name: 'Tỉnh Bắc Kạn' },
      { from: '2022-01-01', name: 'Hai' },
      { from: '2023-01-01', name: 'Ba' },
    ]);
  });

  test('given two names for one day, then the last one said is borne', () => {
    const named = (name: string) =>
      [renamePlace, { place: { code: '06' }, name, effectiveOn: '2022-01-01' }] as const;
    const tree = given(factsOf([named('Hai'), named('Ba')], BEFORE)).all(placeDirectory);
    expect(tree.places.get('06-2021-01-01')?.names).toStrictEqual([
      { from: '2021-01-01', name: 'Tỉnh Bắc Kạn' },
      { from: '2022-01-01', name: 'Ba' },
    ]);
  });

  test('given the name it bears, then it is refused', () => {
    const body = { place: { code: '06' }, name: 'Tỉnh Bắc Kạn', effectiveOn: '2023-01-01' };
    expect(decide(renamePlace, body, BEFORE)).toStrictEqual(
      refuse('PLACE_NAME_SAME', { name: 'Tỉnh Bắc Kạn' }),
    );
  });

  test('given no such place, then it is refused', () => {
    const body = { place: { code: '99' }, name: 'Mới', effectiveOn: '2023-01-01' };
    expect(decide(renamePlace, body, BEFORE)).toStrictEqual(refuse('PLACE_UNKNOWN', { code: '99' }));
  });
});

describe('ending a place', () => {
  const newUnit = (code: string, name: string) =>
    [
      establishPlace,
      { code, name, level: 'commune', parent: { code: '19' }, takesOverCode: true, effectiveOn: REFORM },
    ] as const;
  const REFORMED = factsOf([NEW_PROVINCE, newUnit('01840', 'Phường Đức Xuân')], BEFORE);

  test('given a new unit with the same code and name, when the old one merges into it, then both are told apart', () => {
    const body = {
      place: { code: '01840', name: 'Đức Xuân' },
      into: { code: '01840', name: 'Đức Xuân' },
      effectiveOn: REFORM,
    };
    expect(decide(mergePlace, body, REFORMED)).toStrictEqual(
      ok([
        {
          stream: 'place-01840-2021-01-01',
          type: 'place.merged.v1',
          effectiveOn: REFORM,
          data: { place: '01840-2021-01-01', into: '01840-2025-07-01' },
        },
      ]),
    );
  });

  test('given a district without units left, then it is dissolved', () => {
    const facts = factsOf(
      [
        [mergePlace, place('01840', { into: { code: '01840' } })],
        [mergePlace, place('01849', { into: { code: '01840' } })],
      ],
      REFORMED,
    );
    expect(decide(dissolvePlace, place('058'), facts)).toStrictEqual(
      ok([
        {
          stream: 'place-058-2021-01-01',
          type: 'place.dissolved.v1',
          effectiveOn: REFORM,
          data: { place: '058-2021-01-01' },
        },
      ]),
    );
  });

  test('given a place whose parts went to two others, then it is split', () => {
    const facts = factsOf([newUnit('01969', 'Xã Phong Quang')], REFORMED);
    const body = place('01849', { into: [{ code: '01840' }, { code: '01969' }, { code: '01840' }] });
    expect(decide(splitPlace, body, facts)).toStrictEqual(
      ok([
        {
          stream: 'place-01849-2021-01-01',
          type: 'place.split.v1',
          effectiveOn: REFORM,
          data: { place: '01849-2021-01-01', into: ['01840-2025-07-01', '01969-2025-07-01'] },
        },
      ]),
    );
  });

  test('given one successor named twice, then the split is refused', () => {
    const body = place('01849', { into: [{ code: '01840' }, { code: '01840', name: 'Đức Xuân' }] });
    expect(decide(splitPlace, body, REFORMED)).toStrictEqual(
      refuse('PLACE_SPLIT_INTO_ONE', { place: '01849-2021-01-01' }),
    );
  });

  test('given a split into an unknown place, then it is refused', () => {
    const body = place('01849', { into: [{ code: '01840' }, { code: '09999' }] });
    expect(decide(splitPlace, body, REFORMED)).toStrictEqual(refuse('PLACE_UNKNOWN', { code: '09999' }));
  });

  test.each([
    ['merged', mergePlace, { into: { code: '19' } }],
    ['split', splitPlace, { into: [{ code: '19' }, { code: '01840' }] }],
    ['dissolved', dissolvePlace, {}],
  ])('given units below that live on, then it is not %s', (_title, handler, extra) => {
    expect(decide(handler, place('058', extra), REFORMED)).toStrictEqual(
      refuse('PLACE_HAS_UNITS', { place: '058-2021-01-01', unit: '01849-2021-01-01', date: REFORM }),
    );
  });

  test('given a unit below that ends later, then it is not dissolved before', () => {
    const below = (code: string, effectiveOn: string) =>
      [dissolvePlace, place(code, { effectiveOn })] as const;
    const facts = factsOf([below('01840', '2025-01-01'), below('01849', '2025-07-02')], BEFORE);
    expect(decide(dissolvePlace, place('058'), facts)).toMatchObject({ error: { code: 'PLACE_HAS_UNITS' } });
    expect(decide(dissolvePlace, place('058', { effectiveOn: '2025-07-02' }), facts).ok).toBe(true);
  });

  test('given a place that ended, then it does not end again', () => {
    const facts = factsOf([[mergePlace, place('01849', { into: { code: '01840' } })]], REFORMED);
    expect(decide(dissolvePlace, place('01849'), facts)).toStrictEqual(
      refuse('PLACE_ENDED', { place: '01849-2021-01-01', date: REFORM }),
    );
  });

  test('given no new unit yet, then a place does not merge into itself', () => {
    expect(decide(mergePlace, place('01849', { into: { code: '01849' } }), BEFORE)).toStrictEqual(
      refuse('PLACE_INTO_ITSELF', { place: '01849-2021-01-01' }),
    );
  });

  test('given its first day, then a place does not end on it', () => {
    const body = place('01840', { into: { code: '01849' }, effectiveOn: '2021-01-01' });
    expect(decide(mergePlace, body, BEFORE)).toStrictEqual(
      refuse('PLACE_NOT_VALID_ON_DATE', { code: '01840', date: '2021-01-01' }),
    );
  });

  test('given a place that took another in, then it does not end before or on that day', () => {
    const facts = factsOf(
      [[mergePlace, place('01849', { into: { code: '01969' }, effectiveOn: '2024-01-01' })]],
      BEFORE,
    );
    expect(decide(dissolvePlace, place('01969', { effectiveOn: '2024-01-01' }), facts)).toStrictEqual(
      refuse('PLACE_RECEIVED_LATER', {
        place: '01969-2021-01-01',
        from: '01849-2021-01-01',
        date: '2024-01-01',
      }),
    );
    expect(decide(dissolvePlace, place('01969', { effectiveOn: '2024-01-02' }), facts).ok).toBe(true);
  });
});

test('given an event of another stream kind, then the directory stops', () => {
  const stray = { stream: 'place-06-2021-01-01', type: 'donor.registered.v1', effectiveOn: REFORM, data: {} };
  expect(() => given([stray]).all(placeDirectory)).toThrow('donor.registered.v1');
});
