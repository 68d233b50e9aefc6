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
import { type PledgeEvent, pledgeStream } from '../../domain/events.ts';
import {
  type PledgeBalance,
  type PledgeState,
  balanceOf,
  outstandingInstalments,
  outstandingUnscheduled,
  pledgeKind,
} from '../../domain/pledge.ts';
import { dueReminders } from '../../domain/remind-pledge.ts';
import { referenceOf } from '../../domain/vietqr/reference.ts';

/** The facts of the pledges, as every query about them reads them. */
export const pledgeFacts: FactDefinition<PledgeEvent> = {
  name: 'pledges',
  version: 4,
  types: [
    'pledge.made.v1',
    'pledge.amended.v1',
    'pledge.payment-applied.v1',
    'pledge.payment-reversed.v1',
    'pledge.received-after-cancellation.v1',
    'pledge.written-off.v1',
    'pledge.reminded.v1',
    'pledge.cancelled.v1',
    'pledge.handed-over.v1',
  ],
  keyOf: ({ data }) => data.pledge,
  fundOf: ({ type, data }) => (type === 'pledge.cancelled.v1' ? '' : data.fund),
};

/** Every pledge with what came in on it. */
export const pledges = factProjection(pledgeFacts);

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
  /** Version of its plan. */
  readonly version: number;
  /** What the donor writes into a bank transfer; the same for ever. */
  readonly reference: string;
  /** What is outstanding by age; all 0 when the amount is unknown. */
  readonly ages: Readonly<Record<Age, bigint>>;
}

/** Sums of several pledges of one commodity. Pledges of unknown amount are counted, never summed as 0. */
export interface AgeingSums {
  readonly commodity: CommodityCode;
  readonly ages: Readonly<Record<Age, bigint>>;
  /** Of the ages, what comes from figures that are only a lower bound or an estimate. */
  readonly notExact: bigint;
  /** Open pledges whose amount nobody named. */
  readonly unknown: number;
  /** Of open and cancelled pledges: what will not come, and what came in beyond the promise. */
  readonly writtenOff: bigint;
  readonly overReceived: bigint;
  /** Of what is over-received, what came in on cancelled pledges: the donors are to be asked. */
  readonly afterCancellation: bigint;
}

export interface AgeingRow extends AgeingSums {
  readonly fund: string;
}

export interface DonorAgeingRow extends AgeingSums {
  /** Null: the source names nobody. */
  readonly donor: string | null;
}

export interface PledgeQuery extends AsOf {
  readonly scope: Scope;
  readonly funds?: readonly string[] | undefined;
  /** Only this one. */
  readonly pledge?: string | undefined;
}

export interface AgeingQuery extends PledgeQuery {
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
  for (const { due, amount } of outstandingInstalments(state)) {
    const late = daysBetween(due, on);
    ages[LATEST.find(([, latest]) => late <= latest)?.[0] ?? 'over90'] += amount;
  }
  ages.unscheduled = outstandingUnscheduled(state);
  return ages;
}

/** A pledge folded from its facts. */
export interface FoldedPledge {
  readonly pledge: string;
  readonly state: PledgeState;
  /** Position of the promise in the log: its number for ever. */
  readonly position: number;
}

/**
 * Folds the pledges of the funds that are seen. A cancellation names no fund, so the scope is applied to the pledge
 * as a whole. By effective day money may stand before its promise: the promise is not in that view yet.
 */
export function foldPledges(
  facts: ReadonlyMap<string, readonly PledgeEvent[]>,
  { scope, funds }: Pick<PledgeQuery, 'scope' | 'funds'>,
): FoldedPledge[] {
  const sees = (fund: string): boolean =>
    (scope.funds === 'all' || scope.funds.has(fund)) && (funds === undefined || funds.includes(fund));
  return [...facts].flatMap(([pledge, events]) => {
    const made = events.find(({ type }) => type === 'pledge.made.v1');
    if (made?.type !== 'pledge.made.v1') return [];
    const state = events.reduce(pledgeKind.evolve, pledgeKind.initial(pledgeStream(pledge)));
    if (!sees(state.fund)) return [];
    return [{ pledge, state, position: made.position }];
  });
}

function readFolded<Answer extends object>(
  context: ReadContext,
  { scope, funds, pledge, ...asOf }: PledgeQuery,
  answer: (found: readonly FoldedPledge[]) => Answer,
): Promise<Standing & Answer> {
  const keys = pledge === undefined ? undefined : [pledge];
  return readAsOf<FactTables, Answer>(
    context,
    [pledgeFacts.name],
    asOf,
    async (trx, { knownAt, through }) => {
      const facts = await readFacts(trx, pledgeFacts, { knownAt, through, funds: 'all', keys });
      return answer(foldPledges(facts, { scope, funds }));
    },
  );
}

/** What pledges sum up to. */
export interface Ageing {
  readonly rows: readonly AgeingRow[];
  readonly donors: readonly DonorAgeingRow[];
  readonly pledges: readonly PledgeRow[];
}

/** Every pledge as it stands, and what is still to come by fund or donor, commodity and age. */
export const readPledgeAgeing = (
  context: ReadContext,
  { on, ...query }: AgeingQuery,
): Promise<Standing & Ageing> =>
  readFolded(context, query, (found) => {
    const rows = found.map(({ pledge, state, position }): PledgeRow => {
      const { fund, donor, commodity, status, qualifier, version } = state;
      return {
        pledge,
        fund,
        donor,
        commodity,
        status,
        qualifier,
        version,
        reference: referenceOf('pledge', position),
        ...balanceOf(state),
        ages: agesOf(state, on),
      };
    });
    return {
      pledges: rows,
      rows: summed(rows, ({ fund }) => ({ fund })),
      donors: summed(rows, ({ donor }) => ({ donor })),
    };
  });

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function summed<Key extends object>(
  pledgeRows: readonly PledgeRow[],
  keyOf: (row: PledgeRow) => Key,
): (Key & AgeingSums)[] {
  const sums = new Map<string, Key & Writable<AgeingSums> & { ages: Record<Age, bigint> }>();
  for (const pledge of pledgeRows) {
    const { commodity, ages, qualifier, pledged, status, outstanding } = pledge;
    const key = keyOf(pledge);
    const id = `${Object.values(key).join(' ')} ${commodity}`;
    const row = sums.get(id) ?? { ...key, commodity, ages: noAges(), ...NOTHING };
    sums.set(id, row);
    row.writtenOff += pledge.writtenOff;
    row.overReceived += pledge.overReceived;
    row.afterCancellation += pledge.afterCancellation;
    if (status !== 'open') continue;
    for (const age of AGES) row.ages[age] += ages[age];
    if (pledged === null) row.unknown += 1;
    else if (qualifier !== 'exact') row.notExact += outstanding ?? 0n;
  }
  return [...sums.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

const NOTHING = { notExact: 0n, unknown: 0, writtenOff: 0n, overReceived: 0n, afterCancellation: 0n };

/** One instalment whose donor is to be reminded. */
export interface ReminderRow {
  readonly pledge: string;
  readonly fund: string;
  readonly donor: string | null;
  readonly commodity: CommodityCode;
  readonly instalment: number;
  readonly due: Day;
  /** What is still to come of it. */
  readonly amount: bigint;
  /** Days after the due day; negative before it. */
  readonly daysLate: number;
  readonly step: number;
  readonly reference: string;
}

/**
 * What is due or overdue on a day and was not reminded of yet at that step, the latest first. It leaves the list when the
 * reminder is recorded, when money comes in, and when it is written off.
 */
export const readDueReminders = (
  context: ReadContext,
  { on, ...query }: AgeingQuery,
): Promise<Standing & { readonly rows: readonly ReminderRow[] }> =>
  readFolded(context, query, (found) => ({
    rows: found
      .flatMap(({ pledge, state, position }) =>
        dueReminders(state, on).map(({ index, due, amount, step }): ReminderRow => {
          const { fund, donor, commodity } = state;
          return {
            pledge,
            fund,
            donor,
            commodity,
            instalment: index,
            due,
            amount,
            step,
            daysLate: daysBetween(due, on),
            reference: referenceOf('pledge', position),
          };
        }),
      )
      .toSorted(
        (a, b) =>
          b.daysLate - a.daysLate ||
          (a.pledge < b.pledge ? -1 : a.pledge > b.pledge ? 1 : a.instalment - b.instalment),
      ),
  }));
