import { describe, expect, it } from 'vitest';
import { openMemorySequence } from '../../../tests/support/memory-sequence.ts';
import { openKurrentDouble } from '../../../tests/support/kurrent-double/index.ts';
import { CONFORMANCE_CASES, type Subject } from '../conformance/index.ts';
import { openKurrentFeed, openKurrentLog } from '../index.ts';

const onDouble = (version: string) => async (): Promise<Subject> => {
  const double = await openKurrentDouble({ version });
  const sequence = openMemorySequence(await openKurrentFeed({ connectionString: double.url }));
  const open = () => openKurrentLog({ connectionString: double.url, sequence: sequence.reader });
  let current = await open();
  return {
    log: current,
    settled: sequence.settled,
    reopen: async () => {
      await current.close();
      await double.restart();
      current = await open();
      return current;
    },
    dispose: async () => {
      await current.close();
      await sequence.close();
      await double.close();
    },
  };
};

describe.each([['25.1.0'], ['26.1.0']])('KurrentDB %s, the protocol double', (version) => {
  it.each(CONFORMANCE_CASES.map((one) => [`${one.group}: ${one.title}`, one] as const))(
    '%s',
    async (_title, one) => {
      const subject = await onDouble(version)();
      try {
        const why = one.skip?.(subject.log.capabilities);
        if (why === undefined) await one.run(subject);
        else expect([version, why]).toStrictEqual(['25.1.0', 'checks only streams it writes']);
      } finally {
        await subject.dispose();
      }
    },
  );
});
