import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EventLogError, type EventLogReader, lockFolder, openSqliteLogReader } from '#event-log';
import {
  type Build,
  FencedError,
  type ReadContext,
  catchUp,
  createProjector,
  openReadModels,
  openStore,
} from '#read-models';
import { CliFailure } from './failure.ts';
import type { Progress } from './progress.ts';
import { allProjections } from '../projector/projections.ts';

/** How long a read waits for the projections of a running server to reach the head. */
const WAIT_MS = 30_000;

/** The data folder of a command: `--data`, else `LALANH_DATA`, else `./data`. */
export const dataFolder = (given: string | undefined): string =>
  resolve(given ?? process.env['LALANH_DATA'] ?? 'data');

/** The folder; says so when it holds no ledger, instead of inventing an empty one. */
export function requireLedger(folder: string): string {
  if (existsSync(join(folder, 'log.db'))) return folder;
  throw new CliFailure(
    `Thư mục ${folder} chưa có sổ cái. Hãy nhập số liệu (lalanh import) hoặc chỉ thư mục khác bằng --data.`,
    `The folder ${folder} holds no ledger. Import something (lalanh import) or name another folder with --data.`,
  );
}

/** Does work as the only writer of the folder; undefined when another process is. */
export async function alone<T>(folder: string, work: () => Promise<T>): Promise<T | undefined> {
  let unlock: () => void;
  try {
    unlock = lockFolder(folder);
  } catch (error) {
    if (error instanceof EventLogError && error.code === 'ES_LOCKED') return undefined;
    throw error;
  }
  try {
    return await work();
  } finally {
    unlock();
  }
}

/**
 * Brings the read models of a folder to the head of its log; nobody else may be doing it. Gives the builds as
 * they stand then: one that met an event it can not apply is behind, and says why.
 */
export async function catchUpFolder(
  folder: string,
  progress: Progress,
  rebuild: readonly string[] = [],
): Promise<readonly Build[]> {
  const log = openSqliteLogReader(folder);
  const store = openStore(join(folder, 'readmodels.db'));
  try {
    const head = await log.head();
    const projector = await createProjector({ log, store, projections: allProjections });
    for (const name of rebuild) await projector.rebuild(name);
    const stage = 'số liệu tổng hợp / read models';
    const reached = (): number => Math.min(head, ...projector.builds().map(({ position }) => position));
    const show = (): void => progress.at(stage, reached(), head);
    if (reached() < head) show();
    await catchUp(projector, { onProgress: show });
    return projector.builds();
  } finally {
    store.close();
    await log.close();
  }
}

/** A read model that stopped is shown, never read around: its figures would be old without saying so. */
export function refuseFaulted(builds: readonly Build[]): void {
  const faulted = builds.find(({ fault }) => fault !== null);
  if (faulted?.fault)
    throw new CliFailure(
      `Số liệu “${faulted.name}” dừng ở vị trí ${faulted.fault.position}: ${faulted.fault.cause}`,
      `The read model “${faulted.name}” stopped at position ${faulted.fault.position}: ${faulted.fault.cause}`,
    );
}

/** What reads of a folder stand on: the read models and the whole log. */
export type FolderReads = ReadContext & { readonly log: EventLogReader };

/**
 * Reads of a folder, standing at the head of its log. Without a server this process brings the read models
 * there first; with one it waits for the server's projector and reads the same files.
 */
export async function withReads<T>(
  folder: string,
  progress: Progress,
  work: (context: FolderReads) => Promise<T>,
): Promise<T> {
  requireLedger(folder);
  try {
    await alone(folder, () => catchUpFolder(folder, progress));
  } catch (error) {
    // Another command was faster; its projector goes on and we wait for it below.
    if (!(error instanceof FencedError)) throw error;
  }
  progress.end();
  const log = openSqliteLogReader(folder);
  const models = openReadModels(join(folder, 'readmodels.db'));
  try {
    refuseFaulted(await models.status());
    if (!(await models.waitFor(await log.head(), WAIT_MS)))
      throw new CliFailure(
        'Máy chủ đang giữ thư mục chưa tổng hợp xong số liệu; hãy thử lại.',
        'The server that holds the folder has not caught up yet; try again.',
      );
    return await work({ db: models.db, log });
  } finally {
    await models.close();
    await log.close();
  }
}
