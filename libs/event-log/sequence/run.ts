import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, type Role, RoleLostError, isTransient, takeRole } from '#postgres';
import { EventLogError } from '../event-log.ts';
import type { Feed } from '../kurrent/feed.ts';
import { prepareSequence } from './schema.ts';
import { type Sequencer, createSequencer } from './sequencer.ts';

export interface RunSequencer {
  readonly feed: Feed;
  /** Its schema is that of the sequence. */
  readonly database: Database;
  /** Name of this process; no two the same. */
  readonly holder: string;
  /** Where the table of roles is (`prepareRoles`); the database's own schema when absent. */
  readonly rolesSchema?: string;
  /** {@link LEASE_MS} when absent: the longest time nobody sequences after a process died. */
  readonly leaseMs?: number;
  readonly pageRecords?: number;
  /** Hears of each fault that may pass, before the pause after it. */
  readonly onFault?: (fault: unknown) => void;
}

/** For the metrics of decision 0009. */
export interface SequencerStatus {
  /** `lalanh_role_held{role="sequencer"}` */
  readonly held: boolean;
  /** `lalanh_sequencer_position`; 0 until this process was the sequencer. */
  readonly position: number;
  /** `lalanh_sequencer_lag_seconds` */
  readonly lagSeconds: number;
  /** `lalanh_subscription_stalled_seconds` */
  readonly stalledSeconds: number;
  /** Faults in a row; 0 while it goes well. */
  readonly faults: number;
}

export interface RunningSequencer {
  status(): SequencerStatus;
  /**
   * Settles when it has ended: resolves after `stop`; rejects with what only a person can mend (a
   * `SequencerFault`, `ES_CORRUPT`, a fault of the program). The part is free again then.
   */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Name of the part. */
export const SEQUENCER_ROLE = 'sequencer';
/** Length of the lease. */
export const LEASE_MS = 10_000;
/** The lease is renewed, and an occupied part asked for again, so many times in its length. */
const RENEWALS = 4;
const BACK_OFF_MS_MIN = 100;
const BACK_OFF_MS_MAX = 10_000;

/** Where the state of one attempt is seen from outside. */
interface Seen {
  held: boolean;
  faults: number;
  sequencer: Sequencer | undefined;
}

/**
 * Is the sequencer whenever nobody else is, until stopped: takes the part, places page after page, waits for
 * hints at the head. Faults that may pass are tried again after growing pauses, without an end: there is
 * nobody else to do it. What may not pass ends it.
 */
export const runSequencer = (options: RunSequencer): RunningSequencer => {
  const stopping = new AbortController();
  const seen: Seen = { held: false, faults: 0, sequencer: undefined };
  const ended = keepTrying(options, stopping.signal, seen);
  // Whoever waits for `ended` hears of it; a caller that only stops must not be ended by it.
  ended.catch(() => undefined);
  return {
    status: () => ({
      held: seen.held,
      position: seen.sequencer?.position() ?? 0,
      lagSeconds: seen.held ? (seen.sequencer?.lagSeconds() ?? 0) : 0,
      stalledSeconds: seen.held ? options.feed.stalledSeconds() : 0,
      faults: seen.faults,
    }),
    ended,
    stop: async () => {
      stopping.abort();
      await ended.catch(() => undefined);
    },
  };
};

const keepTrying = async (options: RunSequencer, signal: AbortSignal, seen: Seen): Promise<void> => {
  while (!signal.aborted) {
    try {
      await attempt(options, signal, seen);
    } catch (fault) {
      if (!mayPass(fault)) throw fault;
      options.onFault?.(fault);
      // Half of it by chance, so that two processes do not ask in step.
      const pause = Math.min(BACK_OFF_MS_MAX, BACK_OFF_MS_MIN * 2 ** seen.faults);
      seen.faults += 1;
      await pauseFor(pause * (0.5 + Math.random() / 2), signal);
    }
  }
};

const mayPass = (fault: unknown): boolean =>
  fault instanceof RoleLostError ||
  isTransient(fault) ||
  (fault instanceof EventLogError &&
    (fault.code === 'ES_UNAVAILABLE' || fault.code === 'ES_OUTCOME_UNKNOWN'));

const pauseFor = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);

/** One holding of the part, from asking for it to losing it or the stop. */
const attempt = async (options: RunSequencer, signal: AbortSignal, seen: Seen): Promise<void> => {
  const { database, holder, rolesSchema, leaseMs = LEASE_MS } = options;
  await prepareSequence(database);
  const role = await takeRole(database, {
    name: SEQUENCER_ROLE,
    holder,
    leaseMs,
    ...(rolesSchema !== undefined && { schema: rolesSchema }),
  });
  if (role === undefined) return pauseFor(leaseMs / RENEWALS, signal);
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  seen.held = true;
  try {
    await Promise.all([
      follow(options, role, either, seen).finally(() => over.abort()),
      keepLease(role, leaseMs / RENEWALS, either).finally(() => over.abort()),
    ]);
  } finally {
    over.abort();
    seen.held = false;
    // Where this fails the lease runs out by itself.
    await role.release().catch(() => undefined);
  }
};

const follow = async (
  { feed, database, pageRecords }: RunSequencer,
  role: Role,
  signal: AbortSignal,
  seen: Seen,
): Promise<void> => {
  const sequencer = createSequencer({
    feed,
    database,
    role,
    ...(pageRecords !== undefined && { pageRecords }),
  });
  seen.sequencer = sequencer;
  while (!signal.aborted) {
    const { atHead } = await sequencer.step();
    seen.faults = 0;
    if (atHead) await feed.wait(signal);
  }
};

const keepLease = async (role: Role, everyMs: number, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await pauseFor(everyMs, signal);
    if (!signal.aborted) await role.renew();
  }
};
