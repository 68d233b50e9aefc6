import { type Projector, catchUp } from './projector.ts';

/** Milliseconds after which the log is looked at although nobody said that it grew. */
const POLL_MS = 200;
/** Milliseconds that news of the log are gathered: fewer, larger transactions for a reader who waits this much longer. */
const GATHER_MS = 10;

export interface RunOptions {
  /** Ends the run after the page under way. */
  readonly signal: AbortSignal;
  /** Told whenever read models moved: everything up to this position is in all that are served and not faulted. */
  readonly onPosition?: (position: number) => void;
}

/** A projector that follows the log. */
export interface RunningProjector {
  /** Says that the log grew, so that nobody waits for the next look. */
  notify(): void;
  /** Settles when the run was ended; rejects with what stopped it. */
  readonly ended: Promise<void>;
}

/** The position that every served build which is not faulted has reached; 0 when there is none. */
export const servedPosition = (projector: Projector): number => {
  const served = projector.builds().filter((build) => build.served && build.fault === null);
  return served.length === 0 ? 0 : Math.min(...served.map(({ position }) => position));
};

/** Follows the log until the signal. Transient faults are retried by {@link catchUp}; others end the run. */
export function runProjector(projector: Projector, { signal, onPosition }: RunOptions): RunningProjector {
  let wake = (): void => undefined;
  let isNews = false;
  const news = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, isNews ? 0 : POLL_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const told = { position: -1 };
  const tell = (): void => {
    const position = servedPosition(projector);
    if (position !== told.position) onPosition?.(position);
    told.position = position;
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      isNews = false;
      await catchUp(projector, { signal, onProgress: tell });
      tell();
      if (signal.aborted) return;
      await news();
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    }
  };
  const notify = (): void => {
    isNews = true;
    wake();
  };
  signal.addEventListener('abort', notify, { once: true });
  return { notify, ended: run() };
}
