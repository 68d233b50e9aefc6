import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '#postgres';

/** A PostgreSQL server of its own for one spec file, on 127.0.0.1 and in a temporary folder. */
export interface ThrowawayPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

const DEBIAN_FOLDER = '/usr/lib/postgresql';
const NOBODY = 65_534;
const START_MS_MAX = 30_000;
const LOOK_MS = 50;

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** Starts a server and waits until it answers. Rejects when it does not in 30 seconds. */
export const startThrowawayPostgres = async (): Promise<ThrowawayPostgres> => {
  const newest = readdirSync(DEBIAN_FOLDER).toSorted((a, b) => Number(b) - Number(a))[0] ?? '';
  const program = (name: string): string => join(DEBIAN_FOLDER, newest, 'bin', name);
  const folder = mkdtempSync(join(tmpdir(), 'lalanh-postgres-'));
  // The server refuses to run as root.
  const as = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid);
  const data = join(folder, 'data');
  execFileSync(
    program('initdb'),
    ['-D', data, '-U', 'lalanh', '-A', 'trust', '-E', 'UTF8', '--locale', 'C.UTF-8', '-N'],
    { ...as, stdio: 'ignore', cwd: folder },
  );
  const port = await freePort();
  const server = spawn(
    program('postgres'),
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-c', 'shared_buffers=128MB'],
    { ...as, stdio: 'ignore', cwd: folder },
  );
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const url = `postgres://lalanh@127.0.0.1:${port}/postgres`;
  const stop = async (): Promise<void> => {
    // SIGQUIT: at once, without a checkpoint; nobody starts from this folder again.
    server.kill('SIGQUIT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const probe = openDatabase({ url, connectionsMax: 1 });
  try {
    for (let waited = 0; ; waited += LOOK_MS) {
      const answer = await probe.query('select 1').catch((error: unknown) => error);
      if (Array.isArray(answer)) return { url, stop };
      if (waited >= START_MS_MAX) throw answer;
      await sleep(LOOK_MS);
    }
  } catch (error) {
    await stop();
    throw error;
  } finally {
    await probe.close();
  }
};
