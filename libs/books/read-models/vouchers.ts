import { type Kysely, sql } from 'kysely';
import { type BookEvent, countVoucher, kindOfVoucher } from '#funds';
import { type CommodityCode, type Day, type LedgerEvent } from '#kernel';
import { type Cell, type Projection, insertInto } from '#read-models';
import type { VoucherEvent } from '../domain/events.ts';
import { LEG_TYPES } from '../domain/legs.ts';

/**
 * What an event is to a voucher: `written` for something that was booked (each part of a decision), `anew` in the place
 * of a voided one, `voided`, `printed`, `attached`.
 */
export type VoucherRole = 'written' | 'anew' | 'voided' | 'printed' | 'attached';

const COLUMNS = [
  'fund',
  'year',
  'series',
  'number',
  'position',
  'role',
  'voucher',
  'day',
  'type',
  'item',
  'commodity',
  'amount',
  'other',
] as const;

export interface VoucherRow {
  readonly fund: string;
  readonly year: bigint;
  /** Kind of the series: receipt, payment, adjustment. */
  readonly series: string;
  readonly number: bigint;
  readonly position: bigint;
  readonly role: VoucherRole;
  readonly voucher: string;
  readonly day: Day;
  readonly type: string;
  /** What it was written for. */
  readonly item: string | null;
  readonly commodity: CommodityCode | null;
  readonly amount: bigint | null;
  /** The voucher that stands for this one, or that this one stands for. */
  readonly other: string | null;
}

export interface VoucherTables {
  readonly voucher_event: VoucherRow;
}

const TYPES: readonly string[] = [...LEG_TYPES, 'voucher.printed.v1', 'voucher.file-attached.v1'];
const WANTED = new Set(TYPES);

/** Members of an event that name what it is about, the first that is there; a correction its own, then what it corrects. */
const ITEMS = [
  'refund',
  'receipt',
  'disbursement',
  'expense',
  'move',
  'unidentified',
  'release',
  'exchange',
  'loss',
  'reduction',
  'resolution',
  'charge',
  'payment',
  'advance',
  'debt',
  'difference',
  'count',
  'corrects',
];

const itemOf = (data: Readonly<Record<string, unknown>>): string | null => {
  const key = ITEMS.find((each) => typeof data[each] === 'string');
  return key === undefined ? null : (data[key] as string);
};

/** Rows of one event. */
function rowsOf(event: LedgerEvent): Cell[][] {
  const { type, position, effectiveOn: day, stream } = event;
  const row = (
    { fund, year }: { fund: string; year: number },
    role: VoucherRole,
    voucher: string,
    said: { item?: string | null; commodity?: string; amount?: bigint; other?: string } = {},
  ): Cell[] => [
    fund,
    year,
    kindOfVoucher(voucher) ?? '',
    countVoucher(voucher),
    position,
    role,
    voucher,
    day,
    type,
    said.item ?? null,
    said.commodity ?? null,
    said.amount ?? null,
    said.other ?? null,
  ];
  if (stream.startsWith('voucher-')) {
    const { data, type: what } = event as VoucherEvent;
    return [row(data, what === 'voucher.printed.v1' ? 'printed' : 'attached', data.voucher)];
  }
  const { data, type: what } = event as BookEvent;
  const cut = stream.lastIndexOf('-');
  const of = { fund: stream.slice('book-'.length, cut), year: Number(stream.slice(cut + 1)) };
  if (what === 'book.voucher-voided.v1')
    return [
      row(of, 'voided', data.voucher, { item: data.corrects, other: data.replacedBy }),
      row(of, 'anew', data.replacedBy, { item: data.corrects, other: data.voucher }),
    ];
  if (!('voucher' in data) || typeof data.voucher !== 'string') return [];
  const { commodity, amount, ...rest } = data as unknown as Readonly<Record<string, unknown>>;
  return [
    row(of, 'written', data.voucher, {
      item: itemOf(rest),
      ...(typeof commodity === 'string' && { commodity }),
      ...(typeof amount === 'string' && { amount: BigInt(amount) }),
    }),
  ];
}

/** Where the events of every voucher are, in the order of its series. */
export const vouchersProjection: Projection = {
  name: 'vouchers',
  version: 1,
  types: TYPES,
  tables: {
    voucher_event: {
      columns: {
        fund: 'text',
        year: 'whole',
        series: 'text',
        number: 'whole',
        position: 'whole',
        role: 'text',
        voucher: 'text',
        day: 'text',
        type: 'text',
        item: 'text?',
        commodity: 'text?',
        amount: 'whole?',
        other: 'text?',
      },
      key: ['fund', 'year', 'series', 'number', 'position'],
      indexes: [{ columns: ['item', 'position'] }],
    },
  },
  open: (physical) => {
    const insert = insertInto(physical('voucher_event'), COLUMNS);
    return async (page, tx) => {
      const rows = page.events.filter(({ type }) => WANTED.has(type)).flatMap(rowsOf);
      if (rows.length > 0) await tx.run(insert, rows);
    };
  },
};

/** Rows of one voucher that are read: its parts, prints and files. */
export const VOUCHER_ROWS_MAX = 2_000;

export interface VoucherStand {
  readonly knownAt: number;
  readonly through: Day;
}

/** Everything known of one voucher, in the order of the log. */
export const readVoucherRows = (
  db: Kysely<VoucherTables>,
  { fund, year, voucher }: { readonly fund: string; readonly year: number; readonly voucher: string },
  { knownAt, through }: VoucherStand,
): Promise<VoucherRow[]> =>
  db
    .selectFrom('voucher_event')
    .selectAll()
    .where('fund', '=', fund)
    .where('year', '=', BigInt(year))
    .where('series', '=', kindOfVoucher(voucher) ?? '')
    .where('number', '=', BigInt(countVoucher(voucher)))
    .where('position', '<=', BigInt(knownAt))
    .where('day', '<=', through)
    .orderBy('position')
    .limit(VOUCHER_ROWS_MAX)
    .execute();

/** The vouchers written for an item before a position, the earliest first. */
export const readItemVouchers = (
  db: Kysely<VoucherTables>,
  item: string,
  { before, fund }: { readonly before: number; readonly fund: string },
): Promise<VoucherRow[]> =>
  db
    .selectFrom('voucher_event')
    .selectAll()
    .where('item', '=', item)
    .where('position', '<', BigInt(before))
    .where('fund', '=', fund)
    .where('role', 'in', ['written', 'anew'])
    .orderBy('position')
    .limit(1)
    .execute();

export interface SeriesWanted extends VoucherStand {
  readonly fund: string;
  readonly year: number;
  readonly series: string | undefined;
  /** Numbers after this one. */
  readonly after: { readonly series: string; readonly number: number } | null;
  readonly limit: number;
}

/** Rows of a page of a series, voucher by voucher; `isLast` when none comes after. */
export async function readSeriesRows(
  db: Kysely<VoucherTables>,
  { fund, year, series, after, limit, knownAt, through }: SeriesWanted,
): Promise<{ readonly rows: readonly VoucherRow[]; readonly isLast: boolean }> {
  let select = db
    .selectFrom('voucher_event')
    .select(['series', 'number'])
    .where('fund', '=', fund)
    .where('year', '=', BigInt(year))
    .where('role', 'in', ['written', 'anew'])
    .where('position', '<=', BigInt(knownAt))
    .where('day', '<=', through)
    .groupBy(['series', 'number'])
    .orderBy('series')
    .orderBy('number')
    .limit(limit + 1);
  if (series !== undefined) select = select.where('series', '=', series);
  if (after !== null)
    select = select.where((eb) =>
      eb(eb.refTuple('series', 'number'), '>', eb.tuple(after.series, BigInt(after.number))),
    );
  const found = await select.execute();
  const shown = found.slice(0, limit);
  const [first, last] = [shown[0], shown.at(-1)];
  if (first === undefined || last === undefined) return { rows: [], isLast: true };
  const rows = await db
    .selectFrom('voucher_event')
    .selectAll()
    .where('fund', '=', fund)
    .where('year', '=', BigInt(year))
    .where('position', '<=', BigInt(knownAt))
    .where('day', '<=', through)
    .where(
      sql<boolean>`(series, number) >= (${first.series}, ${first.number}) and (series, number) <= (${last.series}, ${last.number})`,
    )
    .orderBy('series')
    .orderBy('number')
    .orderBy('position')
    .execute();
  return { rows, isLast: found.length <= limit };
}
