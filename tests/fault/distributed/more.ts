import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EVENTS_TOPIC, openKafkaBus, recordedAtOf } from '#messaging';
import { openDatabase } from '#postgres';
import { runOnCluster } from '../../bench/distributed/rebuild.ts';
import type { Fault } from '../fault.ts';
import { openShim, shimMissing } from '../shim.ts';
import { readTopic } from './bus-checker.ts';
import { type ClusterScene, runClusterCampaign } from './campaign.ts';
import { onLog } from './ends.ts';
import type { LogKind } from './log.ts';

const BEFORE_MS = 500;
const BOTH = ['sqlite', 'double'] as const;

/** A projector goes and comes, another joins, while every read model is built anew from the log. */
const rebuilt = async (scene: ClusterScene, round: number): Promise<void> => {
  const { cluster, random } = scene;
  const load = scene.load();
  await sleep(BEFORE_MS);
  let going = true;
  const rebuilding = (async () => {
    do {
      const { code, stderr } = await runOnCluster(cluster, 'rebuild', '--postgres', cluster.postgres.url);
      scene.count('rebuilds');
      if (code !== 0)
        scene.journal.report({
          invariant: 'I5',
          detail: `rebuild ended with ${code}: ${stderr.slice(-500)}`,
        });
    } while (going);
  })();
  try {
    if (round === 1) await cluster.add('projector');
    for (const projector of cluster.of('projector')) {
      await sleep(random.between(100, 1_500));
      await projector.kill();
      await sleep(random.between(100, 1_500));
      await projector.restart();
    }
  } finally {
    going = false;
    await rebuilding;
  }
  await load.stop();
};

/** So that there is something to repeat. */
const FILL_MS = 3_000;
const REPEATS = 6;
const REPEATED_MAX = 200;

/** What lies in the topic is published again: stretches in their order, as a late relay does, and single ones in any. */
const repeated = async (scene: ClusterScene): Promise<void> => {
  const { cluster, random } = scene;
  const load = scene.load();
  await sleep(FILL_MS);
  const { topic } = await readTopic(cluster.kafka.direct);
  const bus = openKafkaBus({ brokers: cluster.kafka.bootstrap, clientId: 'faults' });
  try {
    for (let time = 0; time < REPEATS; time += 1) {
      const from = random.between(0, topic.length - 1);
      const stretch = topic.slice(from, from + random.between(1, REPEATED_MAX));
      const shuffled = random.chance(0.5) ? stretch : stretch.toReversed();
      // A heartbeat has no value; read back it is an empty text.
      const again = shuffled.map(({ value, ...message }) => ({
        ...message,
        value: value === '' ? null : value,
      }));
      await bus.publish(EVENTS_TOPIC, again);
      scene.count('publishedAgain', again.length);
    }
  } finally {
    await bus.close();
  }
  await load.stop();
};

const HOUR_MS = 3_600_000;
const STEPS = 5;
const STEP_MS = 700;
/** The clocks of this machine's processes are one; what was recorded lies within the campaign but for this. */
const SKEW_MS = 5_000;

/** The wall clock of one ledger jumps. On the double ledgers go by the database's clock, so nothing shows. */
const clockOf = (log: LogKind): Fault => {
  const does = 'the wall clock of ledger-1 jumps up to an hour forwards and backwards, also across a kill';
  const fault = onLog('clock-ledger', log, does, { round: async () => undefined }, shimMissing);
  return {
    ...fault,
    run: async (options) => {
      const scratch = mkdtempSync(join(tmpdir(), 'lalanh-clock-'));
      const shim = openShim(scratch);
      const started = Date.now();
      try {
        return await runClusterCampaign(
          {
            fault: fault.name,
            log,
            options: { place: (name) => (name === 'ledger-1' ? { env: shim.env } : {}) },
            round: async (scene) => {
              const load = scene.load();
              for (let step = 0; step < STEPS; step += 1) {
                shim.clock(scene.random.between(-HOUR_MS, HOUR_MS));
                scene.count('steps');
                await sleep(STEP_MS);
              }
              const [ledger] = scene.cluster.of('ledger');
              await ledger?.kill();
              shim.clock(-HOUR_MS);
              await ledger?.restart();
              await load.stop();
              shim.clock(0);
            },
            last: ({ journal }, events) => {
              let before = '';
              for (const { position, envelope } of events) {
                const at = recordedAtOf(envelope) ?? '';
                const wrong =
                  log === 'sqlite'
                    ? at < before && `before ${before}`
                    : (Date.parse(at) < started - SKEW_MS || Date.parse(at) > Date.now() + SKEW_MS) &&
                      'by a wrong clock';
                before = at;
                if (wrong !== false)
                  journal.report({
                    invariant: 'I4',
                    detail: `position ${position} was recorded at ${at}, ${wrong}`,
                  });
              }
            },
          },
          options,
        );
      } finally {
        shim.close();
        rmSync(scratch, { recursive: true, force: true });
      }
    },
  };
};

const DISK = '400m';
const LEFT_MAX = 400_000;
const FULL_MS = 4_000;

const mount = (...args: readonly string[]): string | undefined => {
  const done = spawnSync('mount', args, { encoding: 'utf8' });
  return done.status === 0 ? undefined : done.stderr || String(done.error);
};

/** Files that grow and, each second time, a new segment of the write-ahead log, without which the server ends. */
const runIntoTheEnd = async ({ cluster, random, count }: ClusterScene): Promise<void> => {
  const database = openDatabase({ url: cluster.postgres.url, connectionsMax: 1, name: 'lalanh faults' });
  const wanted = [
    'create table public.ballast as select n, repeat(n::text, 20) as text from generate_series(1, 500000) n',
    ...(random.chance(0.5) ? ['select pg_switch_wal()', 'create table public.more (n int)'] : []),
  ];
  for (const text of wanted) {
    const refused = await database.query(text).then(
      () => false,
      () => true,
    );
    if (refused) count('refusedByFullDisk');
  }
  await database.close();
};

/** The disk of PostgreSQL fills up under load; space is made, and the server started again if it ended. */
const fullDisk = (log: LogKind): Fault => {
  const does = 'no space left on the disk of the database under load; then space is made';
  const fault = onLog('full-disk-database', log, does, { round: async () => undefined }, () =>
    process.platform === 'linux' && process.getuid?.() === 0 ? undefined : 'needs root on Linux',
  );
  return {
    ...fault,
    run: async (options) => {
      const disk = mkdtempSync(join(tmpdir(), 'lalanh-disk-'));
      const why = mount('-t', 'tmpfs', '-o', `size=${DISK},mode=755`, 'lalanh-fault', disk);
      if (why !== undefined) throw new Error(`no small disk: ${why}`);
      const [postgresFolder, ballast] = [join(disk, 'postgres'), join(disk, 'ballast')];
      mkdirSync(postgresFolder);
      const fill = ({ random }: ClusterScene): void => {
        const { bavail, bsize } = statfsSync(disk);
        try {
          writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - random.between(0, LEFT_MAX))));
        } catch (error) {
          // The server was faster and took the last of it: then the disk is full as well.
          if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
        }
      };
      try {
        return await runClusterCampaign(
          {
            fault: fault.name,
            log,
            options: { postgresFolder },
            round: async (scene) => {
              const load = scene.load();
              await sleep(BEFORE_MS);
              fill(scene);
              await runIntoTheEnd(scene);
              await sleep(FULL_MS);
              rmSync(ballast);
              const { postgres } = scene.cluster;
              if (!postgres.isRunning()) {
                scene.count('databaseEnded');
                await postgres.restart();
              }
              await load.stop();
            },
          },
          options,
        );
      } finally {
        spawnSync('umount', ['--lazy', disk]);
        rmSync(disk, { recursive: true, force: true });
      }
    },
  };
};

export const more: readonly Fault[] = BOTH.flatMap((log) => [
  onLog('rebuild', log, 'projectors killed, started and added while every read model is rebuilt', {
    round: rebuilt,
  }),
  onLog('repeats', log, 'what lies in the topic published again, in its order and against it', {
    round: repeated,
  }),
  clockOf(log),
  fullDisk(log),
]);
