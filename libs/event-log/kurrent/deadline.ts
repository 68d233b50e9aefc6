import { PAUSE_MS } from './limits.ts';

/** A call got no answer in its time. It may still be carried out. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * The outcome of a call, or a {@link DeadlineError} after `ms` milliseconds: the client leaves calls pending for ever
 * when a server says nothing. A rejection that comes later concerns nobody any more.
 */
export const within = <T>(ms: number, what: string, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const late = (): void => reject(new DeadlineError(`${what}: no answer in ${ms} ms`));
    const timer = setTimeout(late, Math.max(0, ms));
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/** Milliseconds to wait before attempt number `attempt` (1, 2 …). */
export const pauseBefore = (attempt: number, random: () => number = Math.random): number => {
  const whole = Math.min(PAUSE_MS.last, PAUSE_MS.first * 2 ** Math.min(attempt - 1, 30));
  return Math.round(whole * (0.5 + random() / 2));
};

/** Resolves after `ms` milliseconds or when the signal aborts; it never rejects. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.max(0, ms));
    signal?.addEventListener('abort', end);
    if (signal?.aborted === true) end();
  });
