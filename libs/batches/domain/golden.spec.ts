import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decideEnterBatch } from './batch.ts';
import type { BatchEvents } from './events.ts';

/**
 * The stored form of every event of a batch. Stored bytes are never rewritten, so a file here changes only together
 * with a new version of the event's type and an upcaster.
 */
const folder = new URL('golden/', import.meta.url);

const entered = decideEnterBatch(
  {
    batch: '0a'.repeat(16),
    kind: 'receipts',
    file: 'ab'.repeat(32),
    report: 'cd'.repeat(32),
    declared: { count: 3, sums: [{ commodity: 'VND', amount: '600' }] },
    found: { count: 3, sums: [{ commodity: 'VND', amount: '600' }] },
    recorded: 1,
    there: 1,
    refused: 1,
    notTried: 0,
  },
  { report: null },
  {
    commandId: '00000000-0000-8000-8000-000000000001',
    actor: 'ke-toan',
    recordedAt: '2026-03-01T03:00:00.000Z',
    today: '2026-03-01',
  },
);

const types: Record<keyof BatchEvents, true> = { 'batch.entered.v1': true };

test.each(Object.keys(types))('%s is stored as it always was, key by key', (type) => {
  const stored = entered.ok ? entered.value.find((fact) => fact.type === type)?.data : undefined;
  const golden: unknown = JSON.parse(readFileSync(new URL(`${type}.json`, folder), 'utf8'));
  expect(JSON.stringify(stored, null, 2)).toBe(JSON.stringify(golden, null, 2));
});

test('there is a golden file for each type and no other', () => {
  expect(readdirSync(folder)).toStrictEqual(Object.keys(types).map((type) => `${type}.json`));
});

test('the same outcome is one fact', () => {
  const known = decideEnterBatch(
    { ...(entered.ok ? (entered.value[0]?.data as BatchEvents['batch.entered.v1']) : ({} as never)) },
    { report: 'cd'.repeat(32) },
    { commandId: '', actor: '', recordedAt: '', today: '2026-03-01' },
  );
  expect(known).toStrictEqual({
    ok: false,
    error: { code: 'BATCH_KNOWN', details: { batch: '0a'.repeat(16) } },
  });
});
