// Brings programs that judge our output (not ours, not npm's): Debian packages unpacked into .cache/judges, without root.
// Writes .cache/judges/index.json: name -> {path, libraryPath} or {missing: why, installable: boolean}. Tests read that.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, say } from './say.mjs';

const cache = join(root, '.cache', 'judges');
const indexFile = join(cache, 'index.json');
const wanted = { hledger: { package: 'hledger', program: 'usr/bin/hledger', versionArgs: ['--version'] } };
const patience = 5 * 60_000;
const quick = [
  '-o',
  'Acquire::http::Timeout=20',
  '-o',
  'Acquire::https::Timeout=20',
  '-o',
  'Acquire::Retries=1',
];

/** Finds or brings every judge and writes the index. Never throws: a judge that cannot be had is listed as missing. */
export function judges() {
  mkdirSync(cache, { recursive: true });
  const index = Object.fromEntries(Object.entries(wanted).map(([name, judge]) => [name, findJudge(judge)]));
  writeFileSync(indexFile, `${JSON.stringify(index, null, 2)}\n`);
  for (const [name, found] of Object.entries(index)) {
    if (found.path) say(`Có ${name}: ${found.path}`, `${name} is at ${found.path}`);
    else say(`Không có ${name}: ${found.missing}`, `No ${name}: ${found.missing}`);
  }
  return index;
}

function findJudge(judge) {
  const onPath = { path: judge.package, libraryPath: '' };
  if (works(onPath, judge)) return onPath;
  const folder = join(cache, judge.package);
  const unpacked = { path: join(folder, judge.program), libraryPath: libraryFolders(folder).join(':') };
  if (works(unpacked, judge)) return unpacked;
  if (run('apt-get', ['--version']).status !== 0 || run('dpkg', ['--version']).status !== 0) {
    return { missing: 'máy này không có apt / this machine has no apt', installable: false };
  }
  say(`Tải ${judge.package} bằng apt`, `Fetching ${judge.package} through apt`);
  rmSync(folder, { recursive: true, force: true });
  const failure = fetchAndUnpack(judge.package, folder);
  const fresh = { path: join(folder, judge.program), libraryPath: libraryFolders(folder).join(':') };
  if (failure === undefined && works(fresh, judge)) return fresh;
  return { missing: failure ?? 'không chạy được / it does not run', installable: true };
}

function works({ path, libraryPath }, judge) {
  return run(path, judge.versionArgs, { env: { ...process.env, LD_LIBRARY_PATH: libraryPath } }).status === 0;
}

/** undefined when done, else why not. First with the machine's package lists, then with lists of our own. */
function fetchAndUnpack(name, folder) {
  let why = '';
  for (const options of [[], ownLists()]) {
    if (options.length > 0) {
      const updated = run('apt-get', [...quick, ...options, '-q', 'update']);
      if (updated.status !== 0) return lastLine(updated);
    }
    const debs = join(folder, 'debs');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(debs, { recursive: true });
    const packages = [name, ...libraries(name, options)];
    const got = run('apt-get', [...quick, ...options, '-q', 'download', ...packages], { cwd: debs });
    if (got.status !== 0) {
      why = lastLine(got);
      continue;
    }
    for (const deb of readdirSync(debs).filter((file) => file.endsWith('.deb'))) {
      const done = run('dpkg', ['-x', join(debs, deb), folder]);
      if (done.status !== 0) return lastLine(done);
    }
    rmSync(debs, { recursive: true, force: true });
    return undefined;
  }
  return why;
}

/** apt options for package lists inside our cache: works without root, and on a machine whose lists were cleaned away. */
function ownLists() {
  const state = join(cache, 'apt', 'state');
  const archives = join(cache, 'apt', 'cache');
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

/** The libraries a package needs beside the C library, which the machine has. */
function libraries(name, options) {
  const answer = run('apt-cache', [...options, 'depends', '--no-recommends', '--no-suggests', name]).stdout;
  const needed = [...answer.matchAll(/^\s*\|?Depends: (lib\S+)$/gm)].map((match) => match[1]);
  return needed.filter((library) => !library.startsWith('libc6'));
}

function libraryFolders(folder) {
  const candidates = ['usr/lib', 'lib'].map((name) => join(folder, name)).filter(existsSync);
  return candidates
    .flatMap((base) => [base, ...readdirSync(base).map((name) => join(base, name))])
    .filter((path) => /lib$|-linux-/.test(path));
}

function run(command, args, options = {}) {
  const done = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: patience,
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  return {
    status: done.status ?? 1,
    stdout: done.stdout ?? '',
    stderr: done.stderr ?? String(done.error ?? ''),
  };
}

function lastLine({ stdout, stderr }) {
  return `${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? '';
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  judges();
  process.stdout.write(readFileSync(indexFile, 'utf8'));
}
