import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSequenceReader, openSqliteLog, prepareSequence } from '#event-log';
import { readSettings } from '#platform';
import { ensureSchema, openDatabase } from '#postgres';
import { createProjector, openPostgresStore, openStore } from '#read-models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../tests/support/parts/index.ts';
import { placeProjections } from '#places';
import { openReadsBySettings } from './open-by-settings.ts';

let server: PostgresServer;
let folder: string;
beforeAll(async () => {
  server = await startPostgres();
  folder = mkdtempSync(join(tmpdir(), 'lalanh-reports-'));
  const log = await openSqliteLog(folder, { thread: false });
  const file = openStore(join(folder, 'readmodels.db'));
  await createProjector({ log, store: file, projections: placeProjections });
  file.close();
  await log.close();
  const sequence = openDatabase({ url: server.url, schema: 'sequence' });
  await prepareSequence(sequence);
  const readModels = openDatabase({ url: server.url, schema: 'readmodels' });
  await ensureSchema(readModels, 'readmodels');
  const reader = openSequenceReader(sequence);
  const store = await openPostgresStore(readModels);
  await createProjector({ log: reader, store, projections: placeProjections });
  await reader.close();
  await readModels.close();
  await sequence.close();
});
afterAll(async () => {
  await server.stop('immediate');
  rmSync(folder, { recursive: true });
});

const SHAPES = {
  'a data folder': () => ({ LALANH_DATA: folder }),
  'a data folder and read models in PostgreSQL': () => ({
    LALANH_LOG: `sqlite:${folder}`,
    LALANH_POSTGRES: server.url,
  }),
  'the sequence and read models in PostgreSQL': () => ({
    LALANH_LOG: 'kurrentdb://127.0.0.1:1',
    LALANH_POSTGRES: server.url,
  }),
};

describe.each(Object.entries(SHAPES))('given %s', (name, environment) => {
  it('reads find the log and every projection', async () => {
    const { reads, close } = await openReadsBySettings(readSettings(environment()));
    const builds = await reads.models.status();
    expect(builds.map((build) => build.name)).toStrictEqual(placeProjections.map((one) => one.name));
    expect(await reads.log.head()).toBe(0);
    // Only where several ledgers write may a recorded time lie behind an earlier one.
    expect((reads.skewMs ?? 0) > 0).toBe(name.startsWith('the sequence'));
    await close();
  });
});
