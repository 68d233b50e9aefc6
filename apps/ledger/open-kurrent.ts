import { mkdirSync } from 'node:fs';
import { type KurrentLog, openKurrentLog, openSequenceReader, prepareSequence } from '#event-log';
import { bookItems } from '#funds';
import { type MeasuredLedger, forwardOverHttp, measureLedger } from '#http';
import {
  type Members,
  type RoutedLedger,
  type Settings,
  historyFromLog,
  joinMembers,
  needPostgres,
  openLedger,
  openSnapshots,
  routeKeyFinder,
  routedLedger,
} from '#platform';
import { openDatabase } from '#postgres';
import { type Vault, openPostgresVault } from '#privacy';
import { allHandlers, directories, streamKinds } from './handlers.ts';

/** One of several ledgers on KurrentDB. */
export interface KurrentLedger {
  /** Decides every command here: for what others forward. Counted here, so that the sum over all counts each once. */
  readonly local: MeasuredLedger;
  /** Decides what is this one's share and forwards the rest. */
  readonly routed: RoutedLedger;
  readonly log: KurrentLog;
  readonly vault: Vault;
  /** Tells the others that this one is there; only from then on it gets commands from them. */
  join(address: string): Promise<void>;
  members(): Members | undefined;
  /** Gives its books free at once, so that others take them while what is under way ends. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

/** Connections to PostgreSQL of one ledger: sequence, vault, members. */
const CONNECTIONS_MAX = 16;

/** Opens a ledger on KurrentDB and PostgreSQL. `leaseMs`: how long one that died still counts as alive. */
export async function openKurrentLedger(
  settings: Settings,
  connectionString: string,
  { onFault, leaseMs }: { readonly onFault: (error: unknown) => void; readonly leaseMs?: number | undefined },
): Promise<KurrentLedger> {
  const { instance } = settings;
  const database = openDatabase({
    url: needPostgres(settings),
    schema: 'sequence',
    name: `lalanh ledger ${instance}`,
    connectionsMax: CONNECTIONS_MAX,
  });
  const ends: (() => Promise<void>)[] = [database.close];
  const close = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    await prepareSequence(database);
    const sequence = openSequenceReader(database);
    ends.push(sequence.close);
    const log = await openKurrentLog({ connectionString, sequence });
    ends.push(log.close);
    const vault = await openPostgresVault(database);
    mkdirSync(settings.data, { recursive: true });
    const snapshots = openSnapshots(settings.data);
    ends.push(async () => snapshots.close());

    let members: Members | undefined;
    const ledger = await openLedger({
      log,
      vault,
      snapshots,
      handlers: allHandlers,
      streamKinds,
      directories,
      // All ledgers go by the clock of the database, so that what they record interleaves as it happened.
      clock: () => members?.now() ?? Date.now(),
      history: historyFromLog(log, bookItems),
      items: bookItems,
      shared: true,
    });
    ends.push(ledger.close);
    const local = measureLedger(ledger);
    const self = { instance, address: '', epoch: 0n };
    const routed = routedLedger(local.ledger, {
      members: {
        self,
        current: () => members?.current() ?? [],
        refresh: async () => members?.refresh(),
      },
      routeKeyOf: routeKeyFinder(allHandlers, directories),
      forward: forwardOverHttp(instance),
    });
    return {
      local,
      routed,
      log,
      vault,
      join: async (address) => {
        members = await joinMembers({ database, instance, address, onFault, ...(leaseMs && { leaseMs }) });
      },
      members: () => members,
      leave: async () => members?.leave(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
