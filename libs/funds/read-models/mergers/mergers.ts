import { type QueryExecutorProvider, sql } from 'kysely';
import type { Scope } from '#access';
import type { Day } from '#kernel';
import {
  type AsOf,
  type Projection,
  type ReadContext,
  type Standing,
  insertInto,
  readAsOf,
} from '#read-models';
import type { BookEvent } from '../../domain/events.ts';
import { visibleFunds } from '../query.ts';

const COLUMNS = ['into_fund', 'fund', 'position', 'day', 'direct'] as const;

/** Which fund goes on with which, at once (`direct` 1) or through others that it took over. */
export const mergers: Projection = {
  name: 'mergers',
  version: 1,
  types: ['book.fund-taken-over.v1'],
  tables: {
    fund_merger: {
      columns: { into_fund: 'text', fund: 'text', position: 'whole', day: 'text', direct: 'whole' },
      key: ['into_fund', 'fund'],
    },
  },
  open: (physical) => {
    const insert = insertInto(physical('fund_merger'), COLUMNS);
    return async (page, tx) => {
      const rows = (page.events as readonly BookEvent[]).flatMap(({ type, data, position, effectiveOn }) =>
        type === 'book.fund-taken-over.v1'
          ? data.predecessors.map(({ fund }) => [
              data.into,
              fund,
              position,
              effectiveOn,
              fund === data.from ? 1 : 0,
            ])
          : [],
      );
      await tx.run(insert, rows);
    };
  },
};

interface MergerTables {
  readonly fund_merger: {
    readonly into_fund: string;
    readonly fund: string;
    readonly position: bigint;
    readonly day: Day;
    readonly direct: bigint;
  };
}

interface Dates {
  readonly knownAt: number;
  readonly through: Day;
}

/**
 * Funds with those they had taken over by two dates: who may see a fund sees what it goes on with. What a merged fund
 * did stays its own; this says only who is shown it.
 */
export async function withPredecessors(
  trx: QueryExecutorProvider,
  funds: 'all' | ReadonlySet<string>,
  { knownAt, through }: Dates,
): Promise<'all' | ReadonlySet<string>> {
  if (funds === 'all' || funds.size === 0) return funds;
  const { rows } = await sql<{ fund: string }>`
    select fund from fund_merger where into_fund in (${sql.join([...funds])})
      and position <= ${BigInt(knownAt)} and day <= ${through}`.execute(trx);
  return new Set([...funds, ...rows.map(({ fund }) => fund)]);
}

/** One fund that became part of another one. */
export interface MergerRow {
  readonly fund: string;
  readonly into: string;
  readonly effectiveOn: Day;
  /** Position in the log of the first event that the successor wrote of it. */
  readonly position: number;
}

/** The funds that went on in another one after this one, in order: where its money is now. */
export async function successorsOf(
  trx: QueryExecutorProvider,
  fund: string,
  { knownAt, through }: Dates,
): Promise<MergerRow[]> {
  const { rows } = await sql<MergerTables['fund_merger']>`
    select * from fund_merger where fund = ${fund}
      and position <= ${BigInt(knownAt)} and day <= ${through} order by position`.execute(trx);
  return rows.map(mergerFrom);
}

const mergerFrom = ({ fund, into_fund, day, position }: MergerTables['fund_merger']): MergerRow => ({
  fund,
  into: into_fund,
  effectiveOn: day,
  position: Number(position),
});

export interface MergersQuery extends AsOf {
  readonly scope: Scope;
  /** Of or into these funds. */
  readonly funds?: readonly string[] | undefined;
}

/** Every merger by two dates, in the order of the log. */
export function readMergers(
  context: ReadContext,
  { scope, funds: asked, ...asOf }: MergersQuery,
): Promise<Standing & { readonly rows: readonly MergerRow[] }> {
  const funds = visibleFunds(scope, asked);
  return readAsOf<MergerTables, { rows: readonly MergerRow[] }>(
    context,
    [mergers.name],
    asOf,
    async (trx, { knownAt, through }) => {
      const rows = await trx
        .selectFrom('fund_merger')
        .selectAll()
        .where('direct', '=', 1n)
        .where('position', '<=', BigInt(knownAt))
        .where('day', '<=', through)
        .orderBy('position')
        .execute();
      const isSeen = (fund: string): boolean => funds === 'all' || funds.has(fund);
      return {
        rows: rows.filter((row) => isSeen(row.fund) || isSeen(row.into_fund)).map(mergerFrom),
      };
    },
  );
}
