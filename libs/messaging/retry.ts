import { setTimeout as sleep } from 'node:timers/promises';
import { RETRY_MS_MAX, RETRY_MS_MIN } from './limits.ts';

/** The wait before try number `attempt` (from 1): doubles up to its maximum, half of it by chance. */
export const retryWait = (attempt: number): number => {
  const full = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(attempt - 1, 16));
  return full / 2 + (Math.random() * full) / 2;
};

/** Waits so long or until the signal aborts; never rejects. */
export const pause = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
  if (!signal.aborted) await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
};

/** Does `work` until it succeeds, with growing waits; undefined once the signal aborts. */
export async function untilDone<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  onFault: (error: unknown) => void,
): Promise<{ readonly value: T } | undefined> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      return { value: await work() };
    } catch (error) {
      if (signal.aborted) return undefined;
      onFault(error);
      await pause(retryWait(attempt), signal);
    }
  }
  return undefined;
}
