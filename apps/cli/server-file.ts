import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where the server of a data folder says that it listens: `<data>/server.json`, `{port}`. Undefined when there
 * is no such file. The file outlives a server that was killed, so it is believed only while the writer lock
 * is held.
 */
export function serverOf(folder: string): string | undefined {
  try {
    const { port, host = '127.0.0.1' } = JSON.parse(readFileSync(join(folder, 'server.json'), 'utf8')) as {
      readonly port?: unknown;
      readonly host?: string;
    };
    return typeof port === 'number' ? `http://${host}:${port}` : undefined;
  } catch {
    return undefined;
  }
}
