import { deepStrictEqual, ok } from 'node:assert/strict';
import type { ConformanceCase } from './case.ts';
import { A, append, appended, everything, refusal } from './fixture.ts';

const needsFaults: ConformanceCase['skip'] = (_, { faults }) =>
  faults === undefined ? 'nothing comes between this log and its store' : undefined;

/** Milliseconds an append may take here; ten times as long is no answer at all. */
const TIMEOUT_MS = 1_000;

const events = [`${A}@0`, `${A}@1`];

const LOST: readonly ConformanceCase[] = (
  [
    ['after', 'written'],
    ['before', 'unwritten'],
  ] as const
).map(([when, lose]) => ({
  group: 'lost answers',
  title: `an append whose answer is lost ${when} it is written is settled, and written once`,
  skip: needsFaults,
  run: async ({ log, settled, faults }) => {
    await log.append(append(1, [{ stream: 'book-b-2023', expected: 'no-stream' }]));
    const lost = append(2, [{ stream: A, expected: 'no-stream', count: 2 }]);
    faults?.lose(lose);
    deepStrictEqual(await log.append(lost), appended(log, 2, 3));
    await settled();
    deepStrictEqual(
      (await everything(log)).slice(1).map(({ stream, revision }) => `${stream}@${revision}`),
      events,
    );
    deepStrictEqual(await log.append(lost), { kind: 'duplicate', firstPosition: 2, position: 3 });
  },
}));

/** What an append answers when the store’s answer does not arrive. */
export const FAULT_CASES: readonly ConformanceCase[] = [
  ...LOST,
  {
    group: 'lost answers',
    title: 'an append that is never answered is unknown in its time, and found or made later',
    skip: needsFaults,
    run: async ({ log, settled, faults }) => {
      const lost = append(1, [{ stream: A, expected: 'no-stream', count: 2 }]);
      const speak = faults?.silence();
      const waiting = { code: 'still waiting', written: undefined };
      let timer: ReturnType<typeof setTimeout> | undefined;
      const bound = new Promise<typeof waiting>((resolve) => {
        timer = setTimeout(() => resolve(waiting), 10 * TIMEOUT_MS);
      });
      const answer = await Promise.race([refusal(log.append(lost, { timeoutMs: TIMEOUT_MS })), bound]);
      clearTimeout(timer);
      deepStrictEqual(answer, { code: 'ES_OUTCOME_UNKNOWN', written: 'unknown' });
      speak?.();
      ok(['appended', 'duplicate'].includes((await log.append(lost)).kind));
      await settled();
      deepStrictEqual(
        (await everything(log)).map(({ stream, revision }) => `${stream}@${revision}`),
        events,
      );
    },
  },
];
