import { Presets, SingleBar } from 'cli-progress';

/** Shows on stderr how far long work is; results alone go to stdout. */
export interface Progress {
  /** `done` of `all` units of the stage; a new name begins a new bar. */
  at(stage: string, done: number, all: number): void;
  end(): void;
}

/** A bar on a terminal; elsewhere one line per finished stage, so that logs stay readable. */
export function createProgress(): Progress {
  let current: { readonly stage: string; readonly bar: SingleBar | undefined; finished: boolean } | undefined;
  const end = (): void => {
    current?.bar?.stop();
    current = undefined;
  };
  return {
    at: (stage, done, all) => {
      if (current?.stage !== stage) {
        end();
        const bar = process.stderr.isTTY
          ? new SingleBar({ format: '{bar} {percentage}% {value}/{total} {stage}' }, Presets.shades_classic)
          : undefined;
        bar?.start(all, 0, { stage });
        current = { stage, bar, finished: false };
      }
      current.bar?.update(done);
      if (done >= all && !current.finished) {
        current.finished = true;
        if (!current.bar) process.stderr.write(`• ${stage}: ${done}\n`);
      }
    },
    end,
  };
}
