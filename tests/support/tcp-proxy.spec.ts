import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TcpProxy, startProxy } from './tcp-proxy.ts';

const TEXT = 'lá lành đùm lá rách'.repeat(20);
/** Longer than any answer takes, shorter than a test may. */
const PATIENCE_MS = 300;
let server: Server;
let proxy: TcpProxy;
let served = 0;

const ask = async (withinMs = 5_000): Promise<string> => {
  const answer = await fetch(`http://127.0.0.1:${proxy.port}/`, {
    signal: AbortSignal.timeout(withinMs),
    headers: { connection: 'close' },
  });
  return answer.text();
};

beforeEach(async () => {
  served = 0;
  server = createServer((_request, reply) => {
    served += 1;
    reply.end(TEXT);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startProxy(() => (server.address() as AddressInfo).port);
});
afterEach(async () => {
  await proxy.close();
  server.closeAllConnections();
  server.close();
});

describe('given a proxy before a server', () => {
  it('passes on what both say', async () => {
    expect(await ask()).toBe(TEXT);
    expect(proxy.troubled()).toBe(0);
  });

  it.each([
    ['one byte at a time', { byteByByte: true }],
    ['late', { delayMs: 20 }],
  ])('passes it on %s', async (_, trouble) => {
    proxy.trouble(() => trouble);
    expect(await ask()).toBe(TEXT);
    expect(proxy.troubled()).toBe(1);
  });

  it.each([
    ['resets after the answer was produced', { resetAfterAnswer: true }, 1],
    ['drops the connection in the middle of the answer', { dropAfter: { way: 'down', bytes: 40 } }, 1],
    ['drops the connection in the middle of the request', { dropAfter: { way: 'up', bytes: 10 } }, 0],
  ] as const)('%s', async (_, trouble, times) => {
    proxy.trouble(() => trouble);
    await expect(ask()).rejects.toThrow(/fetch failed|terminated/);
    expect(served).toBe(times);
    proxy.heal();
    expect(await ask()).toBe(TEXT);
  });

  it('lets a client wait for ever on a half-open connection, although the server answered', async () => {
    proxy.trouble(() => ({ halfOpen: true }));
    await expect(ask(PATIENCE_MS)).rejects.toThrow(/timeout/);
    expect(served).toBe(1);
  });

  it('cuts both off without a word, and heals', async () => {
    proxy.cut();
    const waiting = ask();
    await expect(ask(PATIENCE_MS)).rejects.toThrow(/timeout/);
    expect(served).toBe(0);
    proxy.heal();
    expect(await waiting).toBe(TEXT);
  });
});
