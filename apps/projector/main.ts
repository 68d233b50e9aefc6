import { SHUTDOWN_MS_MAX } from '#http';
import { SettingError, settingsOrExit } from '#platform';
import { runProjector } from './run.ts';
import { isPartitioned, serveProjector } from './serve.ts';

// The projector as a process of its own: one of several between Kafka and PostgreSQL, or the only one beside a
// ledger that writes a data folder.
const settings = settingsOrExit();
const onFault = (fault: unknown): void => void process.stderr.write(`${String(fault)}\n`);
const wrong = (error: unknown): never => {
  if (!(error instanceof SettingError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
};
const onSignal = (end: () => void): void => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
};

const serve = async (): Promise<void> => {
  const serving = await serveProjector(settings, { onFault });
  process.stderr.write(`Bộ chiếu · projector ${settings.instance}: ${serving.url}\n`);
  const end = async (code: number): Promise<void> => {
    const late = setTimeout(() => process.exit(1), SHUTDOWN_MS_MAX);
    await serving.stop();
    clearTimeout(late);
    process.exit(code);
  };
  onSignal(() => void end(0));
  // What only a person can mend: say so and end, so that whoever watches this process sees it.
  serving.ended.catch((fault: unknown) => {
    onFault(fault);
    void end(1);
  });
};

const run = async (): Promise<void> => {
  const stop = new AbortController();
  onSignal(() => stop.abort());
  await runProjector(settings.data, stop.signal, {
    ready: () => void process.stderr.write('Bộ chiếu đã sẵn sàng · projector ready\n'),
    fault: (error) => onFault(error ?? 'Bộ chiếu chạy lại · the projector goes on'),
  });
};

await (async () => (isPartitioned(settings) ? serve() : run()))().catch(wrong);
