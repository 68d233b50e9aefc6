import type { Database } from '#postgres';
import type { PoolClient } from 'pg';
import { type Notice, createNotice } from '../subscription.ts';

/** A {@link Notice} that other processes announce through the database. */
export interface Listener extends Pick<Notice, 'wait'> {
  close(): Promise<void>;
}

/** After a lost or refused connection the next try waits so long; polling goes on meanwhile. */
const RETRY_MS = 2_000;

/**
 * Wakes who waits when the channel is notified. Only a hint: it takes one connection of the pool, from the
 * first wait on, and while that is lost the wait ends by itself as that of every notice does.
 */
export const createListener = (database: Database, channel: string): Listener => {
  const notice = createNotice();
  let connecting: Promise<PoolClient | undefined> | undefined;
  let notBefore = 0;
  let closed = false;

  const connect = async (): Promise<PoolClient | undefined> => {
    const client = await database.pool.connect();
    let lost = false;
    // `release(error)` ends a connection; afterwards nothing of it is ours.
    const lose = (error: Error): void => {
      if (lost) return;
      lost = true;
      connecting = undefined;
      notBefore = Date.now() + RETRY_MS;
      client.release(error);
    };
    client.on('error', lose);
    client.on('end', () => lose(new Error('the connection ended')));
    client.on('notification', notice.announce);
    try {
      await client.query(`listen "${channel}"`);
      // What came between the caller's last look and the listening shall not wait.
      notice.announce();
      return client;
    } catch (error) {
      lose(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  };

  return {
    wait: (signal) => {
      if (!closed && connecting === undefined && Date.now() >= notBefore)
        connecting = connect().catch(() => {
          connecting = undefined;
          notBefore = Date.now() + RETRY_MS;
          return undefined;
        });
      return notice.wait(signal);
    },
    close: async () => {
      closed = true;
      const client = await connecting;
      if (client === undefined || connecting === undefined) return;
      connecting = undefined;
      client.removeAllListeners('notification');
      // Ended rather than given back: a pool's next user must not inherit the listening.
      client.removeAllListeners('end');
      client.release(true);
    },
  };
};
