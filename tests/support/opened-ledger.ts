import { randomUUID } from 'node:crypto';
import { allHandlers, directories, streamKinds } from '../../apps/ledger/handlers.ts';
import { type EventLog, openMemoryLog } from '../../libs/event-log/index.ts';
import { bookItems } from '../../libs/funds/index.ts';
import type { LedgerEvent } from '../../libs/kernel/index.ts';
import {
  type Ledger,
  type Outcome,
  historyFromLog,
  openLedger,
  parseEnvelope,
} from '../../libs/platform/index.ts';
import { openVault } from '../../libs/privacy/index.ts';

/** Events a test may read back. */
const EVENTS_MAX = 1_000;

/** A ledger as it is run, over a log in memory, at noon of 30 June 2026, for one fund. */
export interface OpenedLedger {
  readonly log: EventLog;
  readonly ledger: Ledger;
  readonly send: (handler: string, body: object, actor?: string, key?: string) => Promise<Outcome>;
  /** The code of a refusal, or `ok`. */
  readonly code: (handler: string, body: object, actor?: string) => Promise<string>;
  /** What a command answered; it must be accepted. */
  readonly made: (
    handler: string,
    body: object,
    actor?: string,
  ) => Promise<{ readonly id: string; readonly hash: string }>;
  readonly events: () => Promise<LedgerEvent[]>;
}

export async function openedLedger(fund = 'qbt-06'): Promise<OpenedLedger> {
  const log = openMemoryLog();
  const ledger = await openLedger({
    log,
    vault: openVault(':memory:'),
    handlers: allHandlers,
    streamKinds,
    directories,
    clock: () => Date.parse('2026-06-30T05:00:00Z'),
    history: historyFromLog(log, bookItems),
    items: bookItems,
  });
  const send: OpenedLedger['send'] = (handler, body, actor = 'ke-toan', key = randomUUID()) =>
    ledger.execute({ handler, key, body: ofNoFund.has(handler) ? body : { fund, ...body }, actor });
  return {
    log,
    ledger,
    send,
    code: async (handler, body, actor) => {
      const outcome = await send(handler, body, actor);
      return outcome.ok ? 'ok' : outcome.error.code;
    },
    made: async (handler, body, actor) => {
      const outcome = await send(handler, body, actor);
      if (!outcome.ok) throw new Error(`${handler}: ${JSON.stringify(outcome.error)}`);
      return { id: outcome.value.commandId, hash: outcome.value.events[0]?.hash ?? '' };
    },
    events: async () => (await log.readAll({ limit: EVENTS_MAX })).events.map(parseEnvelope),
  };
}

/** Commands about what belongs to no fund. */
const ofNoFund: ReadonlySet<string> = new Set(['register-donor', 'register-beneficiary', 'open-programme']);

/** The book of 2026 of the fund, with one cash box. */
export const BOOK_2026 = {
  year: 2026,
  name: 'Quỹ Bảo trợ trẻ em tỉnh Bắc Kạn',
  level: 'province',
  accounts: [{ account: 'tien-mat', kind: 'cash' }],
  effectiveOn: '2026-01-01',
} as const;
