import { inflateRawSync } from 'node:zlib';
import { type Result, ok, refuse } from '#kernel';
import { ENTRIES_MAX, RATIO_BYTES_MIN, RATIO_MAX, UNPACKED_BYTES_MAX } from './limits.ts';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const COMMENT_BYTES_MAX = 0xffff;
const STORED = 0;
const DEFLATED = 8;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly at: number;
}

const BOMB = (limit: string): Result<never> => refuse('SHEET_ZIP_BOMB', { limit });
const CUT = refuse('SHEET_TRUNCATED');

/**
 * Checks a ZIP by its central directory before anything is unpacked: how many entries, how large they get and
 * how many times larger. Then unpacks the entries wanted, each no further than the directory says, so that a
 * directory that lies is caught too.
 */
export function unzip(
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
): Result<ReadonlyMap<string, Uint8Array>> {
  const entries = directoryOf(bytes);
  if (!entries.ok) return entries;
  let sum = 0;
  for (const { packed, unpacked } of entries.value) {
    sum += unpacked;
    if (sum > UNPACKED_BYTES_MAX) return BOMB(`${UNPACKED_BYTES_MAX} bytes`);
    if (unpacked > RATIO_BYTES_MIN && unpacked > packed * RATIO_MAX) return BOMB(`${RATIO_MAX} : 1`);
  }
  const found = new Map<string, Uint8Array>();
  for (const entry of entries.value) {
    if (!wanted(entry.name)) continue;
    const unpacked = unpack(bytes, entry);
    if (!unpacked.ok) return unpacked;
    found.set(entry.name, unpacked.value);
  }
  return ok(found);
}

function directoryOf(bytes: Uint8Array): Result<Entry[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - END_BYTES;
  const earliest = Math.max(0, end - COMMENT_BYTES_MAX);
  while (end >= earliest && view.getUint32(end, true) !== END_OF_DIRECTORY) end -= 1;
  if (end < earliest) return CUT;
  const count = view.getUint16(end + 10, true);
  if (count > ENTRIES_MAX) return BOMB(`${ENTRIES_MAX} entries`);
  const entries: Entry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i += 1) {
    if (at + ENTRY_BYTES > bytes.length || view.getUint32(at, true) !== DIRECTORY_ENTRY) return CUT;
    const nameBytes = view.getUint16(at + 28, true);
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes)),
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      unpacked: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    });
    at += ENTRY_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return ok(entries);
}

function unpack(bytes: Uint8Array, { at, method, packed, unpacked }: Entry): Result<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (at + LOCAL_BYTES > bytes.length || view.getUint32(at, true) !== LOCAL_ENTRY) return CUT;
  const from = at + LOCAL_BYTES + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (from + packed > bytes.length) return CUT;
  const data = bytes.subarray(from, from + packed);
  if (method === STORED) return ok(data);
  if (method !== DEFLATED) return refuse('SHEET_NOT_A_TABLE');
  try {
    return ok(inflateRawSync(data, { maxOutputLength: Math.max(1, unpacked) }));
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? BOMB(`${unpacked} bytes`) : CUT;
  }
}
