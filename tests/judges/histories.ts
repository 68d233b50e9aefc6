import { everything } from '../../libs/access/index.ts';
import {
  type ToolName,
  exportJournal,
  exportedBalances,
  profiles,
  entriesProjection,
} from '../../libs/books/index.ts';
import { type EventLog, eventId, openMemoryLog } from '../../libs/event-log/index.ts';
import { fundProjections } from '../../libs/funds/index.ts';
import type { LedgerEvent } from '../../libs/kernel/index.ts';
import { writeEnvelope } from '../../libs/platform/index.ts';
import {
  type ReadContext,
  catchUp,
  createProjector,
  openReadModels,
  openStore,
} from '../../libs/read-models/index.ts';
import { plainNumber } from './judge.ts';
import { ACCOUNTS_SHAPE, accountsHistory } from '../support/accounts-history.ts';

const scope = everything('kiem-toan');
const books = fundProjections.filter(({ name }) => name === 'books');

/** A random history among others in one log: funds and command ids of its own. */
function historyAmong(seed: number, events: number) {
  const funds = [`h${seed}-06`, `h${seed}-19`];
  const own = seed.toString(16).padStart(8, '0').slice(-8);
  return accountsHistory(seed, events, { ...ACCOUNTS_SHAPE, funds }).map(({ events: made, ...append }) => {
    const command = (append.command ?? '').replace(/^.{8}/, own);
    const stored = new Map(
      made.map((event, index) => {
        const id = eventId(command, index);
        const envelope = writeEnvelope({ ...event, id, commandId: command, bodyHash: append.requestHash });
        return [event.id, { id, type: event.type, envelope }];
      }),
    );
    const writes = append.writes.map((write) => ({
      ...write,
      events: write.events.map((event) => stored.get(event.id) ?? event),
    }));
    return { ...append, command, writes: writes as unknown as typeof append.writes };
  });
}

type Projected = ReadContext & { readonly events: number; readonly close: () => Promise<void> };

/** Random histories, one after another in one log, in a file of read models. */
export async function projectedHistories(
  seeds: readonly number[],
  eventsEach: number,
  file: string,
): Promise<Projected> {
  const log = openMemoryLog();
  for (const seed of seeds) for (const append of historyAmong(seed, eventsEach)) await log.append(append);
  return projectedLog(log, file);
}

/** Events of one stream in a log of their own, each a command. */
export async function projectedEvents(events: readonly LedgerEvent[], file: string): Promise<Projected> {
  const log = openMemoryLog();
  const requestHash = '0'.repeat(64);
  for (const [at, event] of events.entries()) {
    const command = event.commandId.replace(/^.{8}/, String(at).padStart(8, '0'));
    const own = { ...event, id: eventId(command, 0), revision: at, commandId: command };
    await log.append({
      command,
      requestHash,
      writes: [
        {
          stream: event.stream,
          expected: at === 0 ? 'no-stream' : at - 1,
          events: [
            { id: own.id, type: event.type, envelope: writeEnvelope({ ...own, bodyHash: requestHash }) },
          ],
        },
      ],
    });
  }
  return projectedLog(log, file);
}

async function projectedLog(log: EventLog, file: string): Promise<Projected> {
  const store = openStore(file);
  const projections = [...books, ...profiles.map((profile) => entriesProjection(profile))];
  await catchUp(await createProjector({ log, store, projections }));
  store.close();
  const { db, close } = openReadModels(file);
  return { db, log, events: await log.head(), close };
}

export interface Exported {
  readonly journal: string;
  /** By `<account> <commodity>` as the program names them, in whole units. */
  readonly balances: Readonly<Record<string, string>>;
}

/** The export of a log for a program, and what we say every account stands at. */
export async function exported(
  context: ReadContext,
  format: ToolName,
  profile: string,
  options: { readonly assertions?: boolean; readonly effectiveThrough?: string } = {},
): Promise<Exported> {
  const query = { scope, format, profile, ...options };
  const text = await exportJournal(context, query);
  const found = await exportedBalances(context, query);
  if (!text.ok || !found.ok) throw new Error('the export was refused');
  const pieces: string[] = [];
  for await (const piece of text.value.text) pieces.push(piece);
  return {
    journal: pieces.join(''),
    balances: Object.fromEntries(
      found.value.map(({ account, commodity, amount }) => [
        `${account} ${commodity.replaceAll('"', '')}`,
        plainNumber(amount),
      ]),
    ),
  };
}
