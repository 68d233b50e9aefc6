import type { Scope } from '#access';
import type { CommodityCode } from '#kernel';
import { readPledgeAgeing, readSponsorships } from '#pledges';
import type { AsOf, ReadContext, Standing } from '#read-models';

/** What pledges to a fund come to, in one commodity. */
export interface PledgesLeftRow {
  readonly commodity: CommodityCode;
  /** All that are not cancelled, and those of them whose amount nobody named. */
  readonly open: number;
  readonly unknown: number;
  readonly cancelled: number;
  readonly outstanding: bigint;
}

/** Pledges and sponsorships that are promised to a fund: before a merger all, after it those that did not go over. */
export interface PledgesLeft {
  readonly pledges: number;
  readonly sponsorships: number;
  readonly rows: readonly PledgesLeftRow[];
  /** Ids of one page, in their order. */
  readonly ids: readonly string[];
  /** The `after` of the next page; null at the end. */
  readonly next: string | null;
}

export interface PledgesLeftQuery extends AsOf {
  readonly scope: Scope;
  readonly fund: string;
  readonly after?: string | undefined;
  /** Ids of a page. */
  readonly limit: number;
}

/** Ages are not asked for here. */
const NO_DAY = '1970-01-01';

/** The pledges of a fund, page by page, with what they come to. */
export async function readPledgesLeft(
  context: ReadContext,
  { scope, fund, after, limit, ...asOf }: PledgesLeftQuery,
): Promise<Standing & PledgesLeft> {
  const found = await readPledgeAgeing(context, { scope, funds: [fund], on: NO_DAY, ...asOf });
  const { pledges, position, effectiveThrough, knownAt } = found;
  const sponsored = await readSponsorships(context, { scope, funds: [fund], ...asOf, knownAt });
  const rows = [...Map.groupBy(pledges, ({ commodity }) => commodity)].map(
    ([commodity, of]): PledgesLeftRow => {
      const open = of.filter(({ status }) => status === 'open');
      return {
        commodity,
        open: open.length,
        unknown: open.filter(({ pledged }) => pledged === null).length,
        cancelled: of.length - open.length,
        outstanding: open.reduce((sum, { outstanding }) => sum + (outstanding ?? 0n), 0n),
      };
    },
  );
  const all = pledges.map(({ pledge }) => pledge).toSorted();
  const from = after === undefined ? all : all.filter((id) => id > after);
  const ids = from.slice(0, limit);
  return {
    position,
    effectiveThrough,
    knownAt,
    pledges: pledges.length,
    sponsorships: sponsored.rows.length,
    rows: rows.toSorted((a, b) => (a.commodity < b.commodity ? -1 : 1)),
    ids,
    next: from.length > limit ? (ids.at(-1) ?? null) : null,
  };
}
