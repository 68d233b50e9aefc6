import { type Context, type Fact, type LedgerEvent, type Result, type StreamKind, ok, refuse } from '#kernel';
import { type BatchEntered, type BatchEvent, batchStream } from './events.ts';

/** What is known of a batch: its report as it stands; null: it was never entered. */
export interface BatchState {
  readonly report: string | null;
}

export const batchKind: StreamKind<BatchState> = {
  kind: 'batch',
  version: 1,
  initial: () => ({ report: null }),
  evolve: (_state, event: LedgerEvent) => ({ report: (event as BatchEvent).data.report }),
};

/** Records that a batch was entered, or entered again with another outcome. The same outcome is one fact. */
export function decideEnterBatch(data: BatchEntered, state: BatchState, context: Context): Result<Fact[]> {
  const { batch, report } = data;
  if (state.report === report) return refuse('BATCH_KNOWN', { batch });
  return ok([{ stream: batchStream(batch), type: 'batch.entered.v1', effectiveOn: context.today, data }]);
}
