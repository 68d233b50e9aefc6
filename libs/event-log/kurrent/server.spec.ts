import { afterAll, describe, expect, it } from 'vitest';
import { serverAdapter } from '../../../tests/conformance/adapters.ts';
import { findServer } from '../../../tests/conformance/server.ts';
import { CONFORMANCE_CASES, runCase } from '../conformance/index.ts';

const server = await findServer();

/** What is wrong, per title. Without a server only whether one was named and passed over. */
const checks: readonly (readonly [string, () => Promise<readonly unknown[]>])[] =
  'missing' in server
    ? [[server.missing, async () => [process.env['KURRENTDB_URL'] ?? ''].filter((url) => url !== '')]]
    : CONFORMANCE_CASES.map((one) => [
        `${one.group}: ${one.title}`,
        async () =>
          [await runCase(serverAdapter(server.url), one)].filter(({ result }) => result === 'failed'),
      ]);

describe('KurrentDB, a real server', () => {
  afterAll(async () => ('stop' in server ? server.stop() : undefined));

  it.each(checks)('%s', async (_, problems) => {
    expect(await problems()).toStrictEqual([]);
  });
});
