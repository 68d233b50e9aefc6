// Brings the real parts the tests and `npm run cluster` stand on. Writes .cache/parts/index.json.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './say.mjs';

const cache = join(root, '.cache', 'parts');
const debian = '/usr/lib/postgresql';

export function parts() {
  mkdirSync(cache, { recursive: true });
  const bins = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : [];
  const bin = bins.find((folder) => spawnSync(join(folder, 'postgres'), ['--version']).status === 0);
  const index = {
    postgres: bin
      ? { bin, libraryPath: '' }
      : { missing: 'không có PostgreSQL / no PostgreSQL', installable: true },
  };
  writeFileSync(join(cache, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
  return index;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) parts();
