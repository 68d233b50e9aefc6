import { type Kysely, sql } from 'kysely';
import type { CommodityCode, LedgerEvent } from '#kernel';
import { type EventPage, type Evolve, type Projection, derive } from './projection.ts';
import { parseEnvelope } from '#platform';
import { type AsOf, type ReadContext, type Standing, readAsOf } from './read.ts';

/**
 * Events a balance row sums up at most. A balance as known at an earlier position adds the whole segments up to
 * the nearest border and replays at most half as many events as this from the log; more of them mean fewer rows and longer replays.
 */
export const SEGMENT_EVENTS = 8_192;

/** One change of one measure of one balance. */
export interface Change<Measure extends string> {
  readonly measure: Measure;
  readonly amount: bigint;
  readonly commodity: CommodityCode;
  readonly fund: string;
}

/** A balance kept per key, fund and commodity in segments of the log and by effective day. */
export interface BalanceDefinition<E extends LedgerEvent, Measure extends string, C extends Change<Measure>> {
  /** `fund-balance`; its table is `fund_balance`. */
  readonly name: string;
  readonly version: number;
  readonly types: readonly string[];
  readonly measures: readonly Measure[];
  /** Pure; their changes add up. Pass the same function to several balances: it then runs once per event for all. */
  readonly changes: readonly ((event: E) => readonly C[])[];
  /** Null: not specified. Undefined: this change is not in this balance. */
  readonly keyOf: (change: C) => string | null | undefined;
  /** {@link SEGMENT_EVENTS} when absent; small in tests. */
  readonly segmentEvents?: number;
}

/** Sums of one balance; measures without a change are 0. */
export interface BalanceRow<Measure extends string> {
  /** Null: not specified. */
  readonly key: string | null;
  readonly commodity: CommodityCode;
  readonly sums: Readonly<Record<Measure, bigint>>;
}

const tableOf = ({ name }: { readonly name: string }): string => name.replaceAll('-', '_');

const totalsTableOf = (definition: { readonly name: string }): string => `${tableOf(definition)}_total`;

/** Columns are quoted nowhere, so measures are written as SQL writes words: `moved_in`. */
const columnOf = (measure: string): string =>
  measure.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

/** Stands between the parts of a key in memory; no id holds it. */
const SEPARATOR = '\n';

/** The projection of a balance. */
export function balanceProjection<E extends LedgerEvent, M extends string, C extends Change<M>>(
  definition: BalanceDefinition<E, M, C>,
): Projection {
  const { name, version, types, measures } = definition;
  const table = tableOf(definition);
  const sums = Object.fromEntries(measures.map((measure) => [columnOf(measure), 'whole' as const]));
  return {
    name,
    version,
    types,
    tables: {
      [table]: {
        columns: {
          key: 'text',
          fund: 'text',
          commodity: 'text',
          segment: 'whole',
          day: 'text',
          ...sums,
        },
        key: ['key', 'fund', 'commodity', 'segment', 'day'],
      },
      // All funds, all days: what most questions ask costs one row a key and partition, however long the log is.
      [totalsTableOf(definition)]: {
        columns: { key: 'text', commodity: 'text', part: 'whole', last_day: 'text', ...sums },
        key: ['key', 'commodity', 'part'],
      },
    },
    open: (physical) =>
      evolveBalance(definition, {
        parts: physical(table),
        totals: physical(totalsTableOf(definition)),
      }),
  };
}

/** Folds a page in memory and adds the sums to the tables: one row written per balance touched, not per event. */
function evolveBalance<E extends LedgerEvent, M extends string, C extends Change<M>>(
  { measures, changes, keyOf, segmentEvents = SEGMENT_EVENTS }: BalanceDefinition<E, M, C>,
  tables: { readonly parts: string; readonly totals: string },
): Evolve {
  const columns = measures.map(columnOf);
  const added = (table: string): string =>
    columns.map((column) => `${column} = ${table}.${column} + excluded.${column}`).join(', ');
  const marks = columns.map(() => '?').join(', ');
  const addParts =
    `insert into ${tables.parts} (key, fund, commodity, segment, day, ${columns.join(', ')}) ` +
    `values (?, ?, ?, ?, ?, ${marks}) ` +
    `on conflict (key, fund, commodity, segment, day) do update set ${added(tables.parts)}`;
  const addTotals =
    `insert into ${tables.totals} (key, commodity, part, last_day, ${columns.join(', ')}) ` +
    `values (?, ?, ?, ?, ${marks}) on conflict (key, commodity, part) do update set ` +
    `last_day = case when excluded.last_day > ${tables.totals}.last_day ` +
    `then excluded.last_day else ${tables.totals}.last_day end, ${added(tables.totals)}`;
  const zeroCells = measures.map(() => 0n);
  const columnAt = new Map(measures.map((measure, index) => [measure, KEY_COLUMNS + index]));
  return async (page: EventPage, tx) => {
    const parts: PartRow[] = [];
    const partitions = new Map<PartRow, number>();
    const all = changes.map((f) => derive(page, f));
    // A map in a map for each part of the key: joining the parts to one text costs more than the look-ups.
    let funds: SumsByFund = new Map();
    let current = -1;
    for (const [at, { effectiveOn: day, position, stream }] of page.events.entries()) {
      const segment = Math.floor((position - 1) / segmentEvents);
      if (segment !== current) [funds, current] = [new Map(), segment];
      // Changes of one event mostly are about the same balance: it is looked up once.
      let row: PartRow | undefined;
      for (const lists of all)
        for (const change of lists[at] ?? []) {
          const named = keyOf(change);
          if (named === undefined) continue;
          const key = named ?? '';
          const { fund, commodity } = change;
          if (row === undefined || row[0] !== key || row[1] !== fund || row[2] !== commodity) {
            const keys = within(within(within(funds, fund), commodity), day);
            row = keys.get(key);
            if (row === undefined) {
              row = [key, fund, commodity, segment, day, ...zeroCells];
              keys.set(key, row);
              parts.push(row);
              partitions.set(row, page.partitionOf(stream));
            }
          }
          const column = columnAt.get(change.measure) ?? KEY_COLUMNS;
          row[column] = (row[column] as bigint) + change.amount;
        }
    }
    if (parts.length === 0) return;
    parts.sort(byKey);
    await tx.run(addParts, parts);
    await tx.run(addTotals, totalsOf(parts, partitions));
  };
}

/** A row as it is written: key, fund, commodity, segment, day, and the sum of each measure. */
type PartRow = [string, string, string, number, string, ...bigint[]];
/** Key, commodity, partition, latest day, and the sum of each measure. */
type TotalRow = [string, string, number, string, ...bigint[]];
type SumsByFund = Map<string, Map<string, Map<string, Map<string, PartRow>>>>;

const KEY_COLUMNS = 5;
const TOTAL_KEY_COLUMNS = 4;

/** The inner map of a key, made when it is missing. */
function within<K, V>(outer: Map<string, Map<K, V>>, key: string): Map<K, V> {
  const known = outer.get(key);
  if (known) return known;
  const made = new Map<K, V>();
  outer.set(key, made);
  return made;
}

/** In the order of the table, so that rows of one page of the table are written together. */
const byKey = (a: PartRow, b: PartRow): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0;

/** Rows in the order of their keys, summed over funds, segments and days. All changes of a fund are in one partition. */
function totalsOf(parts: readonly PartRow[], partitions: ReadonlyMap<PartRow, number>): TotalRow[] {
  const rows: TotalRow[] = [];
  const totals = new Map<string, Map<string, Map<number, TotalRow>>>();
  for (const part of parts) {
    const [key, , commodity, , day, ...sums] = part;
    const partition = partitions.get(part) ?? 0;
    const byPartition = within(within(totals, key), commodity);
    const row = byPartition.get(partition);
    if (row === undefined) {
      const made: TotalRow = [key, commodity, partition, day, ...sums];
      byPartition.set(partition, made);
      rows.push(made);
      continue;
    }
    if (day > row[3]) row[3] = day;
    for (const [index, sum] of sums.entries())
      row[TOTAL_KEY_COLUMNS + index] = (row[TOTAL_KEY_COLUMNS + index] as bigint) + sum;
  }
  return rows;
}

export interface BalanceQuery extends AsOf {
  /** Only these keys; null is "not specified". All when absent. */
  readonly keys?: readonly (string | null)[] | undefined;
  /** Only these funds; `all` what the scope sees. */
  readonly funds: 'all' | ReadonlySet<string>;
}

/**
 * Balances by key and commodity, keys in text order with "not specified" first; one that is 0 in every measure
 * is left out. Both dates work together: a
 * balance by effective day may be below zero, since the pools are guarded in recorded order. At most about
 * {@link SEGMENT_EVENTS} events are read from the log, however far apart the partitions are.
 */
export async function readBalances<E extends LedgerEvent, M extends string, C extends Change<M>>(
  context: ReadContext,
  definition: BalanceDefinition<E, M, C>,
  query: BalanceQuery,
): Promise<Standing & { readonly rows: readonly BalanceRow<M>[] }> {
  const { measures, segmentEvents = SEGMENT_EVENTS } = definition;
  const keys = query.keys && new Set(query.keys.map((key) => key ?? ''));
  return readAsOf<Record<string, StoredRow>, { rows: readonly BalanceRow<M>[] }>(
    context,
    [definition.name],
    query,
    async (trx, { position, knownAt, through, highest, isApplied }) => {
      const sums = new Map<string, { key: string | null; commodity: string; sums: Record<M, bigint> }>();
      const add = (key: string, commodity: string, measure: M, amount: bigint): void => {
        const id = key + SEPARATOR + commodity;
        let row = sums.get(id);
        if (row === undefined) {
          row = { key: key === '' ? null : key, commodity, sums: zeros(measures) };
          sums.set(id, row);
        }
        row.sums[measure] += amount;
      };
      const addStored = (rows: readonly StoredSums[]): void => {
        for (const row of rows)
          for (const measure of measures)
            add(row.key, row.commodity, measure, BigInt(row[columnOf(measure)] ?? 0n));
      };
      // Where it stands every row counts, and what partitions further ahead have added is taken away again;
      // before it, or when that is much, those of whole segments count, up to the border that is nearest.
      const isAll = knownAt >= position && highest - knownAt <= segmentEvents;
      const totals = isAll && query.funds === 'all' ? await storedTotals(trx, definition, query) : undefined;
      const nearest = Math.round(knownAt / segmentEvents);
      const whole = nearest * segmentEvents > position ? nearest - 1 : nearest;
      if (totals?.every(({ last_day: last }) => String(last) <= through)) addStored(totals);
      else
        addStored(
          await storedParts(trx, definition, query, through, isAll ? Number.MAX_SAFE_INTEGER : whole),
        );
      const border = isAll ? highest : whole * segmentEvents;
      // What lies between is added, or taken away when the border is later.
      const sign = border > knownAt ? -1n : 1n;
      const [after, until] = border > knownAt ? [knownAt, border] : [border, knownAt];
      for (const event of await eventsBetween<E>(context.log, definition.types, after, until)) {
        if (event.effectiveOn > through || !isApplied(event)) continue;
        for (const change of definition.changes.flatMap((f) => f(event))) {
          const key = definition.keyOf(change);
          if (key === undefined || (keys && !keys.has(key ?? ''))) continue;
          if (query.funds !== 'all' && !query.funds.has(change.fund)) continue;
          add(key ?? '', change.commodity, change.measure, sign * change.amount);
        }
      }
      // What was taken away again leaves no trace: the answer is the same from whichever border it was made.
      const rows = [...sums.entries()]
        .filter(([, row]) => measures.some((measure) => row.sums[measure] !== 0n))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, row]) => row);
      return { rows };
    },
  );
}

interface StoredRow {
  readonly key: string;
  readonly fund: string;
  readonly commodity: string;
  readonly segment: number;
  readonly day: string;
  readonly last_day: string;
}

/** `key`, `commodity`, perhaps `last_day`, and the sum of each measure by its column. */
type StoredSums = { readonly key: string; readonly commodity: string } & Readonly<
  Record<string, bigint | string>
>;

const keysIn = (keys: readonly (string | null)[]): string[] =>
  keys.length === 0 ? [NO_KEY] : keys.map((key) => key ?? '');

async function storedParts<E extends LedgerEvent, M extends string, C extends Change<M>>(
  db: Kysely<Record<string, StoredRow>>,
  definition: BalanceDefinition<E, M, C>,
  { keys, funds }: BalanceQuery,
  through: string,
  segmentsBefore: number,
): Promise<readonly StoredSums[]> {
  let select = db
    .selectFrom(tableOf(definition))
    .select(['key', 'commodity'])
    .select(definition.measures.map((m) => sql<bigint>`sum(${sql.ref(columnOf(m))})`.as(columnOf(m))))
    .where('day', '<=', through)
    .where('segment', '<', segmentsBefore)
    .groupBy(['key', 'commodity']);
  if (keys) select = select.where('key', 'in', keysIn(keys));
  if (funds !== 'all') select = select.where('fund', 'in', funds.size === 0 ? [NO_KEY] : [...funds]);
  return select.execute();
}

async function storedTotals<E extends LedgerEvent, M extends string, C extends Change<M>>(
  db: Kysely<Record<string, StoredRow>>,
  definition: BalanceDefinition<E, M, C>,
  { keys }: BalanceQuery,
): Promise<readonly StoredSums[]> {
  let select = db
    .selectFrom(totalsTableOf(definition))
    .select(['key', 'commodity', 'last_day'])
    .select(definition.measures.map((m) => sql<bigint>`${sql.ref(columnOf(m))}`.as(columnOf(m))));
  if (keys) select = select.where('key', 'in', keysIn(keys));
  return select.execute();
}

/** `in ()` is no SQL everywhere; no id is this. */
const NO_KEY = SEPARATOR;

const zeros = <M extends string>(measures: readonly M[]): Record<M, bigint> =>
  Object.fromEntries(measures.map((measure) => [measure, 0n])) as Record<M, bigint>;

/** The events of some types after one position up to another, from the log. */
export async function eventsBetween<E extends LedgerEvent>(
  log: ReadContext['log'],
  types: readonly string[],
  after: number,
  through: number,
): Promise<E[]> {
  const wanted = new Set(types);
  const events: E[] = [];
  let at = after;
  while (at < through) {
    const page = await log.readAll({ after: at, limit: Math.min(through - at, READ_EVENTS) });
    if (page.events.length === 0) break;
    for (const record of page.events)
      if (wanted.has(record.type)) events.push(parseEnvelope(record) as LedgerEvent as E);
    at = page.next;
  }
  return events;
}

const READ_EVENTS = 10_000;
