import { deepStrictEqual, ok } from 'node:assert/strict';
import { eventId } from '../event-id.ts';
import type { EventLog, SubscriptionItem } from '../event-log.ts';
import { APPEND_EVENTS_MAX, EVENT_BYTES_MAX } from '../limits.ts';
import type { ConformanceCase } from './case.ts';
import {
  A,
  B,
  HASH,
  OTHER_HASH,
  TYPE,
  append,
  appended,
  command,
  everything,
  fill,
  refusal,
} from './fixture.ts';

const WRITERS = 8;
const APPENDS_EACH = 25;

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

/** What a log gives back, in which order, and what it refuses. */
export const READ_CASES: readonly ConformanceCase[] = [
  {
    group: 'global order',
    title: 'positions grow by one over all streams and survive reopening',
    run: async ({ log, settled, reopen }) => {
      await fill(log, [A, B], 10);
      const later = reopen === undefined ? log : await reopen();
      await settled();
      const events = await everything(later);
      deepStrictEqual(
        events.map(({ position }) => position),
        Array.from({ length: 20 }, (_, at) => at + 1),
      );
      await settled();
      deepStrictEqual(await later.head(), 20);
    },
  },
  {
    group: 'global order',
    title: '“after” is exclusive and pages join without gap or overlap, both ways',
    run: async ({ log, settled }) => {
      await fill(log, [A, B], 5);
      await settled();
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
    run: async ({ log, settled }) => {
      const types = ['book.noted.v1', 'book.counted.v1', 'book.noted.v2'];
      await fill(log, [A, B, 'pledge-1'], 6, types);
      await settled();
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
    run: async ({ log, settled }) => {
      await fill(log, [A], 12);
      await settled();
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
    run: async ({ log, settled }) => {
      await fill(log, [A], 3);
      await settled();
      deepStrictEqual((await untilCaughtUp(log)).map(shown), [
        'event 1',
        'event 2',
        'event 3',
        'caught-up 3',
      ]);
      deepStrictEqual((await untilCaughtUp(log, 2)).map(shown), ['event 3', 'caught-up 3']);
      await settled();
      deepStrictEqual((await untilCaughtUp(log, 3)).map(shown), ['caught-up 3']);
    },
  },
  {
    group: 'subscribe',
    title: 'what is appended after caught-up arrives live',
    run: async ({ log, settled }) => {
      await fill(log, [A], 1);
      const stop = new AbortController();
      await settled();
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
    run: async ({ log, settled }) => {
      await fill(log, [A], 1);
      await settled();
      const seen: string[] = [];
      for await (const item of log.subscribe({ signal: new AbortController().signal })) {
        if (item.kind !== 'event') seen.push(shown(item));
        if (seen.length === 3) break;
        if (item.kind !== 'caught-up') continue;
        await log.append(append(1, [{ stream: B, expected: 'no-stream', count: 700 }]));
        await settled();
      }
      deepStrictEqual(seen, ['caught-up 1', 'fell-behind', 'caught-up 701']);
    },
  },
  {
    group: 'subscribe',
    title: 'a checkpoint comes after the events before it',
    run: async ({ log, settled }) => {
      await fill(log, [A, B], 2);
      await settled();
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
    run: async ({ log, settled }) => {
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
      await settled();
      for (let round = 0; round < 50; round += 1) {
        const stop = new AbortController();
        try {
          for await (const _ of log.subscribe({ signal: stop.signal }))
            if (leave[round % leave.length]?.(stop) === true) break;
        } catch (error) {
          ok(error instanceof RangeError);
        }
      }
      deepStrictEqual(await log.append(append(1, [{ stream: A, expected: 2 }])), appended(log, 4));
      await settled();
      deepStrictEqual((await untilCaughtUp(log, 3)).map(shown), ['event 4', 'caught-up 4']);
    },
  },
  {
    group: 'bytes',
    title: 'envelopes come back byte for byte',
    run: async ({ log, settled, reopen }) => {
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
      await log.append({
        command: command(1),
        requestHash: HASH,
        writes: [{ stream: A, expected: 'no-stream', events: given }],
      });
      const later = reopen === undefined ? log : await reopen();
      const recorded = given.map((one, at) => ({ ...one, stream: A, revision: at, position: at + 1 }));
      await settled();
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
    run: async ({ log, settled }) => {
      const large = append(1, [{ stream: A, expected: 'no-stream', data: 'ệ'.repeat(EVENT_BYTES_MAX / 3) }]);
      deepStrictEqual(await refusal(log.append(large)), { code: 'ES_TOO_LARGE', written: 'no' });
      const many = append(2, [{ stream: A, expected: 'no-stream', count: APPEND_EVENTS_MAX + 1 }]);
      deepStrictEqual(await refusal(log.append(many)), { code: 'ES_TOO_LARGE', written: 'no' });
      const heavy = append(3, [{ stream: A, expected: 'no-stream', count: 20, data: 'x'.repeat(60_000) }]);
      deepStrictEqual(await refusal(log.append(heavy)), { code: 'ES_TOO_LARGE', written: 'no' });
      await settled();
      deepStrictEqual(await log.head(), 0);
    },
  },
  {
    group: 'limits and end',
    title: 'an ill-formed append is refused, and nothing is written',
    run: async ({ log, settled }) => {
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
      await settled();
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
    run: async ({ log, settled, reopen }) => {
      const before = log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
      const following = untilCaughtUp(log);
      await following;
      await log.close();
      deepStrictEqual(await before, appended(log, 1));
      const after = log.append(append(2, [{ stream: A, expected: 0 }]));
      deepStrictEqual(await refusal(after), { code: 'ES_UNAVAILABLE', written: 'no' });
      if (reopen === undefined) return;
      const later = await reopen();
      await settled();
      deepStrictEqual((await everything(later)).length, 1);
    },
  },
  {
    group: 'limits and end',
    title: 'an acknowledged append is there when the log is opened again',
    run: async ({ log, settled, reopen }) => {
      const answer = await log.append(append(1, [{ stream: A, expected: 'no-stream' }]));
      deepStrictEqual(answer, appended(log, 1));
      const later = reopen === undefined ? log : await reopen();
      await settled();
      deepStrictEqual((await everything(later)).length, 1);
    },
  },
];
