import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const index = fileURLToPath(new URL('../../../.cache/parts/index.json', import.meta.url));
const bring = fileURLToPath(new URL('../../../scripts/parts.mjs', import.meta.url));
/** Bringing every part over a slow line. */
const BRING_MS_MAX = 20 * 60_000;

/** Where scripts/parts.mjs found or put each part. */
export interface Parts {
  /** `bin`: the folder of `postgres` and `initdb`. */
  readonly postgres: { readonly bin: string; readonly libraryPath: string };
  readonly java: { readonly path: string; readonly libraryPath: string };
  /** `libs`: a folder of jars; `version` of the server.*/
  readonly kafka: { readonly libs: string; readonly version: string };
}

type Missing = { readonly missing: string; readonly installable: boolean };
type Index = { readonly [Name in keyof Parts]?: Parts[Name] | Missing };

/** A part, or undefined where this machine can not have it; brings the parts when nobody has yet. */
export function findPart<Name extends keyof Parts>(name: Name): Parts[Name] | undefined {
  if (readIndex()[name] === undefined) {
    const done = spawnSync(process.execPath, [bring], {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: BRING_MS_MAX,
    });
    if (done.status !== 0) return undefined;
  }
  const found: Parts[Name] | Missing | undefined = readIndex()[name];
  return found === undefined || 'missing' in found ? undefined : (found as Parts[Name]);
}

const readIndex = (): Index => (existsSync(index) ? (JSON.parse(readFileSync(index, 'utf8')) as Index) : {});

/** The same, or an error that says what to do. */
export function needPart<Name extends keyof Parts>(name: Name): Parts[Name] {
  const found = findPart(name);
  if (found === undefined) throw new Error(`no ${name} on this machine: run "node scripts/parts.mjs"`);
  return found;
}

/** For `describe.skipIf(!hasParts('postgres'))`: `npm test` fails when one is skipped that could be installed. */
export const hasParts = (...names: readonly (keyof Parts)[]): boolean =>
  names.every((name) => findPart(name) !== undefined);
