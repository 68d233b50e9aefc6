import { describe, expect, it } from 'vitest';
import { EMBEDDED } from '../../../tests/conformance/adapters.ts';
import { BROKEN_TWINS, CONFORMANCE_CASES, runCase, runControl } from './index.ts';

describe.each(EMBEDDED.map((adapter) => [adapter.name, adapter] as const))('%s', (_, adapter) => {
  it.each(CONFORMANCE_CASES.map((one) => [`${one.group}: ${one.title}`, one] as const))(
    '%s',
    async (_title, one) => {
      const { result, why } = await runCase(adapter, one);
      // The embedded adapters promise everything: any other skip would hide a case.
      const skipped = one.group === 'lost answers';
      expect([result, why]).toStrictEqual(
        skipped ? ['skipped', 'nothing comes between this log and its store'] : ['passed', undefined],
      );
    },
  );
});

describe('negative controls: a store that', () => {
  it.each(BROKEN_TWINS.map((one) => [`${one.fault} is caught by “${one.caughtBy}”`, one] as const))(
    '%s',
    async (_title, twin) => {
      const { result, found } = await runControl(twin);
      expect([result, found]).toStrictEqual(['caught', found]);
    },
  );

  it('is there for every group', () => {
    const groups = new Set(CONFORMANCE_CASES.map(({ group }) => group));
    const caught = new Set(
      BROKEN_TWINS.map(({ caughtBy }) => CONFORMANCE_CASES.find(({ title }) => title === caughtBy)?.group),
    );
    expect([...caught].sort()).toStrictEqual([...groups].sort());
  });
});
