import {
  APPEND_STREAMS_MAX,
  type Append,
  EVENT_BYTES_MAX,
  type EventLog,
  EventLogError,
  type NewEvent,
  type RecordedEvent,
  type StreamWrite,
  eventId,
} from '#event-log';
import { type Fact, type LedgerEvent, type Result, type StreamKind, invariant, ok, refuse } from '#kernel';
import type { Vault } from '#privacy';
import { createClock } from './clock.ts';
import type { AnyHandler, Answer, Directory, States } from './command.ts';
import { parseEnvelope, writeEnvelope } from './envelope.ts';
import { type Histories, createHistories } from './histories.ts';
import { type Command, type Prepared, prepare } from './prepare.ts';
import type { CommandRefusal } from './refusals.ts';
import type { Snapshots } from './snapshots.ts';
import {
  SNAPSHOT_EVENTS,
  type Shelf,
  type Slot,
  boundHash,
  keepShelf,
  keepSlot,
  kindFinder,
  loadShelf,
  loadSlot,
} from './states.ts';

/** Commands that may be under way; more are refused as `LEDGER_BUSY`, so that memory and waiting stay bounded. */
export const COMMANDS_IN_FLIGHT_MAX = 20_000;
/** Times one command is decided when appends fail or states go stale under it. */
const ATTEMPTS_MAX = 5;
/** States of small streams (donors, pledges …) kept in memory; those of books stay. */
const SLOTS_MAX = 50_000;
/** Positions between two snapshots of a directory. */
const SHELF_EVENTS = 50_000;

export interface LedgerOptions {
  readonly log: EventLog;
  readonly vault: Vault;
  readonly handlers: readonly AnyHandler[];
  /** Kinds of the streams that have a state. */
  readonly streamKinds: readonly StreamKind<unknown>[];
  readonly directories: readonly Directory<unknown>[];
  /** Unix time in milliseconds. */
  readonly clock: () => number;
  readonly snapshots?: Snapshots | undefined;
  /** All durable events about an item, in log order. */
  readonly history: (item: string) => Promise<readonly LedgerEvent[]>;
  /** Kinds whose states always stay in memory; `book` when absent. */
  readonly pinned?: readonly string[];
}

/** Refusals behind which events of the same key may stand in the log, and with them their texts in the vault. */
const MAY_BE_RECORDED: ReadonlySet<string> = new Set(['IDEMPOTENCY_MISMATCH', 'LEDGER_UNAVAILABLE']);

/** An answer, and for a dry run the facts that would have been appended. */
export type Answered = Answer & { readonly wouldAppend?: readonly Fact[] };
export type Outcome = Result<Answered, CommandRefusal>;

export interface Ledger {
  /**
   * Decides one command and makes its events durable before it answers. The same key and body give the first
   * answer again, for ever; the same key with another body is refused; a refused command leaves nothing.
   * Rejects only for a fault of the program.
   */
  execute(command: Command): Promise<Outcome>;
  /** Each of them as `execute` would, decided in the order given, made durable together. */
  executeMany(commands: readonly Command[]): Promise<Outcome[]>;
  /** Commands under way, and states in memory. */
  stats(): { readonly inFlight: number; readonly states: number };
  /** Waits for what is under way, keeps snapshots. The log and the vault stay open: they are the caller's. */
  close(): Promise<void>;
}

/** Holds a command back until its turn to be decided comes. */
interface Turn {
  /** Absent: it is this command's turn now. */
  readonly wait: Promise<void> | undefined;
  readonly pass: () => void;
}

interface Missing {
  readonly streams: readonly string[];
  readonly shelves: readonly Shelf[];
  readonly items: readonly string[];
  /** Appends on their way have to be settled. */
  readonly settle?: boolean;
}

/** Nothing but what is on its way to the log. */
const UNSETTLED: Missing = { streams: [], shelves: [], items: [], settle: true };

type Decided =
  | { readonly kind: 'missing'; readonly missing: Missing }
  | { readonly kind: 'settled'; readonly outcome: Outcome }
  | { readonly kind: 'sent'; readonly sent: Promise<Outcome | 'again'> };

/** Opens the executor over a log that it alone writes: states in memory, decided in the order of arrival. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { log, vault, snapshots, pinned = ['book'] } = options;
  const handlers = new Map(options.handlers.map((handler) => [handler.name, handler]));
  const findKind = kindFinder(options.streamKinds);
  const [last] = (await log.readAll({ limit: 1, direction: 'backwards' })).events;
  const now = createClock(options.clock, last && parseEnvelope(last).recordedAt);

  const slots = new Map<string, Slot>();
  const loading = new Map<string, Promise<void>>();
  const shelves: Shelf[] = options.directories.map((directory) => ({
    directory,
    state: undefined,
    loaded: false,
    position: 0,
    pending: new Map(),
  }));
  const histories: Histories = createHistories(options.history);
  /** Commands under way by key: a second one with the same key waits for the first. */
  const running = new Map<string, { readonly bodyHash: string; readonly outcome: Promise<Outcome> }>();
  const appends = new Set<Promise<unknown>>();
  /** Streams whose state was thrown away while appends to them were under way. */
  const unsettled = new Set<string>();
  let closed = false;

  const settleAppends = async (): Promise<void> => void (await Promise.allSettled(appends));

  const loadStream = async (stream: string): Promise<void> => {
    if (unsettled.delete(stream)) await settleAppends();
    const slot = await loadSlot(log, findKind(stream), stream, snapshots);
    slots.set(stream, slot);
    evict();
  };
  const evict = (): void => {
    let excess = slots.size - SLOTS_MAX;
    if (excess <= 0) return;
    for (const slot of slots.values()) {
      if (slot.pending > 0 || pinned.includes(slot.kind.kind)) continue;
      slots.delete(slot.stream);
      excess -= 1;
      if (excess <= 0) return;
    }
  };
  const once = (name: string, load: () => Promise<void>): Promise<void> => {
    const known = loading.get(name);
    if (known) return known;
    const loaded = load().finally(() => loading.delete(name));
    loading.set(name, loaded);
    return loaded;
  };
  const bring = async ({ streams, shelves: stale, items, settle = false }: Missing): Promise<void> => {
    if (settle) await settleAppends();
    await Promise.all([
      ...streams.map((stream) => once(stream, () => loadStream(stream))),
      ...stale.map((shelf) =>
        once(`${shelf.directory.prefix}*`, async () => {
          await settleAppends();
          await loadShelf(log, shelf, snapshots);
        }),
      ),
      ...items.map((item) =>
        once(`item ${item}`, async () => {
          const load = histories.start(item);
          // What is under way about it becomes durable first, and what is decided meanwhile is added.
          await settleAppends();
          await load();
        }),
      ),
    ]);
  };

  /** Throws away every state that an append which failed may have touched. */
  const drop = (touched: Iterable<Slot>): void => {
    for (const slot of touched) {
      if (slots.get(slot.stream) === slot) {
        slots.delete(slot.stream);
        if (slot.pending > 0) unsettled.add(slot.stream);
      }
      for (const shelf of shelves) if (slot.stream.startsWith(shelf.directory.prefix)) shelf.loaded = false;
    }
    histories.clear();
  };

  /** Decides now, without waiting for anything, and hands the events to the log in the same breath. */
  const decide = (prepared: Prepared): Decided => {
    const { handler, body, key } = prepared;
    const context = { commandId: key, actor: prepared.actor, ...now() };
    const read = new Set<Shelf>();
    const all = <State>(directory: Directory<State>): State => {
      const shelf = shelves.find((known) => known.directory.prefix === directory.prefix);
      invariant(shelf !== undefined, `there is a directory of ${directory.prefix}`);
      read.add(shelf);
      return shelf.state as State;
    };
    const stale = shelves.filter((shelf) => !shelf.loaded);
    if (stale.length > 0) return { kind: 'missing', missing: { streams: [], shelves: stale, items: [] } };
    const named = handler.streams(body, context, { all });
    const absent = named.filter((stream) => !slots.has(stream));
    const items = handler.history?.(body).filter((item) => !histories.has(item)) ?? [];
    if (absent.length > 0 || items.length > 0)
      return { kind: 'missing', missing: { streams: absent, shelves: [], items } };

    const states: States = {
      of: <State>(_kind: StreamKind<State>, stream: string): State => {
        const slot = slots.get(stream);
        invariant(slot !== undefined && named.includes(stream), `the handler names ${stream}`);
        return slot.state as State;
      },
      all,
      history: (item) => histories.of(item),
    };
    const decided = handler.decide(body, states, context);
    if (!decided.ok) return { kind: 'settled', outcome: decided };
    if (prepared.dryRun) return { kind: 'settled', outcome: ok(preview(key, decided.value)) };
    return send(prepared, decided.value, context, named, read);
  };

  const send = (
    prepared: Prepared,
    facts: readonly Fact[],
    context: { readonly recordedAt: string },
    named: readonly string[],
    read: ReadonlySet<Shelf>,
  ): Decided => {
    // What was read and is not durable yet must be there when these events become durable: it is checked in
    // the same append. When that is more than an append takes, it becomes durable first.
    const depends = dependencies(named, read);
    if (depends.size + facts.length > APPEND_STREAMS_MAX) return { kind: 'missing', missing: UNSETTLED };
    const onlyRead = [...depends].some((stream) => facts.every((fact) => fact.stream !== stream));
    if (onlyRead && !log.capabilities.checksOnUnwrittenStreams)
      return { kind: 'missing', missing: UNSETTLED };
    invariant(facts.length > 0, `${prepared.handler.name} leads to facts`);
    const { key, bodyHash, actor, correlationId } = prepared;
    const written = new Map<string, { slot: Slot; expected: number; events: NewEvent[] }>();
    const decided: LedgerEvent[] = [];
    const answered: Answer['events'][number][] = [];
    for (const [index, { stream, type, effectiveOn, data }] of facts.entries()) {
      const slot = slots.get(stream);
      invariant(slot !== undefined && named.includes(stream), `${prepared.handler.name} names ${stream}`);
      let write = written.get(stream);
      if (!write) written.set(stream, (write = { slot, expected: slot.revision, events: [] }));
      const id = index === 0 ? prepared.firstId : eventId(key, index);
      const revision = write.expected + 1 + write.events.length;
      const event: LedgerEvent = {
        id,
        type,
        stream,
        revision,
        effectiveOn,
        recordedAt: context.recordedAt,
        actor,
        commandId: key,
        correlationId,
        causationId: key,
        data,
        // Not durable yet: the log gives the position.
        position: 0,
      };
      const envelope = writeEnvelope({ ...event, bodyHash });
      if (envelope.length * 3 > EVENT_BYTES_MAX && Buffer.byteLength(envelope) > EVENT_BYTES_MAX)
        return { kind: 'settled', outcome: refuse('EVENT_TOO_LARGE', { max: String(EVENT_BYTES_MAX) }) };
      write.events.push({ id, type, envelope });
      const hash = boundHash(slot.kind, type, envelope);
      decided.push(hash === undefined ? event : { ...event, hash });
      answered.push(answerEvent(event, hash));
    }
    const touched = [...written.values()];
    try {
      for (const event of decided) apply(event);
    } catch (error) {
      drop(touched.map(({ slot }) => slot));
      throw error;
    }
    const writes: StreamWrite[] = touched.map(({ slot, expected, events }) => ({
      stream: slot.stream,
      expected: expected < 0 ? 'no-stream' : expected,
      events,
    }));
    for (const stream of depends) {
      const slot = slots.get(stream);
      if (!written.has(stream) && slot !== undefined)
        writes.push({ stream, expected: slot.revision < 0 ? 'no-stream' : slot.revision, events: [] });
    }
    const append = { command: key, requestHash: bodyHash, writes: writes as unknown as Append['writes'] };
    const slotsTouched = touched.map(({ slot }) => slot);
    const sent = deliver(prepared, append, answered, slotsTouched);
    appends.add(sent);
    sent.then(
      () => appends.delete(sent),
      () => appends.delete(sent),
    );
    return { kind: 'sent', sent };
  };

  const apply = (event: LedgerEvent): void => {
    const slot = slots.get(event.stream);
    invariant(slot !== undefined, `${event.stream} is loaded`);
    slot.state = slot.kind.evolve(slot.state, event);
    slot.revision = event.revision;
    slot.lastId = event.id;
    histories.add(event);
    for (const shelf of shelves)
      if (event.stream.startsWith(shelf.directory.prefix))
        shelf.state = shelf.directory.evolve(shelf.state, event);
    if (snapshots && slot.revision - slot.snapshotAt >= SNAPSHOT_EVENTS) keepSlot(slot, snapshots);
  };

  /** Streams that a decision read and that have appends on their way. */
  const dependencies = (named: readonly string[], read: ReadonlySet<Shelf>): Set<string> => {
    const found = new Set<string>();
    for (const stream of named) if ((slots.get(stream)?.pending ?? 0) > 0) found.add(stream);
    for (const shelf of read) for (const stream of shelf.pending.keys()) found.add(stream);
    return found;
  };

  const count = (touched: readonly Slot[], by: 1 | -1): void => {
    for (const slot of touched) {
      slot.pending += by;
      for (const { directory, pending } of shelves) {
        if (!slot.stream.startsWith(directory.prefix)) continue;
        const left = (pending.get(slot.stream) ?? 0) + by;
        if (left > 0) pending.set(slot.stream, left);
        else pending.delete(slot.stream);
      }
    }
  };

  /** Waits until the append is settled. `again`: nothing was answered, decide once more on what the log holds. */
  const deliver = (
    prepared: Prepared,
    append: Append,
    events: Answer['events'],
    touched: readonly Slot[],
  ): Promise<Outcome | 'again'> => {
    count(touched, 1);
    return log.append(append).then(
      (result) => {
        count(touched, -1);
        if (result.kind !== 'appended') {
          drop(touched);
          return 'again';
        }
        if (result.position !== undefined) moveShelves(result.position, events);
        return ok({ commandId: prepared.key, events, position: result.position ?? null, duplicate: false });
      },
      (error: unknown) => {
        count(touched, -1);
        drop(touched);
        if (!(error instanceof EventLogError) || error.code === 'ES_BAD_REQUEST') throw error;
        if (error.code === 'ES_IDEMPOTENCY_MISMATCH') return refuse('IDEMPOTENCY_MISMATCH');
        if (error.code === 'ES_TOO_LARGE') return refuse('EVENT_TOO_LARGE', { max: String(EVENT_BYTES_MAX) });
        if (error.written === 'unknown') return 'again';
        return refuse('LEDGER_UNAVAILABLE', { reason: error.code });
      },
    );
  };

  const moveShelves = (position: number, events: Answer['events']): void => {
    for (const shelf of shelves) {
      if (!snapshots || shelf.pending.size > 0 || position - shelf.position < SHELF_EVENTS) continue;
      // Only the last event of an append has this position; of several it is not known which that is.
      const [only, ...others] = events;
      if (only === undefined || others.length > 0) continue;
      shelf.position = position;
      keepShelf(shelf, only.id, snapshots);
    }
  };

  const lookUp = async (prepared: Prepared): Promise<Outcome | undefined> => {
    const recorded = await log.findCommand(prepared.key);
    const [first] = recorded;
    if (!first) return undefined;
    if (parseEnvelope(first).bodyHash !== prepared.bodyHash) return refuse('IDEMPOTENCY_MISMATCH');
    return ok(firstAnswer(prepared.key, recorded));
  };

  /** The answer that was given first, out of the log. */
  const firstAnswer = (key: string, recorded: readonly RecordedEvent[]): Answer => {
    const events = recorded.map((event) =>
      answerEvent(event, boundHash(findKind(event.stream), event.type, event.envelope)),
    );
    const placed = recorded.every(({ position }) => position > 0);
    const position = placed ? Math.max(...recorded.map((event) => event.position)) : null;
    return { commandId: key, events, position, duplicate: true };
  };

  const run = async (prepared: Prepared, turn: Turn | undefined): Promise<Outcome> => {
    try {
      for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
        const known = await lookUp(prepared);
        if (attempt === 0) await turn?.wait;
        if (known) return known;
        let decided = decide(prepared);
        for (let loads = 0; decided.kind === 'missing' && loads < ATTEMPTS_MAX; loads += 1) {
          await bring(decided.missing);
          decided = decide(prepared);
        }
        turn?.pass();
        if (decided.kind === 'settled') return decided.outcome;
        if (decided.kind === 'missing') continue;
        const outcome = await decided.sent;
        if (outcome !== 'again') return outcome;
      }
      return refuse('LEDGER_UNAVAILABLE', { reason: 'ATTEMPTS' });
    } finally {
      turn?.pass();
    }
  };

  /** The common way: a command that nobody sent before, all it reads in memory. Undefined: it has to wait. */
  const atOnce = (prepared: Prepared): Outcome | Promise<Outcome> | undefined => {
    if (!log.findNow || log.findNow(prepared.firstId)) return undefined;
    const decided = decide(prepared);
    if (decided.kind === 'missing') return undefined;
    if (decided.kind === 'settled') return decided.outcome;
    return decided.sent.then((outcome) => (outcome === 'again' ? run(prepared, undefined) : outcome));
  };

  const start = (prepared: Prepared, turn: Turn | undefined): Outcome | Promise<Outcome> => {
    // Waiting for a turn comes before everything but the look-up.
    if (turn?.wait) return run(prepared, turn);
    try {
      const answered = atOnce(prepared);
      if (answered === undefined) return run(prepared, turn);
      turn?.pass();
      return answered;
    } catch (error) {
      turn?.pass();
      return Promise.reject(error as Error);
    }
  };

  const begin = (prepared: Prepared, turn?: Turn): Outcome | Promise<Outcome> => {
    if (prepared.dryRun) return start(prepared, turn);
    const earlier = running.get(prepared.key);
    if (earlier) {
      turn?.pass();
      return earlier.bodyHash === prepared.bodyHash
        ? earlier.outcome.then((outcome) =>
            outcome.ok ? ok({ ...outcome.value, duplicate: true }) : outcome,
          )
        : refuse('IDEMPOTENCY_MISMATCH');
    }
    const started = start(prepared, turn);
    if (!(started instanceof Promise) && prepared.commitments.length === 0) return started;
    const outcome = finish(prepared, started);
    running.set(prepared.key, { bodyHash: prepared.bodyHash, outcome });
    return outcome;
  };

  const finish = async (prepared: Prepared, started: Outcome | Promise<Outcome>): Promise<Outcome> => {
    try {
      const result = await started;
      // A refused command leaves nothing, also no text: unless its first answer still rests on it.
      if (!result.ok && prepared.commitments.length > 0 && !MAY_BE_RECORDED.has(result.error.code))
        await vault.forget(prepared.commitments);
      return result;
    } finally {
      running.delete(prepared.key);
    }
  };

  const execute = async (command: Command): Promise<Outcome> => {
    if (closed || running.size >= COMMANDS_IN_FLIGHT_MAX) return refuse('LEDGER_BUSY');
    const form = prepare(command, handlers, vault);
    const prepared = form instanceof Promise ? await form : form;
    return prepared.ok ? begin(prepared.value) : prepared;
  };

  const executeMany = async (commands: readonly Command[]): Promise<Outcome[]> => {
    if (closed || running.size + commands.length > COMMANDS_IN_FLIGHT_MAX)
      return commands.map(() => refuse('LEDGER_BUSY'));
    const forms = await Promise.all(commands.map((command) => prepare(command, handlers, vault)));
    let wait: Promise<void> | undefined;
    return Promise.all(
      forms.map((form) => {
        if (!form.ok) return form;
        const { promise, resolve } = Promise.withResolvers<void>();
        let passed = false;
        const pass = (): void => {
          passed = true;
          resolve();
        };
        const outcome = begin(form.value, { wait, pass });
        // Who comes next need not wait for what was decided in this breath.
        if (!passed) wait = promise;
        return outcome;
      }),
    );
  };

  await bring({ streams: [], shelves, items: [] });
  return {
    execute,
    executeMany,
    stats: () => ({ inFlight: running.size, states: slots.size }),
    close: async () => {
      closed = true;
      await Promise.allSettled([...running.values()].map(({ outcome }) => outcome));
      await settleAppends();
      if (!snapshots) return;
      for (const slot of slots.values()) if (pinned.includes(slot.kind.kind)) keepSlot(slot, snapshots);
      const [head] = (await log.readAll({ limit: 1, direction: 'backwards' })).events;
      for (const shelf of shelves.filter(({ loaded }) => loaded && head !== undefined)) {
        shelf.position = head?.position ?? 0;
        keepShelf(shelf, head?.id ?? '', snapshots);
      }
    },
  };
}

const answerEvent = (
  { id, type, stream, revision }: Pick<LedgerEvent, 'id' | 'type' | 'stream' | 'revision'>,
  hash: string | undefined,
): Answer['events'][number] => {
  const at = `${stream}@${revision}`;
  return hash === undefined ? { id, type, stream, revision, at } : { id, type, stream, revision, at, hash };
};

const preview = (key: string, facts: readonly Fact[]): Answered => ({
  commandId: key,
  events: [],
  position: 0,
  duplicate: false,
  wouldAppend: facts,
});
