import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, isTransient } from './database.ts';
import { type Role, RoleLostError, prepareRoles, takeRole } from './role.ts';

/** One holding of a part: whoever works checks `signal` at every step and says when a step went well. */
export interface Holding {
  readonly role: Role;
  readonly signal: AbortSignal;
  /** Ends a row of faults. */
  wentWell(): void;
}

export interface PlayRole {
  readonly database: Database;
  readonly name: string;
  /** Name of this process; no two the same. */
  readonly holder: string;
  /** Where the table of roles is, made when absent; the database's own schema when not named. */
  readonly rolesSchema?: string | undefined;
  /** The longest time nobody plays the part after a process died. */
  readonly leaseMs: number;
  /** Makes what the part needs, before it is asked for. */
  readonly prepare: () => Promise<void>;
  /** Plays the part until the signal; resolves only then. */
  readonly work: (holding: Holding) => Promise<void>;
  /** Faults of `work` that may pass, besides those of the database and of the role itself. */
  readonly mayPass: (fault: unknown) => boolean;
  /** Hears of each fault that may pass, before the pause after it. */
  readonly onFault?: ((fault: unknown) => void) | undefined;
}

export interface PlayingRole {
  /** True while this process plays the part. */
  held(): boolean;
  /** Faults in a row; 0 while it goes well. */
  faults(): number;
  /** Settles when it has ended: resolves after `stop`, rejects with what only a person can mend. The part is free again then. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** The lease is renewed, and an occupied part asked for again, so many times in its length. */
const RENEWALS = 4;
const BACK_OFF_MS_MIN = 100;
const BACK_OFF_MS_MAX = 10_000;

/**
 * Plays a part whenever nobody else does, until stopped. Faults that may pass are tried again after growing pauses,
 * without an end: there is nobody else to do it. What may not pass ends it.
 */
export function playRole(options: PlayRole): PlayingRole {
  const { database, name, holder, rolesSchema, leaseMs, prepare, work, mayPass, onFault } = options;
  const stopping = new AbortController();
  let held = false;
  let faults = 0;

  /** One holding of the part, from asking for it to losing it or the stop. */
  const attempt = async (): Promise<void> => {
    await prepare();
    await prepareRoles(database, rolesSchema);
    const schema = rolesSchema === undefined ? {} : { schema: rolesSchema };
    const role = await takeRole(database, { name, holder, leaseMs, ...schema });
    if (role === undefined) return pauseFor(leaseMs / RENEWALS, stopping.signal);
    const over = new AbortController();
    const signal = AbortSignal.any([stopping.signal, over.signal]);
    const wentWell = (): void => void (faults = 0);
    held = true;
    try {
      await Promise.all([
        work({ role, signal, wentWell }).finally(() => over.abort()),
        keepLease(role, leaseMs / RENEWALS, signal).finally(() => over.abort()),
      ]);
    } finally {
      held = false;
      // Where this fails the lease runs out by itself.
      await role.release().catch(() => undefined);
    }
  };

  const keepTrying = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await attempt();
      } catch (fault) {
        if (!(fault instanceof RoleLostError || isTransient(fault) || mayPass(fault))) throw fault;
        onFault?.(fault);
        // Half of it by chance, so that two processes do not ask in step.
        const pause = Math.min(BACK_OFF_MS_MAX, BACK_OFF_MS_MIN * 2 ** faults);
        faults += 1;
        await pauseFor(pause * (0.5 + Math.random() / 2), stopping.signal);
      }
    }
  };

  const ended = keepTrying();
  // Whoever waits for `ended` hears of it; a caller that only stops must not be ended by it.
  ended.catch(() => undefined);
  return {
    held: () => held,
    faults: () => faults,
    ended,
    stop: async () => {
      stopping.abort();
      await ended.catch(() => undefined);
    },
  };
}

const keepLease = async (role: Role, everyMs: number, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await pauseFor(everyMs, signal);
    if (!signal.aborted) await role.renew();
  }
};

const pauseFor = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);
