// Brings programs that judge our output (not ours, not npm's): Debian packages unpacked into .cache/judges, without root.
// Writes .cache/judges/index.json: name -> {path, libraryPath} or {missing: why, installable: boolean}. Tests read that.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasApt, libraryPath, unpackDebian } from './debian.mjs';
import { run } from './run.mjs';
import { root, say } from './say.mjs';

const cache = join(root, '.cache', 'judges');
const indexFile = join(cache, 'index.json');
const wanted = {
  hledger: { packages: ['hledger'], program: 'usr/bin/hledger', versionArgs: ['--version'] },
  nginx: { packages: ['nginx'], program: 'usr/sbin/nginx', versionArgs: ['-v'] },
  promtool: { packages: ['prometheus'], program: 'usr/bin/promtool', versionArgs: ['--version'] },
};
/** A small C compiler for tests/fault/native, where the machine has none. */
const compiler = {
  packages: ['tcc'],
  also: ['libc6-dev', 'linux-libc-dev'],
  program: 'usr/bin/tcc',
  versionArgs: ['-v'],
};
const hasCompiler = () =>
  process.platform !== 'linux' ||
  ['cc', 'gcc', 'clang'].some((name) => run(name, ['--version']).status === 0);

/** Finds or brings every judge and writes the index. Never throws: a judge that cannot be had is listed as missing. */
export function judges() {
  mkdirSync(cache, { recursive: true });
  const all = hasCompiler() ? wanted : { ...wanted, tcc: compiler };
  const index = Object.fromEntries(
    Object.entries(all).map(([name, judge]) => [name, findJudge(name, judge)]),
  );
  writeFileSync(indexFile, `${JSON.stringify(index, null, 2)}\n`);
  for (const [name, found] of Object.entries(index)) {
    if (found.path) say(`Có ${name}: ${found.path}`, `${name} is at ${found.path}`);
    else say(`Không có ${name}: ${found.missing}`, `No ${name}: ${found.missing}`);
  }
  return index;
}

function findJudge(name, judge) {
  const onPath = { path: name, libraryPath: '' };
  if (works(onPath, judge)) return onPath;
  const folder = join(cache, name);
  const unpacked = () => ({ path: join(folder, judge.program), libraryPath: libraryPath(folder) });
  if (works(unpacked(), judge)) return unpacked();
  if (!hasApt()) return { missing: 'máy này không có apt / this machine has no apt', installable: false };
  const failure = unpackDebian(judge.packages, folder, { also: judge.also ?? [] });
  if (failure === undefined && works(unpacked(), judge)) return unpacked();
  return { missing: failure ?? 'không chạy được / it does not run', installable: true };
}

function works({ path, libraryPath }, judge) {
  return run(path, judge.versionArgs, { env: { ...process.env, LD_LIBRARY_PATH: libraryPath } }).status === 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  judges();
  process.stdout.write(readFileSync(indexFile, 'utf8'));
}
