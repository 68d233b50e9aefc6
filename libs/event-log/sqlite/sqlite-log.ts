import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { EMBEDDED_CAPABILITIES, eventsOf } from '../embedded.ts';
import { EventLogError } from '../event-log.ts';
import type {
  Append,
  AppendOptions,
  AppendResult,
  EventLog,
  EventLogErrorCode,
  EventLogReader,
  RecordedEvent,
} from '../event-log.ts';
import { WAITING_EVENTS_MAX } from '../limits.ts';
import { type Notice, createNotice, follow } from '../subscription.ts';
import { createGrouper, eventCount } from './grouper.ts';
import { type SqliteReader, openReader } from './reader.ts';
import type { FromWriter, ToWriter } from './writer-thread.ts';
import { packAppends, unpackOutcomes } from './wire.ts';
import { type Outcome, type WriterOptions, openWriter } from './writer.ts';

export interface SqliteLogOptions extends WriterOptions {
  /** True (the default): commits run in a worker thread and never block the caller's event loop. */
  readonly thread?: boolean;
}

/** What reads of the file offer besides the port. */
export interface SqliteLogReader extends EventLogReader {
  /** Up to `limit` events after a position, at once: the fast way for projections and replay. */
  readPage(after: number, limit: number): readonly RecordedEvent[];
}

export interface SqliteLog extends EventLog, SqliteLogReader {
  /** True once another writer has taken the log over: no append of this one is ever made again. */
  isFenced(): boolean;
}

/** Where appends go to become durable; answers come in the order in which they were sent. */
interface Committer {
  send(append: Append): void;
  close(): Promise<void>;
}

/**
 * Opens (and makes, when new) the log of a data folder for writing; this process is its only writer until
 * `close`. Rejects with `ES_LOCKED` when another one is, with `ES_CORRUPT` when tree and events differ.
 */
export const openSqliteLog = async (
  folder: string,
  { thread = true, ...writerOptions }: SqliteLogOptions = {},
): Promise<SqliteLog> => {
  const notice = createNotice();
  const closing = new AbortController();
  const pending: { readonly events: number; readonly settle: (outcome: Outcome) => void }[] = [];
  let waitingEvents = 0;
  let fenced = false;
  let idle = (): void => undefined;

  const answer = (outcomes: readonly Outcome[]): void => {
    for (const [at, { events, settle }] of pending.splice(0, outcomes.length).entries()) {
      waitingEvents -= events;
      const outcome = outcomes[at];
      if (outcome?.kind === 'failed' && outcome.code === 'ES_LOCKED') fenced = true;
      if (outcome !== undefined) settle(outcome);
    }
    if (outcomes.some(({ kind }) => kind === 'appended')) notice.announce();
    if (pending.length === 0) idle();
  };
  const abandon: Abandon = (code, message, written) =>
    answer(pending.map(() => ({ kind: 'failed', code, message, written })));

  const committer = thread
    ? await commitInThread(folder, answer, abandon)
    : commitHere(folder, answer, writerOptions);
  let reader: SqliteReader;
  try {
    reader = openReader(folder);
  } catch (error) {
    await committer.close();
    throw error;
  }

  const unavailable = (message: string): Promise<never> =>
    Promise.reject(new EventLogError('ES_UNAVAILABLE', message));
  const append = (given: Append, { timeoutMs }: AppendOptions = {}): Promise<AppendResult> => {
    if (closing.signal.aborted) return unavailable('the log is closed');
    const events = eventCount(given);
    if (waitingEvents + events > WAITING_EVENTS_MAX)
      return unavailable(`more than ${WAITING_EVENTS_MAX} events wait to be written`);
    return new Promise((resolve, reject) => {
      const giveUp = (): void =>
        reject(new EventLogError('ES_OUTCOME_UNKNOWN', `no answer in ${timeoutMs} ms`, 'unknown'));
      const timer = timeoutMs === undefined ? undefined : setTimeout(giveUp, timeoutMs);
      const settle = (outcome: Outcome): void => {
        if (timer !== undefined) clearTimeout(timer);
        if (outcome.kind !== 'failed') resolve(outcome);
        else reject(new EventLogError(outcome.code, outcome.message, outcome.written));
      };
      pending.push({ events, settle });
      waitingEvents += events;
      committer.send(given);
    });
  };

  const reads = portReads(reader, notice, closing);
  return {
    capabilities: EMBEDDED_CAPABILITIES,
    append,
    isFenced: () => fenced,
    ...reads,
    findCommand: (command) => eventsOf(command, reads.find),
    close: async () => {
      if (closing.signal.aborted) return;
      closing.abort();
      if (pending.length > 0) await new Promise<void>((resolve) => (idle = resolve));
      // The writer closes last: the last connection folds the WAL into the database file.
      reader.close();
      await committer.close();
    },
  };
};

/** Opens the log of a data folder for reading only, also while another process writes it. */
export const openSqliteLogReader = (folder: string): SqliteLogReader => {
  const reader = openReader(folder);
  const closing = new AbortController();
  return {
    ...portReads(reader, createNotice(), closing),
    close: async () => {
      if (closing.signal.aborted) return;
      closing.abort();
      reader.close();
    },
  };
};

const portReads = (
  reader: SqliteReader,
  notice: Notice,
  closing: AbortController,
): Omit<SqliteLogReader, 'close'> => {
  const open = (): SqliteReader => {
    if (closing.signal.aborted) throw new EventLogError('ES_UNAVAILABLE', 'the log is closed');
    return reader;
  };
  const readAll: EventLogReader['readAll'] = async (options) => open().readAll(options);
  return {
    readPage: (after, limit) => open().readPage(after, limit),
    readAll,
    readStream: async (stream, options) => open().readStream(stream, options),
    find: async (eventId) => open().find(eventId),
    findNow: (eventId) => open().find(eventId),
    head: async () => open().head(),
    subscribe: (options) =>
      follow(readAll, notice.wait, { ...options, signal: AbortSignal.any([options.signal, closing.signal]) }),
  };
};

type Answer = (outcomes: readonly Outcome[]) => void;
/** Answers everything that waits with one failure. */
type Abandon = (code: EventLogErrorCode, message: string, written: 'no' | 'unknown') => void;

const commitHere = (folder: string, answer: Answer, options: WriterOptions): Committer => {
  const writer = openWriter(folder, options);
  const grouper = createGrouper(writer, answer);
  return { send: (append) => grouper.add([append]), close: async () => writer.close() };
};

/** Room for new objects in the writer thread: a group is written and forgotten. */
const YOUNG_MIB_MAX = 24;

const startThread = async (folder: string): Promise<Worker> => {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./writer-thread.${extension}`, import.meta.url), {
    workerData: folder,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB_MAX },
  });
  const [first] = (await once(worker, 'message').catch((cause: unknown) => {
    throw new EventLogError('ES_UNAVAILABLE', 'the writer thread did not start', 'no', { cause });
  })) as [FromWriter];
  if (first.kind === 'failed') throw new EventLogError(first.code, first.message, first.written);
  return worker;
};

const commitInThread = async (folder: string, answer: Answer, abandon: Abandon): Promise<Committer> => {
  const worker = await startThread(folder);
  const say = (message: ToWriter): void => worker.postMessage(message);
  let gone = false;
  let batch: Append[] = [];
  let scheduled = false;
  /** Appends that the thread has; at most one message of them, so that what arrives meanwhile forms one group. */
  let unanswered = 0;
  worker.on('message', (message: FromWriter) => {
    if (message.kind !== 'outcomes') return;
    const outcomes = unpackOutcomes(message.packed);
    unanswered -= outcomes.length;
    // First what waits, so that the writer works while the answers are handed out.
    if (unanswered === 0) post();
    answer(outcomes);
  });
  // An error in the thread ends it as well; without a listener it would end the process.
  worker.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      gone = true;
      unanswered = 0;
      batch = [];
      abandon('ES_OUTCOME_UNKNOWN', 'the writer thread has ended', 'unknown');
      resolve();
    });
  });

  const post = (): void => {
    scheduled = false;
    if (batch.length === 0) return;
    const appends = batch;
    batch = [];
    unanswered += appends.length;
    if (gone) abandon('ES_UNAVAILABLE', 'the writer thread has ended', 'no');
    else say({ kind: 'append', packed: packAppends(appends) });
  };
  return {
    send: (append) => {
      batch.push(append);
      // A message costs far more than an append in it: what arrives while the writer works forms the next one.
      if (scheduled || unanswered > 0) return;
      scheduled = true;
      setImmediate(post);
    },
    close: async () => {
      if (!gone) say({ kind: 'close' });
      await ended;
    },
  };
};
