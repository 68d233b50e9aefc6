import { type Kysely, sql } from 'kysely';
import type { PledgeEvent } from '#pledges';
import type { Scope } from '#access';
import type { CommodityCode } from '#kernel';
import {
  type AsOf,
  type Projection,
  type ReadContext,
  type Standing,
  insertInto,
  readAsOf,
} from '#read-models';
import { poolKey } from '../../domain/restriction.ts';
import type { BookEvent } from '../../domain/events.ts';
import { mergers, withPredecessors } from '../mergers/mergers.ts';
import { visibleFunds } from '../query.ts';
import { type Dates, type UseStatus, givenFor } from '../traces/query-traces.ts';
import { readPart } from '../traces/shares.ts';
import { type TraceTables, traces } from '../traces/traces.ts';

/** Events of a segment of the gifts: more make each write touch more pages, fewer make a donor's look-ups more. */
const SEGMENT_EVENTS = 32_768;

const segmentOf = (position: number): number => Math.floor((position - 1) / SEGMENT_EVENTS);

/** Every segment that an event up to a position may be in. */
const segmentsUpTo = (position: number): bigint[] =>
  Array.from({ length: segmentOf(Math.max(1, position)) + 1 }, (_, segment) => BigInt(segment));

/**
 * Every gift and pledge by its donor, one row each: donors are many and give little, so sums would hold as
 * many rows. A gift names the units it minted, which is all that its trace needs.
 */
export const donorBalance: Projection = {
  name: 'donor-balance',
  version: 4,
  types: [
    'book.receipt-recorded.v1',
    'book.income-recorded.v1',
    'pledge.made.v1',
    'pledge.amended.v1',
    'pledge.cancelled.v1',
    'pledge.handed-over.v1',
  ],
  tables: {
    donor_gift: {
      columns: {
        /** Part of the log: donors come in no order, so only the last part of the table is written to. */
        segment: 'whole',
        /** Empty: the source names nobody. */
        donor: 'text',
        position: 'whole',
        day: 'text',
        pool: 'text',
        from_unit: 'whole',
        to_unit: 'whole',
        receipt: 'text',
      },
      key: ['segment', 'donor', 'position'],
    },
    /** A row for each version of a pledge; the last one in view is what is promised. */
    donor_pledge: {
      columns: {
        donor: 'text',
        pledge: 'text',
        fund: 'text',
        commodity: 'text',
        amount: 'whole',
        /** 1 when the amount is exact; a bound ("hơn", "gần") is 0. */
        exact: 'whole',
        position: 'whole',
        day: 'text',
        cancelled_position: 'whole?',
        cancelled_day: 'text?',
      },
      key: ['donor', 'pledge', 'position'],
      indexes: [{ columns: ['pledge'] }],
    },
  },
  open: (physical) => {
    const addGift = insertInto(physical('donor_gift'), [
      'segment',
      'donor',
      'position',
      'day',
      'pool',
      'from_unit',
      'to_unit',
      'receipt',
    ]);
    const addPledge = insertInto(physical('donor_pledge'), [
      'donor',
      'pledge',
      'fund',
      'commodity',
      'amount',
      'exact',
      'position',
      'day',
    ]);
    const cancel = `update ${physical('donor_pledge')} set cancelled_position = ?, cancelled_day = ? where pledge = ?`;
    // Its last version once more, of another fund.
    const handOver =
      `insert into ${physical('donor_pledge')} (donor, pledge, fund, commodity, amount, exact, position, day, ` +
      'cancelled_position, cancelled_day) select donor, pledge, ?, commodity, amount, exact, ?, ?, ' +
      `cancelled_position, cancelled_day from ${physical('donor_pledge')} where pledge = ? and position = ` +
      `(select max(position) from ${physical('donor_pledge')} where pledge = ?)`;
    return async (page, tx) => {
      const gifts: [number, string, number, string, string, bigint, bigint, string][] = [];
      for (const event of page.events as readonly (BookEvent | PledgeEvent)[]) {
        const { type, position, effectiveOn, data } = event;
        if (type === 'book.receipt-recorded.v1' || type === 'book.income-recorded.v1') {
          const { donor, pool, minted, receipt } = data;
          gifts.push([
            segmentOf(position),
            donor ?? '',
            position,
            effectiveOn,
            pool,
            BigInt(minted[0]),
            BigInt(minted[1]),
            receipt,
          ]);
        } else if (type === 'pledge.made.v1' || type === 'pledge.amended.v1') {
          // A pledge of unknown amount is in no sum; the ageing lists it.
          if (data.amount === null) continue;
          const { donor, pledge, fund, commodity, amount, qualifier } = data;
          const exact = qualifier === 'exact' ? 1 : 0;
          await tx.run(addPledge, [
            [donor ?? '', pledge, fund, commodity, BigInt(amount), exact, position, effectiveOn],
          ]);
        } else if (type === 'pledge.handed-over.v1') {
          await tx.run(handOver, [[data.fund, position, effectiveOn, data.pledge, data.pledge]]);
        } else if (type === 'pledge.cancelled.v1') {
          await tx.run(cancel, [[position, effectiveOn, data.pledge]]);
        }
      }
      // In the order of the table: neighbours share its pages, which are then written once.
      await tx.run(
        addGift,
        gifts.toSorted((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : a[2] - b[2])),
      );
    };
  },
};

interface DonorTables extends TraceTables {
  readonly donor_gift: {
    readonly segment: bigint;
    readonly donor: string;
    readonly position: bigint;
    readonly day: string;
    readonly pool: string;
    readonly from_unit: bigint;
    readonly to_unit: bigint;
    readonly receipt: string;
  };
  readonly donor_pledge: {
    readonly donor: string;
    readonly pledge: string;
    readonly fund: string;
    readonly commodity: string;
    readonly amount: bigint;
    readonly exact: bigint;
    readonly position: bigint;
    readonly day: string;
    readonly cancelled_position: bigint | null;
    readonly cancelled_day: string | null;
  };
}

/** received = committed + paid + lost + left; `left` is below zero while uses hold reversed units that nothing covers. */
export interface DonorRow {
  /** Null: gifts and pledges whose giver the source does not name. */
  readonly donor: string | null;
  readonly commodity: CommodityCode;
  /** Promised and not cancelled, whether it came in or not. */
  readonly pledged: bigint;
  /** The same of pledges whose amount is a bound: a stated figure, never added to the exact ones. */
  readonly pledgedAbout: bigint;
  readonly received: bigint;
  readonly committed: bigint;
  readonly paid: bigint;
  /** Goods that were lost or spoiled, in the unit of the gift they came from. */
  readonly lost: bigint;
  /** Of the gifts, what no disbursement holds. */
  readonly left: bigint;
}

export interface DonorQuery extends AsOf {
  readonly scope: Scope;
  readonly funds?: readonly string[] | undefined;
  /** Only these donors; null is "not named". All, page by page, when absent. */
  readonly donors?: readonly (string | null)[] | undefined;
  /** Donors after this one, in the order of their ids: the `next` of the page before. */
  readonly after?: string | undefined;
  /** Donors of a page, 1 … {@link DONORS_PAGE_MAX}. */
  readonly limit?: number | undefined;
}

export const DONORS_PAGE_MAX = 500;

/** What donors promised and gave, and what became of it; `next` is null at the end. */
export function readDonorBalances(
  context: ReadContext,
  { scope, funds: asked, donors, after, limit = DONORS_PAGE_MAX, ...asOf }: DonorQuery,
): Promise<Standing & { readonly rows: readonly DonorRow[]; readonly next: string | null }> {
  const size = Math.min(Math.max(1, limit), DONORS_PAGE_MAX);
  return readAsOf<DonorTables, { rows: readonly DonorRow[]; next: string | null }>(
    context,
    [donorBalance.name, traces.name, mergers.name],
    asOf,
    async (trx, dates) => {
      const funds = await withPredecessors(trx, visibleFunds(scope, asked), dates);
      const isSeen = (fund: string): boolean => funds === 'all' || funds.has(fund);
      const found =
        donors?.map((donor) => donor ?? '') ?? (await donorsAfter(trx, dates.knownAt, after, size + 1));
      const page = donors ? found : found.slice(0, size);
      const rows: DonorRow[] = [];
      for (const donor of page) rows.push(...(await donorRows(trx, donor, dates, isSeen)));
      return { rows, next: found.length > page.length ? (page.at(-1) ?? null) : null };
    },
  );
}

/** The next donors that had given or promised anything by then, the unnamed first. */
async function donorsAfter(
  trx: Kysely<DonorTables>,
  knownAt: number,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  const giving: string[] = [];
  for (const segment of segmentsUpTo(knownAt)) {
    const rows = await trx
      .selectFrom('donor_gift')
      .select('donor')
      .where('segment', '=', segment)
      .where('position', '<=', BigInt(knownAt))
      .where('donor', after === undefined ? '>=' : '>', after ?? '')
      .groupBy('donor')
      .orderBy('donor')
      .limit(limit)
      .execute();
    giving.push(...rows.map(({ donor }) => donor));
  }
  const pledging = await trx
    .selectFrom('donor_pledge')
    .select('donor')
    .where('position', '<=', BigInt(knownAt))
    .where('donor', after === undefined ? '>=' : '>', after ?? '')
    .groupBy('donor')
    .orderBy('donor')
    .limit(limit)
    .execute();
  const named = await trx
    .selectFrom('trace_label')
    .select('donor')
    .where('position', '<=', BigInt(knownAt))
    .where('donor', after === undefined ? '>=' : '>', after ?? '')
    .groupBy('donor')
    .orderBy('donor')
    .limit(limit)
    .execute();
  const ids = new Set([...giving, ...[...pledging, ...named].map(({ donor }) => donor)]);
  return [...ids].toSorted().slice(0, limit);
}

/** Sums of one donor in one pool: gifts minted there, and what disbursements hold of units that came from them. */
interface PoolSum {
  readonly measure: 'received' | UseStatus;
  readonly pool: string;
  readonly amount: bigint;
}

/**
 * What a donor gave and what became of it, pool by pool, in one statement: a donor may have given ten thousand
 * times. An event counts when it was known and effective by the two dates; which gift backs a use, as the books of that
 * year knew: a gift may stand behind a use of an earlier day of it, and `left` is then below zero in the view of that day.
 */
async function poolSums(
  trx: Kysely<DonorTables>,
  donor: string,
  { knownAt, through }: Dates,
): Promise<PoolSum[]> {
  const known = BigInt(knownAt);
  // Named one by one, because each is then a look-up by key.
  const segments = segmentsUpTo(knownAt);
  const { rows } = await sql<PoolSum>`
    with gift as (
      select pool, from_unit, to_unit, receipt, day from donor_gift g
      where segment in (${sql.join(segments)}) and donor = ${donor} and position <= ${known}
        and not exists (select 1 from trace_label l where l.receipt = g.receipt
          and l.position <= ${known} and l.day <= ${through})
      union all
      select pool, from_unit, to_unit, receipt, day from trace_label g
      where donor = ${donor} and position <= ${known} and day <= ${through}
        and not exists (select 1 from trace_label l where l.receipt = g.receipt and l.position > g.position
          and l.position <= ${known} and l.day <= ${through})
    ), piece as (
      select pool, from_unit, to_unit from gift
      union all
      select p.pool, p.from_unit, p.to_unit from gift join trace_piece p on p.receipt = gift.receipt and p.moved = 1
      where p.position <= ${known}
        and (p.begun_position is null or (p.begun_position <= ${known} and p.begun_day <= ${through}))
      union all
      select p.pool, p.from_unit, p.to_unit from gift join trace_piece_past p on p.receipt = gift.receipt
      where p.position <= ${known}
        and (p.begun_position is null or (p.begun_position <= ${known} and p.begun_day <= ${through}))
        and (p.ended_position > ${known} or p.ended_day > ${through})
    ), held as (
      select piece.pool,
        case when u.to_unit < piece.to_unit then u.to_unit else piece.to_unit end -
        case when u.from_unit > piece.from_unit then u.from_unit else piece.from_unit end as amount,
        case when u.lost = 1 then 'lost'
          when u.paid_position <= ${known} and u.paid_day <= ${through} then 'paid' else 'committed' end as measure
      from piece
      join trace_width w on w.pool = piece.pool
      join trace_use u on u.pool = piece.pool and u.from_unit > piece.from_unit - w.widest
        and u.from_unit < piece.to_unit and u.to_unit > piece.from_unit
      where ((u.position <= ${known} and u.day <= ${through}) or (u.paid_position <= ${known} and u.paid_day <= ${through}))
        and not (u.ended_position is not null and u.ended_position <= ${known} and u.ended_day <= ${through})
        and u.begun_position <= ${known} and u.begun_day <= ${through}
        and (u.covered_position is null or u.covered_position > ${known} or u.covered_day > ${through})
    )
    select 'received' as measure, pool, sum(to_unit - from_unit) as amount from gift
    where day <= ${through} group by pool
    union all
    select 'received' as measure, gift.pool, sum(a.amount) as amount
    from gift join trace_adjustment a on a.receipt = gift.receipt
    where a.position <= ${known} and a.day <= ${through} group by gift.pool
    union all
    select measure, pool, sum(amount) as amount from held group by measure, pool`.execute(trx);
  return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }));
}

/** What uses hold of units that a donor's gifts came to stand for through exchanges, in the unit of the gift. */
async function exchangedSums(
  trx: Kysely<DonorTables>,
  donor: string,
  { knownAt, through }: Dates,
): Promise<PoolSum[]> {
  const known = BigInt(knownAt);
  const segments = segmentsUpTo(knownAt);
  const { rows } = await sql<{
    readonly measure: UseStatus;
    readonly given_pool: string;
    readonly borders: string;
    readonly given: string;
    readonly from_unit: bigint;
    readonly to_unit: bigint;
  }>`
    with gift as (
      select receipt from donor_gift g
      where segment in (${sql.join(segments)}) and donor = ${donor} and position <= ${known}
        and not exists (select 1 from trace_label l where l.receipt = g.receipt
          and l.position <= ${known} and l.day <= ${through})
      union all
      select receipt from trace_label g
      where donor = ${donor} and position <= ${known} and day <= ${through}
        and not exists (select 1 from trace_label l where l.receipt = g.receipt and l.position > g.position
          and l.position <= ${known} and l.day <= ${through})
    )
    select s.given_pool, s.borders, s.given, u.from_unit, u.to_unit,
      case when u.lost = 1 then 'lost'
        when u.paid_position <= ${known} and u.paid_day <= ${through} then 'paid' else 'committed' end as measure
    from gift
    join trace_share s on s.receipt = gift.receipt
    join trace_width w on w.pool = s.pool
    join trace_use u on u.pool = s.pool and u.from_unit > s.from_unit - w.widest
      and u.from_unit < s.to_unit and u.to_unit > s.from_unit
    where s.position <= ${known} and s.begun_position <= ${known} and s.begun_day <= ${through}
      and (s.ended_position = 0 or s.ended_position > ${known} or s.ended_day > ${through})
      and ((u.position <= ${known} and u.day <= ${through}) or (u.paid_position <= ${known} and u.paid_day <= ${through}))
      and not (u.ended_position is not null and u.ended_position <= ${known} and u.ended_day <= ${through})
      and u.begun_position <= ${known} and u.begun_day <= ${through}
      and (u.covered_position is null or u.covered_position > ${known} or u.covered_day > ${through})`.execute(
    trx,
  );
  return rows.map(({ measure, given_pool: pool, borders, given, from_unit, to_unit }) => ({
    measure,
    pool,
    amount: givenFor(
      { part: readPart(borders), given: readPart(given) },
      { from: BigInt(from_unit), to: BigInt(to_unit) },
    ),
  }));
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

async function donorRows(
  trx: Kysely<DonorTables>,
  donor: string,
  dates: Dates,
  isSeen: (fund: string) => boolean,
): Promise<DonorRow[]> {
  const rows = new Map<string, Writable<DonorRow>>();
  const rowOf = (commodity: string): Writable<DonorRow> => {
    const known = rows.get(commodity);
    if (known) return known;
    const row = {
      donor: donor || null,
      commodity,
      pledged: 0n,
      pledgedAbout: 0n,
      received: 0n,
      committed: 0n,
      paid: 0n,
      lost: 0n,
      left: 0n,
    };
    rows.set(commodity, row);
    return row;
  };
  const sums = [...(await poolSums(trx, donor, dates)), ...(await exchangedSums(trx, donor, dates))];
  for (const { measure, pool, amount } of sums) {
    const { fund, commodity } = poolKey(pool);
    if (isSeen(fund)) rowOf(commodity)[measure] += amount;
  }
  const pledges = await trx
    .selectFrom('donor_pledge')
    .selectAll()
    .where('donor', '=', donor)
    .where('position', '<=', BigInt(dates.knownAt))
    .where('day', '<=', dates.through)
    .orderBy('position')
    .execute();
  const latest = new Map(pledges.map((row) => [row.pledge, row]));
  for (const { fund, commodity, amount, exact, cancelled_position, cancelled_day } of latest.values()) {
    const cancelled =
      cancelled_position !== null &&
      cancelled_day !== null &&
      cancelled_position <= BigInt(dates.knownAt) &&
      cancelled_day <= dates.through;
    if (isSeen(fund) && !cancelled) rowOf(commodity)[exact === 1n ? 'pledged' : 'pledgedAbout'] += amount;
  }
  for (const row of rows.values()) row.left = row.received - row.committed - row.paid - row.lost;
  return [...rows.values()].toSorted((a, b) => (a.commodity < b.commodity ? -1 : 1));
}
