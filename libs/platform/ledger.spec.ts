import { randomUUID } from 'node:crypto';
import { type Append, type AppendResult, type EventLog, EventLogError, openMemoryLog } from '#event-log';
import { type LedgerEvent, type StreamKind, ok, refuse } from '#kernel';
import { openVault } from '#privacy';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AnyHandler, Directory, Handler } from './command.ts';
import { parseEnvelope } from './envelope.ts';
import { historyFromLog } from './histories.ts';
import { type Ledger, type LedgerOptions, openLedger } from './ledger.ts';

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

const put = z.strictObject({
  box: z.string(),
  n: z.number(),
  also: z.string().optional(),
  note: z.string().optional(),
});
const MAX = 100;
/** Puts n into a box, and into another one with it; a box holds at most 100. */
const putHandler: Handler<z.infer<typeof put>> = {
  name: 'put',
  schema: put,
  personal: ['note'],
  streams: ({ box, also }) => [box, ...(also ? [also] : [])],
  decide: ({ box, n, also, note }, states) => {
    const boxes = [box, ...(also ? [also] : [])];
    for (const name of boxes)
      if (states.of(boxKind, name).sum + n > MAX) return refuse('FULL', { box: name });
    const data = { n, note: note ?? null };
    return ok(boxes.map((stream) => ({ stream, type: 'box.put.v1', effectiveOn: '2024-01-01', data })));
  },
};

interface Given {
  readonly log?: EventLog;
  readonly clock?: () => number;
}

async function given({ log = openMemoryLog(), clock = () => 0 }: Given = {}): Promise<{
  log: EventLog;
  ledger: Ledger;
  options: LedgerOptions;
}> {
  const options: LedgerOptions = {
    log,
    vault: openVault(':memory:'),
    handlers: [putHandler as AnyHandler],
    streamKinds: [boxKind],
    directories: [labels],
    clock,
    history: historyFromLog(log),
  };
  return { log, options, ledger: await openLedger(options) };
}

const command = (body: unknown, key: string = randomUUID()) => ({
  handler: 'put',
  key,
  body,
  actor: 'ke-toan',
});
const events = async (log: EventLog): Promise<LedgerEvent[]> =>
  (await log.readAll({ limit: 1_000 })).events.map(parseEnvelope);

describe('when a command is given', () => {
  it('answers with stream and revision once it is in the log', async () => {
    const { ledger, log } = await given();
    const key = randomUUID();
    const outcome = await ledger.execute(command({ box: 'box-a', n: 1 }, key));
    const [event] = await events(log);
    expect(outcome).toStrictEqual(
      ok({
        commandId: key,
        events: [{ id: event?.id, type: 'box.put.v1', stream: 'box-a', revision: 0, at: 'box-a@0' }],
        position: 1,
        duplicate: false,
      }),
    );
    expect(event?.recordedAt).toBe('1970-01-01T00:00:00.000Z');
  });

  it('lists every field that is wrong and appends nothing', async () => {
    const { ledger, log } = await given();
    const outcome = await ledger.execute(command({ n: 'x', more: 1 }));
    expect(outcome).toStrictEqual({
      ok: false,
      error: {
        code: 'FIELD_MISSING',
        details: { pointer: '/box' },
        errors: [
          { code: 'FIELD_MISSING', pointer: '/box' },
          { code: 'FIELD_INVALID', pointer: '/n' },
          { code: 'FIELD_UNKNOWN', pointer: '/more' },
        ],
      },
    });
    expect(await log.head()).toBe(0);
  });

  it.each([
    ['KEY_MISSING', { key: '' }],
    ['KEY_INVALID', { key: 'x' }],
    ['ACTOR_MISSING', { actor: '' }],
    ['ACTOR_INVALID', { actor: 'Nguyễn Văn A' }],
    ['COMMAND_UNKNOWN', { handler: 'take' }],
  ])('refuses with %s', async (code, wrong) => {
    const { ledger } = await given();
    const outcome = await ledger.execute({ ...command({ box: 'box-a', n: 1 }), ...wrong });
    expect(outcome.ok ? '' : outcome.error.code).toBe(code);
  });
});

describe('when the same key comes again', () => {
  it('gives the first answer, in whatever order the members stand, also after a restart', async () => {
    const { ledger, log, options } = await given();
    const key = randomUUID();
    const first = await ledger.execute(command({ box: 'box-a', n: 60, also: 'box-b' }, key));
    const again = await ledger.execute(command({ also: 'box-b', n: 60, box: 'box-a' }, key));
    const restarted = await openLedger(options);
    const later = await restarted.execute(command({ n: 60, box: 'box-a', also: 'box-b' }, key));
    const duplicate = first.ok && ok({ ...first.value, duplicate: true });
    expect([again, later]).toStrictEqual([duplicate, duplicate]);
    expect(await log.head()).toBe(2);
  });

  it('decides once when both are under way at once', async () => {
    const { ledger, log } = await given();
    const key = randomUUID();
    const both = await Promise.all([1, 2].map(() => ledger.execute(command({ box: 'box-a', n: 1 }, key))));
    expect(both.map((outcome) => outcome.ok && outcome.value.duplicate)).toStrictEqual([false, true]);
    expect(await log.head()).toBe(1);
  });

  it('refuses another body', async () => {
    const { ledger } = await given();
    const key = randomUUID();
    await ledger.execute(command({ box: 'box-a', n: 1 }, key));
    expect(await ledger.execute(command({ box: 'box-a', n: 2 }, key))).toStrictEqual(
      refuse('IDEMPOTENCY_MISMATCH'),
    );
  });

  it('judges a refused command afresh', async () => {
    const { ledger } = await given();
    const key = randomUUID();
    await ledger.execute(command({ box: 'box-a', n: 50 }));
    expect(await ledger.execute(command({ box: 'box-a', n: 60 }, key))).toStrictEqual(
      refuse('FULL', { box: 'box-a' }),
    );
    await ledger.execute(command({ box: 'box-a', n: -50 }));
    expect((await ledger.execute(command({ box: 'box-a', n: 60 }, key))).ok).toBe(true);
  });
});

describe('when a command touches two streams', () => {
  it('appends both or neither', async () => {
    const { ledger, log } = await given();
    await ledger.execute(command({ box: 'box-b', n: 90 }));
    const refused = await ledger.execute(command({ box: 'box-a', n: 20, also: 'box-b' }));
    expect(refused).toStrictEqual(refuse('FULL', { box: 'box-b' }));
    expect((await events(log)).map(({ stream }) => stream)).toStrictEqual(['box-b']);
  });
});

describe('when a dry run is asked for', () => {
  it('answers what would be appended and leaves nothing', async () => {
    const { ledger, log } = await given();
    const outcome = await ledger.execute({ ...command({ box: 'box-a', n: 1 }), dryRun: true });
    expect(outcome.ok && outcome.value.wouldAppend).toStrictEqual([
      { stream: 'box-a', type: 'box.put.v1', effectiveOn: '2024-01-01', data: { n: 1, note: null } },
    ]);
    expect(await log.head()).toBe(0);
  });
});

describe('when a text may be personal', () => {
  it('keeps it in the vault and a commitment in the event', async () => {
    const { ledger, log, options } = await given();
    const key = randomUUID();
    await ledger.execute(command({ box: 'box-a', n: 1, note: 'Bà Lan' }, key));
    const again = await ledger.execute(command({ box: 'box-a', n: 1, note: 'Bà Lan' }, key));
    const [event] = await events(log);
    const { note } = (event?.data ?? {}) as { note: string };
    expect(note).toMatch(/^[0-9a-f]{64}$/);
    expect(await options.vault.get(note)).toBe('Bà Lan');
    expect(again.ok && again.value.duplicate).toBe(true);
  });

  it('forgets it when the command is refused', async () => {
    const { ledger, options } = await given();
    const key = randomUUID();
    await ledger.execute(command({ box: 'box-a', n: MAX + 1, note: 'Bà Lan' }, key));
    const before = await options.vault.preview(key, { note: 'Bà Lan' });
    expect(await options.vault.preview(key, { note: 'Bà Lan' })).not.toStrictEqual(before);
  });
});

describe('when many commands come in one batch', () => {
  it('decides them in their order, each for itself', async () => {
    const { ledger, log } = await given();
    const amounts = [60, 60, 40, 1, -100];
    const outcomes = await ledger.executeMany(amounts.map((n) => command({ box: 'box-a', n })));
    expect(outcomes.map((outcome) => outcome.ok)).toStrictEqual([true, false, true, false, true]);
    expect((await events(log)).map(({ data }) => (data as { n: number }).n)).toStrictEqual([60, 40, -100]);
  });
});

describe('when the log does not do what was expected', () => {
  /** A log whose next append goes wrong in the given way. */
  const failing = (log: EventLog, wrong: (append: Append) => Promise<AppendResult>): EventLog => {
    let left = 1;
    return {
      ...log,
      append: (append, options) => (left-- > 0 ? wrong(append) : log.append(append, options)),
    };
  };
  const unknown = (): never => {
    throw new EventLogError('ES_OUTCOME_UNKNOWN', 'no answer', 'unknown');
  };

  it('decides again on what another writer has written meanwhile', async () => {
    const log = openMemoryLog();
    const { ledger } = await given({ log });
    const other = await given({ log });
    await ledger.execute(command({ box: 'box-a', n: 10 }));
    await other.ledger.execute(command({ box: 'box-a', n: 80 }));
    expect(await ledger.execute(command({ box: 'box-a', n: 20 }))).toStrictEqual(
      refuse('FULL', { box: 'box-a' }),
    );
    expect((await ledger.execute(command({ box: 'box-a', n: 10 }))).ok).toBe(true);
  });

  it('looks an unknown outcome up when the events were written', async () => {
    const log = openMemoryLog();
    const { ledger } = await given({
      log: failing(log, async (append) => (await log.append(append)) && unknown()),
    });
    const outcome = await ledger.execute(command({ box: 'box-a', n: 1 }));
    expect(outcome.ok && outcome.value.position).toBe(1);
    expect(await log.head()).toBe(1);
  });

  it('appends again when they were not', async () => {
    const log = openMemoryLog();
    const { ledger } = await given({ log: failing(log, async () => unknown()) });
    const outcomes = await ledger.executeMany([60, 60].map((n) => command({ box: 'box-a', n })));
    expect(outcomes.map((outcome) => outcome.ok).toSorted()).toStrictEqual([false, true]);
    expect(await log.head()).toBe(1);
  });

  it('says so when nothing could be written, and decides the next command on what is there', async () => {
    const log = openMemoryLog();
    const broken = failing(log, async () => {
      throw new EventLogError('ES_UNAVAILABLE', 'disk full');
    });
    const { ledger } = await given({ log: broken });
    const outcome = await ledger.execute(command({ box: 'box-a', n: 90 }));
    expect(outcome).toStrictEqual(refuse('LEDGER_UNAVAILABLE', { reason: 'ES_UNAVAILABLE' }));
    expect((await ledger.execute(command({ box: 'box-a', n: 90 }))).ok).toBe(true);
  });
});

describe('when a look-up is a round trip', () => {
  /** A log that says how often a command was looked up in it. */
  const counting = (): { log: EventLog; lookUps: () => number } => {
    const inner = openMemoryLog();
    let lookUps = 0;
    const findCommand: EventLog['findCommand'] = (command) => {
      lookUps += 1;
      return inner.findCommand(command);
    };
    return { log: { ...inner, findCommand }, lookUps: () => lookUps };
  };

  it('an accepted command pays none, a refused one pays one', async () => {
    const { log, lookUps } = counting();
    const { ledger } = await given({ log });
    await ledger.executeMany([60, 30].map((n) => command({ box: 'box-a', n })));
    const accepted = lookUps();
    await ledger.execute(command({ box: 'box-a', n: 60 }));
    expect([accepted, lookUps()]).toStrictEqual([0, 1]);
  });

  it('a repeated command gets its first answer, also when it would be refused now', async () => {
    const { log } = counting();
    const { ledger, options } = await given({ log });
    const key = randomUUID();
    const first = await ledger.execute(command({ box: 'box-a', n: 90 }, key));
    const wanted = first.ok && ok({ ...first.value, duplicate: true });
    const restarted = await openLedger(options);
    expect(await ledger.execute(command({ box: 'box-a', n: 90 }, key))).toStrictEqual(wanted);
    expect(await restarted.execute(command({ box: 'box-a', n: 90 }, key))).toStrictEqual(wanted);
  });

  it('and also when it would be accepted once more: the log takes it only once', async () => {
    const { log } = counting();
    const { options, ledger } = await given({ log });
    const key = randomUUID();
    const first = await ledger.execute(command({ box: 'box-a', n: 1 }, key));
    const again = await (await openLedger(options)).execute(command({ box: 'box-a', n: 1 }, key));
    expect(again).toStrictEqual(first.ok && ok({ ...first.value, duplicate: true }));
    expect(await log.head()).toBe(1);
  });
});

describe('when another ledger writes the log too', () => {
  it('nothing is recorded before what was seen of it, and its events reach the states here', async () => {
    const log = openMemoryLog();
    const { options } = await given({ log });
    const shared = { ...options, shared: true };
    const ahead = await openLedger({ ...shared, clock: () => 9_000 });
    const behind = await openLedger({ ...shared, clock: () => 1_000 });
    await behind.execute(command({ box: 'box-a', n: 10 }));
    await ahead.execute(command({ box: 'box-a', n: 80 }));
    expect(await behind.execute(command({ box: 'box-a', n: 20 }))).toStrictEqual(
      refuse('FULL', { box: 'box-a' }),
    );
    await behind.execute(command({ box: 'box-a', n: 1 }));
    const times = (await events(log)).map(({ recordedAt }) => Date.parse(recordedAt));
    expect(times).toStrictEqual([1_000, 9_000, 9_000]);
    await Promise.all([ahead.close(), behind.close()]);
  });
});

describe('when the clock of the machine goes back', () => {
  it('records no time before the last one, also after a restart', async () => {
    let now = 5_000;
    const { ledger, log, options } = await given({ clock: () => now });
    await ledger.execute(command({ box: 'box-a', n: 1 }));
    now = 1_000;
    await ledger.execute(command({ box: 'box-a', n: 1 }));
    await (await openLedger(options)).execute(command({ box: 'box-a', n: 1 }));
    const times = (await events(log)).map(({ recordedAt }) => recordedAt);
    expect(times).toStrictEqual(Array.from({ length: 3 }, () => '1970-01-01T00:00:05.000Z'));
  });
});
