import {
  APPEND_STREAMS_MAX,
  type Append,
  type AppendResult,
  EVENT_BYTES_MAX,
  type EventLog,
  EventLogError,
  type NewEvent,
  type RecordedEvent,
  type StreamWrite,
  eventId,
} from '#event-log';
import { type Fact, type LedgerEvent, type Result, type StreamKind, invariant, ok, refuse } from '#kernel';
import { type Vault, VaultUnavailableError } from '#privacy';
import { createClock } from './clock.ts';
import type { AnyHandler, Answer, Directory, States } from './command.ts';
import { parseEnvelope, recordedAtOf, writeEnvelope } from './envelope.ts';
import { type Follower, followLog } from './follower.ts';
import type { ItemRules } from './histories.ts';
import { type Missing, createMemory } from './memory.ts';
import { type Command, type Prepared, prepare } from './prepare.ts';
import type { CommandRefusal } from './refusals.ts';
import type { Snapshots } from './snapshots.ts';
import { type Shelf, type Slot, boundHash, keepShelf, keepSlot, kindFinder } from './states.ts';

/** Commands that may be under way; more are refused as `LEDGER_BUSY`, so that memory and waiting stay bounded. */
export const COMMANDS_IN_FLIGHT_MAX = 20_000;
/** Times one command is decided when appends fail or states go stale under it. */
const ATTEMPTS_MAX = 5;
/** Times that what one decision lacks is brought. */
const LOADS_MAX = 5;
/** Positions between two snapshots of a directory. */
const SHELF_EVENTS = 50_000;
/** Longest wait of an answer for reference data (places) to come out of the log, where every ledger sees it. */
const PLACED_MS_MAX = 2_000;
/** A log that is followed and says nothing for so long makes each decision read its streams again first. */
const STALLED_SECONDS_MAX = 3;

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
  /** Which events are about an item: the same rules that `history` reads by. */
  readonly items?: ItemRules;
  /** Kinds whose states always stay in memory; `book` when absent. */
  readonly pinned?: readonly string[];
  /** True: other ledgers write the log too, and it is followed. Otherwise this one alone writes it. */
  readonly shared?: boolean;
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
  stats(): LedgerStats;
  /** Waits for what is under way, keeps snapshots. The log and the vault stay open: they are the caller's. */
  close(): Promise<void>;
}

export interface LedgerStats {
  /** Commands under way. */
  readonly inFlight: number;
  /** States in memory. */
  readonly states: number;
  /** Appends that met another writer, since the start. */
  readonly conflicts: number;
  /** Seconds since the log was last heard of; 0 where nobody else writes it. */
  readonly stalledSeconds: number;
}

/** Holds a command back until its turn to be decided comes. */
interface Turn {
  /** Absent: it is this command's turn now. */
  readonly wait: Promise<void> | undefined;
  readonly pass: () => void;
}

/** Of an append whose state was thrown away: it has failed. */
const NEVER = Promise.resolve(false);

/** Nothing but what is on its way to the log. */
const UNSETTLED: Missing = { streams: [], shelves: [], items: [], settle: true };

/** Nothing was answered: why to decide once more. `undone`: what it was decided on never became durable. */
type Again = 'conflict' | 'duplicate' | 'unknown' | 'undone';

type Decided =
  | { readonly kind: 'missing'; readonly missing: Missing }
  | { readonly kind: 'settled'; readonly outcome: Outcome; readonly named: readonly string[] }
  | { readonly kind: 'sent'; readonly sent: Promise<Outcome | Again> };

/** Opens the executor over a log: states in memory, decided in the order of arrival. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { log, vault, snapshots, pinned = ['book'], shared = false } = options;
  const handlers = new Map(options.handlers.map((handler) => [handler.name, handler]));
  const findKind = kindFinder(options.streamKinds);
  const memory = createMemory({ ...options, snapshots, findKind, pinned, shared });
  const { slots, shelves, histories } = memory;
  const [last] = (await log.readAll({ limit: 1, direction: 'backwards' })).events;
  const clock = createClock(options.clock, last && parseEnvelope(last).recordedAt);
  /**
   * A revision only says how many events a stream has. Where others write too, an append that expects what an
   * own one on its way will have written could meet a foreign event in its place, and fit: it waits.
   */
  const chained = shared || !log.capabilities.checksOnUnwrittenStreams;
  /** A look-up that costs nothing comes first; one that is a round trip waits for a reason. */
  const { findNow } = log;

  /** Commands under way by key: a second one with the same key waits for the first. */
  const running = new Map<string, { readonly bodyHash: string; readonly outcome: Promise<Outcome> }>();
  let follower: Follower | undefined;
  let conflicts = 0;
  let closed = false;

  /** Decides now, without waiting for anything, and hands the events to the log in the same breath. */
  const decide = (prepared: Prepared): Decided => {
    const { handler, body, key } = prepared;
    const context = { commandId: key, actor: prepared.actor, ...clock.now() };
    const read = new Set<Shelf>();
    const all = <State>(directory: Directory<State>): State => {
      const shelf = shelves.find((known) => known.directory.prefix === directory.prefix);
      invariant(shelf !== undefined, `there is a directory of ${directory.prefix}`);
      read.add(shelf);
      return shelf.state as State;
    };
    const stale = shelves.filter((shelf) => !shelf.loaded);
    if (stale.length > 0) return { kind: 'missing', missing: { streams: [], shelves: stale, items: [] } };
    const history = (item: string): readonly LedgerEvent[] => histories.of(item);
    const items = handler.history?.(body, { history }).filter((item) => !histories.has(item)) ?? [];
    const named = handler.streams(body, context, { all, history });
    const absent = named.filter((stream) => !slots.has(stream));
    if (absent.length > 0 || items.length > 0)
      return { kind: 'missing', missing: { streams: absent, shelves: [], items } };
    const behind = shared ? memory.behind(named) : [];
    if (behind.length > 0)
      return { kind: 'missing', missing: { streams: [], shelves: [], items: [], behind } };

    const states: States = {
      of: <State>(_kind: StreamKind<State>, stream: string): State => {
        const slot = slots.get(stream);
        invariant(slot !== undefined && named.includes(stream), `the handler names ${stream}`);
        return slot.state as State;
      },
      all,
      history,
    };
    const decided = handler.decide(body, states, context);
    if (!decided.ok) return { kind: 'settled', outcome: decided, named };
    if (prepared.dryRun) return { kind: 'settled', outcome: ok(preview(key, decided.value)), named };
    return send(prepared, decided.value, context, named, read);
  };

  const send = (
    prepared: Prepared,
    facts: readonly Fact[],
    context: { readonly recordedAt: string },
    named: readonly string[],
    read: ReadonlySet<Shelf>,
  ): Decided => {
    // What was read and is not durable yet must be there when these events become durable: it is checked in the
    // same append, or the append follows it. When it is more than an append checks, it becomes durable first.
    const depends = memory.dependencies(named, read);
    const streams = new Set(facts.map(({ stream }) => stream));
    if (!chained && depends.size + streams.size > APPEND_STREAMS_MAX)
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
        return { kind: 'settled', outcome: tooLarge(), named };
      write.events.push({ id, type, envelope });
      const hash = boundHash(slot.kind, type, envelope);
      decided.push(hash === undefined ? event : { ...event, hash });
      answered.push(answerEvent(event, hash));
    }
    const touched = [...written.values()];
    try {
      for (const event of decided) memory.apply(event);
    } catch (error) {
      memory.drop(touched.map(({ slot }) => slot));
      throw error;
    }
    const writes: StreamWrite[] = touched.map(({ slot, expected, events }) => ({
      stream: slot.stream,
      expected: expected < 0 ? 'no-stream' : expected,
      events,
    }));
    const before: Promise<boolean>[] = [];
    for (const stream of depends) {
      const slot = slots.get(stream);
      if (chained) before.push(slot?.tail ?? NEVER);
      else if (!written.has(stream) && slot !== undefined)
        writes.push({ stream, expected: slot.revision < 0 ? 'no-stream' : slot.revision, events: [] });
    }
    const append = { command: key, requestHash: bodyHash, writes: writes as unknown as Append['writes'] };
    const slotsTouched = touched.map(({ slot }) => slot);
    const sent = deliver(append, answered, slotsTouched, decided, before);
    if (chained) {
      const tail = sent.then(
        (outcome) => typeof outcome !== 'string' && outcome.ok,
        () => false,
      );
      for (const slot of slotsTouched) slot.tail = tail;
    }
    memory.track(sent);
    return { kind: 'sent', sent };
  };

  /** Waits until the append is settled. */
  const deliver = (
    append: Append,
    events: Answer['events'],
    touched: readonly Slot[],
    decided: readonly LedgerEvent[],
    before: readonly Promise<boolean>[],
  ): Promise<Outcome | Again> => {
    memory.count(touched, 1);
    const appended = before.length === 0 ? log.append(append) : appendAfter(before, append);
    return appended.then(
      (result) => {
        memory.count(touched, -1);
        if (result.kind !== 'appended') {
          if (result.kind === 'conflict') conflicts += 1;
          memory.drop(touched);
          return result.kind;
        }
        if (result.position !== undefined) moveShelves(result.position, events);
        for (const { id } of memory.confirm(decided)) placing.set(id, placed(id));
        const { command: commandId } = append;
        return ok({ commandId, events, position: result.position ?? null, duplicate: false });
      },
      (error: unknown) => {
        memory.count(touched, -1);
        memory.drop(touched);
        if (!(error instanceof EventLogError) || error.code === 'ES_BAD_REQUEST') throw error;
        if (error.code === 'ES_IDEMPOTENCY_MISMATCH') return refuse('IDEMPOTENCY_MISMATCH');
        if (error.code === 'ES_TOO_LARGE') return tooLarge();
        if (error.written === 'unknown') return 'unknown';
        return refuse('LEDGER_UNAVAILABLE', { reason: error.code });
      },
    );
  };

  const appendAfter = async (
    before: readonly Promise<boolean>[],
    append: Append,
  ): Promise<AppendResult | { readonly kind: 'undone' }> => {
    const durable = await Promise.all(before);
    return durable.includes(false) ? { kind: 'undone' } : log.append(append);
  };

  /** Own events of directories on their way through the log to every ledger, by id. */
  const placing = new Map<string, Promise<void>>();
  const placed = async (id: string): Promise<void> => {
    await follower?.observed(id, PLACED_MS_MAX);
    placing.delete(id);
  };

  const moveShelves = (position: number, events: Answer['events']): void => {
    for (const shelf of shelves) {
      if (!snapshots || shared || shelf.pending.size > 0 || position - shelf.position < SHELF_EVENTS)
        continue;
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

  /** Decides as soon as all it reads is in memory. */
  const decideLoaded = async (prepared: Prepared): Promise<Decided> => {
    let decided = decide(prepared);
    for (let loads = 0; decided.kind === 'missing' && loads < LOADS_MAX; loads += 1) {
      await memory.bring(decided.missing);
      decided = decide(prepared);
    }
    return decided;
  };

  const isStalled = (): boolean => (follower?.stalledSeconds() ?? 0) > STALLED_SECONDS_MAX;

  /** Reads what others have written to what a decision stood on, so that nothing is refused for an old state. */
  const refresh = async (named: readonly string[]): Promise<void> => {
    await Promise.all([
      memory.refresh(named),
      isStalled() ? undefined : follower?.catchUp().catch(() => undefined),
    ]);
  };

  const run = async (prepared: Prepared, turn: Turn | undefined, before?: Again): Promise<Outcome> => {
    let isKnownToBeNew = (before === undefined || before === 'undone') && !findNow && !prepared.dryRun;
    // An append whose answer was lost may still reach the log.
    let isInDoubt = before === 'unknown';
    let isFresh = !shared;
    try {
      for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
        const known = isKnownToBeNew ? undefined : await lookUp(prepared);
        if (attempt === 0) await turn?.wait;
        if (known) return known;
        if (isStalled()) await refresh(namedBy(prepared));
        const decided = await decideLoaded(prepared);
        turn?.pass();
        if (decided.kind === 'sent') {
          const outcome = await decided.sent;
          if (typeof outcome !== 'string') return outcome;
          isInDoubt ||= outcome === 'unknown';
          isKnownToBeNew &&= outcome === 'undone';
        } else if (decided.kind === 'settled') {
          if (decided.outcome.ok || findNow) return isInDoubt ? inDoubt(decided.outcome) : decided.outcome;
          if (isFresh) {
            // Only now: what it was refused for may be its own first success, here or on another ledger.
            const first = await lookUp(prepared);
            return first ?? (isInDoubt ? inDoubt(decided.outcome) : decided.outcome);
          }
          isFresh = true;
          await refresh(decided.named);
        }
      }
      return (await lookUp(prepared)) ?? refuse('LEDGER_UNAVAILABLE', { reason: 'ATTEMPTS' });
    } catch (error) {
      if (!(error instanceof EventLogError) || error.code !== 'ES_UNAVAILABLE') throw error;
      return refuse('LEDGER_UNAVAILABLE', { reason: error.code });
    } finally {
      turn?.pass();
    }
  };

  /** The streams a command reads, as far as the directories in memory tell. */
  const namedBy = ({ handler, body, key, actor }: Prepared): readonly string[] => {
    if (shelves.some(({ loaded }) => !loaded)) return [];
    const all = <State>({ prefix }: Directory<State>): State =>
      shelves.find(({ directory }) => directory.prefix === prefix)?.state as State;
    return handler.streams(
      body,
      { commandId: key, actor, ...clock.now() },
      { all, history: (item) => histories.of(item) },
    );
  };

  /** The common way: a command that nobody sent before, all it reads in memory. Undefined: it has to wait. */
  const atOnce = (prepared: Prepared): Outcome | Promise<Outcome> | undefined => {
    if (findNow ? findNow(prepared.firstId) : prepared.dryRun || isStalled()) return undefined;
    const decided = decide(prepared);
    // Where other ledgers write, a refusal is looked at twice.
    if (decided.kind === 'settled') return findNow || decided.outcome.ok ? decided.outcome : undefined;
    if (decided.kind !== 'sent') return undefined;
    return decided.sent.then((outcome) =>
      typeof outcome === 'string' ? run(prepared, undefined, outcome) : outcome,
    );
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

  /** A text that can not be taken back now stays: it stands for nothing, and the refusal holds. */
  const forget = (commitments: Prepared['commitments']): Promise<void> =>
    vault.forget(commitments).catch((error: unknown) => {
      if (!(error instanceof VaultUnavailableError)) throw error;
    });

  const finish = async (prepared: Prepared, started: Outcome | Promise<Outcome>): Promise<Outcome> => {
    try {
      const result = await started;
      if (result.ok && placing.size > 0)
        await Promise.all(result.value.events.map(({ id }) => placing.get(id)));
      // A refused command leaves nothing, also no text: unless its first answer still rests on it.
      if (!result.ok && prepared.commitments.length > 0 && !MAY_BE_RECORDED.has(result.error.code))
        await forget(prepared.commitments);
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

  const from = shared ? await log.head() : 0;
  await memory.bring({ streams: [], shelves, items: [] });
  if (shared)
    follower = followLog(log, from, (record) => {
      clock.notBefore(recordedAtOf(record));
      memory.observe(record);
    });
  return {
    execute,
    executeMany,
    stats: () => ({
      inFlight: running.size,
      states: slots.size,
      conflicts,
      stalledSeconds: follower?.stalledSeconds() ?? 0,
    }),
    close: async () => {
      closed = true;
      await Promise.allSettled([...running.values()].map(({ outcome }) => outcome));
      await memory.settled();
      await follower?.close();
      if (!snapshots) return;
      for (const slot of slots.values()) if (pinned.includes(slot.kind.kind)) keepSlot(slot, snapshots);
      if (shared) return;
      const [head] = (await log.readAll({ limit: 1, direction: 'backwards' })).events;
      for (const shelf of shelves.filter(({ loaded }) => loaded && head !== undefined)) {
        shelf.position = head?.position ?? 0;
        keepShelf(shelf, head?.id ?? '', snapshots);
      }
    },
  };
}

const tooLarge = (): Outcome => refuse('EVENT_TOO_LARGE', { max: String(EVENT_BYTES_MAX) });

/** A refusal is certain only when no append of the command can still arrive. */
const inDoubt = (outcome: Outcome): Outcome =>
  outcome.ok ? outcome : refuse('LEDGER_UNAVAILABLE', { reason: 'OUTCOME_UNKNOWN' });

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
