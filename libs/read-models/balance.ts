import { type Kysely, sql } from 'kysely';
import type { CommodityCode, LedgerEvent } from '#kernel';
import { type EventPage, type Evolve, type Projection, derive } from './projection.ts';
import { parseEnvelope } from '#platform';
import { type AsOf, type ReadContext, type Standing, readAsOf } from './read.ts';

/**
 * Events a balance row sums up at most. A balance as known at an earlier position adds the whole segments
 * before it and replays fewer events than this from the log; more of them mean fewer rows and longer replays.
 */
export const SEGMENT_EVENTS = 16_384;

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
  /** Pure. Pass the same function to several balances: it then runs once per event for all of them. */
  readonly changes: (event: E) => readonly C[];
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
          ...Object.fromEntries(measures.map((measure) => [columnOf(measure), 'whole' as const])),
        },
        key: ['key', 'fund', 'commodity', 'segment', 'day'],
      },
    },
    open: (physical) => evolveBalance(definition, physical(table)),
  };
}

/** Folds a page in memory and adds the sums to the table: one row written per balance touched, not per event. */
function evolveBalance<E extends LedgerEvent, M extends string, C extends Change<M>>(
  { measures, changes, keyOf, segmentEvents = SEGMENT_EVENTS }: BalanceDefinition<E, M, C>,
  table: string,
): Evolve {
  const columns = measures.map(columnOf);
  const upsert =
    `insert into ${table} (key, fund, commodity, segment, day, ${columns.join(', ')}) ` +
    `values (?, ?, ?, ?, ?, ${columns.map(() => '?').join(', ')}) ` +
    `on conflict (key, fund, commodity, segment, day) do update set ` +
    columns.map((column) => `${column} = ${table}.${column} + excluded.${column}`).join(', ');
  const zeroCells = measures.map(() => 0n);
  const indexOf = new Map(measures.map((measure, index) => [measure, index]));
  return async (page: EventPage, tx) => {
    const pages = new Map<string, Map<string, SumRow>>();
    const all = derive(page, changes);
    for (let at = 0; at < page.events.length; at += 1) {
      const event = page.events[at];
      const list = all[at];
      if (event === undefined || list === undefined || list.length === 0) continue;
      const { effectiveOn: day, position } = event;
      const segment = Math.floor((position - 1) / segmentEvents);
      const when = day + segment;
      let rows = pages.get(when);
      if (rows === undefined) pages.set(when, (rows = new Map()));
      // Changes of one event mostly are about the same balance: it is looked up once.
      let row: SumRow | undefined;
      for (const change of list) {
        const named = keyOf(change);
        if (named === undefined) continue;
        const key = named ?? '';
        const { fund, commodity } = change;
        if (row === undefined || row[0] !== key || row[1] !== fund || row[2] !== commodity) {
          const id = key + SEPARATOR + fund + SEPARATOR + commodity;
          row = rows.get(id);
          if (row === undefined) {
            row = [key, fund, commodity, segment, day, ...zeroCells];
            rows.set(id, row);
          }
        }
        const column = KEY_COLUMNS + (indexOf.get(change.measure) ?? 0);
        row[column] = (row[column] as bigint) + change.amount;
      }
    }
    const written = [...pages.values()].flatMap((rows) => [...rows.values()]);
    if (written.length > 0) await tx.run(upsert, written.toSorted(byKey));
  };
}

/** A row as it is written: key, fund, commodity, segment, day, and the sum of each measure. */
type SumRow = [string, string, string, number, string, ...bigint[]];

const KEY_COLUMNS = 5;

/** In the order of the table, so that rows of one page of the table are written together. */
const byKey = (a: readonly unknown[], b: readonly unknown[]): number => {
  const [x, y] = [a[0] as string, b[0] as string];
  return x < y ? -1 : x > y ? 1 : 0;
};

export interface BalanceQuery extends AsOf {
  /** Only these keys; null is "not specified". All when absent. */
  readonly keys?: readonly (string | null)[] | undefined;
  /** Only these funds; `all` what the scope sees. */
  readonly funds: 'all' | ReadonlySet<string>;
}

/**
 * Balances by key and commodity, keys in text order with "not specified" first. Both dates work together: a
 * balance by effective day may be below zero, since the pools are guarded in recorded order.
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
    async (trx, { position, knownAt, through }) => {
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
      // At the checkpoint every row counts; before it only the segments that ended by then.
      const whole = knownAt >= position ? Number.MAX_SAFE_INTEGER : Math.floor(knownAt / segmentEvents);
      for (const row of await storedSums(trx, definition, query, through, whole))
        for (const measure of measures)
          add(
            row.key,
            row.commodity,
            measure,
            BigInt((row as unknown as Record<string, bigint>)[columnOf(measure)] ?? 0n),
          );
      if (knownAt < position)
        for (const event of await eventsBetween<E>(
          context.log,
          definition.types,
          whole * segmentEvents,
          knownAt,
        )) {
          if (event.effectiveOn > through) continue;
          for (const change of definition.changes(event)) {
            const key = definition.keyOf(change);
            if (key === undefined || (keys && !keys.has(key ?? ''))) continue;
            if (query.funds !== 'all' && !query.funds.has(change.fund)) continue;
            add(key ?? '', change.commodity, change.measure, change.amount);
          }
        }
      const rows = [...sums.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
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
}

async function storedSums<E extends LedgerEvent, M extends string, C extends Change<M>>(
  db: Kysely<Record<string, StoredRow>>,
  definition: BalanceDefinition<E, M, C>,
  { keys, funds }: BalanceQuery,
  through: string,
  segmentsBefore: number,
): Promise<{ key: string; commodity: string }[]> {
  let select = db
    .selectFrom(tableOf(definition))
    .select(['key', 'commodity'])
    .select(definition.measures.map((m) => sql<bigint>`sum(${sql.ref(columnOf(m))})`.as(columnOf(m))))
    .where('day', '<=', through)
    .where('segment', '<', segmentsBefore)
    .groupBy(['key', 'commodity']);
  if (keys) select = select.where('key', 'in', keys.length === 0 ? [NO_KEY] : keys.map((key) => key ?? ''));
  if (funds !== 'all') select = select.where('fund', 'in', funds.size === 0 ? [NO_KEY] : [...funds]);
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
