import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLog } from '#event-log';
import { plainAppend } from '../append.ts';
import { type Scene, runCampaign } from '../campaign.ts';
import type { Fault } from '../fault.ts';
import { NotStarted, runCommand, startServer } from '../server.ts';

/** Appends that race for each revision, and revisions raced for in a round. */
const RACERS = 8;
const REVISIONS = 250;
const REVISIONS_BRIEF = 50;

/** A second server under load is refused with the code that says why, and harms nothing. */
const secondServer = async (scene: Scene): Promise<void> => {
  const load = scene.load();
  try {
    const second = await startServer(scene.folder);
    await second.kill();
    scene.journal.report({ invariant: 'I4', detail: 'two servers on one folder' });
  } catch (error) {
    if (!(error instanceof NotStarted)) throw error;
    if (error.said.includes('another process writes')) scene.count('refusedByLock');
    else scene.journal.report({ invariant: 'I11', detail: `refused without saying why: ${error.said}` });
  }
  const rebuild = await runCommand(scene.folder, ['rebuild']);
  if (rebuild.code === 0)
    scene.journal.report({ invariant: 'I5', detail: 'rebuilt beside a running server' });
  await load.stop();
};

/** Of all appends that expect the same revision exactly one is made; the others learn of it. */
const race = async (scene: Scene, revisions: number): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'lalanh-race-'));
  const log = await openSqliteLog(folder);
  const stream = 'donor-race';
  try {
    for (let revision = 0; revision < revisions; revision += 1) {
      const racers = Array.from({ length: RACERS }, () =>
        log.append(plainAppend(scene.random.uuid(), stream, revision)),
      );
      const kinds = (await Promise.all(racers)).map(({ kind }) => kind);
      const won = kinds.filter((kind) => kind === 'appended').length;
      const lost = kinds.filter((kind) => kind === 'conflict').length;
      if (won !== 1 || lost !== RACERS - 1)
        scene.journal.report({ invariant: 'I4', detail: `${won} appends won ${stream}@${revision}` });
      scene.count('raced', RACERS);
    }
  } finally {
    await log.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Two writers want one folder, and many appends want one revision. */
export const twoProcesses: Fault = {
  name: 'two-processes',
  shape: 'embedded',
  does: 'a second server and a rebuild on the folder of a loaded one; appends racing for one revision',
  rounds: 5,
  run: (options) =>
    runCampaign(
      {
        fault: 'two-processes',
        round: async (scene) => {
          await secondServer(scene);
          await race(scene, options.brief ? REVISIONS_BRIEF : REVISIONS);
        },
      },
      options,
    ),
};
