import { createRequire } from 'node:module';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { quietIdleConnections } from './quiet-queue.ts';

interface Queue {
  pending: unknown[];
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
  checkPendingRequests(): void;
}
const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as new (
  options: object,
) => Queue;
const idle = (): Queue => new RequestQueue({ maxInFlightRequests: 1, logger: { debug: () => undefined } });
const SECOND = 1_000;

/** How often a queue looks for waiting requests in a second. */
const looks = (queue: Queue): number => {
  let count = 0;
  const { checkPendingRequests } = RequestQueue.prototype as Queue;
  queue.checkPendingRequests = function counted(this: Queue) {
    count += 1;
    checkPendingRequests.call(this);
  };
  queue.scheduleCheckPendingRequests();
  vi.advanceTimersByTime(SECOND);
  return count;
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('an idle connection asks all the time as kafkajs comes, and never once it is quiet', () => {
  expect(looks(idle())).toBeGreaterThan(900);
  quietIdleConnections();
  expect(looks(idle())).toBe(0);
});

it('a quiet connection asks again while a broker holds it back, and not after', () => {
  quietIdleConnections();
  const queue = idle();
  queue.throttledUntil = Date.now() + SECOND / 2;
  expect(looks(queue)).toBe(1);
});
