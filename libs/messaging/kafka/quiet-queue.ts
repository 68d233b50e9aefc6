import { createRequire } from 'node:module';

/** What the change below needs of kafkajs's queue of requests to one broker. */
interface RequestQueue {
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  readonly pending: readonly unknown[];
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

/** Milliseconds between looks at requests that wait for one in flight. */
const CHECK_MS = 10;

/**
 * kafkajs 2.2.4 asks an idle connection about 900 times a second whether anything waits, with timers of negative
 * length. From here on it asks only when something does. Before the first connect; once is enough.
 */
export function quietIdleConnections(): void {
  const require = createRequire(import.meta.url);
  const { prototype } = require('kafkajs/src/network/requestQueue/index.js') as { prototype: RequestQueue };
  prototype.scheduleCheckPendingRequests = function scheduleCheckPendingRequests(this: RequestQueue): void {
    const wait = this.throttledUntil - Date.now();
    if (this.throttleCheckTimeoutId !== null || (wait <= 0 && this.pending.length === 0)) return;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      wait > 0 ? wait : CHECK_MS,
    );
  };
}
