// Runs a program to its end, with a limit, and gives what it said.
import { spawnSync } from 'node:child_process';

const patience = 5 * 60_000;

/** Never throws: a program that is not there has status 1 and says so in `stderr`. */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: patience,
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  return {
    status: done.status ?? 1,
    stdout: done.stdout ?? '',
    stderr: done.stderr || String(done.error ?? ''),
  };
}

/** The last line a program said: mostly why it failed. */
export function lastLine({ stdout, stderr }) {
  return `${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? '';
}
