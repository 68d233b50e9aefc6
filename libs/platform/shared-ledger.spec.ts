import {
  type Append,
  type EventLog,
  EventLogError,
  type RecordedEvent,
  type StreamWrite,
  openMemoryLog,
} from '#event-log';
import { type StreamKind, ok, refuse } from '#kernel';
import { openVault } from '#privacy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AnyHandler, Directory, Handler } from './command.ts';
import { parseEnvelope } from './envelope.ts';
import { historyFromLog } from './histories.ts';
import { type Ledger, type Outcome, openLedger } from './ledger.ts';

// Boxes that hold 0 to 100, labels that must be known before something is put under them.
const MAX = 100;
const boxKind: StreamKind<{ sum: number }> = {
  kind: 'box',
  version: 1,
  initial: () => ({ sum: 0 }),
  evolve: (box, { data }) => ({ sum: box.sum + (data as { n: number }).n }),
};
const labels: Directory<Set<string>> = {
  prefix: 'label-',
  initial: () => new Set(),
  evolve: (known, { stream }) => known.add(stream),
};
const labelHandler: Handler<{ label: string }> = {
  name: 'label',
  schema: z.strictObject({ label: z.string() }),
  personal: [],
  streams: ({ label }) => [label],
  decide: ({ label }, { all }) =>
    all(labels).has(label)
      ? refuse('KNOWN')
      : ok([{ stream: label, type: 'label.made.v1', effectiveOn: '2024-01-01', data: {} }]),
};
const put = z.strictObject({
  boxes: z.array(z.string()),
  n: z.number(),
  label: z.string(),
  full: z.string(),
});
type Put = z.infer<typeof put>;
const putHandler: Handler<Put> = {
  name: 'put',
  schema: put,
  personal: [],
  streams: ({ boxes, full }) => [...new Set([...boxes, full])],
  decide: ({ boxes, n, label, full }, states) => {
    if (!states.all(labels).has(label)) return refuse('LABEL_UNKNOWN');
    // A box that is only read: another one may not be filled while it is.
    if (states.of(boxKind, full).sum === MAX) return refuse('OTHER_FULL');
    for (const box of boxes) {
      const sum = states.of(boxKind, box).sum + n;
      if (sum < 0 || sum > MAX) return refuse('OUT_OF_BOUNDS');
    }
    const fact = { type: 'box.put.v1', effectiveOn: '2024-01-01', data: { n, label } };
    return ok(boxes.map((stream) => ({ ...fact, stream })));
  },
};
/** Dry, it shows the state that a ledger has of a box. */
const showHandler: Handler<{ box: string }> = {
  name: 'show',
  schema: z.strictObject({ box: z.string() }),
  personal: [],
  streams: ({ box }) => [box],
  decide: ({ box }, { of, all }) =>
    ok([
      {
        stream: box,
        type: 'box.put.v1',
        effectiveOn: '2024-01-01',
        data: { sum: of(boxKind, box).sum, labels: [...all(labels)].toSorted() },
      },
    ]),
};
const handlers = [labelHandler, putHandler, showHandler] as unknown as readonly AnyHandler[];

/** Chance from a seed (mulberry32), so that a run can be repeated. */
const chance = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const TURNS_MAX = 6;
const turns = async (count: number): Promise<void> => {
  for (let at = 0; at < count; at += 1) await new Promise((resolve) => setImmediate(resolve));
};

interface Far {
  readonly log: EventLog;
  /** Commands whose answer from the log was lost at least once. */
  readonly doubted: ReadonlySet<string>;
  /** Waits until nothing is on its way any more and the sequence shows everything. */
  calm(): Promise<void>;
}

/**
 * The log as several ledgers meet it over a network: answers come late and out of order or are lost, before or after the
 * append happened; positions are not known; the sequence that is followed lags; nothing is found at once.
 */
function farLog(inner: EventLog, random: () => number, lossRate: number): Far {
  const doubted = new Set<string>();
  const under = new Set<Promise<unknown>>();
  let visible = 0;
  let ended = false;
  const later = async (): Promise<void> => turns(Math.floor(random() * TURNS_MAX));
  const lost = (command: string): never => {
    doubted.add(command);
    throw new EventLogError('ES_OUTCOME_UNKNOWN', 'no answer', 'unknown');
  };
  const append = async (given: Append): ReturnType<EventLog['append']> => {
    if (given.writes.some(({ events }) => events.length === 0))
      throw new EventLogError('ES_BAD_REQUEST', 'this log checks only what it writes to');
    await later();
    const fate = random();
    if (fate < lossRate / 3) return lost(given.command);
    if (fate < (2 * lossRate) / 3) {
      const late = turns(TURNS_MAX).then(() => inner.append(given));
      const settled = late.catch(() => undefined).finally(() => under.delete(settled));
      under.add(settled);
      return lost(given.command);
    }
    const result = await inner.append(given);
    await later();
    if (fate < lossRate) return lost(given.command);
    return result.kind === 'conflict' ? result : { ...result, position: undefined, firstPosition: undefined };
  };
  const readAll: EventLog['readAll'] = async (options) => {
    await later();
    const page = await inner.readAll(options);
    if (options.direction === 'backwards') return page;
    const head = await inner.head();
    // The sequencer places what is there by and by.
    visible = Math.max(visible, ended || random() < 0.5 ? head : visible);
    const events = page.events.filter(({ position }) => position <= visible);
    const next = Math.max(options.after ?? 0, Math.min(page.next, visible));
    return { events, next, atHead: next >= visible };
  };
  const log: EventLog = {
    ...inner,
    capabilities: { ...inner.capabilities, checksOnUnwrittenStreams: false },
    append,
    readAll,
    readStream: async (...asked) => {
      await later();
      const records = await inner.readStream(...asked);
      await later();
      return records.map((record) => ({ ...record, position: 0 }));
    },
    findCommand: async (command) => {
      await later();
      return inner.findCommand(command);
    },
    head: async () => visible,
    subscribe: async function* ({ after = 0, signal }) {
      for (let position = after; !signal.aborted; await turns(1)) {
        const page = await readAll({ after: position, limit: 100 });
        for (const event of page.events) yield { kind: 'event', event };
        position = page.next;
      }
    },
  };
  const calm = async (): Promise<void> => {
    while (under.size > 0) await Promise.all(under);
    ended = true;
    await turns(TURNS_MAX * TURNS_MAX);
  };
  return { log, doubted, calm };
}

const LEDGERS = 3;
const BOXES = ['box-a', 'box-b', 'box-c'];
const LABELS = ['label-x', 'label-y'];
/** Times a client sends a command again that was not answered for certain. */
const SENDS_MAX = 40;

interface Sent {
  readonly key: string;
  readonly outcomes: readonly Outcome[];
  /** What somebody was answered who asked again when all that was over. */
  readonly later: Outcome | undefined;
}

const uuid = (number: number): string => `0190a0b0-0000-7000-8000-${String(number).padStart(12, '0')}`;
const isCertain = (outcome: Outcome): boolean =>
  outcome.ok || !['LEDGER_UNAVAILABLE', 'LEDGER_BUSY'].includes(outcome.error.code);

interface Script {
  readonly seed: number;
  readonly commands: number;
  readonly lossRate: number;
}

/** Clients of three ledgers on one log; everything that is wrong at the end, in words. */
async function play(
  { seed, commands, lossRate }: Script,
  inner: EventLog = openMemoryLog(),
): Promise<string[]> {
  const random = chance(seed);
  const far = farLog(inner, random, lossRate);
  const vault = openVault(':memory:');
  const ledgers: Ledger[] = [];
  for (let at = 0; at < LEDGERS; at += 1)
    ledgers.push(
      await openLedger({
        log: far.log,
        vault,
        handlers,
        streamKinds: [boxKind],
        directories: [labels],
        clock: () => 1_000 * at,
        history: historyFromLog(far.log),
        shared: true,
      }),
    );
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const send = (handler: string, key: string, body: unknown): Promise<Outcome> =>
    pick(ledgers).execute({ handler, key, body, actor: 'ke-toan' });

  const client = async (number: number): Promise<Sent> => {
    const key = uuid(number);
    const boxes = [...new Set([pick(BOXES), ...(random() < 0.3 ? [pick(BOXES)] : [])])];
    const [name, body] =
      random() < 0.15
        ? ['label', { label: pick(LABELS) }]
        : ['put', { boxes, n: Math.floor(random() * 120) - 50, label: pick(LABELS), full: pick(BOXES) }];
    await turns(Math.floor(random() * TURNS_MAX * 4));
    const outcomes: Outcome[] = [];
    for (let sends = 0; sends < SENDS_MAX; sends += 1) {
      // Impatient clients send the same command twice at once, maybe to two ledgers.
      const copies = random() < 0.2 ? 2 : 1;
      outcomes.push(...(await Promise.all(Array.from({ length: copies }, () => send(name, key, body)))));
      if (outcomes.slice(-copies).every(isCertain)) break;
    }
    // And some ask again much later.
    const later = random() < 0.3 ? await send(name, key, body) : undefined;
    return { key, outcomes, later };
  };
  const sent = await Promise.all(Array.from({ length: commands }, (_, at) => client(at)));
  await far.calm();
  const wrong = [...(await judge(inner, sent, far.doubted)), ...(await compareStates(inner, ledgers))];
  await Promise.all(ledgers.map((ledger) => ledger.close()));
  await vault.close();
  return wrong;
}

async function judge(log: EventLog, sent: readonly Sent[], doubted: ReadonlySet<string>): Promise<string[]> {
  const { events } = await log.readAll({ limit: 1_000 });
  const wrong: string[] = [];
  for (const { key, outcomes, later } of sent) {
    const recorded = events.filter((event) => parseEnvelope(event).commandId === key);
    const answers = [...outcomes, ...(later ? [later] : [])].flatMap((outcome) =>
      outcome.ok ? [outcome.value] : [],
    );
    const at = (list: readonly { stream: string; revision: number; id: string }[]): string =>
      list.map(({ id, stream, revision }) => `${stream}@${revision} ${id}`).join();
    if (new Set(answers.map((answer) => at(answer.events))).size > 1) wrong.push(`${key} has two answers`);
    const [first] = answers;
    if (first && at(first.events) !== at(recorded))
      wrong.push(`${key} was acknowledged and is not there once`);
    const refused = answers.length === 0 && outcomes.every(isCertain) && (!later || isCertain(later));
    if (refused && recorded.length > 0 && !doubted.has(key)) wrong.push(`${key} was refused and is there`);
    if (later && !later.ok && isCertain(later) && answers.length > 0)
      wrong.push(`${key} was acknowledged and later refused`);
  }
  return [...wrong, ...brokenRules(events)];
}

/** The rules of boxes and labels, event by event. */
function brokenRules(events: readonly RecordedEvent[]): string[] {
  const sums = new Map<string, number>();
  const known = new Set<string>();
  const wrong: string[] = [];
  for (const event of events.map(parseEnvelope)) {
    if (event.type === 'label.made.v1') {
      if (known.has(event.stream)) wrong.push(`${event.stream} was made twice`);
      known.add(event.stream);
      continue;
    }
    const { n, label } = event.data as { n: number; label: string };
    const sum = (sums.get(event.stream) ?? 0) + n;
    sums.set(event.stream, sum);
    if (sum < 0 || sum > MAX) wrong.push(`${event.stream} holds ${sum}`);
    if (!known.has(label)) wrong.push(`${event.stream}@${event.revision} stands before its label`);
  }
  return wrong;
}

async function compareStates(log: EventLog, ledgers: readonly Ledger[]): Promise<string[]> {
  const { events } = await log.readAll({ limit: 1_000 });
  const wrong: string[] = [];
  const names = [...new Set(events.map(({ stream }) => stream))].filter((name) => name.startsWith('label-'));
  for (const box of BOXES) {
    const sum = events
      .filter(({ stream }) => stream === box)
      .reduce((all, event) => all + (parseEnvelope(event).data as { n: number }).n, 0);
    const wanted = JSON.stringify({ sum, labels: names.toSorted() });
    for (const [at, ledger] of ledgers.entries()) {
      const key = crypto.randomUUID();
      const shown = await ledger.execute({
        handler: 'show',
        key,
        body: { box },
        actor: 'ke-toan',
        dryRun: true,
      });
      const has = JSON.stringify(shown.ok && shown.value.wouldAppend?.[0]?.data);
      if (has !== wanted) wrong.push(`ledger ${at} has ${has} of ${box}, a replay ${wanted}`);
    }
  }
  return wrong;
}

const script = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  commands: fc.integer({ min: 5, max: 60 }),
  lossRate: fc.constantFrom(0, 0.1, 0.4),
});
const RUNS = 100;

describe('given three ledgers on one log, a slow network that loses answers and a sequence that lags', () => {
  it('takes every acknowledged command once, gives one answer, keeps the rules, and all agree with a replay', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (given) => {
        expect(await play(given)).toStrictEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 120_000);
});

describe('negative controls: the same clients notice', () => {
  const SCRIPTS: readonly Script[] = Array.from({ length: 3 }, (_, at) => ({
    seed: 1_000 + at,
    commands: 60,
    lossRate: 0.2,
  }));
  const found = async (broken: () => EventLog): Promise<string[]> => {
    const wrong: string[] = [];
    for (const given of SCRIPTS) wrong.push(...(await play(given, broken())));
    return wrong;
  };

  it('a log that takes the same command twice', async () => {
    let number = 0;
    const wrong = await found(() =>
      rewriting(async (write) => ({
        ...write,
        events: write.events.map(({ id, type, envelope }) => {
          const anew = id.replace(/.{6}$/, String((number += 1)).padStart(6, '0'));
          return { id: anew, type, envelope: envelope.replace(id, anew) };
        }),
      })),
    );
    expect(wrong.some((text) => text.endsWith('was acknowledged and is not there once'))).toBe(true);
  });

  it('a log that does not mind the revisions that are expected', async () => {
    const wrong = await found(() =>
      rewriting(async ({ stream, events }, inner) => {
        const [last] = await inner.readStream(stream, { limit: 1, direction: 'backwards' });
        const actual = last?.revision ?? -1;
        return {
          stream,
          expected: actual < 0 ? 'no-stream' : actual,
          events: events.map((event, at) => ({
            ...event,
            envelope: event.envelope.replace(/"revision":\d+/, `"revision":${actual + 1 + at}`),
          })),
        };
      }),
    );
    expect(wrong.some((text) => /^box-. holds/.test(text))).toBe(true);
  });
});

/** A log with one fault in what it makes of an append. */
const rewriting = (change: (write: StreamWrite, inner: EventLog) => Promise<StreamWrite>): EventLog => {
  const inner = openMemoryLog();
  return {
    ...inner,
    append: async ({ writes: [first, ...rest], ...given }) => {
      const changed = await Promise.all(rest.map((write) => change(write, inner)));
      return inner.append({ ...given, writes: [await change(first, inner), ...changed] });
    },
  };
};
