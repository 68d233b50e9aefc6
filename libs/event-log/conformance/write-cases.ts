import { deepStrictEqual } from 'node:assert/strict';
import { eventId } from '../event-id.ts';
import type { Capabilities, EventLog } from '../event-log.ts';
import type { ConformanceCase } from './case.ts';
import {
  A,
  B,
  HASH,
  OTHER_HASH,
  append,
  appended,
  command,
  conflict,
  event,
  everything,
  fill,
  refusal,
} from './fixture.ts';

const needsMultiStream = ({ atomicMultiStream }: Capabilities): string | undefined =>
  atomicMultiStream ? undefined : 'appends to one stream only';
const needsUnwrittenChecks = ({ checksOnUnwrittenStreams }: Capabilities): string | undefined =>
  checksOnUnwrittenStreams ? undefined : 'checks only streams it writes';
const needsIdsFirst = ({ dedupe }: Capabilities): string | undefined =>
  dedupe === 'by-event-id' ? undefined : 'compares ids at the expected revision only';

/** What an append does: revisions, idempotency, atomicity. */
export const WRITE_CASES: readonly ConformanceCase[] = [
  {
    group: 'revisions',
    title: 'a new stream begins at revision 0 and position 1',
    run: async ({ log, settled }) => {
      deepStrictEqual(
        await log.append(append(1, [{ stream: A, expected: 'no-stream', count: 2 }])),
        appended(log, 1, 2),
      );
      await settled();
      deepStrictEqual(
        (await log.readStream(A, { limit: 10 })).map(({ revision, position }) => [revision, position]),
        [
          [0, 1],
          [1, 2],
        ],
      );
    },
  },
  {
    group: 'revisions',
    title: 'an append at the stream’s revision follows it',
    run: async ({ log }) => {
      await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
      deepStrictEqual(await log.append(append(2, [{ stream: A, expected: 0 }])), appended(log, 2));
    },
  },
  {
    group: 'revisions',
    title: 'a stale revision is a conflict and writes nothing',
    run: async ({ log, settled }) => {
      await log.append(append(1, [{ stream: A, expected: 'no-stream', count: 2 }]));
      deepStrictEqual(await log.append(append(2, [{ stream: A, expected: 0 }])), conflict(A, 0, 1));
      await settled();
      deepStrictEqual(await log.head(), 2);
    },
  },
  {
    group: 'revisions',
    title: 'a revision ahead of the stream is a conflict',
    run: async ({ log }) => {
      await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
      deepStrictEqual(await log.append(append(2, [{ stream: A, expected: 5 }])), conflict(A, 5, 0));
      deepStrictEqual(await log.append(append(3, [{ stream: B, expected: 0 }])), conflict(B, 0, 'no-stream'));
    },
  },
  {
    group: 'revisions',
    title: '“no-stream” on a stream that exists is a conflict',
    run: async ({ log }) => {
      await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
      const again = append(2, [{ stream: A, expected: 'no-stream', first: 1 }]);
      deepStrictEqual(await log.append(again), conflict(A, 'no-stream', 0));
    },
  },
  {
    group: 'revisions',
    title: '“stream-exists” on a stream that does not is a conflict',
    run: async ({ log }) => {
      deepStrictEqual(
        await log.append(append(1, [{ stream: A, expected: 'stream-exists' }])),
        conflict(A, 'stream-exists', 'no-stream'),
      );
      await log.append(append(2, [{ stream: A, expected: 'no-stream' }]));
      deepStrictEqual(
        await log.append(append(3, [{ stream: A, expected: 'stream-exists', first: 1 }])),
        appended(log, 2),
      );
    },
  },
  {
    group: 'revisions',
    title: 'a stream that is only checked decides without being written',
    skip: needsUnwrittenChecks,
    run: async ({ log }) => {
      await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
      const check = (number: number, expected: number) =>
        append(number, [
          { stream: A, expected, count: 0 },
          { stream: B, expected: 'no-stream' },
        ]);
      deepStrictEqual(await log.append(check(2, 1)), conflict(A, 1, 0));
      deepStrictEqual(await log.append(check(3, 0)), appended(log, 2));
      deepStrictEqual((await log.readStream(A, { limit: 10 })).length, 1);
    },
  },
  {
    group: 'revisions',
    title: 'a stream reads from any revision in both directions, contiguously',
    run: async ({ log }) => {
      await fill(log, [A, B], 5);
      const revisions = async (options: Parameters<EventLog['readStream']>[1]) =>
        (await log.readStream(A, options)).map(({ revision }) => revision);
      deepStrictEqual(await revisions({ limit: 10 }), [0, 1, 2, 3, 4]);
      deepStrictEqual(await revisions({ from: 2, limit: 2 }), [2, 3]);
      deepStrictEqual(await revisions({ direction: 'backwards', limit: 2 }), [4, 3]);
      deepStrictEqual(await revisions({ direction: 'backwards', from: 1, limit: 5 }), [1, 0]);
      deepStrictEqual(await log.readStream('book-none-2023', { limit: 1 }), []);
    },
  },
  {
    group: 'idempotency',
    title: 'the same append again is a duplicate with the first positions',
    run: async ({ log, settled }) => {
      const first = append(1, [{ stream: A, expected: 'no-stream', count: 2 }]);
      await log.append(first);
      await settled();
      deepStrictEqual(await log.append(first), { kind: 'duplicate', firstPosition: 1, position: 2 });
      await settled();
      deepStrictEqual(await log.head(), 2);
    },
  },
  {
    group: 'idempotency',
    title: 'known ids are a duplicate although the stream has moved on',
    run: async ({ log, settled }) => {
      const first = append(1, [{ stream: A, expected: 'no-stream' }]);
      await log.append(first);
      await log.append(append(2, [{ stream: A, expected: 0 }]));
      await settled();
      deepStrictEqual(await log.append(first), { kind: 'duplicate', firstPosition: 1, position: 1 });
    },
  },
  {
    group: 'idempotency',
    title: 'known ids at a newer, valid revision are a duplicate',
    skip: needsIdsFirst,
    run: async ({ log, settled }) => {
      await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
      const decidedAgain = append(1, [{ stream: A, expected: 0 }]);
      await settled();
      deepStrictEqual(await log.append(decidedAgain), { kind: 'duplicate', firstPosition: 1, position: 1 });
      await settled();
      deepStrictEqual(await log.head(), 1);
    },
  },
  {
    group: 'idempotency',
    title: 'an append that met a conflict can be made again under its ids',
    run: async ({ log }) => {
      await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
      deepStrictEqual((await log.append(append(2, [{ stream: A, expected: 7 }]))).kind, 'conflict');
      deepStrictEqual(await log.append(append(2, [{ stream: A, expected: 0 }])), appended(log, 2));
    },
  },
  {
    group: 'idempotency',
    title: 'ids of which only some are known are refused',
    skip: needsIdsFirst,
    run: async ({ log, settled }) => {
      await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
      const more = append(1, [{ stream: A, expected: 0, count: 2 }]);
      deepStrictEqual(await refusal(log.append(more)), { code: 'ES_IDEMPOTENCY_MISMATCH', written: 'no' });
      await settled();
      deepStrictEqual(await log.head(), 1);
    },
  },
  {
    group: 'idempotency',
    title: 'an id known on another stream is refused',
    skip: needsIdsFirst,
    run: async ({ log }) => {
      await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
      const elsewhere = append(1, [{ stream: B, expected: 'no-stream' }]);
      deepStrictEqual(await refusal(log.append(elsewhere)), {
        code: 'ES_IDEMPOTENCY_MISMATCH',
        written: 'no',
      });
      deepStrictEqual(await log.readStream(B, { limit: 1 }), []);
    },
  },
  {
    group: 'idempotency',
    title: 'known ids with another request hash are refused',
    run: async ({ log }) => {
      await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
      const other = append(1, [{ stream: A, expected: 'no-stream' }], OTHER_HASH);
      deepStrictEqual(await refusal(log.append(other)), { code: 'ES_IDEMPOTENCY_MISMATCH', written: 'no' });
    },
  },
  {
    group: 'idempotency',
    title: 'the same append twice at once is written once',
    run: async ({ log, settled }) => {
      const first = append(1, [{ stream: A, expected: 'no-stream' }]);
      const kinds = (await Promise.all([log.append(first), log.append(first)])).map(({ kind }) => kind);
      deepStrictEqual([...kinds].sort(), ['appended', 'duplicate']);
      await settled();
      deepStrictEqual(await log.head(), 1);
    },
  },
  {
    group: 'idempotency',
    title: 'an append long past is still known, also after reopening',
    run: async ({ log, settled, reopen }) => {
      const first = append(1, [{ stream: A, expected: 'no-stream' }]);
      await log.append(first);
      await fill(log, [B], 300);
      const later = reopen === undefined ? log : await reopen();
      await settled();
      deepStrictEqual(await later.append(first), { kind: 'duplicate', firstPosition: 1, position: 1 });
    },
  },
  {
    group: 'idempotency',
    title: 'a command is found as soon as it is answered, its events in the order of their index',
    skip: needsMultiStream,
    run: async ({ log, settled }) => {
      const both = append(1, [
        { stream: B, expected: 'no-stream', count: 2 },
        { stream: A, expected: 'no-stream' },
      ]);
      deepStrictEqual(await log.findCommand(command(1)), []);
      await log.append(both);
      const ids = [0, 1, 2].map((index) => eventId(command(1), index));
      deepStrictEqual(
        (await log.findCommand(command(1))).map(({ id }) => id),
        ids,
      );
      await settled();
      deepStrictEqual(
        (await log.findCommand(command(1))).map(({ stream, revision, position }) => [
          stream,
          revision,
          position,
        ]),
        [
          [B, 0, 1],
          [B, 1, 2],
          [A, 0, 3],
        ],
      );
      deepStrictEqual(await log.findCommand(command(2)), []);
    },
  },
  {
    group: 'idempotency',
    title: 'an event is found under its id as soon as it is answered',
    run: async ({ log, settled }) => {
      await fill(log, [A], 3);
      await log.append(append(1, [{ stream: B, expected: 'no-stream', count: 2 }]));
      const places = async () =>
        [await log.find(eventId(command(1), 1)), await log.find(eventId(command(1_000), 0))].map(
          (found) => found && `${found.stream}@${found.revision}`,
        );
      deepStrictEqual(await places(), [`${B}@1`, `${A}@0`]);
      await settled();
      deepStrictEqual(await places(), [`${B}@1`, `${A}@0`]);
    },
  },
  {
    group: 'atomicity',
    title: 'two streams are written together, in the order given',
    skip: needsMultiStream,
    run: async ({ log, settled }) => {
      const both = append(1, [
        { stream: B, expected: 'no-stream', count: 2 },
        { stream: A, expected: 'no-stream' },
      ]);
      deepStrictEqual(await log.append(both), appended(log, 1, 3));
      await settled();
      deepStrictEqual(
        (await everything(log)).map(({ stream, revision }) => `${stream}@${revision}`),
        [`${B}@0`, `${B}@1`, `${A}@0`],
      );
    },
  },
  {
    group: 'atomicity',
    title: 'a conflict in the second write leaves nothing of the first',
    skip: needsMultiStream,
    run: async ({ log, settled }) => {
      const both = append(1, [
        { stream: A, expected: 'no-stream' },
        { stream: B, expected: 3 },
      ]);
      deepStrictEqual(await log.append(both), conflict(B, 3, 'no-stream'));
      await settled();
      deepStrictEqual(await everything(log), []);
      deepStrictEqual(await log.append(append(2, [{ stream: A, expected: 'no-stream' }])), appended(log, 1));
    },
  },
  {
    group: 'atomicity',
    title: 'a refused second event leaves nothing of the first, and its neighbours stand',
    run: async ({ log }) => {
      const wrong = {
        command: command(1),
        requestHash: HASH,
        writes: [
          {
            stream: A,
            expected: 'no-stream' as const,
            events: [event(eventId(command(1), 0), A, 0), event(eventId(command(1), 1), A, 9)],
          },
        ] as const,
      };
      const [left, middle, right] = await Promise.all([
        log.append(append(2, [{ stream: B, expected: 'no-stream' }])),
        refusal(log.append(wrong)),
        log.append(append(3, [{ stream: B, expected: 0 }])),
      ]);
      deepStrictEqual(middle, { code: 'ES_BAD_REQUEST', written: 'no' });
      deepStrictEqual([left, right], [appended(log, 1), appended(log, 2)]);
      deepStrictEqual(await log.readStream(A, { limit: 10 }), []);
    },
  },
];
