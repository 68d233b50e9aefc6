import type { AddressInfo } from 'node:net';
import { refusals as bookRefusals } from '#books';
import { SHUTDOWN_MS_MAX, createServer, problemsPage } from '#http';
import { VERSION, mergeRefusals, platformRefusals, settingsOrExit } from '#platform';
import { refusals as pledgeRefusals } from '#pledges';
import { showVoucherEndpoint } from '../../libs/books/http/index.ts';
import { queryEndpoints } from './endpoints.ts';
import { openReadsBySettings } from './open-by-settings.ts';
import { pagesOf } from './open-reads.ts';

// The reading side as a process of its own: it opens the log and the read models for reading.
const PORT_DEFAULT = 4608;
/** What a read can refuse; all else is refused where commands are. */
const refusals = mergeRefusals(platformRefusals, pledgeRefusals, bookRefusals);
const settings = settingsOrExit();
const { reads, close } = await openReadsBySettings(settings);
const app = await createServer({
  // The vault is with the ledgers: here names stay ids.
  endpoints: [...queryEndpoints, showVoucherEndpoint(undefined)],
  controllers: [...pagesOf(reads, () => true), problemsPage(refusals)],
  refusals,
  reads,
  version: VERSION,
  onFault: (error) => process.stderr.write(`${String(error)}\n`),
});
await app.listen(settings.port ?? PORT_DEFAULT, settings.host);
const { port } = app.getHttpServer().address() as AddressInfo;
process.stderr.write(`Báo cáo · reports ${settings.instance}: http://${settings.host}:${port}\n`);
const stop = async (): Promise<void> => {
  const late = setTimeout(() => process.exit(1), SHUTDOWN_MS_MAX);
  await app.close();
  await close();
  clearTimeout(late);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
