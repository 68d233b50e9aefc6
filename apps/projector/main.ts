import { runProjector } from './run.ts';

// The projector as a process of its own, beside a ledger that writes the same data folder.
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
const say = (text: string): void => void process.stderr.write(`${text}\n`);
await runProjector(process.env['LALANH_DATA'] ?? 'data', stop.signal, {
  ready: () => say('Bộ chiếu đã sẵn sàng · projector ready'),
  fault: (error) =>
    say(
      error === undefined
        ? 'Bộ chiếu chạy lại · projector goes on'
        : `Bộ chiếu dừng · waits: ${String(error)}`,
    ),
});
