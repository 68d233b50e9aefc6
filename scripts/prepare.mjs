// Makes the project ready to run: installs what package-lock.json names and builds dist/, each only when needed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { oneAtATime } from './lock.mjs';
import { findNode26, runNode26 } from './node26.mjs';
import { root, say, seconds, stop } from './say.mjs';

const dist = join(root, 'dist');
const stampFile = join(dist, '.stamp');

/** Installs and builds where needed. Everything it and its children say goes to stderr. */
export async function prepare() {
  await oneAtATime('prepare', async () => {
    install();
    await build();
  });
}

/** Installs what is missing, without asking npm when nothing is. */
export function install() {
  const missing = missingPackage();
  if (missing === undefined) return;
  say(
    `Cài các gói (thiếu ${missing}); lần đầu mất khoảng một phút`,
    `Installing packages (${missing} is missing); about a minute the first time`,
  );
  const began = Date.now();
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js')
    ? [process.env.npm_node_execpath ?? process.execPath, [npm]]
    : ['npm', []];
  const done = spawnSync(command, [...args, 'ci', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (done.status !== 0) {
    stop(
      'Không cài được các gói. Hãy kiểm tra mạng và cấu hình npm, rồi chạy lại lệnh này.',
      'The packages could not be installed. Check the network and npm configuration, then run this command again.',
    );
  }
  say(`Đã cài xong sau ${seconds(began)}`, `Installed in ${seconds(began)}`);
}

/** The first package that node_modules lacks or holds in another version; npm's own record tells. */
function missingPackage() {
  const wanted = readLock(join(root, 'package-lock.json'));
  const present = readLock(join(root, 'node_modules', '.package-lock.json'));
  for (const [path, { version, optional }] of Object.entries(wanted)) {
    if (path !== '' && !optional && present[path]?.version !== version)
      return path.replace(/^.*node_modules\//, '');
  }
  return findNode26() === undefined ? 'Node 26' : undefined;
}

function readLock(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

/** Compiles apps/ and libs/ into dist/ when a source changed since the last good build. */
export async function build() {
  const sources = [...filesUnder(join(root, 'libs')), ...filesUnder(join(root, 'apps'))].filter(
    (file) => !file.endsWith('.spec.ts'),
  );
  const configs = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'].map((name) =>
    join(root, name),
  );
  const stamp = fingerprint([...sources, ...configs]);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;

  say('Biên dịch mã nguồn', 'Building');
  const began = Date.now();
  rmSync(stampFile, { force: true });
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const code = await runNode26([tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (code !== 0) stop('Mã nguồn còn lỗi (xem ở trên).', 'The sources have errors (see above).');

  const outputs = new Set();
  for (const source of sources) {
    const target = join(dist, relative(root, source));
    if (source.endsWith('.ts')) {
      const compiled = target.replace(/\.ts$/, '.js');
      outputs.add(compiled).add(`${compiled}.map`);
    } else {
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(source, target);
      outputs.add(target);
    }
  }
  for (const folder of ['libs', 'apps']) {
    for (const old of filesUnder(join(dist, folder))) if (!outputs.has(old)) rmSync(old);
  }
  writeFileSync(stampFile, stamp);
  say(`Đã biên dịch sau ${seconds(began)}`, `Built in ${seconds(began)}`);
}

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function fingerprint(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await prepare();
