import { type AccountKind, type BookEvent, type WireRange, fromWire, toWire } from '#funds';
import type { Day, RangeSet } from '#kernel';
import { type Cell, type Evolve, type Projection, type Transaction, insertInto } from '#read-models';
import type { Carried } from '../domain/carried.ts';
import { type Entry, entriesOf } from '../domain/entries.ts';
import { fundOf } from '../domain/leg.ts';
import { LEG_TYPES, legsOf } from '../domain/legs.ts';
import { type LinesLeft, type Past, emptyPast, poolsOf } from '../domain/past.ts';
import type { Profile } from '../domain/profile.ts';
import { type Origin, readWorth, writeWorth } from '../domain/worth.ts';
import { profileVersion } from '../profile.ts';
import { sumsOf } from './keys.ts';
import {
  ENTRY_COLUMNS,
  type OriginRow,
  SEGMENT_EVENTS,
  SUM_COLUMNS,
  prefixOf,
  projectionName,
  segmentOf,
  storedAccount,
  tablesOf,
} from './tables.ts';

export interface EntriesOptions {
  /** {@link SEGMENT_EVENTS} when absent; small in tests. */
  readonly segmentEvents?: number;
}

/** Pools whose origins are remembered between pages; more of them are read again when they are needed. */
const POOLS_REMEMBERED_MAX = 20_000;
const ORIGINS_REMEMBERED_MAX = 500_000;

/**
 * The accounting entries of a profile. Its version is a hash of the profile, so that a changed file is built anew
 * beside the old one (decision 0011). What an entry says rests on its event, on the kinds of own accounts and on
 * where units came from, which lie in tables here: an entry is no function of its event alone. So sums are kept
 * with it, and a question about an earlier position takes the entries after it away again.
 */
export const entriesProjection = (profile: Profile, options: EntriesOptions = {}): Projection => {
  const prefix = prefixOf(profile);
  return {
    name: projectionName(profile),
    version: profileVersion(profile),
    types: LEG_TYPES,
    tables: tablesOf(prefix),
    open: (physical) => evolveEntries(profile, (suffix) => physical(prefix + suffix), options),
  };
};

type SumCells = [string, string, string, string, string, number, Day, bigint, bigint, number];

/** Sums of one fund, segment and day by account, detail and value: maps in maps cost less than one joined key. */
type DaySums = Map<string, Map<string, Map<string, SumCells[]>>>;

function within<V>(outer: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let inner = outer.get(key);
  if (inner === undefined) outer.set(key, (inner = new Map<string, V>()));
  return inner;
}

function evolveEntries(
  profile: Profile,
  table: (suffix: '' | '_sum' | MemoryTable) => string,
  { segmentEvents = SEGMENT_EVENTS }: EntriesOptions,
): Evolve {
  const visit = sumsOf(profile);
  const insert = insertInto(table(''), ENTRY_COLUMNS);
  const sums = table('_sum');
  const addSums =
    `${insertInto(sums, SUM_COLUMNS)} on conflict (fund, detail, account, value, commodity, segment, day) do update set ` +
    ['debit', 'credit', 'lines'].map((name) => `${name} = ${sums}.${name} + excluded.${name}`).join(', ');
  const memory = createMemory(table);

  return async (page, tx) => {
    const entries: Cell[][] = [];
    const rows: SumCells[] = [];
    const days = new Map<string, DaySums>();
    for (const event of page.events as BookEvent[]) {
      if (!TYPES.has(event.type)) continue;
      const fund = fundOf(event);
      const past = memory.known(fund, event) ?? (await memory.read(fund, event, tx));
      const made = entriesOf(profile, past, legsOf(past, event));
      if (made.length === 0) continue;
      const { position, effectiveOn: day, type, data } = event;
      const voucher = 'voucher' in data ? data.voucher : null;
      const segment = Math.floor((position - 1) / segmentEvents);
      const detailSegment = Math.floor((position - 1) / segmentOf(segmentEvents, 'donor'));
      const wholes = within(days, `${segment} ${day} ${fund}`);
      const details = within(days, `details ${detailSegment} ${day} ${fund}`);
      let line = 0;
      for (const entry of made) {
        const { commodity, amount } = entry;
        entries.push(cellsOf(entry, fund, [fund, position, line, day, type, voucher]));
        line += 1;
        visit(entry, (account, detail, value, isDebit) => {
          const values = within(within(detail === '' ? wholes : details, account), detail);
          const known = values.get(value);
          let sum = known?.find((each) => each[4] === commodity);
          if (sum === undefined) {
            const own = detail === '' ? segment : detailSegment;
            sum = [fund, detail, account, value, commodity, own, day, 0n, 0n, 0];
            rows.push(sum);
            if (known === undefined) values.set(value, [sum]);
            else known.push(sum);
          }
          if (isDebit) sum[7] += amount;
          else sum[8] += amount;
          sum[9] += 1;
        });
      }
    }
    if (entries.length > 0) await tx.run(insert, entries);
    if (rows.length > 0) await tx.run(addSums, rows.sort(byKey));
    await memory.write(tx);
  };
}

const cellsOf = (entry: Entry, fund: string, head: readonly Cell[]): Cell[] => [
  ...head,
  storedAccount(fund, entry.debit),
  storedAccount(fund, entry.credit),
  entry.commodity,
  entry.amount,
  entry.flow,
  entry.isBack ? 1 : 0,
  entry.source,
  entry.restricted ? 1 : 0,
  entry.programme,
  entry.donor,
  entry.recipient,
  entry.place,
];

/** In the order of the table, so that rows of one page of it are written together. */
function byKey(a: SumCells, b: SumCells): number {
  for (let i = 0; i < SUM_KEY; i += 1) {
    const [left, right] = [a[i] as string | number, b[i] as string | number];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
/** Columns of the key of the sums. */
const SUM_KEY = 7;

const CARRIED_COLUMNS = ['fund', 'own', 'commodity', 'units', 'value', 'unrealised'] as const;

const TYPES = new Set<string>(LEG_TYPES);

type MemoryTable = '_carried' | '_gone' | '_grown' | '_kind' | '_left' | '_origin';

/** The pasts of the funds of a partition, read when an event first asks and written with its page. */
function createMemory(table: (suffix: MemoryTable) => string): {
  /** The past of a fund when all that the event asks of it is in memory. */
  readonly known: (fund: string, event: BookEvent) => Past | undefined;
  readonly read: (fund: string, event: BookEvent, tx: Transaction) => Promise<Past>;
  readonly write: (tx: Transaction) => Promise<void>;
} {
  const [kinds, origins, gone] = [table('_kind'), table('_origin'), table('_gone')];
  const [grown, left, carried] = [table('_grown'), table('_left'), table('_carried')];
  const putKind = `${insertInto(kinds, ['fund', 'account', 'kind'])} on conflict (fund, account) do update set kind = excluded.kind`;
  const putOrigin =
    `${insertInto(origins, ['pool', 'from_unit', 'to_unit', 'source', 'worth'])} ` +
    'on conflict (pool, from_unit) do update set to_unit = excluded.to_unit, source = excluded.source, ' +
    'worth = excluded.worth';
  const putGone = `${insertInto(gone, ['pool', 'units'])} on conflict (pool) do update set units = excluded.units`;
  const putGrown =
    `${insertInto(grown, ['fund', 'receipt', 'units'])} ` +
    `on conflict (fund, receipt) do update set units = excluded.units`;
  const putCarried =
    `${insertInto(carried, CARRIED_COLUMNS)} on conflict (fund, own, commodity) do update set ` +
    'units = excluded.units, value = excluded.value, unrealised = excluded.unrealised';
  const putLeft =
    `${insertInto(left, ['fund', 'disbursement', 'lines'])} ` +
    `on conflict (fund, disbursement) do update set lines = excluded.lines`;

  const pasts = new Map<string, Past>();
  let poolsHeld = 0;
  let originsHeld = 0;
  let changed = nothingChanged();

  const keepOrigin = (pool: string, origin: Origin): void => {
    let own = changed.origins.get(pool);
    if (own === undefined) changed.origins.set(pool, (own = new Map()));
    own.set(origin.from, origin);
  };
  const read = async (fund: string, tx: Transaction): Promise<Past> => {
    const past = emptyPast({
      kind: (account, kind) => void changed.kinds.set(`${fund}\n${account}`, [fund, account, kind]),
      origin: (pool, origin) => {
        originsHeld += 1;
        keepOrigin(pool, origin);
      },
      pool: (pool, all) => {
        changed.emptied.add(pool);
        for (const origin of all) keepOrigin(pool, origin);
      },
      left: (disbursement, lines) =>
        void changed.left.set(`${fund}\n${disbursement}`, [fund, disbursement, lines]),
      gone: (pool, units) => void changed.gone.set(pool, units),
      grown: (receipt, units) =>
        void changed.grown.set(`${fund}\n${receipt}`, [fund, receipt, JSON.stringify(units)]),
      carried: (own, commodity, { units, value, unrealised }) =>
        void changed.carried.set(`${fund} ${own} ${commodity}`, [
          fund,
          own,
          commodity,
          units,
          value,
          unrealised,
        ]),
    });
    for (const { account, kind } of await tx.all<{ account: string; kind: AccountKind }>(
      `select account, kind from ${kinds} where fund = ?`,
      [fund],
    ))
      past.kinds.set(account, kind);
    for (const row of await tx.all<{ disbursement: string; lines: string }>(
      `select disbursement, lines from ${left} where fund = ?`,
      [fund],
    ))
      past.left.set(row.disbursement, JSON.parse(row.lines) as LinesLeft);
    for (const row of await tx.all<{ receipt: string; units: string }>(
      `select receipt, units from ${grown} where fund = ?`,
      [fund],
    ))
      past.grown.set(row.receipt, JSON.parse(row.units) as WireRange[]);
    for (const { own, commodity, ...of } of await tx.all<
      Carried & { readonly own: string; readonly commodity: string }
    >(`select own, commodity, units, value, unrealised from ${carried} where fund = ?`, [fund]))
      past.carried.set(`${own} ${commodity}`, of);
    return past;
  };

  const readPool = async (past: Past, pool: string, tx: Transaction): Promise<void> => {
    const rows = await tx.all<OriginRow>(`select * from ${origins} where pool = ? order by from_unit`, [
      pool,
    ]);
    past.origins.set(pool, rows.map(toOrigin));
    const [row] = await tx.all<{ units: string }>(`select units from ${gone} where pool = ?`, [pool]);
    if (row !== undefined) past.gone.set(pool, (JSON.parse(row.units) as WireRange[]).map(fromWire));
    poolsHeld += 1;
    originsHeld += rows.length;
  };

  return {
    known: (fund, event) => {
      const past = pasts.get(fund);
      return past !== undefined && poolsOf(event).every((pool) => past.origins.has(pool)) ? past : undefined;
    },
    read: async (fund, event, tx) => {
      let past = pasts.get(fund);
      if (past === undefined) pasts.set(fund, (past = await read(fund, tx)));
      for (const pool of poolsOf(event)) if (!past.origins.has(pool)) await readPool(past, pool, tx);
      return past;
    },
    write: async (tx) => {
      if (changed.kinds.size > 0) await tx.run(putKind, [...changed.kinds.values()]);
      if (changed.emptied.size > 0)
        await tx.run(
          `delete from ${origins} where pool = ?`,
          [...changed.emptied].map((pool) => [pool]),
        );
      if (changed.origins.size > 0)
        await tx.run(
          putOrigin,
          [...changed.origins].flatMap(([pool, own]) =>
            [...own.values()].map((origin) => [pool, ...cells(origin)]),
          ),
        );
      if (changed.grown.size > 0) await tx.run(putGrown, [...changed.grown.values()]);
      if (changed.carried.size > 0) await tx.run(putCarried, [...changed.carried.values()]);
      if (changed.gone.size > 0)
        await tx.run(
          putGone,
          [...changed.gone].map(([pool, units]) => [pool, JSON.stringify(units.map(toWire))]),
        );
      const ended = [...changed.left.values()].filter(([, , lines]) => lines === undefined);
      if (ended.length > 0)
        await tx.run(
          `delete from ${left} where fund = ? and disbursement = ?`,
          ended.map(([fund, disbursement]) => [fund, disbursement]),
        );
      const kept = [...changed.left.values()].filter(([, , lines]) => lines !== undefined);
      if (kept.length > 0)
        await tx.run(
          putLeft,
          kept.map(([fund, disbursement, lines]) => [fund, disbursement, JSON.stringify(lines)]),
        );
      changed = nothingChanged();
      if (poolsHeld <= POOLS_REMEMBERED_MAX && originsHeld <= ORIGINS_REMEMBERED_MAX) return;
      pasts.clear();
      [poolsHeld, originsHeld] = [0, 0];
    },
  };
}

type OriginCells = [from: bigint, to: bigint, source: string | null, worth: string | null];

interface ChangedRows {
  readonly kinds: Map<string, [string, string, string]>;
  readonly origins: Map<string, Map<bigint, Origin>>;
  readonly emptied: Set<string>;
  readonly gone: Map<string, RangeSet>;
  readonly grown: Map<string, [string, string, string]>;
  readonly carried: Map<string, [string, string, string, bigint, bigint, bigint]>;
  readonly left: Map<string, [string, string, LinesLeft | undefined]>;
}

const nothingChanged = (): ChangedRows => ({
  kinds: new Map(),
  origins: new Map(),
  emptied: new Set(),
  gone: new Map(),
  grown: new Map(),
  carried: new Map(),
  left: new Map(),
});

const cells = ({ from, to, source, worth }: Origin): OriginCells => [
  from,
  to,
  source,
  worth && writeWorth(worth),
];

const toOrigin = ({ from_unit, to_unit, source, worth }: OriginRow): Origin => ({
  from: from_unit,
  to: to_unit,
  source,
  worth: worth === null ? null : readWorth(worth),
});
