import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLog } from '#event-log';
import { openReadModels } from '#read-models';
import { expect, test } from 'vitest';
import { bookHistory, randomFrom } from '../../tests/support/book-history.ts';
import { allProjections } from './projections.ts';
import { readModelsFile } from './run.ts';
import { startProjectorThread } from './start-thread.ts';

const SHAPE = {
  funds: ['qbt-06'],
  donors: 5,
  places: ['062-2021-01-01'],
  beneficiaries: ['tre-1'],
  programmes: ['ao-am'],
  year: 2024,
  giftMax: 50,
  receiptsPercent: 40,
  receipts: 60,
};
const WAIT_MS = 20_000;

test('the projector thread moves every read model of a folder along until it is stopped', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lalanh-thread-'));
  const log = await openSqliteLog(folder, { thread: false });
  const thread = await startProjectorThread(folder, (error) => {
    throw error;
  });
  let appends = 0;
  for (const { events: _events, ...append } of bookHistory(SHAPE, randomFrom(6))) {
    await log.append(append);
    if ((appends += 1) >= 40) break;
  }
  const models = openReadModels(readModelsFile(folder));
  const head = await log.head();
  expect(await models.waitFor(head, WAIT_MS)).toBe(true);
  expect((await models.status()).map(({ position }) => position)).toStrictEqual(
    allProjections.map(() => head),
  );
  expect(thread.fault()).toBe(undefined);
  await thread.stop();
  await models.close();
  await log.close();
  rmSync(folder, { recursive: true });
});
