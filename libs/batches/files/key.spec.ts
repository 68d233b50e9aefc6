import { isUuid } from '#kernel';
import { describe, expect, it } from 'vitest';
import { stepKey } from './key.ts';

describe('the key of a step', () => {
  it('is a UUID v8 that never changes, or what was imported would be imported again', () => {
    expect(stepKey('receipts', 'F-003', 'record')).toBe('eef45ba0-4fc3-8231-8947-af44a72f8a55');
  });

  it('differs by kind, ref and step', () => {
    const keys = ['receipts', 'support'].flatMap((kind) =>
      ['A', 'B'].flatMap((ref) => ['propose', 'approve'].map((step) => stepKey(kind, ref, step))),
    );
    expect(new Set(keys).size).toBe(8);
    expect(keys.every((key) => isUuid(key) && key[14] === '8')).toBe(true);
  });
});
