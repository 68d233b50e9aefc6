import {
  type CommodityCode,
  type Day,
  type LedgerEvent,
  type Qualifier,
  type StreamKind,
  invariant,
} from '#kernel';
import type { Instalment, PledgeEvent, PledgeEvents } from './events.ts';

export interface DueInstalment {
  readonly index: number;
  readonly due: Day;
  readonly amount: bigint;
}

/** One instalment of the plan, with what was written off of it. */
export interface PlannedInstalment extends DueInstalment {
  readonly writtenOff: bigint;
}

/** What deciding on a pledge needs. Only money that came in fulfils it; what is expected never does. */
export interface PledgeState {
  readonly status: 'unmade' | 'open' | 'cancelled';
  readonly fund: string;
  readonly donor: string | null;
  readonly commodity: CommodityCode;
  readonly qualifier: Qualifier;
  /** Null: the amount is unknown, which is never 0. */
  readonly pledged: bigint | null;
  /** What came in while it was open. */
  readonly received: bigint;
  /** What came in after it was cancelled, by receipt. */
  readonly late: ReadonlyMap<string, bigint>;
  /** What was written off by decisions of their own; what a cancellation leaves unpaid is not in it. */
  readonly writtenOff: bigint;
  /** In the order in which money fills them: settled ones first, then by day. What is pledged beyond them has no day. */
  readonly instalments: readonly PlannedInstalment[];
  /** Index of the next instalment: none is used twice. */
  readonly nextIndex: number;
  /** Versions of the plan. */
  readonly version: number;
  /** Effective day of the last version. */
  readonly plannedOn: Day;
  /** Write-offs so far. */
  readonly writeOffs: number;
  /** Last reminder step of each instalment. */
  readonly reminded: ReadonlyMap<number, number>;
}

const initial = (): PledgeState => ({
  status: 'unmade',
  fund: '',
  donor: null,
  commodity: '',
  qualifier: 'exact',
  pledged: null,
  received: 0n,
  late: new Map(),
  writtenOff: 0n,
  instalments: [],
  nextIndex: 1,
  version: 0,
  plannedOn: '',
  writeOffs: 0,
  reminded: new Map(),
});

/** Where a pledge stands, in minor units. */
export interface PledgeBalance {
  readonly pledged: bigint | null;
  readonly received: bigint;
  /** Null when the amount of the pledge is unknown. */
  readonly outstanding: bigint | null;
  readonly writtenOff: bigint;
  readonly overReceived: bigint;
  /** Of what is over-received, what came in after the cancellation: the donor is to be asked about it. */
  readonly afterCancellation: bigint;
}

const atLeastNothing = (amount: bigint): bigint => (amount > 0n ? amount : 0n);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const sumOf = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((a, b) => a + b, 0n);

/**
 * Where the pledge stands: pledged = received + outstanding + written off − over-received whenever the amount is
 * known. More money than pledged is a quantity of its own and leaves nothing outstanding; what a cancelled pledge
 * did not receive while it was open is written off, whatever comes in later.
 */
export function balanceOf(state: PledgeState): PledgeBalance {
  const { status, pledged, received, late, writtenOff } = state;
  const rest = pledged === null ? 0n : pledged - received - writtenOff;
  const afterCancellation = sumOf(late.values());
  const [open, stopped] = status === 'cancelled' ? [0n, atLeastNothing(rest)] : [atLeastNothing(rest), 0n];
  return {
    pledged,
    received: received + afterCancellation,
    outstanding: pledged === null ? null : open,
    writtenOff: writtenOff + stopped,
    overReceived: atLeastNothing(-rest) + afterCancellation,
    afterCancellation,
  };
}

/** An instalment with what came in on it. */
export interface FilledInstalment extends PlannedInstalment {
  readonly filled: bigint;
}

/** Every instalment of the plan with what came in on it: money fills the earliest first, never what was written off. */
export function filledInstalments({ received, instalments }: PledgeState): FilledInstalment[] {
  let filling = received;
  return instalments.map((instalment) => {
    const filled = smaller(atLeastNothing(instalment.amount - instalment.writtenOff), filling);
    filling -= filled;
    return { ...instalment, filled };
  });
}

/**
 * What is still to come of each instalment, which is all that money is matched with. One that is settled or written
 * off is not among them, and nothing is once the pledge is cancelled.
 */
export function outstandingInstalments(state: PledgeState): DueInstalment[] {
  if (state.status !== 'open') return [];
  return filledInstalments(state).flatMap(({ index, due, amount, writtenOff, filled }) => {
    const left = atLeastNothing(amount - writtenOff - filled);
    return left > 0n ? [{ index, due, amount: left }] : [];
  });
}

/** What is still to come without a due day; 0 when the amount is unknown. */
export function outstandingUnscheduled(state: PledgeState): bigint {
  const scheduled = sumOf(outstandingInstalments(state).map(({ amount }) => amount));
  return atLeastNothing((balanceOf(state).outstanding ?? 0n) - scheduled);
}

/** What was written off of what has no due day. */
export const writtenOffUnscheduled = ({ writtenOff, instalments }: PledgeState): bigint =>
  writtenOff - sumOf(instalments.map((instalment) => instalment.writtenOff));

const planned = ({ index, due, amount }: Instalment): PlannedInstalment => ({
  index,
  due,
  amount: BigInt(amount),
  writtenOff: 0n,
});

const lastIndex = (instalments: readonly Instalment[], before: number): number =>
  instalments.reduce((last, { index }) => Math.max(last, index), before);

type EvolveTable = {
  readonly [T in keyof PledgeEvents]: (state: PledgeState, data: PledgeEvents[T], on: Day) => PledgeState;
};

const evolves: EvolveTable = {
  'pledge.made.v1': (state, data, on) => ({
    ...state,
    status: 'open',
    fund: data.fund,
    donor: data.donor,
    commodity: data.commodity,
    qualifier: data.qualifier,
    pledged: data.amount === null ? null : BigInt(data.amount),
    instalments: data.instalments.map(planned),
    nextIndex: lastIndex(data.instalments, 0) + 1,
    version: 1,
    plannedOn: on,
  }),
  'pledge.amended.v1': (state, data, on) => {
    const changed = new Map(data.changed.map(({ index, amount }) => [index, BigInt(amount)]));
    const kept = state.instalments
      .map((instalment) => ({ ...instalment, amount: changed.get(instalment.index) ?? instalment.amount }))
      .filter(({ amount }) => amount > 0n);
    return {
      ...state,
      pledged: BigInt(data.amount),
      qualifier: data.qualifier,
      instalments: [...kept, ...data.instalments.map(planned)],
      nextIndex: lastIndex(data.instalments, state.nextIndex - 1) + 1,
      version: data.version,
      plannedOn: on,
    };
  },
  'pledge.payment-applied.v1': (state, data) => {
    invariant(state.status === 'open', 'money is applied to open pledges only');
    return { ...state, received: state.received + BigInt(data.amount) };
  },
  'pledge.payment-reversed.v1': (state, data) => {
    const back = BigInt(data.amount);
    const ofLate = smaller(state.late.get(data.receipt) ?? 0n, back);
    const received = state.received - (back - ofLate);
    invariant(received >= 0n, 'no more is taken back than came in');
    if (ofLate === 0n) return { ...state, received };
    return { ...state, received, late: plus(state.late, data.receipt, -ofLate) };
  },
  'pledge.received-after-cancellation.v1': (state, data) => ({
    ...state,
    late: plus(state.late, data.receipt, BigInt(data.amount)),
  }),
  'pledge.written-off.v1': (state, data) => {
    const gone = new Map(data.instalments.map(({ index, amount }) => [index, BigInt(amount)]));
    return {
      ...state,
      writtenOff: state.writtenOff + BigInt(data.amount),
      writeOffs: data.writeOff,
      instalments: state.instalments.map((instalment) => ({
        ...instalment,
        writtenOff: instalment.writtenOff + (gone.get(instalment.index) ?? 0n),
      })),
    };
  },
  'pledge.reminded.v1': (state, data) => ({
    ...state,
    reminded: new Map(state.reminded).set(data.instalment, data.step),
  }),
  'pledge.cancelled.v1': (state) => ({ ...state, status: 'cancelled' }),
  'pledge.handed-over.v1': (state, { fund }) => ({ ...state, fund }),
};

function plus(sums: ReadonlyMap<string, bigint>, key: string, amount: bigint): ReadonlyMap<string, bigint> {
  const after = new Map(sums);
  const sum = (after.get(key) ?? 0n) + amount;
  if (sum === 0n) after.delete(key);
  else after.set(key, sum);
  return after;
}

function evolve(state: PledgeState, event: LedgerEvent): PledgeState {
  const { type, data, effectiveOn } = event as PledgeEvent;
  if (!Object.hasOwn(evolves, type)) throw new Error(`a pledge has no event of type ${String(type)}`);
  // The entry under a type takes the data of that type: TypeScript can not say so of a key it does not know.
  const entry = evolves[type] as (state: PledgeState, data: unknown, on: Day) => PledgeState;
  return entry(state, data, effectiveOn);
}

/** The stream kind of pledges, for whoever folds them. */
export const pledgeKind: StreamKind<PledgeState> = { kind: 'pledge', version: 2, initial, evolve };
