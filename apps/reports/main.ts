import { join } from 'node:path';
import { openSqliteLogReader } from '#event-log';
import { createServer, problemsPage } from '#http';
import { VERSION, platformRefusals } from '#platform';
import { queryEndpoints } from './endpoints.ts';
import { openReads, pagesOf } from './open-reads.ts';

// The reading side as a process of its own: it opens the log and the read models of the folder for reading.
const PORT_DEFAULT = 4608;
const folder = process.env['LALANH_DATA'] ?? 'data';
const log = openSqliteLogReader(folder);
const reads = openReads(log, join(folder, 'readmodels.db'));
const app = await createServer({
  endpoints: queryEndpoints,
  controllers: [...pagesOf(reads, () => true), problemsPage(platformRefusals)],
  refusals: platformRefusals,
  reads,
  version: VERSION,
  onFault: (error) => process.stderr.write(`${String(error)}\n`),
});
await app.listen(Number(process.env['LALANH_PORT'] ?? PORT_DEFAULT), '127.0.0.1');
process.stderr.write(`Báo cáo · reports: ${await app.getUrl()}\n`);
const stop = async (): Promise<void> => {
  await app.close();
  await reads.models.close();
  await log.close();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
