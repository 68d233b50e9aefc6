import { parentPort, workerData } from 'node:worker_threads';
import { EventLogError } from '../event-log.ts';
import { createGrouper } from './grouper.ts';
import { type PackedAppends, type PackedOutcomes, packOutcomes, unpackAppends } from './wire.ts';
import { type Failed, type Writer, openWriter } from './writer.ts';

/** To the thread: appends to make durable, or the wish to stop. */
export type ToWriter =
  { readonly kind: 'append'; readonly packed: PackedAppends } | { readonly kind: 'close' };
/** From the thread: it holds the log, it could not open it, a group's outcomes in order, it has let go. */
export type FromWriter =
  | { readonly kind: 'open' }
  | Failed
  | { readonly kind: 'outcomes'; readonly packed: PackedOutcomes }
  | { readonly kind: 'closed' };

const port = parentPort;
if (port === null) throw new Error('the writer thread was started as a program');
const say = (message: FromWriter): void => port.postMessage(message);

const serve = (writer: Writer): void => {
  const grouper = createGrouper(writer, (outcomes) =>
    say({ kind: 'outcomes', packed: packOutcomes(outcomes) }),
  );
  port.on('message', (message: ToWriter) => {
    if (message.kind === 'append') return grouper.add(unpackAppends(message.packed));
    writer.close();
    say({ kind: 'closed' });
    port.close();
  });
  say({ kind: 'open' });
};

try {
  serve(openWriter(String(workerData)));
} catch (error) {
  const known = error instanceof EventLogError ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  say({ kind: 'failed', code: known?.code ?? 'ES_UNAVAILABLE', message, written: 'no' });
  port.close();
}
