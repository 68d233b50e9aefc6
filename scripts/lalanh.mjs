// `npm run -s lalanh -- <command>`: prepares when needed, then runs the command line program on Node 26.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runNode26 } from './node26.mjs';
import { prepare } from './prepare.mjs';
import { root, stop } from './say.mjs';

/**
 * What keeps the memory of a program that reads much and ends small: garbage is collected before the heap has grown by
 * more than a third. A server takes what makes it fast instead.
 */
const SMALL_HEAP = ['--heap-growing-percent=30', '--max-semi-space-size=2'];
const SMALL_HEAP_COMMANDS = new Set(['bank', 'batch']);

/** Runs `lalanh` with these arguments and resolves to its exit code; the project must be prepared. */
export function lalanh(args, env = {}) {
  const main = join(root, 'dist', 'apps', 'cli', 'main.js');
  if (!existsSync(main)) stop(`Thiếu ${main}.`, `${main} is missing.`);
  const flags = SMALL_HEAP_COMMANDS.has(args[0]) ? SMALL_HEAP : [];
  return runNode26([...flags, main, ...args], { env: { ...process.env, ...env } });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await prepare();
  process.exitCode = await lalanh(process.argv.slice(2));
}
