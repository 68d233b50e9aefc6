// Brings programs that judge our output (not ours, not npm's): Debian packages unpacked into .cache/judges, without root.
// Writes .cache/judges/index.json: name -> {path, libraryPath, environment} or {missing: why, installable: boolean}.
// Tests read that.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasApt, libraryPath, unpackDebian } from './debian.mjs';
import { run } from './run.mjs';
import { root, say } from './say.mjs';

const cache = join(root, '.cache', 'judges');
const indexFile = join(cache, 'index.json');
const wanted = {
  hledger: { packages: ['hledger'], program: 'usr/bin/hledger', versionArgs: ['--version'] },
  // Its own library lies in a folder of its own.
  ledger: {
    packages: ['ledger'],
    program: 'usr/bin/ledger',
    versionArgs: ['--version'],
    libraries: ['usr/lib/ledger'],
  },
  // A library of Python: the judge is the interpreter that finds it.
  beancount: {
    packages: ['beancount'],
    brings: /^python3/,
    program: 'usr/bin/python3',
    versionArgs: ['-c', 'from beancount import loader; from beancount.core import realization'],
    python: 'usr/lib/python3/dist-packages',
  },
  nginx: { packages: ['nginx'], program: 'usr/sbin/nginx', versionArgs: ['-v'] },
  zbar: {
    packages: ['zbar-tools'],
    program: 'usr/bin/zbarimg',
    versionArgs: ['--version'],
    // It reads images with ImageMagick, which looks for its readers where Debian installs them.
    environmentOf: (folder) => ({ MAGICK_CODER_MODULE_PATH: folderNamed('coders', folder) }),
  },
  // Reads our PDF files back as text, and says which fonts are in them.
  pdftotext: { packages: ['poppler-utils'], program: 'usr/bin/pdftotext', versionArgs: ['-v'] },
  pdffonts: { packages: ['poppler-utils'], program: 'usr/bin/pdffonts', versionArgs: ['-v'] },
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

/** Where Debian's own interpreter is: compiled modules of its packages are for that one. */
const systemPython = '/usr/bin/python3';

function findJudge(name, judge) {
  const onPath = { path: judge.python ? systemPython : name, libraryPath: '', environment: {} };
  if (works(onPath, judge)) return onPath;
  const folder = join(cache, name);
  const unpacked = () => unpackedJudge(folder, judge);
  if (works(unpacked(), judge)) return unpacked();
  if (!hasApt()) return { missing: 'máy này không có apt / this machine has no apt', installable: false };
  const failure = unpackDebian(judge.packages, folder, { also: judge.also, brings: judge.brings });
  if (failure === undefined && works(unpacked(), judge)) return unpacked();
  return { missing: failure ?? 'không chạy được / it does not run', installable: true };
}

function unpackedJudge(folder, { program, libraries = [], python, environmentOf }) {
  const own = join(folder, program);
  const path = python && !existsSync(own) ? systemPython : own;
  const environment = python
    ? { PYTHONPATH: join(folder, python), ...(path === own && { PYTHONHOME: join(folder, 'usr') }) }
    : (environmentOf?.(folder) ?? {});
  const folders = [...libraries.map((name) => join(folder, name)), libraryPath(folder)].filter(Boolean);
  return { path, libraryPath: folders.join(':'), environment };
}

function works({ path, libraryPath, environment }, judge) {
  const env = { ...process.env, ...environment, LD_LIBRARY_PATH: libraryPath };
  return run(path, judge.versionArgs, { env }).status === 0;
}

/** The first folder of this name below another; empty when there is none. */
function folderNamed(name, below) {
  const found = existsSync(below)
    ? readdirSync(below, { recursive: true, withFileTypes: true }).find(
        (entry) => entry.isDirectory() && entry.name === name,
      )
    : undefined;
  return found ? join(found.parentPath, found.name) : '';
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  judges();
  process.stdout.write(readFileSync(indexFile, 'utf8'));
}
