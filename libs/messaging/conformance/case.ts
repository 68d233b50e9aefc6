import type { Bus } from '../bus.ts';

/** How a bus under test is reached: each call another process, as far as the bus can tell. */
export interface Subject {
  readonly open: () => Promise<Bus>;
  readonly dispose: () => Promise<void>;
  /** Milliseconds that something may take; only a case that fails waits for so long. */
  readonly patienceMs: number;
}

export interface ConformanceCase {
  readonly group: 'topics' | 'publishing' | 'consuming' | 'sharing';
  readonly title: string;
  /** `topic` is no other case's. */
  readonly run: (subject: Subject, topic: string) => Promise<void>;
}
