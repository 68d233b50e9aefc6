import { type AccountKind, type BookEvent, type WireRange, fromWire, toWire } from '#funds';
import type { Day, RangeSet } from '#kernel';
import { type Evolve, type Projection, type Transaction, insertInto } from '#read-models';
import { entriesOf } from '../domain/entries.ts';
import { fundOf } from '../domain/leg.ts';
import { LEG_TYPES, legsOf } from '../domain/legs.ts';
import { type LinesLeft, type Origin, type Past, emptyPast, poolsOf } from '../domain/past.ts';
import type { Profile } from '../domain/profile.ts';
import { profileVersion } from '../profile.ts';
import { changesOf } from './keys.ts';
import {
  ENTRY_COLUMNS,
  type OriginRow,
  SEGMENT_EVENTS,
  SUM_COLUMNS,
  prefixOf,
  projectionName,
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

function evolveEntries(
  profile: Profile,
  table: (suffix: '' | '_sum' | '_kind' | '_origin' | '_gone' | '_grown' | '_left') => string,
  { segmentEvents = SEGMENT_EVENTS }: EntriesOptions,
): Evolve {
  const changes = changesOf(profile);
  const insert = insertInto(table(''), ENTRY_COLUMNS);
  const sums = table('_sum');
  const addSums =
    `${insertInto(sums, SUM_COLUMNS)} on conflict (fund, detail, account, value, commodity, segment, day) do update set ` +
    ['debit', 'credit', 'lines'].map((name) => `${name} = ${sums}.${name} + excluded.${name}`).join(', ');
  const memory = createMemory(table);

  return async (page, tx) => {
    const entries: (string | number | bigint | null)[][] = [];
    const added = new Map<string, SumCells>();
    for (const event of page.events as BookEvent[]) {
      if (!TYPES.has(event.type)) continue;
      const fund = fundOf(event);
      const past = await memory.of(fund, event, tx);
      const { position, effectiveOn: day, type, data } = event;
      const voucher = 'voucher' in data ? data.voucher : null;
      const segment = Math.floor((position - 1) / segmentEvents);
      for (const [line, entry] of entriesOf(profile, past, legsOf(past, event)).entries()) {
        const { debit, credit, commodity, amount, flow, isBack, source, restricted } = entry;
        entries.push([
          fund, position, line, day, type, voucher, debit, credit, commodity, amount, flow, isBack ? 1 : 0,
          source, restricted ? 1 : 0, entry.programme, entry.donor, entry.recipient, entry.place,
        ]); // prettier-ignore
        for (const { detail, account, value, isDebit } of changes(entry)) {
          const id = `${fund}\n${detail}\n${account}\n${value}\n${commodity}\n${segment}\n${day}`;
          let sum = added.get(id);
          if (sum === undefined)
            added.set(id, (sum = [fund, detail, account, value, commodity, segment, day, 0n, 0n, 0]));
          if (isDebit) sum[7] += amount;
          else sum[8] += amount;
          sum[9] += 1;
        }
      }
    }
    if (entries.length > 0) await tx.run(insert, entries);
    // In the order of the table, so that rows of one page of it are written together.
    const rows = [...added.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
    if (rows.length > 0) await tx.run(addSums, rows);
    await memory.write(tx);
  };
}

const TYPES = new Set<string>(LEG_TYPES);

/** The pasts of the funds of a partition, read when an event first asks and written with its page. */
function createMemory(table: (suffix: '_kind' | '_origin' | '_gone' | '_grown' | '_left') => string): {
  readonly of: (fund: string, event: BookEvent, tx: Transaction) => Promise<Past>;
  readonly write: (tx: Transaction) => Promise<void>;
} {
  const [kinds, origins, gone] = [table('_kind'), table('_origin'), table('_gone')];
  const [grown, left] = [table('_grown'), table('_left')];
  const putKind = `${insertInto(kinds, ['fund', 'account', 'kind'])} on conflict (fund, account) do update set kind = excluded.kind`;
  const putOrigin =
    `${insertInto(origins, ['pool', 'from_unit', 'to_unit', 'source', 'value', 'value_commodity'])} ` +
    'on conflict (pool, from_unit) do update set to_unit = excluded.to_unit, source = excluded.source, ' +
    'value = excluded.value, value_commodity = excluded.value_commodity';
  const putGone = `${insertInto(gone, ['pool', 'units'])} on conflict (pool) do update set units = excluded.units`;
  const putGrown = `${insertInto(grown, ['fund', 'receipt', 'units'])} on conflict (fund, receipt) do update set units = excluded.units`;
  const putLeft = `${insertInto(left, ['fund', 'disbursement', 'lines'])} on conflict (fund, disbursement) do update set lines = excluded.lines`;

  const pasts = new Map<string, Past>();
  let poolsHeld = 0;
  let originsHeld = 0;
  let changed = nothingChanged();

  const read = async (fund: string, tx: Transaction): Promise<Past> => {
    const past = emptyPast({
      kind: (account, kind) => void changed.kinds.set(`${fund}\n${account}`, [fund, account, kind]),
      origin: (pool, origin) => {
        originsHeld += 1;
        changed.origins.set(`${pool}\n${origin.from}`, [pool, ...cells(origin)]);
      },
      pool: (pool, all) => {
        changed.emptied.add(pool);
        for (const origin of all) changed.origins.set(`${pool}\n${origin.from}`, [pool, ...cells(origin)]);
      },
      left: (disbursement, lines) =>
        void changed.left.set(`${fund}\n${disbursement}`, [fund, disbursement, lines]),
      gone: (pool, units) => void changed.gone.set(pool, units),
      grown: (receipt, units) =>
        void changed.grown.set(`${fund}\n${receipt}`, [fund, receipt, JSON.stringify(units)]),
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
    of: async (fund, event, tx) => {
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
      if (changed.origins.size > 0) await tx.run(putOrigin, [...changed.origins.values()]);
      if (changed.grown.size > 0) await tx.run(putGrown, [...changed.grown.values()]);
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

type OriginCells = [from: bigint, to: bigint, source: string | null, value: bigint | null, of: string | null];

interface ChangedRows {
  readonly kinds: Map<string, [string, string, string]>;
  readonly origins: Map<string, [string, ...OriginCells]>;
  readonly emptied: Set<string>;
  readonly gone: Map<string, RangeSet>;
  readonly grown: Map<string, [string, string, string]>;
  readonly left: Map<string, [string, string, LinesLeft | undefined]>;
}

const nothingChanged = (): ChangedRows => ({
  kinds: new Map(),
  origins: new Map(),
  emptied: new Set(),
  gone: new Map(),
  grown: new Map(),
  left: new Map(),
});

const cells = ({ from, to, source, value }: Origin): OriginCells => [
  from,
  to,
  source,
  value?.amount ?? null,
  value?.commodity ?? null,
];

const toOrigin = ({ from_unit, to_unit, source, value, value_commodity }: OriginRow): Origin => ({
  from: from_unit,
  to: to_unit,
  source,
  value: value === null || value_commodity === null ? null : { amount: value, commodity: value_commodity },
});
