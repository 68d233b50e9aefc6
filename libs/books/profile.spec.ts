import { describe, expect, it } from 'vitest';
import { ProfileError, loadProfile, profileVersion, profiles } from './profile.ts';
import general from './profiles/general.json' with { type: 'json' };

/** The file with one thing changed, deep inside. */
const changed = (change: (file: typeof general) => void): unknown => {
  const file = structuredClone(general);
  change(file);
  return file;
};

describe('a profile file', () => {
  it('is loaded when it is whole', () => {
    expect(loadProfile(general)).toStrictEqual(general);
  });

  it.each<[string, unknown, RegExp]>([
    ['has no rule for a kind of leg', changed((file) => Reflect.deleteProperty(file.rules, 'use')), /rules/],
    [
      'has a rule for a leg that there is not',
      changed((file) => Object.assign(file.rules, { gift: [] })),
      /rules/,
    ],
    [
      'has no case that fits always',
      changed((file) => file.rules.receipt.splice(2)),
      /the last case of receipt must fit always/,
    ],
    [
      'books on an account that is not in its chart',
      changed((file) => Object.assign(file.rules.receipt.at(-1)?.entries[0] ?? {}, { credit: '4999' })),
      /account 4999 is not in the chart/,
    ],
    ['names an account twice', changed((file) => file.chart.push(...file.chart.slice(0, 1))), /stands twice/],
    [
      'books nothing and does not say why',
      changed((file) => Reflect.deleteProperty(file.rules.delivery[0] ?? {}, 'because')),
      /says why nothing is booked/,
    ],
    [
      'ends before it begins',
      changed((file) => Object.assign(file, { validTo: '1999-01-01' })),
      /ends before/,
    ],
    ['lacks the title of a book', changed((file) => Reflect.deleteProperty(file.books, 'journal')), /books/],
    ['is no profile at all', { name: 'x' }, /chart/],
  ])('that %s is refused, with the reason', (_title, file, reason) => {
    expect(() => loadProfile(file)).toThrow(ProfileError);
    expect(() => loadProfile(file)).toThrow(reason);
  });
});

describe('the version of what is built from a profile', () => {
  it('is the same for the same file, whatever the order of its members', () => {
    const [first] = profiles;
    const turned = Object.fromEntries(Object.entries(general).toReversed());
    expect(profileVersion(loadProfile(turned))).toBe(profileVersion(loadProfile(general)));
    expect(first && profileVersion(first)).toBe(profileVersion(loadProfile(general)));
  });

  it('is another for any change, also of a word', () => {
    const other = changed((file) => Object.assign(file.chart[0] ?? {}, { vi: 'Tiền trong két' }));
    expect(profileVersion(loadProfile(other))).not.toBe(profileVersion(loadProfile(general)));
  });
});

describe('the accounts of the Vietnamese public profile', () => {
  it('each wait for an accountant to confirm them', () => {
    const vnPublic = profiles.find(({ name }) => name === 'vn-public');
    expect(vnPublic?.chart.every(({ confirm }) => confirm)).toBe(true);
  });
});
