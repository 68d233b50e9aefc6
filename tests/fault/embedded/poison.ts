import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { PAGE_MAX, openSqliteLogReader } from '#event-log';
import { type Projection, catchUp, createProjector, openStore } from '#read-models';
import { allProjections } from '../../../apps/projector/projections.ts';
import { readModelsFile } from '../../../apps/projector/run.ts';
import { type Scene, runCampaign } from '../campaign.ts';
import type { Fault } from '../fault.ts';
import { runCommand } from '../server.ts';

const LOADED_MS = 300;

/** The projection as a program with a mistake in it would be: it cannot apply one event. */
const poisoned = (projection: Projection, position: number): Projection => ({
  ...projection,
  open: (table) => {
    const evolve = projection.open(table);
    return async (page, tx) => {
      if (page.events.some((event) => event.position === position))
        throw new Error(`cannot apply the event at ${position}`);
      await evolve(page, tx);
    };
  },
});

/** Fills new read models with one poisoned projection; gives its name. */
const projectPoisoned = async (scene: Scene): Promise<string> => {
  const file = readModelsFile(scene.folder);
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
  const log = openSqliteLogReader(scene.folder);
  const store = openStore(file);
  try {
    const events = (await log.readAll({ limit: PAGE_MAX })).events;
    const affected = allProjections.filter(({ types }) => events.some(({ type }) => types.includes(type)));
    const victim = scene.random.pick(affected as [Projection, ...Projection[]]);
    const own = events.filter(({ type }) => victim.types.includes(type));
    const poison = own[scene.random.between(0, own.length - 1)]?.position ?? 0;
    const projections = allProjections.map((each) => (each === victim ? poisoned(each, poison) : each));
    const projector = await createProjector({ log, store, projections });
    await catchUp(projector);
    const head = await log.head();
    for (const { name, position, fault } of projector.builds()) {
      const isVictim = name === victim.name;
      const isRight = isVictim ? fault?.position === poison && position < poison : position === head;
      if (isRight) continue;
      const detail = `${name} is at ${position}, the poison of ${victim.name} at ${poison}, the head at ${head}`;
      scene.journal.report({ invariant: 'I5', detail });
    }
    return victim.name;
  } finally {
    store.close();
    await log.close();
  }
};

/** A server that starts on it goes on taking commands, and its health says which read model stopped. */
const mustBeRed = async (scene: Scene, name: string): Promise<void> => {
  const answer = await fetch(`${scene.server().base}/health/ready`);
  const text = await answer.text();
  if (answer.status === 503 && text.includes(`"${name}"`)) return scene.count('shownRed');
  const detail = `the health of a ledger whose ${name} stopped is ${answer.status}: ${text}`;
  scene.journal.report({ invariant: 'I5', detail });
};

/** A program with a mistake in one projection meets an event; then it is mended and that one is rebuilt. */
export const poison: Fault = {
  name: 'poison',
  shape: 'embedded',
  does: 'one projection cannot apply one event: it stops and shows, the others go on, a rebuild heals it',
  rounds: 8,
  run: (options) =>
    runCampaign(
      {
        fault: 'poison',
        round: async (scene) => {
          const before = scene.load();
          await sleep(LOADED_MS);
          await before.stop();
          await scene.server().stop();
          const name = await projectPoisoned(scene);
          await scene.restart();
          await mustBeRed(scene, name);
          const load = scene.load();
          await sleep(LOADED_MS);
          await load.stop();
          await scene.server().stop();
          const { code, stderr } = await runCommand(scene.folder, ['rebuild', name]);
          if (code !== 0)
            scene.journal.report({ invariant: 'I11', detail: `rebuild ended with ${code}: ${stderr}` });
          await scene.restart();
        },
      },
      options,
    ),
};
