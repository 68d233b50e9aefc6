import { SHUTDOWN_MS_MAX } from '#http';
import { SettingError, settingsOrExit } from '#platform';
import { serveRelay } from './serve.ts';

// The relay, and with KurrentDB the sequencer: one of these processes works, any number stand by.
const settings = settingsOrExit();
const onFault = (fault: unknown): void => void process.stderr.write(`${String(fault)}\n`);
const serving = await serveRelay(settings, { onFault }).catch((error: unknown) => {
  if (!(error instanceof SettingError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
});
process.stderr.write(`Bộ chuyển · relay ${settings.instance}: ${serving.url}\n`);
const end = async (code: number): Promise<void> => {
  const late = setTimeout(() => process.exit(1), SHUTDOWN_MS_MAX);
  await serving.stop();
  clearTimeout(late);
  // The client of KurrentDB keeps its native part running.
  process.exit(code);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(0));
// What only a person can mend: say so and end, so that whoever watches this process sees it.
serving.ended.catch((fault: unknown) => {
  onFault(fault);
  void end(1);
});
