import { type Database, playRole } from '#postgres';
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
  /** Where the table of roles is, made when absent; the database's own schema when not named. */
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

/**
 * Is the sequencer whenever nobody else is, until stopped: takes the part, places page after page, waits for
 * hints at the head.
 */
export const runSequencer = (options: RunSequencer): RunningSequencer => {
  const { feed, database, holder, rolesSchema, leaseMs = LEASE_MS, pageRecords, onFault } = options;
  let sequencer: Sequencer | undefined;
  const playing = playRole({
    database,
    name: SEQUENCER_ROLE,
    holder,
    rolesSchema,
    leaseMs,
    prepare: () => prepareSequence(database),
    work: async ({ role, signal, wentWell }) => {
      const current = createSequencer({
        feed,
        database,
        role,
        ...(pageRecords !== undefined && { pageRecords }),
      });
      sequencer = current;
      while (!signal.aborted) {
        const { atHead } = await current.step();
        wentWell();
        if (atHead) await feed.wait(signal);
      }
    },
    mayPass,
    onFault,
  });
  const { held, faults, ended, stop } = playing;
  return {
    status: () => ({
      held: held(),
      position: sequencer?.position() ?? 0,
      lagSeconds: held() ? (sequencer?.lagSeconds() ?? 0) : 0,
      stalledSeconds: held() ? feed.stalledSeconds() : 0,
      faults: faults(),
    }),
    ended,
    stop,
  };
};

const mayPass = (fault: unknown): boolean =>
  fault instanceof EventLogError && (fault.code === 'ES_UNAVAILABLE' || fault.code === 'ES_OUTCOME_UNKNOWN');
