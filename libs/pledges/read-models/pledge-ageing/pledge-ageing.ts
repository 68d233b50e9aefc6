import { type Scope } from '#access';
import type { CommodityCode, Day, Qualifier } from '#kernel';
import {
  type AsOf,
  type FactDefinition,
  type FactTables,
  type ReadContext,
  type Standing,
  factProjection,
  readAsOf,
  readFacts,
} from '#read-models';
import type { PledgeEvent } from '../../domain/events.ts';
import {
  type PledgeBalance,
  type PledgeState,
  balanceOf,
  outstandingInstalments,
  pledgeKind,
} from '../../domain/pledge.ts';
import { pledgeStream } from '../../domain/events.ts';

const definition: FactDefinition<PledgeEvent> = {
  name: 'pledges',
  version: 2,
  types: ['pledge.made.v1', 'pledge.payment-applied.v1', 'pledge.payment-reversed.v1', 'pledge.cancelled.v1'],
  keyOf: ({ data }) => data.pledge,
  fundOf: ({ type, data }) => (type === 'pledge.cancelled.v1' ? '' : data.fund),
};

/** Every pledge with what came in on it. */
export const pledges = factProjection(definition);

/** How late what is still to come is. `unscheduled`: promised without a day. */
export const AGES = ['notDue', 'days1to30', 'days31to60', 'days61to90', 'over90', 'unscheduled'] as const;
export type Age = (typeof AGES)[number];

/** Last day of lateness of each bucket, counted from the day after the due day. */
const LATEST: readonly (readonly [Age, number])[] = [
  ['notDue', 0],
  ['days1to30', 30],
  ['days31to60', 60],
  ['days61to90', 90],
];

/** One pledge as it stands. */
export interface PledgeRow extends PledgeBalance {
  readonly pledge: string;
  readonly fund: string;
  readonly donor: string | null;
  readonly commodity: CommodityCode;
  readonly status: PledgeState['status'];
  readonly qualifier: Qualifier;
  /** What is outstanding by age; all 0 when the amount is unknown. */
  readonly ages: Readonly<Record<Age, bigint>>;
}

/** Sums of one fund and commodity. Pledges of unknown amount are counted, never summed as 0. */
export interface AgeingRow {
  readonly fund: string;
  readonly commodity: CommodityCode;
  readonly ages: Readonly<Record<Age, bigint>>;
  /** Of the sums above, what comes from figures that are only a lower bound or an estimate. */
  readonly notExact: bigint;
  /** Open pledges whose amount nobody named. */
  readonly unknown: number;
}

export interface AgeingQuery extends AsOf {
  readonly scope: Scope;
  readonly funds?: readonly string[] | undefined;
  /** The day lateness is counted from. */
  readonly on: Day;
}

const noAges = (): Record<Age, bigint> => ({
  notDue: 0n,
  days1to30: 0n,
  days31to60: 0n,
  days61to90: 0n,
  over90: 0n,
  unscheduled: 0n,
});

const DAY_MS = 86_400_000;

/** Days from one day to another. */
const daysBetween = (from: Day, to: Day): number => (Date.parse(to) - Date.parse(from)) / DAY_MS;

function agesOf(state: PledgeState, on: Day): Record<Age, bigint> {
  const ages = noAges();
  const open = outstandingInstalments(state);
  for (const { due, amount } of open) {
    const late = daysBetween(due, on);
    ages[LATEST.find(([, latest]) => late <= latest)?.[0] ?? 'over90'] += amount;
  }
  const { outstanding } = balanceOf(state);
  if (state.instalments.length === 0 && state.status === 'open') ages.unscheduled = outstanding ?? 0n;
  return ages;
}

/** Every pledge as it stands, and what is still to come by fund, commodity and age. */
export function readPledgeAgeing(
  context: ReadContext,
  { scope, funds, on, ...asOf }: AgeingQuery,
): Promise<Standing & { readonly rows: readonly AgeingRow[]; readonly pledges: readonly PledgeRow[] }> {
  const sees = (fund: string): boolean =>
    (scope.funds === 'all' || scope.funds.has(fund)) && (funds === undefined || funds.includes(fund));
  return readAsOf<FactTables, { rows: readonly AgeingRow[]; pledges: readonly PledgeRow[] }>(
    context,
    [definition.name],
    asOf,
    async (trx, { knownAt, through }) => {
      // A cancellation names no fund, so the scope is applied to the pledge as a whole.
      const facts = await readFacts(trx, definition, { knownAt, through, funds: 'all' });
      const rows = [...facts].flatMap(([pledge, events]) => {
        const made = events.find(({ type }) => type === 'pledge.made.v1');
        // By effective day money may stand before its promise: the promise is not in this view yet.
        if (made?.type !== 'pledge.made.v1' || !sees(made.data.fund)) return [];
        const state = events.reduce(pledgeKind.evolve, pledgeKind.initial(pledgeStream(pledge)));
        const { fund, donor, commodity, status } = state;
        const { qualifier } = made.data;
        return [
          { pledge, fund, donor, commodity, status, qualifier, ...balanceOf(state), ages: agesOf(state, on) },
        ];
      });
      return { pledges: rows, rows: summed(rows) };
    },
  );
}

function summed(pledgeRows: readonly PledgeRow[]): AgeingRow[] {
  const sums = new Map<
    string,
    { fund: string; commodity: string; ages: Record<Age, bigint>; notExact: bigint; unknown: number }
  >();
  for (const { fund, commodity, ages, qualifier, pledged, status, outstanding } of pledgeRows) {
    if (status !== 'open') continue;
    const id = `${fund} ${commodity}`;
    const row = sums.get(id) ?? { fund, commodity, ages: noAges(), notExact: 0n, unknown: 0 };
    sums.set(id, row);
    for (const age of AGES) row.ages[age] += ages[age];
    if (pledged === null) row.unknown += 1;
    else if (qualifier !== 'exact') row.notExact += outstanding ?? 0n;
  }
  return [...sums.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
