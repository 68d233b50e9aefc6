import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Random } from './random.ts';

/** Bytes that a disk writes whole or not at all. */
const SECTOR = 512;
const HEADER_BYTES = 24;

/** One recorded call, in the order in which native/shim.c saw them. */
export type DiskCall =
  | { readonly kind: 'write'; readonly path: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'sync' | 'failed-sync'; readonly path: string }
  | { readonly kind: 'truncate'; readonly path: string; readonly length: number }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string };

/** Reads what native/shim.c recorded. A record that a killed process left unfinished ends the list. */
export const readRecord = (file: string): DiskCall[] => {
  const all = readFileSync(file);
  const calls: DiskCall[] = [];
  for (let at = 0; at + HEADER_BYTES <= all.length;) {
    const [op, name, count] = [all.readUInt32LE(at), all.readUInt32LE(at + 4), all.readUInt32LE(at + 8)];
    const offset = Number(all.readBigInt64LE(at + 16));
    const path = all.toString('utf8', at + HEADER_BYTES, at + HEADER_BYTES + name);
    const bytes = all.subarray(at + HEADER_BYTES + name, at + HEADER_BYTES + name + count);
    at += HEADER_BYTES + name + count;
    if (at > all.length) break;
    if (op === 1) calls.push({ kind: 'write', path, offset, bytes });
    else if (op === 2) calls.push({ kind: 'sync', path });
    else if (op === 4) calls.push({ kind: 'truncate', path, length: offset });
    else if (op === 32) calls.push({ kind: 'unlink', path });
    else if (op === 128) calls.push({ kind: 'failed-sync', path });
    else if (op === 64) calls.push({ kind: 'rename', path, to: bytes.toString() });
  }
  return calls;
};

/** What became of a name since it was last made durable; `become` replaces it by another file, or by none. */
type Pending =
  | Extract<DiskCall, { readonly kind: 'write' | 'truncate' }>
  | { readonly kind: 'become'; readonly content: Buffer | undefined };

interface FileState {
  durable: Buffer | undefined;
  pending: Pending[];
}

/** Which of the calls since the last sync a power cut lets through. */
export type Survivors = 'none' | 'all' | 'some';

/**
 * A disk with a volatile cache. What was synced stays; of the rest a power cut keeps nothing, everything, or
 * any 512-byte sectors, truncations, removals and renamings. A removed or replaced name is durable once its
 * folder is synced, or the file that took its place; a file's own sync makes its name durable, as journalling
 * file systems do. What was dropped with a removal takes the later content of that name with it. After a failed
 * sync the system takes for written what may not be: any of it is gone for good, and a later sync says nothing of it.
 */
export const createDisk = (chance: Random) => {
  const files = new Map<string, FileState>();
  const stateOf = (path: string): FileState => {
    const known = files.get(path);
    if (known !== undefined) return known;
    const made: FileState = { durable: undefined, pending: [] };
    files.set(path, made);
    return made;
  };
  const settle = (state: FileState): void => {
    state.durable = state.pending.reduce(applied, state.durable);
    state.pending = [];
  };
  const settleNames = (folder: string): void => {
    for (const [path, state] of files) {
      const last = state.pending.findLastIndex(({ kind }) => kind === 'become');
      if (dirname(path) !== folder || last < 0) continue;
      state.durable = state.pending.slice(0, last + 1).reduce(applied, state.durable);
      state.pending = state.pending.slice(last + 1);
    }
  };
  return {
    call: (call: DiskCall): void => {
      const state = stateOf(call.path);
      if (call.kind === 'write' || call.kind === 'truncate') state.pending.push(call);
      else if (call.kind === 'unlink') state.pending.push({ kind: 'become', content: undefined });
      else if (call.kind === 'rename') {
        const content = state.pending.reduce(applied, state.durable);
        stateOf(call.to).pending.push({ kind: 'become', content });
        state.pending.push({ kind: 'become', content: undefined });
      } else if (call.kind === 'failed-sync') {
        state.durable = some(state.pending, chance, 0.5).reduce(applied, state.durable);
        state.pending = [];
      } else if (state.durable === undefined && state.pending.length === 0) {
        files.delete(call.path);
        settleNames(call.path);
      } else settle(state);
    },
    /** Writes into `target` what a power cut now leaves of everything under `folder`. */
    cut: (folder: string, target: string, survivors: Survivors, random: Random): void => {
      const share = random.pick([0.1, 0.5, 0.9]);
      for (const [path, { durable, pending }] of files) {
        if (!path.startsWith(`${folder}/`) || path.endsWith('-shm')) continue;
        const kept = survivors === 'none' ? [] : survivors === 'all' ? pending : some(pending, random, share);
        const content = kept.reduce(applied, durable);
        if (content === undefined) continue;
        const file = join(target, path.slice(folder.length + 1));
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
    },
  };
};

const applied = (content: Buffer | undefined, call: Pending): Buffer | undefined => {
  if (call.kind === 'become') return call.content;
  const before = content ?? Buffer.alloc(0);
  if (call.kind === 'truncate') {
    if (call.length <= before.length) return Buffer.from(before.subarray(0, call.length));
    return Buffer.concat([before, Buffer.alloc(call.length - before.length)]);
  }
  const after = Buffer.alloc(Math.max(before.length, call.offset + call.bytes.length));
  before.copy(after);
  call.bytes.copy(after, call.offset);
  return after;
};

const some = (pending: readonly Pending[], random: Random, share: number): Pending[] => {
  const kept: Pending[] = [];
  for (const call of pending) {
    if (call.kind === 'write') kept.push(...sectorsOf(call).filter(() => random.chance(share)));
    else if (random.chance(share)) kept.push(call);
    // The name still means the old file; what was written since went to the new one.
    else if (call.kind === 'become') break;
  }
  return kept;
};

/** A write as the sectors that it touches. */
const sectorsOf = (call: Extract<DiskCall, { readonly kind: 'write' }>): Pending[] => {
  const sectors: Pending[] = [];
  for (let from = 0; from < call.bytes.length;) {
    const start = call.offset + from;
    const to = Math.min(call.bytes.length, from + SECTOR - (start % SECTOR));
    sectors.push({ ...call, offset: start, bytes: call.bytes.subarray(from, to) });
    from = to;
  }
  return sectors;
};
