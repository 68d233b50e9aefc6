import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';

/** One line of the bench: what was measured, and the floor of DESIGN §12 it is held against, if it has one. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly p50: number | null;
  readonly p99: number | null;
  /** The number to reach: at least it for rates, at most it for times and memory. */
  readonly floor: number | null;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  readonly synchronous: 'FULL';
}

export const machine = (): Machine => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
  node: process.version,
  synchronous: 'FULL',
});

/** The commit that was measured; `+` when the tree had changes, `unknown` outside a checkout. */
export function commit(): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim();
    return (
      git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') ? '+' : '')
    );
  } catch {
    return 'unknown';
  }
}

/** The value below which the given share of the samples lies; samples are sorted in place. */
export function percentile(samples: number[], share: number): number {
  samples.sort((a, b) => a - b);
  return samples[Math.min(samples.length - 1, Math.floor(samples.length * share))] ?? Number.NaN;
}

const round = (value: number): number => Number(value.toPrecision(4));

/** Runs `work` once and gives a rate row: `count` per second of wall time. */
export async function rate(
  name: string,
  unit: string,
  floor: number | null,
  work: () => Promise<{ count: number; latenciesMs?: number[]; seconds?: number }>,
): Promise<Row> {
  const started = performance.now();
  const { count, latenciesMs, seconds = (performance.now() - started) / 1000 } = await work();
  return {
    name,
    unit,
    value: round(count / seconds),
    p50: latenciesMs ? round(percentile(latenciesMs, 0.5)) : null,
    p99: latenciesMs ? round(percentile(latenciesMs, 0.99)) : null,
    floor,
  };
}

/** A row of times: the value is the 99th percentile, which the floor limits. */
export function times(name: string, floor: number | null, samplesMs: number[]): Row {
  const p99 = round(percentile(samplesMs, 0.99));
  return { name, unit: 'ms', value: p99, p50: round(percentile(samplesMs, 0.5)), p99, floor };
}

export const single = (name: string, unit: string, value: number, floor: number | null): Row => ({
  name,
  unit,
  value: round(value),
  p50: null,
  p99: null,
  floor,
});

/** Whether a row reaches its floor: rates (`…/s`) and ratios from above, everything else from below. */
export const reaches = ({ unit, value, floor }: Row): boolean | null =>
  floor === null ? null : unit.endsWith('/s') || unit === 'ratio' ? value >= floor : value <= floor;
