import { SHUTDOWN_MS_MAX } from '#http';
import { settingsOrExit } from '#platform';
import { serveLedger } from './serve.ts';

// The writing side as a process of its own: the only ledger of a data folder, or one of several on KurrentDB.
const settings = settingsOrExit();
const { url, stop } = await serveLedger(settings, {
  onFault: (error) => process.stderr.write(`${String(error)}\n`),
});
process.stderr.write(`Sổ cái · ledger ${settings.instance}: ${url}\n`);
const end = async (): Promise<void> => {
  const late = setTimeout(() => process.exit(1), SHUTDOWN_MS_MAX);
  await stop();
  clearTimeout(late);
  // The client of KurrentDB keeps its native part running.
  process.exit(0);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());
