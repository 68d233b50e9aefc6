import { type BatchReport, type EnterBatch, type Kind, kinds, runBatch } from '../../libs/batches/index.ts';
import { type EventLog, PAGE_MAX, openMemoryLog } from '../../libs/event-log/index.ts';
import type { Result } from '../../libs/kernel/index.ts';
import { type Ledger, historyFromLog, openLedger, parseEnvelope } from '../../libs/platform/index.ts';
import { type Vault, openVault } from '../../libs/privacy/index.ts';
import { bookItems } from '../../libs/funds/index.ts';
import { allHandlers, directories, streamKinds } from '../../apps/ledger/handlers.ts';

/** A ledger in memory whose fund has a bank account and a cash box, to enter batches into. */
export interface BatchWorld {
  readonly ledger: Ledger;
  readonly vault: Vault;
  readonly log: EventLog;
  readonly enter: (
    kind: string,
    rows: string | Uint8Array,
    totals: { readonly count?: number; readonly sums?: Readonly<Record<string, bigint>> },
    more?: Partial<EnterBatch>,
  ) => Promise<Result<BatchReport>>;
  /** Types of all events of the books. */
  readonly booked: () => Promise<
    readonly { readonly type: string; readonly data: Record<string, unknown> }[]
  >;
  readonly close: () => Promise<void>;
}

const TODAY = Date.parse('2026-12-31T03:00:00Z');

export const kindNamed = (name: string): Kind => {
  const kind = kinds.find((one) => one.name === name);
  if (!kind) throw new Error(`there is no kind ${name}`);
  return kind;
};

export async function batchWorld(): Promise<BatchWorld> {
  const log = openMemoryLog();
  const vault = openVault(':memory:');
  const ledger = await openLedger({
    log,
    vault,
    handlers: allHandlers,
    streamKinds,
    directories,
    clock: () => TODAY,
    history: historyFromLog(log, bookItems),
    items: bookItems,
  });
  const opened = await ledger.execute({
    handler: 'open-book',
    key: '01990000-0000-7000-8000-000000000001',
    actor: 'ke-toan',
    body: {
      fund: 'qbt',
      year: 2026,
      name: 'Quỹ',
      level: 'province',
      accounts: [
        { account: 'nh-1', kind: 'bank' },
        { account: 'tien-mat', kind: 'cash' },
      ],
      effectiveOn: '2026-01-01',
    },
  });
  if (!opened.ok) throw new Error(opened.error.code);
  return {
    ledger,
    vault,
    log,
    enter: (kind, rows, { count, sums = {} }, more = {}) => {
      const bytes = typeof rows === 'string' ? new TextEncoder().encode(rows) : rows;
      const declared = { count: count ?? null, sums: new Map(Object.entries(sums)) };
      return runBatch(
        { ledger, vault, log },
        { kind: kindNamed(kind), bytes, actor: 'ke-toan', declared, ...more },
      );
    },
    booked: async () => {
      const { events } = await log.readAll({ limit: PAGE_MAX });
      return events
        .map(parseEnvelope)
        .filter(({ stream }) => stream.startsWith('book-'))
        .map(({ type, data }) => ({ type, data: data as Record<string, unknown> }));
    },
    close: async () => {
      await ledger.close();
      await vault.close();
      await log.close();
    },
  };
}
