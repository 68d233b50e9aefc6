import { mkdtempSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDoor } from '../support/cluster/cluster.ts';
import { findProgram } from '../support/judges.ts';
import { freePort } from '../support/parts/process.ts';

const nginx = findProgram('nginx');

let folder: string;
let door: Awaited<ReturnType<typeof openDoor>>;
const servers: Server[] = [];

/** A service that says its name, what it was asked and how many bytes came. */
async function service(name: string, status = 200): Promise<string> {
  const server = createServer((request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => (bytes += chunk.length));
    request.on('end', () => {
      response.statusCode = status;
      response.end(`${name} ${request.method} ${request.url} ${bytes}`);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  if (nginx === undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'lalanh-door-'));
  const [ill, well, reports] = [await service('ill', 503), await service('ledger'), await service('reports')];
  door = await openDoor(folder, await freePort(), [ill, well], [reports]);
});

afterAll(async () => {
  await door?.stop();
  for (const server of servers) server.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const ask = async (method: string, path: string, body?: string): Promise<string> => {
  const answer = await fetch(`${door?.url}${path}`, { method, ...(body !== undefined && { body }) });
  return `${answer.status} ${await answer.text()}`;
};

describe.skipIf(nginx === undefined)('the door', () => {
  it('leads what asks to the reports', async () => {
    expect(await ask('GET', '/v1/balances/fund?commodity=VND')).toBe(
      '200 reports GET /v1/balances/fund?commodity=VND 0',
    );
    expect(await ask('GET', '/v1/events')).toBe('200 reports GET /v1/events 0');
  });

  it('leads what changes to a ledger, and to another one where the first is not ready', async () => {
    for (let n = 0; n < 4; n += 1)
      expect(await ask('POST', '/v1/receipts', '{}')).toBe('200 ledger POST /v1/receipts 2');
  });

  it('asks the ledgers for names and files, whose vault they keep', async () => {
    expect(await ask('GET', '/v1/texts/abc')).toBe('200 ledger GET /v1/texts/abc 0');
    expect(await ask('GET', '/v1/files/abc')).toBe('200 ledger GET /v1/files/abc 0');
  });

  it('streams bulk requests larger than any other body, and refuses other bodies that large', async () => {
    const body = 'x'.repeat(27 * 1024 * 1024);
    const answers = await Promise.all(
      Array.from({ length: 2 }, () => ask('POST', '/v1/receipts/bulk', body)),
    );
    expect(answers.some((answer) => answer === `200 ledger POST /v1/receipts/bulk ${body.length}`)).toBe(
      true,
    );
    expect(await ask('POST', '/v1/receipts', body).then((answer) => answer.slice(0, 3))).toBe('413');
  });

  it('keeps the figures of the services inside', async () => {
    expect(await ask('GET', '/metrics').then((answer) => answer.slice(0, 3))).toBe('404');
  });
});
