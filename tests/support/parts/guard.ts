import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('guard.mjs', import.meta.url));
let input: Writable | undefined;

type Verb = 'watch' | 'forget' | 'folder' | 'keep';

/**
 * Tells the guard, a small process of its own that is started with the first word to it. When this process ends,
 * killed or not, the guard kills the pids it watches and removes the folders. It does not keep this process alive.
 */
export function tellGuard(verb: Verb, value: string | number): void {
  input ??= startGuard();
  input.write(`${verb} ${value}\n`);
}

function startGuard(): Writable {
  // Detached: a Ctrl-C in the terminal must end us, and only then, through its stdin, the guard.
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'ignore', 'inherit'], detached: true });
  child.unref();
  // The pipe counts as open work of this process unless told otherwise.
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return child.stdin;
}
