import { type Scope, sees } from '#access';
import type { Qualifier } from '#kernel';
import type { BookOpened, FundLevel } from '#funds';
import { type PlaceTree, unitAbove } from '#places';
import {
  type AsOf,
  type FactTables,
  type ReadContext,
  type Standing,
  readAsOf,
  readBalances,
  readFacts,
} from '#read-models';
import { type SupportReported, reportStream } from '../../domain/events.ts';
import { type AidTables, annualAid, received, stated } from './received.ts';

/** The currency of the table; other commodities are in the balances. */
const CURRENCY = 'VND';

/** A figure that is a bound or an estimate: shown beside the sums, never inside them. */
export interface NotExact {
  readonly line: string;
  /** Null: the source names no amount. */
  readonly amount: string | null;
  readonly qualifier: Qualifier;
  /** Row of the document. */
  readonly source: string;
}

/**
 * Money for children of one unit in one year, in đồng as decimal strings. Null: nothing was stated, which is
 * not 0. `localBudget` and `outsideTheFund` are reported and never added to `mobilised`, which is booked.
 */
export interface AnnualFunding {
  readonly localBudget: { readonly total: string | null } & Readonly<Record<string, string | null>>;
  readonly mobilised: {
    readonly total: string | null;
    readonly childFund: { readonly total: string | null } & Readonly<Record<string, string | null>>;
    /** Gifts to care facilities by who gave them. */
    readonly aid: { readonly total: string | null } & Readonly<Record<string, string | null>>;
  };
  readonly outsideTheFund: Readonly<Record<string, string>>;
  /** Present only when there are any. */
  readonly notExact?: readonly NotExact[];
}

export interface AnnualQuery extends AsOf {
  readonly scope: Scope;
  /** Code of the province: `06`. */
  readonly unit: string;
  readonly year: number;
  /** The places as known at `knownAt`: they say which funds are the unit's. */
  readonly tree: PlaceTree;
}

/** The annual funding table of one unit and year, computed from the events alone. */
export async function readAnnualFunding(
  context: ReadContext,
  { scope, unit, year, tree, ...asOf }: AnnualQuery,
): Promise<Standing & { readonly unit: string; readonly year: number; readonly table: AnnualFunding }> {
  const isOwn = ({ place, fund }: BookOpened): boolean =>
    sees(scope, fund) && place !== null && provinceCode(tree, place) === unit;
  const read = await readAsOf<FactTables, { books: BookOpened[]; reports: SupportReported[] }>(
    context,
    [stated.name, received.name, annualAid.name],
    asOf,
    async (trx, { knownAt, through }) => {
      const keys = [`books-${year}`, reportStream(unit, year)];
      const facts = await readFacts(trx, stated, { knownAt, through, keys, funds: 'all' });
      const events = [...facts.values()].flat();
      return {
        books: events.flatMap((e) => (e.type === 'book.opened.v1' && isOwn(e.data) ? [e.data] : [])),
        reports: events.flatMap((e) => (e.type === 'report.support-reported.v1' ? [e.data] : [])),
      };
    },
  );
  const { books, reports, ...standing } = read;
  // One position for all parts, so that a page applied in between can not make them disagree.
  const at = { effectiveThrough: asOf.effectiveThrough, knownAt: standing.knownAt };
  const sums = await readBalances(context, received, {
    ...at,
    funds: new Set(books.map(({ fund }) => fund)),
  });
  const aid = await readAid(context, books, year, at);
  return { ...standing, unit, year, table: tableOf(books, reports, year, sums.rows, aid) };
}

function provinceCode(tree: PlaceTree, place: string): string | undefined {
  if (!tree.places.has(place)) return undefined;
  const province = unitAbove(tree, place, 'province');
  return province === null ? undefined : tree.places.get(province)?.code;
}

async function readAid(
  context: ReadContext,
  books: readonly BookOpened[],
  year: number,
  asOf: AsOf,
): Promise<Map<string, bigint>> {
  const funds = books.filter(({ level }) => level === 'facility').map(({ fund }) => fund);
  const { rows } = await readAsOf<AidTables, { rows: { donor: string | null; amount: bigint }[] }>(
    context,
    [annualAid.name],
    asOf,
    async (trx, { knownAt, through }) => ({
      rows: await trx
        .selectFrom('annual_aid')
        .select(['donor', (eb) => eb.fn.sum<bigint>('amount').as('amount')])
        .where('fund', 'in', funds.length === 0 ? [''] : funds)
        .where('year', '=', BigInt(year))
        .where('commodity', '=', CURRENCY)
        .where('position', '<=', BigInt(knownAt))
        .where('day', '<=', through)
        .groupBy('donor')
        .orderBy('donor', (order) => order.asc().nullsFirst())
        .execute(),
    }),
  );
  return new Map(rows.map(({ donor, amount }) => [donor ?? 'unnamed', BigInt(amount)]));
}

/** `fleur-blanche` is `fleurBlanche` in the table. */
const memberName = (id: string): string =>
  id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The member of the table that the funds of a level are summed in. */
const CHILD_FUND_MEMBERS: Readonly<Partial<Record<FundLevel, string>>> = {
  province: 'province',
  district: 'districts',
  commune: 'communes',
};

function tableOf(
  books: readonly BookOpened[],
  reports: readonly SupportReported[],
  year: number,
  sums: readonly {
    readonly key: string | null;
    readonly commodity: string;
    readonly sums: { readonly received: bigint };
  }[],
  aid: ReadonlyMap<string, bigint>,
): AnnualFunding {
  const receivedBy = new Map(
    sums.filter(({ commodity }) => commodity === CURRENCY).map((row) => [row.key, row.sums.received]),
  );
  const childFund = new Map<string, bigint>();
  for (const { fund, level } of books) {
    const member = CHILD_FUND_MEMBERS[level];
    if (member === undefined) continue;
    childFund.set(member, (childFund.get(member) ?? 0n) + (receivedBy.get(`${fund}/${year}`) ?? 0n));
  }
  const aidMembers = new Map([...aid].map(([donor, amount]) => [memberName(donor), amount]));
  const lines = sumLines(reports);
  const notExact = reports.filter(inTable(reports)).filter(isNotExact).map(toNotExact);
  const [funds, gifts] = [totalOf(childFund), totalOf(aidMembers)];
  return {
    localBudget: withTotal(membersOf(lines, 'local-budget/'), ['province', 'districts']),
    mobilised: {
      total: funds === null && gifts === null ? null : String((funds ?? 0n) + (gifts ?? 0n)),
      childFund: withTotal(childFund, ['province', 'districts']),
      aid: withTotal(aidMembers, []),
    },
    outsideTheFund: asText(membersOf(lines, 'outside/')),
    ...(notExact.length > 0 && { notExact }),
  };
}

/** A report stands in the table by itself, not when it is a part of one that does. */
const inTable =
  (reports: readonly SupportReported[]) =>
  ({ line, partOf }: SupportReported): boolean =>
    line !== null && !reports.some((whole) => whole.report === partOf && whole.line !== null);

const isNotExact = ({ amount }: SupportReported): boolean =>
  amount.value === null || amount.qualifier !== 'exact';

const toNotExact = ({ line, amount, source }: SupportReported): NotExact => ({
  line: line ?? '',
  amount: amount.value,
  qualifier: amount.qualifier,
  source,
});

/** Sums of the exact figures of every line of the table. */
function sumLines(reports: readonly SupportReported[]): Map<string, bigint> {
  const lines = new Map<string, bigint>();
  for (const report of reports.filter(inTable(reports))) {
    if (isNotExact(report) || report.commodity !== CURRENCY || report.line === null) continue;
    lines.set(report.line, (lines.get(report.line) ?? 0n) + BigInt(report.amount.value ?? 0));
  }
  return lines;
}

const membersOf = (lines: ReadonlyMap<string, bigint>, prefix: string): Map<string, bigint> =>
  new Map(
    [...lines]
      .filter(([line]) => line.startsWith(prefix))
      .map(([line, amount]) => [memberName(line.slice(prefix.length)), amount]),
  );

const totalOf = (members: ReadonlyMap<string, bigint>): bigint | null =>
  members.size === 0 ? null : [...members.values()].reduce((a, b) => a + b, 0n);

const asText = (members: ReadonlyMap<string, bigint>): Record<string, string> =>
  Object.fromEntries([...members].map(([name, amount]) => [name, String(amount)]));

/** The total, then the members that are always shown, then all others. */
function withTotal(
  members: ReadonlyMap<string, bigint>,
  always: readonly string[],
): { total: string | null } & Record<string, string | null> {
  const total = totalOf(members);
  return {
    total: total === null ? null : String(total),
    ...Object.fromEntries(always.map((name) => [name, null])),
    ...asText(members),
  };
}
