import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Type } from '@nestjs/common';
import type { EventLog } from '#event-log';
import {
  type Endpoint,
  createServer,
  forwardedEndpoint,
  measureLedger,
  problemsPage,
  vaultEndpoints,
} from '#http';
import { type Ledger, type Settings, VERSION, addressOf } from '#platform';
import type { Vault } from '#privacy';
import { importBankFileRoute, matchEndpoints } from '../../libs/banking/http/index.ts';
import { uploadVoucherFileRoute } from '../../libs/books/http/index.ts';
import { batchEndpoints } from '../../libs/batches/http/index.ts';
import { commandEndpoints } from './endpoints.ts';
import { allRefusals } from './handlers.ts';
import { openLedgerFolder } from './open-folder.ts';
import { openKurrentLedger } from './open-kurrent.ts';
import { modelsInFolder, modelsInPostgres } from './open-models.ts';
import { ledgerPages } from './pages.ts';

export interface ServingLedger {
  /** Where it listens. */
  readonly url: string;
  /** Ends in order: its books go to others at once, what is under way is answered, then the stores close. */
  stop(): Promise<void>;
}

export interface ServeLedger {
  readonly onFault: (error: unknown) => void;
  /** How long a ledger that died still counts as alive. */
  readonly leaseMs?: number | undefined;
}

const PORT_DEFAULT = 4607;
/** Seconds without a word of the log after which a load balancer should ask another ledger. */
const STALLED_SECONDS_MAX = 10;
/** Longest wait for the store when somebody asks whether this ledger is ready. */
const READY_MS_MAX = 2_000;

/** What is behind the HTTP side, whichever log it is. */
interface Behind {
  readonly ledger: Ledger;
  readonly vault: Vault;
  readonly endpoints: readonly Endpoint[];
  readonly pages: readonly Type[];
  join(address: string): Promise<void>;
  leave(): Promise<void>;
  close(): Promise<void>;
}

/** Serves the writing side by its settings: on a data folder as its only ledger, on KurrentDB as one of several. */
export async function serveLedger(settings: Settings, options: ServeLedger): Promise<ServingLedger> {
  const { log } = settings;
  const behind =
    log.kind === 'sqlite'
      ? await onFolder(settings, log.folder)
      : await onKurrent(settings, log.connectionString, options);
  const app = await createServer({
    endpoints: [...commandEndpoints, ...vaultEndpoints(behind.vault), ...behind.endpoints],
    controllers: [problemsPage(allRefusals), ...behind.pages],
    refusals: allRefusals,
    ledger: behind.ledger,
    version: VERSION,
    onFault: options.onFault,
  });
  const stop = async (): Promise<void> => {
    await behind.leave();
    await app.close();
    await behind.close();
  };
  try {
    await app.listen(settings.port ?? PORT_DEFAULT, settings.host);
    const { port } = app.getHttpServer().address() as AddressInfo;
    await behind.join(addressOf(settings, port));
    return { url: `http://${settings.host}:${port}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function onFolder(settings: Settings, folder: string): Promise<Behind> {
  const { ledger, log, vault, close } = await openLedgerFolder(folder);
  const models =
    settings.postgres === undefined ? modelsInFolder(folder, log) : modelsInPostgres(settings, log);
  const measured = measureLedger(ledger);
  const nothing = async (): Promise<void> => undefined;
  return {
    ledger: measured.ledger,
    vault,
    endpoints: [
      importBankFileRoute(vault, log),
      ...matchEndpoints(models.reads, vault),
      uploadVoucherFileRoute(vault),
      ...batchEndpoints({ vault, log }, allRefusals),
    ],
    pages: ledgerPages({ log, measured, members: () => 1, troubles: async () => [] }),
    join: nothing,
    leave: nothing,
    close: async () => {
      await models.close();
      await close();
    },
  };
}

async function onKurrent(
  settings: Settings,
  connectionString: string,
  options: ServeLedger,
): Promise<Behind> {
  const opened = await openKurrentLedger(settings, connectionString, options);
  const { local, routed, log, vault, members, join, leave, close } = opened;
  const models = modelsInPostgres(settings, log);
  return {
    ledger: routed,
    vault,
    endpoints: [
      forwardedEndpoint(local.ledger),
      importBankFileRoute(vault, log),
      ...matchEndpoints(models.reads, vault),
      uploadVoucherFileRoute(vault),
      ...batchEndpoints({ vault, log }, allRefusals),
    ],
    pages: ledgerPages({
      log,
      measured: local,
      forwarded: routed.forwarded,
      members: () => members()?.current().length ?? 0,
      troubles: async () => [
        ...(members() === undefined ? ['NOT_JOINED'] : []),
        ...(members()?.isReplaced() ? ['INSTANCE_REPLACED'] : []),
        ...(routed.stats().stalledSeconds > STALLED_SECONDS_MAX ? ['SEQUENCE_STALLED'] : []),
        ...((await answers(log)) ? [] : ['LOG_UNAVAILABLE']),
      ],
    }),
    join,
    leave,
    close: async () => {
      await models.close();
      await close();
    },
  };
}

/** A command that nobody sent: looking it up asks the store itself. */
const NOBODY = '00000000-0000-4000-8000-000000000000';

const answers = (log: Pick<EventLog, 'findCommand'>): Promise<boolean> => {
  const late = sleep(READY_MS_MAX, false, { ref: false });
  const asked = log.findCommand(NOBODY).then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late]);
};
