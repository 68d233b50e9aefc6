import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const index = new URL('../../.cache/judges/index.json', import.meta.url);

interface Found {
  readonly path?: string;
  readonly libraryPath?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * A program that judges our output (see scripts/judges.mjs), or undefined where this machine has none; then the test
 * says so with `it.skipIf(judge === undefined)`. The returned function runs it with `input` on stdin.
 */
export function findJudge(name: string): Judge | undefined {
  const program = findProgram(name);
  if (program === undefined) return undefined;
  const { path, environment: env } = program;
  return (args, input = '') => {
    const done = spawnSync(path, args, {
      input,
      env,
      encoding: 'utf8',
      timeout: 300_000,
      maxBuffer: ANSWER_BYTES_MAX,
    });
    return { code: done.status ?? 1, stdout: done.stdout, stderr: done.stderr };
  };
}

/** A program that is not ours and how to start it, for those that run on; undefined where this machine has none. */
export function findProgram(
  name: string,
): { readonly path: string; readonly environment: NodeJS.ProcessEnv } | undefined {
  if (!existsSync(index)) return undefined;
  const found = (JSON.parse(readFileSync(index, 'utf8')) as Record<string, Found>)[name];
  const { path, libraryPath, environment } = found ?? {};
  if (path === undefined) return undefined;
  return {
    path,
    environment: {
      ...process.env,
      ...environment,
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      LD_LIBRARY_PATH: libraryPath ?? '',
    },
  };
}

export type Judge = (args: readonly string[], input?: string) => Verdict;

/** What a judge may write. */
const ANSWER_BYTES_MAX = 256 * 1024 * 1024;

/** What a judge answered: its exit code and what it wrote. */
export interface Verdict {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
