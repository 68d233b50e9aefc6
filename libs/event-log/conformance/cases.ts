import { deepStrictEqual, ok } from 'node:assert/strict';
import type { Capabilities, EventLog, SubscriptionItem } from '../event-log.ts';
import { APPEND_EVENTS_MAX, EVENT_BYTES_MAX } from '../limits.ts';
import { eventId } from '../event-id.ts';
import {
  HASH,
  OTHER_HASH,
  type Subject,
  TYPE,
  append,
  command,
  event,
  everything,
  refusal,
} from './fixture.ts';

export type Group =
  | 'revisions'
  | 'idempotency'
  | 'atomicity'
  | 'global order'
  | 'filters'
  | 'subscribe'
  | 'bytes'
  | 'limits and end';

/** One promise of the port. `run` rejects with an AssertionError where a store breaks it. */
export interface ConformanceCase {
  readonly group: Group;
  readonly title: string;
  /** Why a store with these capabilities is not asked; undefined when it is. */
  readonly skip?: (capabilities: Capabilities) => string | undefined;
  readonly run: (subject: Subject) => Promise<void>;
}

const A = 'book-a-2023';
const B = 'book-b-2023';
const WRITERS = 8;
const APPENDS_EACH = 25;

const appended = (firstPosition: number, position = firstPosition) => ({
  kind: 'appended',
  firstPosition,
  position,
});
const conflict = (stream: string, expected: unknown, actual: unknown) => ({
  kind: 'conflict',
  stream,
  expected,
  actual,
});

/** Appends `count` events to each stream, one append each, and says nothing about how. */
const fill = async (
  log: EventLog,
  streams: readonly string[],
  count: number,
  types: readonly string[] = [TYPE],
) => {
  for (let at = 0; at < count; at += 1)
    for (const [index, stream] of streams.entries()) {
      const number = 1_000 + at * streams.length + index;
      const type = types[at % types.length] ?? TYPE;
      await log.append(append(number, [{ stream, expected: at === 0 ? 'no-stream' : at - 1, type }]));
    }
};

/** Items up to and including the first `caught-up`, then the loop is left. */
const untilCaughtUp = async (log: EventLog, after = 0): Promise<SubscriptionItem[]> => {
  const items: SubscriptionItem[] = [];
  for await (const item of log.subscribe({ after, signal: new AbortController().signal })) {
    items.push(item);
    if (item.kind === 'caught-up') break;
  }
  return items;
};
const shown = (item: SubscriptionItem): string =>
  item.kind === 'event'
    ? `event ${item.event.position}`
    : 'position' in item
      ? `${item.kind} ${item.position}`
      : item.kind;

const needsMultiStream = ({ atomicMultiStream }: Capabilities): string | undefined =>
  atomicMultiStream ? undefined : 'appends to one stream only';
const needsUnwrittenChecks = ({ checksOnUnwrittenStreams }: Capabilities): string | undefined =>
  checksOnUnwrittenStreams ? undefined : 'checks only streams it writes';
const needsIdsFirst = ({ dedupe }: Capabilities): string | undefined =>
  dedupe === 'by-event-id' ? undefined : 'compares ids at the expected revision only';

export const CONFORMANCE_CASES: readonly ConformanceCase[] = [
  {
    group: 'revisions',
    title: 'a new stream begins at revision 0 and position 1',
    run: async ({ log }) => {
      deepStrictEqual(
        await log.append(append(1, [{ stream: A, expected: 'no-stream', count: 2 }])),
        appended(1, 2),
      );
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
      deepStrictEqual(await log.append(append(2, [{ stream: A, expected: 0 }])), appended(2));
    },
  },
  {
    group: 'revisions',
    title: 'a stale revision is a conflict and writes nothing',
    run: async ({ log }) => {
      await log.append(append(1, [{ stream: A, expected: 'no-stream', count: 2 }]));
      deepStrictEqual(await log.append(append(2, [{ stream: A, expected: 0 }])), conflict(A, 0, 1));
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
        appended(2),
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
      deepStrictEqual(await log.append(check(3, 0)), appended(2));
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
    run: async ({ log }) => {
      const first = append(1, [{ stream: A, expected: 'no-stream', count: 2 }]);
      await log.append(first);
      deepStrictEqual(await log.append(first), { kind: 'duplicate', firstPosition: 1, position: 2 });
      deepStrictEqual(await log.head(), 2);
    },
  },
  {
    group: 'idempotency',
    title: 'known ids are a duplicate although the stream has moved on',
    run: async ({ log }) => {
      const first = append(1, [{ stream: A, expected: 'no-stream' }]);
      await log.append(first);
      await log.append(append(2, [{ stream: A, expected: 0 }]));
      deepStrictEqual(await log.append(first), { kind: 'duplicate', firstPosition: 1, position: 1 });
    },
  },
  {
    group: 'idempotency',
    title: 'known ids at a newer, valid revision are a duplicate',
    skip: needsIdsFirst,
    run: async ({ log }) => {
      await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
      const decidedAgain = append(1, [{ stream: A, expected: 0 }]);
      deepStrictEqual(await log.append(decidedAgain), { kind: 'duplicate', firstPosition: 1, position: 1 });
      deepStrictEqual(await log.head(), 1);
    },
  },
  {
    group: 'idempotency',
    title: 'an append that met a conflict can be made again under its ids',
    run: async ({ log }) => {
      await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
      deepStrictEqual((await log.append(append(2, [{ stream: A, expected: 7 }]))).kind, 'conflict');
      deepStrictEqual(await log.append(append(2, [{ stream: A, expected: 0 }])), appended(2));
    },
  },
  {
    group: 'idempotency',
    title: 'ids of which only some are known are refused',
    skip: needsIdsFirst,
    run: async ({ log }) => {
      await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
      const more = append(1, [{ stream: A, expected: 0, count: 2 }]);
      deepStrictEqual(await refusal(log.append(more)), { code: 'ES_IDEMPOTENCY_MISMATCH', written: 'no' });
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
    run: async ({ log }) => {
      const first = append(1, [{ stream: A, expected: 'no-stream' }]);
      const kinds = (await Promise.all([log.append(first), log.append(first)])).map(({ kind }) => kind);
      deepStrictEqual([...kinds].sort(), ['appended', 'duplicate']);
      deepStrictEqual(await log.head(), 1);
    },
  },
  {
    group: 'idempotency',
    title: 'an append long past is still known, also after reopening',
    run: async ({ log, reopen }) => {
      const first = append(1, [{ stream: A, expected: 'no-stream' }]);
      await log.append(first);
      await fill(log, [B], 300);
      const later = reopen === undefined ? log : await reopen();
      deepStrictEqual(await later.append(first), { kind: 'duplicate', firstPosition: 1, position: 1 });
    },
  },
  {
    group: 'atomicity',
    title: 'two streams are written together, in the order given',
    skip: needsMultiStream,
    run: async ({ log }) => {
      const both = append(1, [
        { stream: B, expected: 'no-stream', count: 2 },
        { stream: A, expected: 'no-stream' },
      ]);
      deepStrictEqual(await log.append(both), appended(1, 3));
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
    run: async ({ log }) => {
      const both = append(1, [
        { stream: A, expected: 'no-stream' },
        { stream: B, expected: 3 },
      ]);
      deepStrictEqual(await log.append(both), conflict(B, 3, 'no-stream'));
      deepStrictEqual(await everything(log), []);
      deepStrictEqual(await log.append(append(2, [{ stream: A, expected: 'no-stream' }])), appended(1));
    },
  },
  {
    group: 'atomicity',
    title: 'a refused second event leaves nothing of the first, and its neighbours stand',
    run: async ({ log }) => {
      const wrong = {
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
      deepStrictEqual([left, right], [appended(1), appended(2)]);
      deepStrictEqual(await log.readStream(A, { limit: 10 }), []);
    },
  },
  {
    group: 'global order',
    title: 'positions grow by one over all streams and survive reopening',
    run: async ({ log, reopen }) => {
      await fill(log, [A, B], 10);
      const later = reopen === undefined ? log : await reopen();
      const events = await everything(later);
      deepStrictEqual(
        events.map(({ position }) => position),
        Array.from({ length: 20 }, (_, at) => at + 1),
      );
      deepStrictEqual(await later.head(), 20);
    },
  },
  {
    group: 'global order',
    title: '“after” is exclusive and pages join without gap or overlap, both ways',
    run: async ({ log }) => {
      await fill(log, [A, B], 5);
      const walk = async (direction: 'forwards' | 'backwards') => {
        const seen: number[] = [];
        for (let page = await log.readAll({ limit: 3, direction }); ;) {
          seen.push(...page.events.map(({ position }) => position));
          if (page.atHead) return seen;
          page = await log.readAll({ after: page.next, limit: 3, direction });
        }
      };
      deepStrictEqual(await walk('forwards'), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      deepStrictEqual(await walk('backwards'), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    },
  },
  {
    group: 'global order',
    title: 'a reader paging beside 8 writers misses nothing',
    run: async ({ log }) => {
      const write = async (writer: number) => {
        for (let at = 0; at < APPENDS_EACH; at += 1)
          await log.append(
            append(writer * 1_000 + at, [
              { stream: `book-w${writer}-2023`, expected: at === 0 ? 'no-stream' : at - 1 },
            ]),
          );
      };
      const writing = Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
      const seen: number[] = [];
      for (let after = 0; seen.length < WRITERS * APPENDS_EACH;) {
        const page = await log.readAll({ after, limit: 7 });
        seen.push(...page.events.map(({ position }) => position));
        after = page.next;
        await new Promise((resolve) => setImmediate(resolve));
        if (page.atHead && (await log.head()) === WRITERS * APPENDS_EACH && after >= WRITERS * APPENDS_EACH)
          break;
      }
      await writing;
      deepStrictEqual(
        seen,
        Array.from({ length: WRITERS * APPENDS_EACH }, (_, at) => at + 1),
      );
    },
  },
  {
    group: 'filters',
    title: 'a filtered read is the full read, filtered',
    run: async ({ log }) => {
      const types = ['book.noted.v1', 'book.counted.v1', 'book.noted.v2'];
      await fill(log, [A, B, 'pledge-1'], 6, types);
      const all = await everything(log);
      const filter = { streamPrefixes: ['book-a', 'pledge-'], types: ['book.noted.v1', 'book.counted.v1'] };
      const kept = all.filter(
        ({ stream, type }) =>
          filter.types.includes(type) && filter.streamPrefixes.some((prefix) => stream.startsWith(prefix)),
      );
      const paged = [];
      for (let page = await log.readAll({ limit: 3, filter }); ;) {
        paged.push(...page.events);
        if (page.atHead) break;
        page = await log.readAll({ after: page.next, limit: 3, filter });
      }
      ok(kept.length > 3);
      deepStrictEqual(paged, kept);
    },
  },
  {
    group: 'filters',
    title: 'a page without a match still moves “next” to the head',
    run: async ({ log }) => {
      await fill(log, [A], 12);
      deepStrictEqual(await log.readAll({ limit: 5, filter: { streamPrefixes: ['pledge-'] } }), {
        events: [],
        next: 12,
        atHead: true,
      });
    },
  },
  {
    group: 'subscribe',
    title: 'from the start, the middle and the head: events in order, then caught-up',
    run: async ({ log }) => {
      await fill(log, [A], 3);
      deepStrictEqual((await untilCaughtUp(log)).map(shown), [
        'event 1',
        'event 2',
        'event 3',
        'caught-up 3',
      ]);
      deepStrictEqual((await untilCaughtUp(log, 2)).map(shown), ['event 3', 'caught-up 3']);
      deepStrictEqual((await untilCaughtUp(log, 3)).map(shown), ['caught-up 3']);
    },
  },
  {
    group: 'subscribe',
    title: 'what is appended after caught-up arrives live',
    run: async ({ log }) => {
      await fill(log, [A], 1);
      const stop = new AbortController();
      const seen: string[] = [];
      for await (const item of log.subscribe({ signal: stop.signal })) {
        seen.push(shown(item));
        if (item.kind === 'caught-up') await log.append(append(1, [{ stream: B, expected: 'no-stream' }]));
        if (seen.length === 3) stop.abort();
      }
      deepStrictEqual(seen, ['event 1', 'caught-up 1', 'event 2']);
    },
  },
  {
    group: 'subscribe',
    title: 'a consumer slower than the log is told that it fell behind, and when it caught up again',
    run: async ({ log }) => {
      await fill(log, [A], 1);
      const seen: string[] = [];
      for await (const item of log.subscribe({ signal: new AbortController().signal })) {
        if (item.kind !== 'event') seen.push(shown(item));
        if (seen.length === 3) break;
        if (item.kind === 'caught-up')
          await log.append(append(1, [{ stream: B, expected: 'no-stream', count: 700 }]));
      }
      deepStrictEqual(seen, ['caught-up 1', 'fell-behind', 'caught-up 701']);
    },
  },
  {
    group: 'subscribe',
    title: 'a checkpoint comes after the events before it',
    run: async ({ log }) => {
      await fill(log, [A, B], 2);
      const seen: string[] = [];
      const filter = { streamPrefixes: [A] };
      for await (const item of log.subscribe({ filter, signal: new AbortController().signal })) {
        seen.push(shown(item));
        if (item.kind === 'caught-up') break;
      }
      deepStrictEqual(seen, ['event 1', 'event 3', 'checkpoint 4', 'caught-up 4']);
    },
  },
  {
    group: 'subscribe',
    title: 'leaving, throwing and aborting 50 times leaves the log usable',
    run: async ({ log }) => {
      await fill(log, [A], 3);
      const leave = [
        (): boolean => true,
        (): boolean => {
          throw new RangeError('the consumer failed');
        },
        (stop: AbortController): boolean => {
          stop.abort();
          return false;
        },
      ];
      for (let round = 0; round < 50; round += 1) {
        const stop = new AbortController();
        try {
          for await (const _ of log.subscribe({ signal: stop.signal }))
            if (leave[round % leave.length]?.(stop) === true) break;
        } catch (error) {
          ok(error instanceof RangeError);
        }
      }
      deepStrictEqual(await log.append(append(1, [{ stream: A, expected: 2 }])), appended(4));
      deepStrictEqual((await untilCaughtUp(log, 3)).map(shown), ['event 4', 'caught-up 4']);
    },
  },
  {
    group: 'bytes',
    title: 'envelopes come back byte for byte',
    run: async ({ log, reopen }) => {
      const texts = [
        JSON.stringify('Quỹ Bảo trợ trẻ em 🌿 e\u0301 \u2028 \\ "'),
        JSON.stringify('\ud800 lone, \u0000 nul'),
        '{ "2":1, "1" : 2,\n"__proto__":{"x":1}, "n":1.0e2, "big":12345678901234567890, "n":2 }',
        `${'['.repeat(200)}${']'.repeat(200)}`,
        JSON.stringify('x'.repeat(40_000)),
      ];
      const given = texts.map((text, at) => {
        const id = eventId(command(1), at);
        const head = `"id":"${id}","type":"${TYPE}","stream":"${A}","revision":${at},"bodyHash":"${HASH}"`;
        // The second form has its members elsewhere and blanks between them: the bytes are the caller's.
        const envelope = at % 2 === 0 ? `{${head},"data":${text}}` : `{ "data": ${text} , ${head} }`;
        return { id, type: TYPE, envelope };
      });
      await log.append({ requestHash: HASH, writes: [{ stream: A, expected: 'no-stream', events: given }] });
      const later = reopen === undefined ? log : await reopen();
      const recorded = given.map((one, at) => ({ ...one, stream: A, revision: at, position: at + 1 }));
      deepStrictEqual(await everything(later), recorded);
      deepStrictEqual(await later.readStream(A, { limit: 10 }), recorded);
      deepStrictEqual(await later.find(given[1]?.id ?? ''), recorded[1]);
    },
  },
  {
    group: 'bytes',
    title: 'an id nobody used is not found',
    run: async ({ log }) => {
      await fill(log, [A], 1);
      deepStrictEqual(await log.find(eventId(command(77), 0)), undefined);
    },
  },
  {
    group: 'limits and end',
    title: 'too large an event or append is refused, and nothing is written',
    run: async ({ log }) => {
      const large = append(1, [{ stream: A, expected: 'no-stream', data: 'ệ'.repeat(EVENT_BYTES_MAX / 3) }]);
      deepStrictEqual(await refusal(log.append(large)), { code: 'ES_TOO_LARGE', written: 'no' });
      const many = append(2, [{ stream: A, expected: 'no-stream', count: APPEND_EVENTS_MAX + 1 }]);
      deepStrictEqual(await refusal(log.append(many)), { code: 'ES_TOO_LARGE', written: 'no' });
      const heavy = append(3, [{ stream: A, expected: 'no-stream', count: 20, data: 'x'.repeat(60_000) }]);
      deepStrictEqual(await refusal(log.append(heavy)), { code: 'ES_TOO_LARGE', written: 'no' });
      deepStrictEqual(await log.head(), 0);
    },
  },
  {
    group: 'limits and end',
    title: 'an ill-formed append is refused, and nothing is written',
    run: async ({ log }) => {
      const good = append(1, [{ stream: A, expected: 'no-stream' }]);
      const [write] = good.writes;
      const [first] = write.events;
      ok(first !== undefined);
      const lone = { ...first, envelope: first.envelope.replace('"data":{}', '"data":"\ud800"') };
      const ill = [
        { ...good, writes: [{ ...write, stream: 'Book-A' }] },
        { ...good, writes: [{ ...write, stream: '$all' }] },
        { ...good, writes: [{ ...write, expected: -1 }] },
        { ...good, writes: [{ ...write, events: [] }] },
        { ...good, writes: [{ ...write, events: [first, first] }] },
        { ...good, writes: [write, { ...write, events: [] }] },
        { ...good, writes: [{ ...write, events: [{ ...first, id: 'x' }] }] },
        { ...good, writes: [{ ...write, events: [{ ...first, type: 'noted' }] }] },
        { ...good, writes: [{ ...write, events: [lone] }] },
        { ...good, requestHash: OTHER_HASH },
      ] as unknown as (typeof good)[];
      for (const one of ill)
        deepStrictEqual(await refusal(log.append(one)), { code: 'ES_BAD_REQUEST', written: 'no' });
      deepStrictEqual(await log.head(), 0);
    },
  },
  {
    group: 'limits and end',
    title: 'a page without usable bounds is refused',
    run: async ({ log }) => {
      for (const limit of [0, -1, 1.5, 10_001])
        deepStrictEqual(await refusal(log.readAll({ limit })), { code: 'ES_BAD_REQUEST', written: 'no' });
      deepStrictEqual((await refusal(log.readStream(A, { limit: 1, from: -1 }))).code, 'ES_BAD_REQUEST');
    },
  },
  {
    group: 'limits and end',
    title: 'what was asked before close is answered, what comes after is refused',
    run: async ({ log, reopen }) => {
      const before = log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
      const following = untilCaughtUp(log);
      await following;
      await log.close();
      deepStrictEqual(await before, appended(1));
      const after = log.append(append(2, [{ stream: A, expected: 0 }]));
      deepStrictEqual(await refusal(after), { code: 'ES_UNAVAILABLE', written: 'no' });
      if (reopen !== undefined) deepStrictEqual((await everything(await reopen())).length, 1);
    },
  },
  {
    group: 'limits and end',
    title: 'an acknowledged append is there when the log is opened again',
    run: async ({ log, reopen }) => {
      const answer = await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
      deepStrictEqual(answer, appended(1));
      const later = reopen === undefined ? log : await reopen();
      deepStrictEqual((await everything(later)).length, 1);
    },
  },
];
