import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImportReport, bankProjections, importBankFile } from '../../libs/banking/index.ts';
import { type EventLog, openMemoryLog } from '../../libs/event-log/index.ts';
import { type Ledger, type Outcome, historyFromLog, openLedger } from '../../libs/platform/index.ts';
import { type Vault, openVault } from '../../libs/privacy/index.ts';
import {
  type ReadContext,
  catchUp,
  createProjector,
  openReadModels,
  openStore,
} from '../../libs/read-models/index.ts';
import { allHandlers, directories, streamKinds } from '../../apps/ledger/handlers.ts';

/** A ledger in memory with one fund that has one account at a bank. */
export interface BankWorld {
  readonly ledger: Ledger;
  readonly vault: Vault;
  readonly log: EventLog;
  /** Runs a command; throws when it is refused. */
  readonly run: (handler: string, body: object) => Promise<Extract<Outcome, { ok: true }>['value']>;
  readonly tell: (handler: string, body: object) => Promise<Outcome>;
  readonly importText: (text: string | Uint8Array) => Promise<ImportReport>;
  /** The read models of the log as it stands. */
  readonly reads: () => Promise<ReadContext>;
  readonly close: () => Promise<void>;
}

export const NUMBER = '0071000123456';
export const ACCOUNT = 'vcb-1';
const TODAY = Date.parse('2026-12-31T03:00:00Z');

/** Opens the world; commands get keys by their order. */
export async function bankWorld(): Promise<BankWorld> {
  const log = openMemoryLog();
  const vault = openVault(':memory:');
  const ledger = await openLedger({
    log,
    vault,
    handlers: allHandlers,
    streamKinds,
    directories,
    clock: () => TODAY,
    history: historyFromLog(log),
  });
  const folder = mkdtempSync(join(tmpdir(), 'la-lanh-bank-'));
  const opened: { close(): Promise<void> }[] = [];
  let commands = 0;
  const tell = (handler: string, body: object): Promise<Outcome> => {
    commands += 1;
    const key = `01990000-0000-7000-8000-${String(commands).padStart(12, '0')}`;
    return ledger.execute({ handler, body, key, actor: 'ke-toan' });
  };
  const run: BankWorld['run'] = async (handler, body) => {
    const outcome = await tell(handler, body);
    if (!outcome.ok) throw new Error(`${handler}: ${JSON.stringify(outcome.error)}`);
    return outcome.value;
  };
  await run('open-book', {
    fund: 'qbt-06',
    year: 2026,
    name: 'Quỹ',
    level: 'province',
    accounts: [{ account: 'nh-1', kind: 'bank' }],
    effectiveOn: '2026-01-01',
  });
  await run('register-bank-account', {
    account: ACCOUNT,
    bin: '970436',
    number: NUMBER,
    startsOn: '2026-01-01',
    books: [{ fund: 'qbt-06', account: 'nh-1' }],
    effectiveOn: '2026-01-01',
  });
  return {
    ledger,
    vault,
    log,
    run,
    tell,
    importText: (text) => {
      const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
      return importBankFile({ ledger, vault, log }, { account: ACCOUNT, bytes, actor: 'ke-toan' });
    },
    reads: async () => {
      const file = join(folder, `${opened.length}.db`);
      const store = openStore(file);
      await catchUp(await createProjector({ log, store, projections: bankProjections }));
      store.close();
      const models = openReadModels(file);
      opened.push(models);
      return { db: models.db, log };
    },
    close: async () => {
      for (const models of opened) await models.close();
      await ledger.close();
      await vault.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A line of a made-up statement. */
export interface MadeLine {
  readonly day: string;
  /** Money in is positive. */
  readonly amount: number;
  readonly text: string;
}

/** A statement of the world's account as its bank would write it; `balances` false leaves the column blank. */
export function statementText(
  lines: readonly MadeLine[],
  {
    opening = 0,
    balances = true,
    number = NUMBER,
  }: { opening?: number; balances?: boolean; number?: string } = {},
): string {
  let balance = opening;
  const rows = lines.map(({ day, amount, text }) => {
    balance += amount;
    const [out, into] = amount < 0 ? [String(-amount), ''] : ['', String(amount)];
    const date = day.split('-').toReversed().join('/');
    return `${date};${out};${into};${balances ? balance : ''};${text}`;
  });
  return [
    `VIETCOMBANK;Số tài khoản: ${number}`,
    ...(balances ? [`Số dư đầu kỳ;;;${opening};`] : []),
    'Ngày giao dịch;Ghi nợ;Ghi có;Số dư;Mô tả',
    ...rows,
    ...(balances ? [`Số dư cuối kỳ;;;${balance};`] : []),
    '',
  ].join('\n');
}
