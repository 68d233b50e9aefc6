import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EventLogError } from '../event-log.ts';

/**
 * Makes this process the only writer of a data folder until the returned function is called or the process
 * ends, however it ends. Throws `ES_LOCKED` at once when another one is.
 *
 * Node has no flock, but SQLite takes an OS lock for an exclusive transaction. Never open `writer.lock` or
 * `log.db` by other means in a process that holds them: on POSIX closing any descriptor drops the lock.
 */
export const lockFolder = (folder: string): (() => void) => {
  const db = new DatabaseSync(join(folder, 'writer.lock'), { timeout: 0 });
  try {
    db.exec('pragma journal_mode = DELETE; pragma locking_mode = EXCLUSIVE; begin exclusive');
  } catch (cause) {
    db.close();
    throw new EventLogError('ES_LOCKED', `another process writes ${folder}`, 'no', { cause });
  }
  return () => db.close();
};
