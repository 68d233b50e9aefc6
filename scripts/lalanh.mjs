// `npm run -s lalanh -- <command>`: prepares when needed, then runs the command line program on Node 26.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runNode26 } from './node26.mjs';
import { prepare } from './prepare.mjs';
import { root, stop } from './say.mjs';

/** Runs `lalanh` with these arguments and resolves to its exit code; the project must be prepared. */
export function lalanh(args, env = {}) {
  const main = join(root, 'dist', 'apps', 'cli', 'main.js');
  if (!existsSync(main)) stop(`Thiếu ${main}.`, `${main} is missing.`);
  return runNode26([main, ...args], { env: { ...process.env, ...env } });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await prepare();
  process.exitCode = await lalanh(process.argv.slice(2));
}
