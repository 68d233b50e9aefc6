import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Cluster } from '../../support/cluster/cluster.ts';

const cli = fileURLToPath(new URL('../../../dist/apps/cli/main.js', import.meta.url));

/** Runs a CLI command on the parts of a cluster to its end; gives what it wrote and the seconds it took. */
export async function runOnCluster(
  cluster: Pick<Cluster, 'settings'>,
  ...args: string[]
): Promise<{
  readonly seconds: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...args], {
    env: { ...process.env, ...cluster.settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (chunk: Buffer) => (texts[stream] += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { ...texts, code, seconds: (performance.now() - started) / 1000 };
}

/** Events a second of a rebuild of every read model, the program's start and the switch included. */
export async function rebuildRate(cluster: Cluster, events: number): Promise<number> {
  const { code, stderr, seconds } = await runOnCluster(
    cluster,
    'rebuild',
    '--postgres',
    cluster.postgres.url,
  );
  if (code !== 0) throw new Error(`rebuild ended with ${code}: ${stderr.slice(-2_000)}`);
  return events / seconds;
}
