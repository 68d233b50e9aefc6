import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { REPLACED, type Encoded, type RecordShape, crc32c, encodeRecord } from './swift-records.ts';

/** What kafkajs does by itself; nothing is replaced in this file. */
const [recordPath = '', crcPath = ''] = Object.keys(REPLACED);
const require = createRequire(import.meta.url);
const theirs = {
  record: require(recordPath) as (shape: RecordShape) => Encoded,
  crc: require(crcPath) as (bytes: Uint8Array) => number,
};

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ maxLength: 300 }));
const bytes = fc.oneof(
  text,
  fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
);
const shape = fc.record(
  {
    offsetDelta: fc.nat(100_000),
    timestampDelta: fc.nat(),
    key: fc.option(bytes),
    value: fc.option(bytes),
    headers: fc.dictionary(
      text.filter((name) => name !== '__proto__'),
      fc.oneof(bytes, fc.array(bytes, { minLength: 1, maxLength: 3 })),
      { maxKeys: 12 },
    ),
  },
  { requiredKeys: [] },
);

it('a record is encoded as kafkajs does it itself, byte for byte (property)', () => {
  fc.assert(
    fc.property(shape, (one) => {
      expect(encodeRecord(one).buffer.toString('hex')).toBe(theirs.record(one).buffer.toString('hex'));
    }),
    { numRuns: 1_000 },
  );
});

it('a check is summed as kafkajs does it itself (property)', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), (array) => {
      expect(crc32c(array)).toBe(theirs.crc(array));
    }),
    { numRuns: 1_000 },
  );
});

it('the check of the nine digits is the published one', () => {
  expect(crc32c(Buffer.from('123456789')).toString(16)).toBe('e3069283');
});
