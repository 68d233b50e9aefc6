import { EventLogError } from '#event-log';
import { type Database, type Role, RoleLostError, isTransient, takeRole } from '#postgres';
import { BusError } from './bus.ts';
import { RELAY_LEASE_MS } from './limits.ts';
import { openRelayCheckpoints, prepareRelayCheckpoints } from './relay-checkpoints.ts';
import { type RelayOptions, runRelay } from './relay.ts';
import { pause, retryWait } from './retry.ts';

/** Name of the part. */
export const RELAY_ROLE = 'relay';

export interface PlayRelay extends Omit<RelayOptions, 'checkpoints' | 'signal' | 'onPosition'> {
  /** Its schema holds the tables of roles (`prepareRoles`) and of checkpoints. */
  readonly database: Database;
  /** Name of this process; no two the same. */
  readonly holder: string;
  /** {@link RELAY_LEASE_MS} when absent: the longest time nobody relays after a process died. */
  readonly leaseMs?: number;
  /** Hears of each fault that may pass, before the pause after it. */
  readonly onFault?: (fault: unknown) => void;
}

/** For the metrics of decision 0009. */
export interface RelayStatus {
  /** `lalanh_role_held{role="relay"}` */
  readonly held: boolean;
  /** `lalanh_relay_position`: acknowledged up to here; undefined where this process is not the relay or has not begun. */
  readonly position: number | undefined;
  /** Faults in a row; 0 while it goes well. */
  readonly faults: number;
}

export interface PlayingRelay {
  status(): RelayStatus;
  /**
   * Settles when it has ended: resolves after `stop`; rejects with what only a person can mend: another number
   * of partitions, rights at the brokers, a log with a hole. The part is free again then.
   */
  readonly ended: Promise<void>;
  /** Finishes the page under way, keeps its checkpoint, gives the part free. */
  stop(): Promise<void>;
}

/** The lease is renewed, and an occupied part asked for again, so many times in its length. */
const RENEWALS = 4;

const PASSING: ReadonlySet<string> = new Set(['BUS_UNAVAILABLE', 'ES_UNAVAILABLE', 'ES_OUTCOME_UNKNOWN']);

const mayPass = (fault: unknown): boolean =>
  fault instanceof RoleLostError ||
  isTransient(fault) ||
  ((fault instanceof BusError || fault instanceof EventLogError) && PASSING.has(fault.code));

interface Seen {
  held: boolean;
  position: number | undefined;
  faults: number;
}

/**
 * Is the relay whenever nobody else is, until stopped. Faults that may pass are tried again after growing pauses,
 * without an end, from the last checkpoint: there is nobody else to do it. What may not pass ends it.
 */
export function playRelay(options: PlayRelay): PlayingRelay {
  const stopping = new AbortController();
  const seen: Seen = { held: false, position: undefined, faults: 0 };
  const ended = keepTrying(options, stopping.signal, seen);
  // Whoever waits for `ended` hears of it; a caller that only stops must not be ended by it.
  ended.catch(() => undefined);
  return {
    status: () => ({ ...seen }),
    ended,
    stop: async () => {
      stopping.abort();
      await ended.catch(() => undefined);
    },
  };
}

const keepTrying = async (options: PlayRelay, signal: AbortSignal, seen: Seen): Promise<void> => {
  while (!signal.aborted) {
    try {
      await attempt(options, signal, seen);
    } catch (fault) {
      if (!mayPass(fault)) throw fault;
      options.onFault?.(fault);
      seen.faults += 1;
      await pause(retryWait(seen.faults), signal);
    }
  }
};

/** One holding of the part, from asking for it to losing it or the stop. */
const attempt = async (options: PlayRelay, signal: AbortSignal, seen: Seen): Promise<void> => {
  const { database, holder, leaseMs = RELAY_LEASE_MS, topic } = options;
  await prepareRelayCheckpoints(database);
  const role = await takeRole(database, { name: RELAY_ROLE, holder, leaseMs });
  if (role === undefined) return pause(leaseMs / RENEWALS, signal);
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  seen.held = true;
  try {
    const relaying = runRelay({
      ...options,
      checkpoints: openRelayCheckpoints(database, role, topic),
      signal: either,
      onPosition: (position) => {
        seen.position = position;
        seen.faults = 0;
      },
    });
    await Promise.all([
      relaying.finally(() => over.abort()),
      keepLease(role, leaseMs / RENEWALS, either).finally(() => over.abort()),
    ]);
  } finally {
    seen.held = false;
    seen.position = undefined;
    // Where this fails the lease runs out by itself.
    await role.release().catch(() => undefined);
  }
};

const keepLease = async (role: Role, everyMs: number, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await pause(everyMs, signal);
    if (!signal.aborted) await role.renew();
  }
};
