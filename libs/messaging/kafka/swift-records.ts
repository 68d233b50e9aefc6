import { createRequire } from 'node:module';

/*
 * kafkajs 2.2.4 writes each header of each message into a buffer of its own, 512 bytes each, and sums its
 * check byte by byte: 60 µs a message of ours, most of it garbage. Here are the two functions it asks instead. What they give is equal
 * to the byte, which the spec compares with the originals.
 */

/** Text whose UTF-8 bytes are its characters. */
// oxlint-disable-next-line no-control-regex -- the range of ASCII begins there
const ASCII = /^[\0-\x7f]*$/;

const latin1Of = (value: string | Uint8Array): string =>
  typeof value !== 'string'
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')
    : ASCII.test(value)
      ? value
      : Buffer.from(value).toString('latin1');

/** Zigzag varint, one character a byte. Whole numbers up to 2^52 either way. */
export const varint = (value: number): string => {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  let text = '';
  while (rest >= 128) {
    text += String.fromCharCode((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return text + String.fromCharCode(rest);
};

const sized = (latin1: string): string => varint(latin1.length) + latin1;

/** Names of headers are few and the same in every message. */
const NAMES_MAX = 1_000;
const names = new Map<string, string>();
const nameOf = (name: string): string => {
  const known = names.get(name);
  if (known !== undefined) return known;
  const made = sized(latin1Of(name));
  if (names.size < NAMES_MAX) names.set(name, made);
  return made;
};

type Bytes = string | Uint8Array;

/** What kafkajs passes for one record. */
export interface RecordShape {
  readonly offsetDelta?: number;
  readonly timestampDelta?: number;
  readonly key?: Bytes | null;
  readonly value?: Bytes | null;
  readonly headers?: Readonly<Record<string, Bytes | readonly Bytes[] | undefined>>;
}

/** A record of a batch, as kafkajs takes encoded parts. */
export interface Encoded {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

/** One record of Kafka's record batch version 2: everything but the value as one text, then three writes. */
export const encodeRecord = ({
  offsetDelta = 0,
  timestampDelta = 0,
  key = null,
  value = null,
  headers = {},
}: RecordShape): Encoded => {
  let tail = '';
  let count = 0;
  for (const name in headers) {
    const given = headers[name];
    for (const one of Array.isArray(given) ? (given as readonly Bytes[]) : [given as Bytes]) {
      tail += nameOf(name) + sized(latin1Of(one));
      count += 1;
    }
  }
  tail = varint(count) + tail;
  const valueBytes = value === null ? 0 : typeof value === 'string' ? Buffer.byteLength(value) : value.length;
  const head =
    `\0${varint(timestampDelta)}${varint(offsetDelta)}${key === null ? varint(-1) : sized(latin1Of(key))}` +
    varint(value === null ? -1 : valueBytes);
  const body = head.length + valueBytes + tail.length;
  const prefix = varint(body) + head;
  const buffer = Buffer.allocUnsafe(prefix.length + valueBytes + tail.length);
  buffer.write(prefix, 0, 'latin1');
  if (typeof value === 'string') buffer.write(value, prefix.length);
  else if (value !== null) buffer.set(value, prefix.length);
  buffer.write(tail, prefix.length + valueBytes, 'latin1');
  return { buf: buffer, buffer };
};

const POLYNOMIAL = 0x82f63b78;
/** Bytes taken at once. */
const SLICES = 8;

/** `tables[256 · k + b]`: the sum of byte b with k zero bytes behind it. */
const tables = new Int32Array(256 * SLICES);
for (let byte = 0; byte < 256; byte += 1) {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = (sum & 1) === 1 ? (sum >>> 1) ^ POLYNOMIAL : sum >>> 1;
  tables[byte] = sum;
}
const table = (at: number): number => tables[at] as number;
for (let at = 256; at < tables.length; at += 1) {
  const before = table(at - 256);
  tables[at] = table(before & 0xff) ^ (before >>> 8);
}

/** CRC-32C (Castagnoli), eight bytes at a time. */
export const crc32c = (bytes: Uint8Array): number => {
  let sum = -1;
  let at = 0;
  const whole = bytes.length - (bytes.length % SLICES);
  while (at < whole) {
    const low =
      sum ^
      ((bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24));
    sum =
      table(1792 + (low & 0xff)) ^
      table(1536 + ((low >>> 8) & 0xff)) ^
      table(1280 + ((low >>> 16) & 0xff)) ^
      table(1024 + (low >>> 24)) ^
      table(768 + (bytes[at + 4] as number)) ^
      table(512 + (bytes[at + 5] as number)) ^
      table(256 + (bytes[at + 6] as number)) ^
      table(bytes[at + 7] as number);
    at += SLICES;
  }
  for (; at < bytes.length; at += 1) sum = table((sum ^ (bytes[at] as number)) & 0xff) ^ (sum >>> 8);
  return (sum ^ -1) >>> 0;
};

/** The modules that are replaced; kafkajs loads them at its first request that carries records. */
export const REPLACED = {
  'kafkajs/src/protocol/recordBatch/record/v0/index.js': encodeRecord,
  'kafkajs/src/protocol/recordBatch/crc32C/index.js': crc32c,
} as const;

/** Puts both in place. Where kafkajs has sent records before in this process it keeps its own: slower, not otherwise. */
export function useSwiftRecords(): void {
  const require = createRequire(import.meta.url);
  for (const [path, replacement] of Object.entries(REPLACED)) {
    require(path);
    const loaded = require.cache[require.resolve(path)];
    if (loaded) loaded.exports = replacement;
  }
}
