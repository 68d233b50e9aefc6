import { VERSION } from '#platform';
import { createServer, problemsPage, vaultEndpoints } from '#http';
import { commandEndpoints } from './endpoints.ts';
import { allRefusals } from './handlers.ts';
import { openLedgerFolder } from './open-folder.ts';

// The writing side as a process of its own: it holds the writer lock of the data folder.
const PORT_DEFAULT = 4607;
const opened = await openLedgerFolder(process.env['LALANH_DATA'] ?? 'data');
const app = await createServer({
  endpoints: [...commandEndpoints, ...vaultEndpoints(opened.vault)],
  controllers: [problemsPage(allRefusals)],
  refusals: allRefusals,
  ledger: opened.ledger,
  version: VERSION,
  onFault: (error) => process.stderr.write(`${String(error)}\n`),
});
await app.listen(Number(process.env['LALANH_PORT'] ?? PORT_DEFAULT), '127.0.0.1');
process.stderr.write(`Sổ cái · ledger: ${await app.getUrl()}\n`);
const stop = async (): Promise<void> => {
  await app.close();
  await opened.close();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
