import { routeKeyFinder } from '#platform';
import { describe, expect, it } from 'vitest';
import { allHandlers, directories } from './handlers.ts';

const find = routeKeyFinder(allHandlers, directories);
const keyOf = (handler: string, body: unknown): string | undefined =>
  find({ handler, body, key: '0190a0b0-0000-7000-8000-000000000001', actor: 'ke-toan' });

describe('what a command is routed by', () => {
  it.each([
    ['record-receipt', { fund: 'qbt-06', pledge: 'cam-ket-1' }, 'fund qbt-06'],
    ['open-book', { fund: 'qbt-06', year: 2024 }, 'fund qbt-06'],
    ['make-pledge', { fund: 'qbt-06', pledge: 'cam-ket-1' }, 'fund qbt-06'],
    ['register-donor', { donor: 'cty-a' }, 'donor-cty-a'],
    ['open-need', { need: 'n-1' }, 'need-n-1'],
    ['establish-place', { code: '062', effectiveOn: '2024-01-01' }, 'place-'],
    ['merge-place', { place: { code: '062' }, into: { code: '064' }, effectiveOn: '2025-07-01' }, 'place-'],
  ])('%s %j: %s', (handler, body, key) => {
    expect(keyOf(handler, body)).toBe(key);
  });

  it.each([[undefined], [null], ['text'], [[]], [{ fund: 7 }]])(
    'a body of no such form, %j: nothing',
    (body) => {
      expect(String(keyOf('merge-place', body))).not.toMatch(/^fund/);
      expect(keyOf('no-such-command', body)).toBe(undefined);
    },
  );
});
