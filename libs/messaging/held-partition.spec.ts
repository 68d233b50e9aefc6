import { describe, expect, it } from 'vitest';
import type { BusMessage } from './bus.ts';
import { refusal, until } from './conformance/fixture.ts';
import { type Source, holdPartition } from './held-partition.ts';
import { DELIVERY_MESSAGES_MAX, WAITING_BYTES_MAX } from './limits.ts';

const PATIENCE = { patienceMs: 10_000 };
const messages = (from: number, count: number, value = 'v'): BusMessage[] =>
  Array.from({ length: count }, (_, at) => ({ offset: from + at, key: null, headers: {}, value }));

interface Watched {
  readonly source: Source;
  readonly calls: string[];
}
const watched = (): Watched => {
  const calls: string[] = [];
  return {
    calls,
    source: {
      begin: async (offset) => void calls.push(`begin ${offset}`),
      pause: () => calls.push('pause'),
      resume: () => calls.push('resume'),
      delivered: (next) => calls.push(`delivered ${next}`),
    },
  };
};

describe('a partition whose consumer is slow', () => {
  it('stops fetching when enough waits, and goes on when half of it is taken in', async () => {
    const { source, calls } = watched();
    const go = Promise.withResolvers<void>();
    const taken: number[] = [];
    const held = holdPartition(
      3,
      {
        topic: 't',
        group: 'g',
        onAssign: async () => 10,
        onBatch: async (_, batch) => {
          await go.promise;
          taken.push(batch.length);
        },
      },
      source,
    );
    await until(PATIENCE, () => held.expected() !== undefined);
    const large = 'x'.repeat(1_000);
    const enough = Math.ceil(WAITING_BYTES_MAX / 1_000) + DELIVERY_MESSAGES_MAX;
    held.accept(messages(10, enough, large), 10 + enough);
    expect(calls).toStrictEqual(['begin 10', 'pause']);
    go.resolve();
    await until(PATIENCE, () => taken.reduce((sum, length) => sum + length, 0) === enough);
    await held.release();
    expect(calls.slice(0, 2)).toStrictEqual(['begin 10', 'pause']);
    expect(calls.filter((call) => call === 'resume')).toStrictEqual(['resume']);
    expect(Math.max(...taken)).toBe(DELIVERY_MESSAGES_MAX);
    expect(calls).toContain(`delivered ${10 + enough}`);
  });
});

describe('a partition that is released', () => {
  it('aborts the running batch, waits for it, then tells, and hands nothing more over', async () => {
    const { source } = watched();
    const order: string[] = [];
    const held = holdPartition(
      0,
      {
        topic: 't',
        group: 'g',
        onAssign: async () => 0,
        onBatch: async (_partition, _messages, signal) => {
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          await new Promise((resolve) => setTimeout(resolve, 20));
          order.push('batch ended');
          throw new Error('rolled back');
        },
        onRevoke: async () => void order.push('revoked'),
      },
      source,
    );
    await until(PATIENCE, () => held.expected() !== undefined);
    held.accept(messages(0, 1), 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await held.release();
    held.accept(messages(1, 1), 2);
    expect(order).toStrictEqual(['batch ended', 'revoked']);
  });

  it('before it was told where to begin is never told that it is gone', async () => {
    const { source, calls } = watched();
    const told: string[] = [];
    const faults: unknown[] = [];
    const held = holdPartition(
      0,
      {
        topic: 't',
        group: 'g',
        onAssign: async () => Promise.reject(new Error('no database')),
        onBatch: async () => undefined,
        onRevoke: async () => void told.push('revoked'),
        onFault: (error) => faults.push(error),
      },
      source,
    );
    await until(PATIENCE, () => faults.length > 0);
    expect(await refusal(held.release())).toBe('no refusal');
    expect([told, calls]).toStrictEqual([[], []]);
  });
});
