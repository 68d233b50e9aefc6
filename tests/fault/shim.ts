import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { hash } from 'node:crypto';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findJudge } from '../support/judges.ts';

const SOURCE = fileURLToPath(new URL('native/shim.c', import.meta.url));
const CACHE = fileURLToPath(new URL('../../.cache/fault', import.meta.url));
/** Milliseconds one compiler may take. */
const COMPILE_MS_MAX = 60_000;

/** The calls that can be made to fail, by the bits of native/shim.c. */
const CALLS = { write: 1, sync: 2, truncate: 4, open: 8, map: 16, unlink: 32 } as const;
/** What a failing call does all the same: nothing, all of it, half of it. */
const MODES = { nothing: 0, all: 1, half: 2 } as const;
const CONTROL_BYTES = 96;
const PATTERN_AT = 32;
const PATTERN_BYTES_MAX = 63;

export interface Failing {
  readonly calls: readonly (keyof typeof CALLS)[];
  readonly error: 'EIO' | 'ENOSPC' | 'EMFILE' | 'ENOMEM' | 'EROFS';
  /** Part of the path of the files it happens to. */
  readonly pattern: string;
  /** Calls that still succeed before the first one fails. */
  readonly after?: number;
  /** How many fail; all when absent. */
  readonly times?: number;
  readonly does?: keyof typeof MODES;
}

/** A handle on the calls of a running process. */
export interface Shim {
  /** Environment of the process to be started. */
  readonly env: Readonly<Record<string, string>>;
  fail(failing: Failing): void;
  /** Every call works again. Gives how many failed since the last time. */
  heal(): number;
  /** Puts the wall clock of the process wrong by this many milliseconds. */
  clock(wrongMs: number): void;
  close(): void;
}

/**
 * The library of native/shim.c, compiled when its source changed. Undefined where it cannot be had: another
 * system than Linux, or no compiler (see scripts/judges.mjs, which brings one where the machine has none).
 */
export const shimLibrary = (): string | undefined => {
  if (process.platform !== 'linux') return undefined;
  const library = join(CACHE, `shim-${hash('sha256', readFileSync(SOURCE), 'hex').slice(0, 16)}.so`);
  if (existsSync(library)) return library;
  mkdirSync(CACHE, { recursive: true });
  const draft = `${library}.${process.pid}`;
  const args = ['-shared', '-fPIC', '-o', draft, SOURCE, '-ldl', '-lpthread'];
  const onPath = ['cc', 'gcc', 'clang'].some(
    (name) => spawnSync(name, ['-O2', ...args], { timeout: COMPILE_MS_MAX }).status === 0,
  );
  if (!onPath && findJudge('tcc')?.([...unpackedArgs(), ...args]).code !== 0) return undefined;
  renameSync(draft, library);
  return library;
};

/** Where the unpacked compiler finds its own parts and those of the C library. */
const unpackedArgs = (): string[] => {
  const base = fileURLToPath(new URL('../../.cache/judges/tcc/usr', import.meta.url));
  const machine = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
  const libraries = join(base, 'lib', machine);
  return [
    `-B${join(libraries, 'tcc')}`,
    `-I${join(base, 'include')}`,
    `-I${join(base, 'include', machine)}`,
    `-L${libraries}`,
  ];
};

/** Why faults of the C library cannot be made here; undefined when they can. */
export const shimMissing = (): string | undefined =>
  shimLibrary() === undefined ? 'no Linux with a C compiler' : undefined;

/** Makes a shim with its control file in `folder`. Throws where there is no library. */
export const openShim = (folder: string): Shim => {
  const library = shimLibrary();
  if (library === undefined) throw new Error('no library to preload');
  const file = join(folder, 'fault.control');
  const fd = openSync(file, 'w+', 0o600);
  writeSync(fd, Buffer.alloc(CONTROL_BYTES), 0, CONTROL_BYTES, 0);
  const failedSoFar = (): number => {
    const bytes = Buffer.alloc(4);
    readSync(fd, bytes, 0, 4, 20);
    return bytes.readInt32LE(0);
  };
  let counted = 0;
  return {
    env: { LD_PRELOAD: library, LALANH_FAULT_CONTROL: file },
    fail: ({ calls, error, pattern, after = 0, times = -1, does = 'nothing' }) => {
      const name = Buffer.alloc(CONTROL_BYTES - PATTERN_AT);
      if (Buffer.byteLength(pattern) > PATTERN_BYTES_MAX) throw new RangeError('the pattern is too long');
      name.write(pattern);
      const head = Buffer.alloc(20);
      head.writeInt32LE(constants.errno[error], 4);
      head.writeInt32LE(after, 8);
      head.writeInt32LE(times, 12);
      head.writeInt32LE(MODES[does], 16);
      writeSync(fd, name, 0, name.length, PATTERN_AT);
      writeSync(fd, head, 4, 16, 4);
      // Last, because it is what makes all the rest count.
      head.writeInt32LE(
        calls.reduce((bits, call) => bits | CALLS[call], 0),
        0,
      );
      writeSync(fd, head, 0, 4, 0);
    },
    heal: () => {
      writeSync(fd, Buffer.alloc(4), 0, 4, 0);
      const before = counted;
      counted = failedSoFar();
      return counted - before;
    },
    clock: (wrongMs) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(BigInt(Math.round(wrongMs * 1_000)) * 1_000n);
      writeSync(fd, bytes, 0, 8, 24);
    },
    close: () => closeSync(fd),
  };
};
