import { type Kysely, type Transaction, sql } from 'kysely';
import type { Scope } from '#access';
import { eventId } from '#event-log';
import {
  type CommodityCode,
  type Day,
  type ExactRange,
  type Range,
  carry,
  commonPart,
  exactly,
  wholeUnits,
} from '#kernel';
import { parseEnvelope } from '#platform';
import { type AsOf, type ReadContext, type Standing, readAsOf } from '#read-models';
import { type ReceiptEvent, type ReceiptRecorded, isReceipt } from '../../domain/events.ts';
import { poolKey } from '../../domain/restriction.ts';
import { type MergerRow, mergers, successorsOf, withPredecessors } from '../mergers/mergers.ts';
import { type ShareRow, readPart } from './shares.ts';
import { type TraceTables, traces } from './traces.ts';

/** How far a use of units is: promised to a disbursement, or paid out; or it is no use, but goods that were lost. */
export type UseStatus = 'committed' | 'paid' | 'lost';

/** Part of a gift that a disbursement holds, and part of a disbursement that a gift pays for. */
export interface TracedUse {
  readonly receipt: string;
  readonly donor: string | null;
  readonly disbursement: string;
  readonly fund: string;
  readonly pool: string;
  /** Units of the pool from (inclusive) to (exclusive). */
  readonly from: bigint;
  readonly to: bigint;
  /** Of the gift, in the unit it was given in: goods it bought and money it was changed into count as that. */
  readonly amount: bigint;
  readonly commodity: CommodityCode;
  readonly status: UseStatus;
  /** The day it was committed, or paid. */
  readonly effectiveOn: Day;
}

/**
 * What became of one gift. received = committed + paid + lost + left: `received` is net of what was corrected, refunded or
 * reversed, and `left` is below zero while uses hold reversed units that nothing covers.
 */
export interface GiftTrace {
  readonly receipt: string;
  readonly donor: string | null;
  readonly fund: string;
  readonly commodity: CommodityCode;
  readonly effectiveOn: Day;
  readonly received: bigint;
  readonly committed: bigint;
  readonly paid: bigint;
  readonly lost: bigint;
  readonly left: bigint;
  readonly uses: readonly TracedUse[];
  /** Funds that went on with the one it was given to, in order: the last one has what is left. */
  readonly passedTo: readonly Pick<MergerRow, 'into' | 'effectiveOn'>[];
}

export interface TraceQuery extends AsOf {
  readonly scope: Scope;
}

/** Units of a pool that came from one gift. */
interface GiftPiece {
  readonly receipt: string;
  readonly donor: string | null;
  readonly pool: string;
  readonly from: bigint;
  readonly to: bigint;
}

/** A command that records a receipt writes it among its first events. */
const RECEIPT_INDEX_MAX = 3;

type Receipt = ReceiptEvent;

/** The event that recorded a receipt. A receipt's id is that of its command, so the log finds it by event id. */
async function findReceipt({ log }: ReadContext, receipt: string): Promise<Receipt | undefined> {
  for (let index = 0; index <= RECEIPT_INDEX_MAX; index += 1) {
    const found = await log.find(eventId(receipt, index));
    if (found && isReceipt(found)) return parseEnvelope(found) as unknown as Receipt;
  }
  return undefined;
}

/** What became of one gift; null: unknown by those dates, or its fund is not in the scope. */
export async function readGiftTrace(
  context: ReadContext,
  { scope, receipt, ...asOf }: TraceQuery & { readonly receipt: string },
): Promise<Standing & { readonly gift: GiftTrace | null }> {
  const recorded = await findReceipt(context, receipt);
  return readAsOf<TraceTables, { gift: GiftTrace | null }>(
    context,
    [traces.name, mergers.name],
    asOf,
    async (trx, { knownAt, through }) => {
      if (recorded === undefined || recorded.position > knownAt || recorded.effectiveOn > through)
        return { gift: null };
      const { data, effectiveOn } = recorded;
      const { fund } = poolKey(data.pool);
      const seen = await withPredecessors(trx, scope.funds, { knownAt, through });
      if (seen !== 'all' && !seen.has(fund)) return { gift: null };
      const successors = await successorsOf(trx, fund, { knownAt, through });
      const passedTo = successors.map(({ into, effectiveOn: on }) => ({ into, effectiveOn: on }));
      const pieces = [mintedPiece(data), ...(await movedPieces(trx, receipt, { knownAt, through }))];
      const found: TracedUse[] = [];
      for (const piece of pieces) found.push(...(await usesOf(trx, piece, { knownAt, through })));
      for (const share of await sharesOf(trx, receipt, { knownAt, through }))
        for (const { row, state } of await usesOver(trx, share, { knownAt, through }))
          found.push(...sharedUse(share, row, state));
      const labels = await donorsOf(trx, [receipt], { knownAt, through });
      const uses = found.map((use) => labelled(use, labels));
      const received = BigInt(data.amount) + (await adjustedBy(trx, receipt, { knownAt, through }));
      const [committed, paid] = [amountOf(uses, 'committed'), amountOf(uses, 'paid')];
      const lost = amountOf(uses, 'lost');
      const { commodity } = data;
      const { donor } = labelled({ receipt, donor: data.donor }, labels);
      const sums = { received, committed, paid, lost, left: received - committed - paid - lost };
      return { gift: { receipt, donor, fund, commodity, effectiveOn, ...sums, uses, passedTo } };
    },
  );
}

/** The gifts that back one disbursement, in the order their units were drawn. */
export function readDisbursementTrace(
  context: ReadContext,
  { scope, disbursement, ...asOf }: TraceQuery & { readonly disbursement: string },
): Promise<Standing & { readonly gifts: readonly TracedUse[] }> {
  return readAsOf<TraceTables, { gifts: readonly TracedUse[] }>(
    context,
    [traces.name, mergers.name],
    asOf,
    async (trx, dates) => {
      const rows = await trx
        .selectFrom('trace_use')
        .selectAll()
        .where('disbursement', '=', disbursement)
        .orderBy('position')
        .orderBy('place')
        .orderBy('from_unit')
        .execute();
      const gifts: TracedUse[] = [];
      const funds = await withPredecessors(trx, scope.funds, dates);
      const seen = rows.filter(({ fund }) => funds === 'all' || funds.has(fund));
      for (const { row, state } of asTheyStood(seen, dates))
        gifts.push(
          ...(await piecesOver(trx, row, dates)).map((piece) => overlap(piece, row, state)),
          ...(await sharesOver(trx, row, dates)).flatMap((share) => sharedUse(share, row, state)),
        );
      const labels = await donorsOf(trx, [...new Set(gifts.map(({ receipt }) => receipt))], dates);
      return { gifts: gifts.map((use) => labelled(use, labels)) };
    },
  );
}

/** The two dates of a read, resolved. */
export interface Dates {
  readonly knownAt: number;
  readonly through: Day;
}

const mintedPiece = ({ receipt, donor, pool, minted }: ReceiptRecorded): GiftPiece => ({
  receipt,
  donor,
  pool,
  from: BigInt(minted[0]),
  to: BigInt(minted[1]),
});

const amountOf = (uses: readonly TracedUse[], status: UseStatus): bigint =>
  uses.reduce((sum, use) => (use.status === status ? sum + use.amount : sum), 0n);

type PieceRow = TraceTables['trace_piece'];
type UseRow = TraceTables['trace_use'];

const pieceFrom = ({
  receipt,
  donor,
  pool,
  from_unit,
  to_unit,
}: Pick<PieceRow, 'receipt' | 'donor' | 'pool' | 'from_unit' | 'to_unit'>): GiftPiece => ({
  receipt,
  donor,
  pool,
  from: from_unit,
  to: to_unit,
});

/** Units of a gift that allocations moved into other pools. */
async function movedPieces(trx: Kysely<TraceTables>, receipt: string, dates: Dates): Promise<GiftPiece[]> {
  const { knownAt } = dates;
  const rows = await trx
    .selectFrom('trace_piece')
    .selectAll()
    .where('receipt', '=', receipt)
    // Written out, because an index over some rows is used only when the query names them.
    .where('moved', '=', sql.lit(1) as unknown as bigint)
    .where('position', '<=', BigInt(knownAt))
    .orderBy('pool')
    .orderBy('from_unit')
    .execute();
  const past = await trx
    .selectFrom('trace_piece_past')
    .selectAll()
    .where('receipt', '=', receipt)
    .where('position', '<=', BigInt(knownAt))
    .orderBy('pool')
    .orderBy('from_unit')
    .execute();
  return [...rows, ...past].filter((row) => hasOrigin(row, dates)).map(pieceFrom);
}

const happened = (position: bigint | null, day: Day | null, { knownAt, through }: Dates): day is Day =>
  position !== null && day !== null && position <= BigInt(knownAt) && day <= through;

/** Whether moved units came from the row's receipt as the books of that year knew then: covers give them another. */
const hasOrigin = (
  row: Pick<PieceRow, 'begun_position' | 'begun_day'> & {
    readonly ended_position?: bigint;
    readonly ended_day?: string;
  },
  dates: Dates,
): boolean =>
  (row.begun_position === null || happened(row.begun_position, row.begun_day, dates)) &&
  !happened(row.ended_position ?? null, row.ended_day ?? null, dates);

/** By how much corrections changed the amount of a receipt. */
async function adjustedBy(trx: Kysely<TraceTables>, receipt: string, dates: Dates): Promise<bigint> {
  const rows = await trx.selectFrom('trace_adjustment').selectAll().where('receipt', '=', receipt).execute();
  return rows.reduce((sum, row) => (happened(row.position, row.day, dates) ? sum + row.amount : sum), 0n);
}

/** Receipts asked for in one statement. */
const RECEIPTS_MAX = 500;

/** The donors that corrections gave to receipts, by receipt; empty: nobody. */
async function donorsOf(
  trx: Kysely<TraceTables>,
  receipts: readonly string[],
  dates: Dates,
): Promise<ReadonlyMap<string, string>> {
  const donors = new Map<string, string>();
  for (let at = 0; at < receipts.length; at += RECEIPTS_MAX) {
    const rows = await trx
      .selectFrom('trace_label')
      .select(['receipt', 'position', 'day', 'donor'])
      .where('receipt', 'in', receipts.slice(at, at + RECEIPTS_MAX))
      .orderBy('position')
      .execute();
    for (const { receipt, position, day, donor } of rows)
      if (happened(position, day, dates)) donors.set(receipt, donor);
  }
  return donors;
}

const labelled = <T extends { readonly receipt: string; readonly donor: string | null }>(
  of: T,
  labels: ReadonlyMap<string, string>,
): T => {
  const donor = labels.get(of.receipt);
  return donor === undefined ? of : { ...of, donor: donor || null };
};

/** The pieces under the units of a use. */
async function piecesOver(trx: Transaction<TraceTables>, use: UseRow, dates: Dates): Promise<GiftPiece[]> {
  const rows = await trx
    .selectFrom('trace_piece')
    .selectAll()
    .where('pool', '=', use.pool)
    .where('from_unit', '<', use.to_unit)
    // Between the pieces of a pool lies what came through an exchange.
    .where('to_unit', '>', use.from_unit)
    .where('from_unit', '>=', (eb) =>
      eb.fn.coalesce(
        eb
          .selectFrom('trace_piece')
          .select((e) => e.fn.max('from_unit').as('first'))
          .where('pool', '=', use.pool)
          .where('from_unit', '<=', use.from_unit),
        sql<bigint>`0`,
      ),
    )
    .orderBy('from_unit')
    .execute();
  const past = await trx
    .selectFrom('trace_piece_past')
    .selectAll()
    .where('pool', '=', use.pool)
    .where('from_unit', '<', use.to_unit)
    .where('to_unit', '>', use.from_unit)
    .execute();
  return [...rows, ...past]
    .filter((row) => hasOrigin(row, dates))
    .map(pieceFrom)
    .toSorted((a, b) => (a.from < b.from ? -1 : 1));
}

/** The uses that hold units of a piece, as they stood by the two dates. */
const usesOf = async (trx: Kysely<TraceTables>, piece: GiftPiece, dates: Dates): Promise<TracedUse[]> =>
  (await usesOver(trx, piece, dates)).map(({ row, state }) => overlap(piece, row, state));

/** The uses that hold some of these units of a pool, as they stood by the two dates. */
async function usesOver(
  trx: Kysely<TraceTables>,
  piece: Pick<GiftPiece, 'pool' | 'from' | 'to'>,
  dates: Dates,
): Promise<HeldUse[]> {
  const width = await trx
    .selectFrom('trace_width')
    .select('widest')
    .where('pool', '=', piece.pool)
    .executeTakeFirst();
  if (width === undefined) return [];
  const rows = await trx
    .selectFrom('trace_use')
    .selectAll()
    .where('pool', '=', piece.pool)
    .where('from_unit', '>', piece.from - width.widest)
    .where('from_unit', '<', piece.to)
    .where('to_unit', '>', piece.from)
    .orderBy('from_unit')
    .orderBy('position')
    .execute();
  return asTheyStood(rows, dates);
}

interface HeldUse {
  readonly row: UseRow;
  readonly state: UseState;
}

interface UseState {
  readonly status: UseStatus;
  readonly effectiveOn: Day;
}

/**
 * Uses as they stood by the two dates, in the order of `rows` (one use's by unit). A later event may have cut a use into rows
 * that differ only in what was not known yet; they are one again, whatever has been applied since.
 */
function asTheyStood(rows: readonly UseRow[], dates: Dates): HeldUse[] {
  const uses: HeldUse[] = [];
  // By the use and the unit the next part of it begins with.
  const ends = new Map<string, number>();
  for (const row of rows) {
    const state = stateOf(row, dates);
    if (state === null) continue;
    const use = `${row.pool} ${row.position} ${row.place}`;
    const at = ends.get(`${use} ${row.from_unit}`);
    const before = at === undefined ? undefined : uses[at];
    const isSame = before?.state.status === state.status && before.state.effectiveOn === state.effectiveOn;
    ends.set(`${use} ${row.to_unit}`, isSame && at !== undefined ? at : uses.length);
    if (isSame && at !== undefined) uses[at] = { row: { ...before.row, to_unit: row.to_unit }, state };
    else uses.push({ row, state });
  }
  return uses;
}

/** What a use was by the two dates: an event counts when it was known and effective by then. */
function stateOf(row: UseRow, dates: Dates): UseState | null {
  if (happened(row.ended_position, row.ended_day, dates)) return null;
  const { paid_position, paid_day, position, day } = row;
  if (!happened(row.begun_position, row.begun_day, dates)) return null;
  if (happened(row.covered_position, row.covered_day, dates)) return null;
  if (happened(paid_position, paid_day, dates))
    return { status: row.lost === 0n ? 'paid' : 'lost', effectiveOn: paid_day };
  if (happened(position, day, dates)) return { status: 'committed', effectiveOn: day };
  return null;
}

function overlap({ receipt, donor, ...piece }: GiftPiece, use: UseRow, state: UseState): TracedUse {
  const from = piece.from > use.from_unit ? piece.from : use.from_unit;
  const to = piece.to < use.to_unit ? piece.to : use.to_unit;
  const { disbursement, fund, pool } = use;
  const { commodity } = poolKey(pool);
  return { receipt, donor, disbursement, fund, pool, from, to, amount: to - from, commodity, ...state };
}

/** Part of a pool that stands for part of a gift in its own unit, both exact. */
interface GiftShare extends GiftPiece {
  readonly part: ExactRange;
  readonly givenPool: string;
  readonly given: ExactRange;
}

const shareFrom = (row: ShareRow): GiftShare => ({
  ...pieceFrom(row),
  part: readPart(row.borders),
  givenPool: row.given_pool,
  given: readPart(row.given),
});

/** Whether a share was known and its gift still behind it by then. */
const isBehind = (row: ShareRow, dates: Dates): boolean =>
  row.position <= BigInt(dates.knownAt) &&
  happened(row.begun_position, row.begun_day, dates) &&
  (row.ended_position === 0n || !happened(row.ended_position, row.ended_day, dates));

const meets = (a: ExactRange, b: ExactRange): boolean => a.to * b.per === b.from * a.per;
const joined = (a: ExactRange, b: ExactRange): ExactRange => ({
  from: a.from * b.per,
  to: b.to * a.per,
  per: a.per * b.per,
});

type Share = Pick<GiftShare, 'part' | 'given'>;

/** Both stand for the gift in the same ratio: shares of two exchanges need not. */
const isAsDear = (a: Share, b: Share): boolean =>
  widthOf(a.part) * widthOf(b.given) * b.part.per * a.given.per ===
  widthOf(b.part) * widthOf(a.given) * a.part.per * b.given.per;
const widthOf = ({ from, to }: ExactRange): bigint => to - from;

/** Shares that a later event may have cut are one again, whatever has been known since. */
function wholeShares(shares: readonly GiftShare[]): GiftShare[] {
  const whole: GiftShare[] = [];
  const inOrder = shares.toSorted((a, b) =>
    a.pool === b.pool
      ? a.part.from * b.part.per < b.part.from * a.part.per
        ? -1
        : 1
      : a.pool < b.pool
        ? -1
        : 1,
  );
  for (const share of inOrder) {
    const last = whole.at(-1);
    const isSame =
      last?.receipt === share.receipt && last.pool === share.pool && last.givenPool === share.givenPool;
    const meet = last && isSame && meets(last.part, share.part) && meets(last.given, share.given);
    if (meet && isAsDear(last, share))
      whole[whole.length - 1] = {
        ...last,
        to: share.to,
        part: joined(last.part, share.part),
        given: joined(last.given, share.given),
      };
    else whole.push(share);
  }
  return whole;
}

/** What of other pools stands for parts of a gift. */
async function sharesOf(trx: Kysely<TraceTables>, receipt: string, dates: Dates): Promise<GiftShare[]> {
  const rows = await trx
    .selectFrom('trace_share')
    .selectAll()
    .where('receipt', '=', receipt)
    .orderBy('pool')
    .orderBy('from_unit')
    .execute();
  return wholeShares(rows.filter((row) => isBehind(row, dates)).map(shareFrom));
}

/** Gifts behind the units of a use that came through an exchange, in the order of the units. */
async function sharesOver(trx: Kysely<TraceTables>, use: UseRow, dates: Dates): Promise<GiftShare[]> {
  const live = await trx
    .selectFrom('trace_share')
    .selectAll()
    .where('pool', '=', use.pool)
    .where('ended_position', '=', sql.lit(0) as unknown as bigint)
    .where('from_unit', '<', use.to_unit)
    .where('from_unit', '>=', (eb) =>
      eb.fn.coalesce(
        eb
          .selectFrom('trace_share')
          .select((e) => e.fn.max('from_unit').as('first'))
          .where('pool', '=', use.pool)
          .where('ended_position', '=', sql.lit(0) as unknown as bigint)
          .where('from_unit', '<', use.from_unit),
        sql<bigint>`0`,
      ),
    )
    .execute();
  const past = await trx
    .selectFrom('trace_share')
    .selectAll()
    .where('pool', '=', use.pool)
    .where('ended_position', '>', sql.lit(0) as unknown as bigint)
    .where('from_unit', '<', use.to_unit)
    .where('to_unit', '>', use.from_unit)
    .execute();
  return wholeShares([...live, ...past].filter((row) => isBehind(row, dates)).map(shareFrom));
}

/** What a gift gave to a use through exchanges: floored at its borders in the gift's unit, so that uses add up. */
function sharedUse(share: GiftShare, use: UseRow, state: UseState): TracedUse[] {
  const held = { from: use.from_unit, to: use.to_unit };
  const amount = givenFor(share, held);
  if (amount === 0n) return [];
  const { receipt, donor, givenPool, from, to } = share;
  const piece = { receipt, donor, pool: use.pool, from, to };
  return [{ ...overlap(piece, use, state), amount, commodity: poolKey(givenPool).commodity }];
}

/** How much of a gift stands behind these units of the share's pool. */
export function givenFor({ part, given }: Pick<GiftShare, 'part' | 'given'>, units: Range): bigint {
  const hit = commonPart(part, exactly(units));
  const whole = hit && wholeUnits(carry(hit, part, given));
  return whole ? whole.to - whole.from : 0n;
}
