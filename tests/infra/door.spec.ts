import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../support/judges.ts';

const template = fileURLToPath(new URL('../../infra/proxy/default.conf.template', import.meta.url));
const nginx = findProgram('nginx');

let folder: string;
let door: string;
let child: ChildProcess | undefined;
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
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

beforeAll(async () => {
  if (nginx === undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'lalanh-door-'));
  const port = await freePort();
  door = `http://127.0.0.1:${port}`;
  const [ill, well, reports] = [await service('ill', 503), await service('ledger'), await service('reports')];
  const settings: Record<string, string> = {
    LISTEN: `127.0.0.1:${port}`,
    LEDGERS: `server ${ill}; server ${well};`,
    REPORTS: `server ${reports};`,
  };
  const site = readFileSync(template, 'utf8').replace(/\$\{([A-Z]+)\}/g, (_, name: string) => settings[name] ?? '');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((use) => `${use}_temp_path ${folder}/${use};`);
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {} http { access_log off; ${temporary.join(' ')} ${site} }`,
  );
  const { path, environment } = nginx;
  child = spawn(path, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'start.log')], {
    env: environment,
    stdio: 'ignore',
  });
  for (let tries = 0; tries < 200; tries += 1) {
    if (await fetch(`${door}/`).then(() => true, () => false)) return;
    await sleep(25);
  }
  throw new Error(readFileSync(join(folder, 'start.log'), 'utf8'));
});

afterAll(async () => {
  if (child !== undefined) {
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
  for (const server of servers) server.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const ask = async (method: string, path: string, body?: string): Promise<string> => {
  const answer = await fetch(door + path, { method, ...(body !== undefined && { body }) });
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
    const answers = await Promise.all(Array.from({ length: 2 }, () => ask('POST', '/v1/receipts/bulk', body)));
    expect(answers.some((answer) => answer === `200 ledger POST /v1/receipts/bulk ${body.length}`)).toBe(true);
    expect(await ask('POST', '/v1/receipts', body).then((answer) => answer.slice(0, 3))).toBe('413');
  });

  it('keeps the figures of the services inside', async () => {
    expect(await ask('GET', '/metrics').then((answer) => answer.slice(0, 3))).toBe('404');
  });
});
