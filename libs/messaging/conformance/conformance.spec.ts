import { AssertionError } from 'node:assert';
import { describe, expect, it } from 'vitest';
import { openMemoryBus } from '../memory-bus.ts';
import { BROKEN_TWINS } from './broken-twins.ts';
import type { Subject } from './case.ts';
import { CONFORMANCE_CASES } from './cases.ts';

const memory = async (gap = 0): Promise<Subject> => {
  const bus = openMemoryBus({ gap: () => gap });
  return {
    open: async () => ({ ...bus, close: async () => undefined }),
    dispose: bus.close,
    patienceMs: 20_000,
  };
};

describe.each([
  ['memory', 0],
  ['memory with gaps between offsets', 3],
] as const)('%s', (_, gap) => {
  it.each(CONFORMANCE_CASES.map((one) => [`${one.group}: ${one.title}`, one] as const))(
    '%s',
    async (_title, one) => {
      const subject = await memory(gap);
      try {
        expect(await one.run(subject, 'topic')).toBe(undefined);
      } finally {
        await subject.dispose();
      }
    },
  );
});

/** Findings that are too long to spell out. */
const SHOWN: Readonly<Record<string, (actual: unknown, expected: unknown) => boolean>> = {
  'another order': (actual, expected) =>
    String(actual) !== String(expected) &&
    String([...(actual as string[])].sort()) === String([...(expected as string[])].sort()),
  fewer: (actual, expected) => (actual as unknown[]).length < (expected as unknown[]).length,
  'too many': (actual, expected) => (actual as unknown[]).length > (expected as unknown[]).length,
};

describe('negative controls: a bus that', () => {
  it.each(BROKEN_TWINS.map((one) => [`${one.fault} is caught by “${one.caughtBy}”`, one] as const))(
    '%s',
    async (_title, { caughtBy, shows, open }) => {
      const found = CONFORMANCE_CASES.find(({ title }) => title === caughtBy);
      const subject = await open();
      const error: unknown = await found?.run(subject, 'topic').then(
        () => 'the case passed',
        (reason: unknown) => reason,
      );
      await subject.dispose();
      expect(error).toBeInstanceOf(AssertionError);
      const { actual, expected } = error as AssertionError;
      const long = typeof shows === 'string' ? SHOWN[shows] : undefined;
      const values = Array.isArray(actual)
        ? actual.map((one: unknown) =>
            one !== null && typeof one === 'object' && 'value' in one ? one.value : one,
          )
        : actual;
      if (long) expect(long(actual, expected)).toBe(true);
      else expect(values).toStrictEqual(shows);
    },
  );

  it('is there for every group', () => {
    const groupOf = (title: string): unknown => CONFORMANCE_CASES.find((one) => one.title === title)?.group;
    expect([...new Set(BROKEN_TWINS.map(({ caughtBy }) => groupOf(caughtBy)))].sort()).toStrictEqual(
      [...new Set(CONFORMANCE_CASES.map(({ group }) => group))].sort(),
    );
  });
});
