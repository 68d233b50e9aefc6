import { type EventLogReader, PAGE_MAX } from '#event-log';
import { parseEnvelope } from '#platform';
import type { Vault } from '#privacy';
import { type BatchEntered, type BatchEvent, batchStream } from '../domain/events.ts';

/** A batch as it was entered last, without its rows. */
export interface BatchRow extends BatchEntered {
  readonly actor: string;
  readonly recordedAt: string;
  readonly position: number;
}

/** Batches of one page. */
export const BATCHES_MAX = 100;

const rowOf = (event: BatchEvent): BatchRow => {
  const { data, actor, recordedAt, position } = event;
  return { ...data, actor, recordedAt, position };
};

/** The batches entered last, the newest first; of one that was entered again every entry stands there. */
export async function readBatches(
  log: Pick<EventLogReader, 'readAll'>,
  { before, limit }: { readonly before?: number | undefined; readonly limit: number },
): Promise<{ readonly rows: readonly BatchRow[]; readonly next: number | null }> {
  const size = Math.min(Math.max(1, limit), BATCHES_MAX);
  const page = await log.readAll({
    direction: 'backwards',
    limit: size,
    filter: { streamPrefixes: [batchStream('')] },
    ...(before !== undefined && { after: before }),
  });
  const rows = page.events.map((record) => rowOf(parseEnvelope(record) as unknown as BatchEvent));
  return { rows, next: page.atHead ? null : page.next };
}

/** A batch with what became of each of its rows, as it was entered last; undefined: there is none. */
export async function readBatch(
  {
    log,
    vault,
  }: { readonly log: Pick<EventLogReader, 'readStream'>; readonly vault: Pick<Vault, 'getFile'> },
  batch: string,
): Promise<(BatchRow & { readonly rows: unknown }) | undefined> {
  const records = await log.readStream(batchStream(batch), { from: 0, limit: PAGE_MAX });
  const last = records.at(-1);
  if (!last) return undefined;
  const row = rowOf(parseEnvelope(last) as unknown as BatchEvent);
  const kept = await vault.getFile(row.report);
  const { rows } = JSON.parse(kept ? new TextDecoder().decode(kept) : '{"rows":[]}') as { rows: unknown };
  return { ...row, rows };
}
