import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Island, islandsMissing, makeIsland } from './net.ts';

const PORT = 4711;
const PATIENCE_MS = 400;
const SERVER = `require('node:http').createServer((q, r) => r.end('còn đây')).listen(${PORT}, '0.0.0.0', () => console.log('on'))`;

const missing = islandsMissing();

describe.runIf(missing === undefined)('given a server on an island', () => {
  let island: Island;
  let server: ChildProcess;
  beforeAll(async () => {
    island = makeIsland();
    const [command = '', ...args] = [...island.prefix, process.execPath, '-e', SERVER];
    server = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    if (server.stdout) await once(server.stdout, 'data');
  });
  afterAll(async () => {
    server.kill('SIGKILL');
    await once(server, 'exit');
    island.close();
  });

  const ask = async (): Promise<string> =>
    (await fetch(`http://${island.address}:${PORT}`, { signal: AbortSignal.timeout(PATIENCE_MS) })).text();

  it('is reached, is silent while the cable is pulled, and is reached again', async () => {
    expect(await ask()).toBe('còn đây');
    island.cut();
    await expect(ask()).rejects.toThrow(/timeout|fetch failed/);
    island.heal();
    await expect.poll(() => ask().catch(String), { timeout: 10_000 }).toBe('còn đây');
  });
});

describe('where islands cannot be made', () => {
  it('says why, and where they can be, makes one', () => {
    if (missing !== undefined) return expect(() => makeIsland()).toThrow(/ip netns add/);
    const island = makeIsland();
    expect(island.prefix.slice(0, 3)).toStrictEqual(['ip', 'netns', 'exec']);
    island.close();
  });
});
