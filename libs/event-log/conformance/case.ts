import type { Capabilities } from '../event-log.ts';
import type { Subject } from './fixture.ts';

export type Group =
  | 'revisions'
  | 'idempotency'
  | 'atomicity'
  | 'global order'
  | 'filters'
  | 'subscribe'
  | 'bytes'
  | 'limits and end'
  | 'lost answers';

/** One promise of the port. `run` rejects with an AssertionError where a store breaks it. */
export interface ConformanceCase {
  readonly group: Group;
  readonly title: string;
  /** Why this store is not asked; undefined when it is. */
  readonly skip?: (capabilities: Capabilities, subject: Subject) => string | undefined;
  readonly run: (subject: Subject) => Promise<void>;
}
