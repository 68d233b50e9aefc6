import { describe, expect, it } from 'vitest';
import type { Append } from '../event-log.ts';
import { packAppends, packOutcomes, unpackAppends, unpackOutcomes } from './wire.ts';
import type { Outcome } from './writer.ts';

const event = (id: string) => ({ id, type: 'book.opened.v1', envelope: `{"id":"${id}"}` });

describe('what crosses to the writer thread and back', () => {
  it('arrives as it was sent: appends of several streams, checks without events', () => {
    const appends: Append[] = [
      {
        command: 'c'.repeat(36),
        requestHash: 'a'.repeat(64),
        writes: [{ stream: 'book-a', expected: 'no-stream', events: [event('1')] }],
      },
      {
        command: 'c'.repeat(36),
        requestHash: 'b'.repeat(64),
        writes: [
          { stream: 'book-a', expected: 0, events: [event('2'), event('3')] },
          { stream: 'donor-b', expected: 7, events: [] },
        ],
      },
    ];
    expect(unpackAppends(packAppends(appends))).toStrictEqual(appends);
  });

  it('arrives as it was sent: outcomes of every kind, in order', () => {
    const outcomes: Outcome[] = [
      { kind: 'appended', firstPosition: 3, position: 4 },
      { kind: 'conflict', stream: 'book-a', expected: 1, actual: 'no-stream' },
      { kind: 'duplicate', firstPosition: 1, position: 2 },
      { kind: 'failed', code: 'ES_UNAVAILABLE', message: 'disk full', written: 'no' },
      { kind: 'appended', firstPosition: 5, position: 5 },
    ];
    expect(unpackOutcomes(packOutcomes(outcomes))).toStrictEqual(outcomes);
  });
});
