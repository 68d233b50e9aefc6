import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '#platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServingLedger, serveLedger } from './serve.ts';

const folder = mkdtempSync(join(tmpdir(), 'lalanh-ledger-'));
const settings = readSettings({ LALANH_LOG: `sqlite:${folder}`, LALANH_PORT: '0' });
const onFault = (error: unknown): never => {
  throw error;
};
let ledger: ServingLedger;
beforeAll(async () => {
  ledger = await serveLedger(settings, { onFault });
});
afterAll(async () => {
  await ledger.stop();
  rmSync(folder, { recursive: true });
});
const post = (path: string, body: unknown, headers = {}): Promise<Response> =>
  fetch(`${ledger.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'lalanh-actor': 'ke-toan', ...headers },
    body: JSON.stringify(body),
  });

describe('given the only ledger of a data folder', () => {
  it('a second one is refused', async () => {
    await expect(serveLedger(settings, { onFault })).rejects.toMatchObject({ code: 'ES_LOCKED' });
  });

  it('is alive and ready, alone', async () => {
    expect(await (await fetch(`${ledger.url}/health/live`)).json()).toStrictEqual({ status: 'ok' });
    expect(await (await fetch(`${ledger.url}/health/ready`)).json()).toStrictEqual({
      status: 'ok',
      troubles: [],
      members: 1,
    });
  });

  it('counts commands by what became of them, and how long they took', async () => {
    const key = crypto.randomUUID();
    const donor = { donor: 'cty-a', kind: 'organisation', effectiveOn: '2024-01-01' };
    for (const body of [donor, donor, { ...donor, kind: 'state' }])
      await post('/v1/donors', body, { 'idempotency-key': key });
    const text = await (await fetch(`${ledger.url}/metrics`)).text();
    const values = [...text.matchAll(/^(lalanh_command\S+) (\S+)$/gm)].map(([, name, value]) => [
      name,
      value,
    ]);
    const metrics = Object.fromEntries(values) as Record<string, string>;
    expect(metrics).toMatchObject({
      'lalanh_commands_total{outcome="accepted"}': '1',
      'lalanh_commands_total{outcome="duplicate"}': '1',
      'lalanh_commands_total{outcome="refused"}': '1',
      'lalanh_commands_total{outcome="unavailable"}': '0',
      lalanh_commands_forwarded_total: '0',
      'lalanh_command_seconds_bucket{le="+Inf"}': '3',
      lalanh_command_seconds_count: '3',
    });
    expect(Number(metrics['lalanh_command_seconds_sum'])).toBeGreaterThan(0);
    expect(text).toMatch(/^lalanh_append_conflicts_total 0$/m);
    expect(text).toMatch(/^lalanh_log_head 1$/m);
  });

  it('takes no forwarded commands: nobody else is there', async () => {
    const answer = await post('/internal/commands', [], { 'lalanh-forwarded': 'x' });
    expect(answer.status).toBe(404);
  });
});
