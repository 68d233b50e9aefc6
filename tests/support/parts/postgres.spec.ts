import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasParts, startPostgres, type PostgresServer } from './index.ts';

async function ask(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

describe.skipIf(!hasParts('postgres'))('a real PostgreSQL server', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    await ask(server.url, 'create table notes (id int primary key, text text)');
  });
  afterAll(() => server?.stop());

  it('keeps what it acknowledged when it is killed and started again, on the same port', async () => {
    await ask(server.url, `insert into notes values (1, 'kept')`);
    const { pid, url } = server;
    await server.kill();
    await expect(ask(url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.restart();
    expect(server.pid).not.toBe(pid);
    expect(await ask(url, 'select * from notes')).toStrictEqual([{ id: 1, text: 'kept' }]);
  });

  it('is durable unless a test asks otherwise', async () => {
    expect(await ask(server.url, 'show fsync')).toStrictEqual([{ fsync: 'on' }]);
    expect(await ask(server.url, 'show synchronous_commit')).toStrictEqual([{ synchronous_commit: 'on' }]);
  });

  it('answers nothing while paused, and everything after', async () => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    server.pause();
    let answered = false;
    const asked = client.query('select 7 as n').then(({ rows }) => {
      answered = true;
      return rows as unknown[];
    });
    // The server is stopped as a whole, so however long this takes, nothing can arrive in it.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(answered).toBe(false);
    server.resume();
    expect(await asked).toStrictEqual([{ n: 7 }]);
    await client.end();
  });

  it('ends, and leaves nothing behind, when the process that started it is killed', async () => {
    const index = JSON.stringify(new URL('index.ts', import.meta.url).href);
    const text = `import { startPostgres } from ${index};
      const { pid, port, folder } = await startPostgres();
      console.log(JSON.stringify({ pid, port, folder }));
      setInterval(() => undefined, 1_000);`;
    const args = ['--conditions=source', '--input-type=module', '-e', text];
    const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const said: unknown = JSON.parse(String((await once(parent.stdout, 'data'))[0]));
    const { port, folder } = said as { readonly port: number; readonly folder: string };
    const url = `postgres://lalanh@127.0.0.1:${port}/lalanh`;
    expect(await ask(url, 'select 1 as n')).toStrictEqual([{ n: 1 }]);
    parent.kill('SIGKILL');
    await expect.poll(() => existsSync(folder), { timeout: 20_000 }).toBe(false);
    await expect(ask(url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
