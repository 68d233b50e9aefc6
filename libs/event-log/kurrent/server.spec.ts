import { afterAll, describe, expect, it } from 'vitest';
import { serverAdapter } from '../../../tests/conformance/adapters.ts';
import { findServer } from '../../../tests/conformance/server.ts';
import { CONFORMANCE_CASES, runCase } from '../conformance/index.ts';

const server = await findServer();

if ('missing' in server)
  describe(`KurrentDB, a real server: ${server.missing}`, () => {
    it('is left out for a reason that can be mended', () => {
      expect(server.missing).toBe('not run: no server (KURRENTDB_URL is not set, Docker does not answer)');
    });
  });
else
  describe('KurrentDB, a real server', () => {
    afterAll(server.stop);
    it.each(CONFORMANCE_CASES.map((one) => [`${one.group}: ${one.title}`, one] as const))(
      '%s',
      async (_title, one) => {
        const { result, why } = await runCase(serverAdapter(server.url), one);
        expect([result === 'failed', result === 'failed' ? why : undefined]).toStrictEqual([
          false,
          undefined,
        ]);
      },
    );
  });
