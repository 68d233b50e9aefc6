import { runProjector } from './run.ts';

// The projector as a process of its own, beside a ledger that writes the same data folder.
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
await runProjector(process.env['LALANH_DATA'] ?? 'data', stop.signal, () =>
  process.stderr.write('Bộ chiếu đã sẵn sàng · projector ready\n'),
);
