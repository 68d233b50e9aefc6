import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What the thread needs to know; both go to it as text. */
export interface ProjectorThreadOptions {
  /** The data folder: the log is read from it, the read models are written into it. */
  readonly folder: string;
  /** The module that exports `allProjections`. The program names it, since it alone knows every capability. */
  readonly projections: URL;
}

/** To the thread. */
export type ToProjector = { readonly kind: 'notify' } | { readonly kind: 'close' };
/** From the thread: the read models are open; everything served has reached a position. */
export type FromProjector =
  { readonly kind: 'open' } | { readonly kind: 'position'; readonly position: number };

/** The projections of a data folder, moved along in a worker thread. */
export interface ProjectorThread {
  /** Position that every served read model has reached, as last heard. */
  position(): number;
  /** Says that the log grew. */
  notify(): void;
  /** True as soon as the position is reached; false when the time is over or the thread has ended. */
  waitFor(position: number, timeoutMs: number): Promise<boolean>;
  /** Settles when the thread was closed; rejects with what stopped it. */
  readonly ended: Promise<void>;
  /** Ends after the page under way. */
  close(): Promise<void>;
}

interface Waiter {
  readonly position: number;
  readonly settle: (reached: boolean) => void;
}

/** Starts the thread and waits until its read models exist, so that they can be opened for reading. */
export async function startProjectorThread({
  folder,
  projections,
}: ProjectorThreadOptions): Promise<ProjectorThread> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./projector-worker.${extension}`, import.meta.url), {
    workerData: { folder, projections: projections.href },
  });
  let reached = 0;
  let isOver = false;
  let waiting: Waiter[] = [];
  const settleWaiters = (): void => {
    for (const waiter of waiting.filter(({ position }) => isOver || position <= reached))
      waiter.settle(waiter.position <= reached);
  };
  const ended = new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  }).finally(() => {
    isOver = true;
    settleWaiters();
  });
  // Whoever asks for `ended` sees the fault; nobody asking must not end the program.
  ended.catch(() => undefined);
  worker.on('message', (message: FromProjector) => {
    if (message.kind !== 'position') return;
    reached = message.position;
    settleWaiters();
  });
  await once(worker, 'message');

  const say = (message: ToProjector): void => worker.postMessage(message);
  return {
    position: () => reached,
    notify: () => say({ kind: 'notify' }),
    waitFor: (position, timeoutMs) => {
      if (position <= reached) return Promise.resolve(true);
      if (isOver) return Promise.resolve(false);
      return new Promise((resolve) => {
        const waiter: Waiter = {
          position,
          settle: (isReached) => {
            clearTimeout(timer);
            waiting = waiting.filter((other) => other !== waiter);
            resolve(isReached);
          },
        };
        const timer = setTimeout(() => waiter.settle(false), timeoutMs);
        waiting.push(waiter);
      });
    },
    ended,
    close: async () => {
      if (!isOver) say({ kind: 'close' });
      await ended;
    },
  };
}
