import { EventLogError } from '#event-log';
import { type Database, playRole } from '#postgres';
import { BusError } from './bus.ts';
import { RELAY_LEASE_MS } from './limits.ts';
import { openRelayCheckpoints, prepareRelayCheckpoints } from './relay-checkpoints.ts';
import { type RelayOptions, runRelay } from './relay.ts';

/** Name of the part. */
export const RELAY_ROLE = 'relay';

export interface PlayRelay extends Omit<RelayOptions, 'checkpoints' | 'signal' | 'onPosition'> {
  /** Its schema holds the tables of roles and of checkpoints, made when absent. */
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

const PASSING: ReadonlySet<string> = new Set(['BUS_UNAVAILABLE', 'ES_UNAVAILABLE', 'ES_OUTCOME_UNKNOWN']);

const mayPass = (fault: unknown): boolean =>
  (fault instanceof BusError || fault instanceof EventLogError) && PASSING.has(fault.code);

/** Is the relay whenever nobody else is, until stopped; goes on from the last checkpoint. */
export function playRelay(options: PlayRelay): PlayingRelay {
  const { database, holder, leaseMs = RELAY_LEASE_MS, topic, onFault } = options;
  let position: number | undefined;
  const { held, faults, ended, stop } = playRole({
    database,
    name: RELAY_ROLE,
    holder,
    leaseMs,
    prepare: () => prepareRelayCheckpoints(database),
    work: async ({ role, signal, wentWell }) => {
      try {
        await runRelay({
          ...options,
          checkpoints: openRelayCheckpoints(database, role, topic),
          signal,
          onPosition: (reached) => {
            position = reached;
            wentWell();
          },
        });
      } finally {
        position = undefined;
      }
    },
    mayPass,
    onFault,
  });
  return { status: () => ({ held: held(), position, faults: faults() }), ended, stop };
}
