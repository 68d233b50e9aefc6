import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { VERSION } from '#platform';
import { SHUTDOWN_MS_MAX, createServer, measureLedger, problemsPage, vaultEndpoints } from '#http';
import { pino } from 'pino';
import { importBankFileRoute, matchEndpoints } from '../../libs/banking/http/index.ts';
import { showVoucherEndpoint, uploadVoucherFileRoute } from '../../libs/books/http/index.ts';
import { batchEndpoints } from '../../libs/batches/http/index.ts';
import { commandEndpoints } from '../ledger/endpoints.ts';
import { allRefusals } from '../ledger/handlers.ts';
import { openLedgerFolder } from '../ledger/open-folder.ts';
import { readModelsFile } from '../projector/run.ts';
import { startProjectorThread } from '../projector/start-thread.ts';
import { queryEndpoints } from '../reports/endpoints.ts';
import { openReads, pagesOf } from '../reports/open-reads.ts';

export interface Serving {
  readonly host: string;
  readonly port: number;
  readonly app: NestFastifyApplication;
  /** Ends in order: no new requests, what is under way, projector, stores. */
  stop(): Promise<void>;
}

export interface ServeOptions {
  /** 0: any free port. */
  readonly port?: number;
  /** 127.0.0.1 when absent. */
  readonly host?: string;
  readonly clock?: () => number;
}

const PORT_DEFAULT = 4606;

/** Where a server of this folder says that it listens; removed when it ends in order. */
const addressFile = (folder: string): string => join(folder, 'server.json');

const pidAt = (folder: string): unknown => {
  try {
    return (JSON.parse(readFileSync(addressFile(folder), 'utf8')) as Record<string, unknown>)['pid'];
  } catch {
    return undefined;
  }
};

/**
 * Serves a data folder in one process: this thread decides and answers, one writes the log, one keeps the
 * read models. Rejects with `ES_LOCKED` when another process writes the folder.
 */
export async function serve(
  folder: string,
  { port = PORT_DEFAULT, host = '127.0.0.1', clock = Date.now }: ServeOptions = {},
): Promise<Serving> {
  const logger = pino({ name: 'lalanh', level: 'warn' }, process.stderr);
  const onFault = (error: unknown): void => logger.error({ err: error }, 'fault');
  const opened = await openLedgerFolder(folder, { clock });
  const projector = await startProjectorThread(folder, onFault);
  const measured = measureLedger(opened.ledger);
  const reads = openReads(opened.log, readModelsFile(folder));
  const app = await createServer({
    endpoints: [
      ...commandEndpoints,
      ...queryEndpoints,
      ...vaultEndpoints(opened.vault),
      importBankFileRoute(opened.vault, opened.log),
      showVoucherEndpoint(opened.vault),
      uploadVoucherFileRoute(opened.vault),
      ...matchEndpoints(reads, opened.vault),
      ...batchEndpoints(opened, allRefusals),
    ],
    controllers: [
      ...pagesOf(reads, () => projector.fault() === undefined && !opened.log.isFenced(), measured, {
        log: join(folder, 'log.db-wal'),
        readmodels: `${readModelsFile(folder)}-wal`,
      }),
      problemsPage(allRefusals),
    ],
    refusals: allRefusals,
    ledger: measured.ledger,
    reads,
    version: VERSION,
    onFault,
  });
  const stop = async (): Promise<void> => {
    // Not that of a server which has taken the folder over meanwhile.
    if (pidAt(folder) === process.pid) rmSync(addressFile(folder), { force: true });
    await app.close();
    await projector.stop();
    await reads.models.close();
    await opened.close();
  };
  try {
    await app.listen(port, host);
  } catch (error) {
    await stop();
    throw error;
  }
  const { port: listening } = app.getHttpServer().address() as AddressInfo;
  writeFileSync(addressFile(folder), JSON.stringify({ port: listening, host, pid: process.pid }));
  return { host, port: listening, app, stop };
}

/**
 * Serves until SIGINT or SIGTERM and says where. Resolves to the exit code: 0 when everything ended in order
 * within {@link SHUTDOWN_MS_MAX}.
 */
export async function serveUntilSignal(folder: string, options: ServeOptions = {}): Promise<number> {
  const { host, port, stop } = await serve(folder, options);
  const address = `http://${host}:${port}`;
  process.stderr.write(`
Lá Lành đang chạy tại ${address} · Lá Lành is running
  ${address}/                      số dư, bảng kinh phí năm · balances, annual tables
  ${address}/v1/balances/district  số dư theo huyện · balances by district
  ${address}/docs                  API, thử ngay · API, try it
Dữ liệu · data: ${folder}. Ctrl+C để dừng · to stop.
`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), SHUTDOWN_MS_MAX).unref());
  return (await Promise.race([stop(), late])) === 'late' ? 1 : 0;
}
