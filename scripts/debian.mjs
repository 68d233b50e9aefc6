// Debian packages without root: downloaded with the libraries this machine lacks, and unpacked into a folder.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { lastLine, run } from './run.mjs';
import { root, say } from './say.mjs';

const lists = join(root, '.cache', 'apt');
const quick = [
  '-o',
  'Acquire::http::Timeout=20',
  '-o',
  'Acquire::https::Timeout=20',
  '-o',
  'Acquire::Retries=1',
];

/** Whether this machine has what unpacking needs. */
export function hasApt() {
  return run('apt-get', ['--version']).status === 0 && run('dpkg', ['--version']).status === 0;
}

/**
 * Unpacks the first of these packages that can be had into `folder`, which it empties first. undefined when done,
 * else why not. First with the machine's package lists, then with lists of our own. `whole` brings every library,
 * also those that the machine has; `also` names further packages that go into the same folder, `brings` which of those
 * that would be installed with it, besides libraries.
 */
export function unpackDebian(names, folder, { whole = false, also = [], brings } = {}) {
  let why = '';
  for (const options of [[], ownLists()]) {
    if (options.length > 0) {
      const updated = run('apt-get', [...quick, ...options, '-q', 'update']);
      if (updated.status !== 0) return lastLine(updated);
    }
    for (const name of names) {
      say(`Tải ${name} bằng apt`, `Fetching ${name} through apt`);
      const failure = fetchAndUnpack([name, ...also], folder, options, whole, brings);
      if (failure === undefined) return undefined;
      why = failure;
    }
  }
  return why;
}

function fetchAndUnpack(names, folder, options, whole, brings) {
  const debs = join(folder, 'debs');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(debs, { recursive: true });
  const [name] = names;
  const packages = [
    ...names,
    ...missingLibraries(name, whole ? [...options, ...nothingInstalled()] : options, brings),
  ];
  const got = run('apt-get', [...quick, ...options, '-q', 'download', ...packages], { cwd: debs });
  if (got.status !== 0) return lastLine(got);
  for (const deb of readdirSync(debs).filter((file) => file.endsWith('.deb'))) {
    const done = run('dpkg', ['-x', join(debs, deb), folder]);
    if (done.status !== 0) return lastLine(done);
  }
  rmSync(debs, { recursive: true, force: true });
  turnLinksInward(folder, folder);
  return undefined;
}

/** apt options for package lists inside our cache: works without root, and on a machine whose lists were cleaned away. */
function ownLists() {
  const state = join(lists, 'state');
  const archives = join(lists, 'cache');
  mkdirSync(join(state, 'lists', 'partial'), { recursive: true });
  mkdirSync(join(archives, 'archives', 'partial'), { recursive: true });
  const settings = [
    `Dir::State=${state}`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${archives}`,
    'APT::Sandbox::User=root',
  ];
  return settings.flatMap((setting) => ['-o', setting]);
}

/** apt options for a machine without any package. */
function nothingInstalled() {
  mkdirSync(lists, { recursive: true });
  const status = join(lists, 'nothing');
  writeFileSync(status, '');
  return ['-o', `Dir::State::status=${status}`];
}

/** The libraries that installing the package would bring, directly or not; the C library is there on every machine. */
function missingLibraries(name, options, brings) {
  const answer = run('apt-get', [...options, '-s', '-q', '--no-install-recommends', 'install', name]).stdout;
  const brought = [...answer.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]);
  const isWanted = (each) => /^(lib|zlib)/.test(each) || brings?.test(each);
  return brought.filter((each) => each !== name && isWanted(each) && !each.startsWith('libc6'));
}

/** The folders with shared libraries of an unpacked package, as LD_LIBRARY_PATH wants them. */
export function libraryPath(folder) {
  const candidates = ['usr/lib', 'lib'].map((name) => join(folder, name)).filter(existsSync);
  return candidates
    .flatMap((base) => [base, ...readdirSync(base).map((name) => join(base, name))])
    .filter((path) => /lib$|-linux-/.test(path))
    .join(':');
}

/** A package links to absolute paths (/etc/…), which are inside the folder now. */
function turnLinksInward(folder, base) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const kind = lstatSync(path);
    if (kind.isDirectory()) turnLinksInward(path, base);
    if (!kind.isSymbolicLink()) continue;
    const target = readlinkSync(path);
    if (!target.startsWith('/') || !existsSync(join(base, target))) continue;
    unlinkSync(path);
    symlinkSync(relative(dirname(path), join(base, target)), path);
  }
}
