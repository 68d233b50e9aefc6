import { mkdirSync } from 'node:fs';
import { type SqliteLog, openSqliteLog } from '#event-log';
import { bookItems } from '#funds';
import { type Ledger, historyFromLog, openLedger, openSnapshots } from '#platform';
import { type Vault, openVault } from '#privacy';
import { allHandlers, directories, streamKinds } from './handlers.ts';

/** The writing side of one data folder. */
export interface LedgerFolder {
  readonly ledger: Ledger;
  readonly log: SqliteLog;
  readonly vault: Vault;
  /** Finishes what is under way, keeps snapshots, gives the folder free. */
  close(): Promise<void>;
}

export interface OpenFolder {
  /** False: the log is written in this thread, for short-lived programs. */
  readonly thread?: boolean;
  /** Unix time in milliseconds; the machine's when absent. */
  readonly clock?: () => number;
}

/** Opens a data folder as its only writer; rejects with `ES_LOCKED` when another process is. */
export async function openLedgerFolder(
  folder: string,
  { thread = true, clock = Date.now }: OpenFolder = {},
): Promise<LedgerFolder> {
  mkdirSync(folder, { recursive: true });
  const log = await openSqliteLog(folder, { thread });
  const vault = openVault(folder);
  const snapshots = openSnapshots(folder);
  const end = async (): Promise<void> => {
    await log.close();
    await vault.close();
    snapshots.close();
  };
  try {
    const history = historyFromLog(log, bookItems);
    const ledger = await openLedger({
      log,
      vault,
      snapshots,
      handlers: allHandlers,
      streamKinds,
      directories,
      clock,
      history,
      items: bookItems,
    });
    return {
      ledger,
      log,
      vault,
      close: async () => {
        await ledger.close();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}
