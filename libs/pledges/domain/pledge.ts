import { type CommodityCode, type Day, type LedgerEvent, type StreamKind, invariant } from '#kernel';
import type { PledgeEvent } from './events.ts';

export interface DueInstalment {
  readonly index: number;
  readonly due: Day;
  readonly amount: bigint;
}

/** What deciding on a pledge needs. Only money that came in fulfils it; what is expected never does. */
export interface PledgeState {
  readonly status: 'unmade' | 'open' | 'cancelled';
  readonly fund: string;
  readonly donor: string | null;
  readonly commodity: CommodityCode;
  /** Null: the amount is unknown, which is never 0. */
  readonly pledged: bigint | null;
  readonly received: bigint;
  /** What will not come any more: fixed when the pledge is cancelled. */
  readonly writtenOff: bigint;
  /** In the order of their days. */
  readonly instalments: readonly DueInstalment[];
}

const initial = (): PledgeState => ({
  status: 'unmade',
  fund: '',
  donor: null,
  commodity: '',
  pledged: null,
  received: 0n,
  writtenOff: 0n,
  instalments: [],
});

/** Where a pledge stands, in minor units. */
export interface PledgeBalance {
  readonly pledged: bigint | null;
  readonly received: bigint;
  /** Null when the amount of the pledge is unknown. */
  readonly outstanding: bigint | null;
  readonly writtenOff: bigint;
  readonly overReceived: bigint;
}

const atLeastNothing = (amount: bigint): bigint => (amount > 0n ? amount : 0n);

/**
 * Where the pledge stands: pledged = received + outstanding + written off − over-received whenever the amount is
 * known. More money than pledged is a quantity of its own and leaves nothing outstanding.
 */
export function balanceOf({ pledged, received, writtenOff }: PledgeState): PledgeBalance {
  const rest = pledged === null ? null : pledged - received - writtenOff;
  return {
    pledged,
    received,
    outstanding: rest === null ? null : atLeastNothing(rest),
    writtenOff,
    overReceived: rest === null ? 0n : atLeastNothing(-rest),
  };
}

/** What is still to come of each instalment: money fills the earliest first. Nothing once it is cancelled. */
export function outstandingInstalments({ status, received, instalments }: PledgeState): DueInstalment[] {
  if (status !== 'open') return [];
  let filling = received;
  return instalments.flatMap((instalment) => {
    const left = atLeastNothing(instalment.amount - filling);
    filling = atLeastNothing(filling - instalment.amount);
    return left > 0n ? [{ ...instalment, amount: left }] : [];
  });
}

function evolve(state: PledgeState, event: LedgerEvent): PledgeState {
  const { type, data } = event as PledgeEvent;
  switch (type) {
    case 'pledge.made.v1':
      return {
        status: 'open',
        fund: data.fund,
        donor: data.donor,
        commodity: data.commodity,
        pledged: data.amount === null ? null : BigInt(data.amount),
        received: 0n,
        writtenOff: 0n,
        instalments: data.instalments.map(({ index, due, amount }) => ({
          index,
          due,
          amount: BigInt(amount),
        })),
      };
    case 'pledge.payment-applied.v1':
      invariant(state.status === 'open', 'money is applied to open pledges only');
      return { ...state, received: state.received + BigInt(data.amount) };
    case 'pledge.payment-reversed.v1': {
      const after = { ...state, received: state.received - BigInt(data.amount) };
      invariant(after.received >= 0n, 'no more is taken back than came in');
      // What a cancelled pledge lost again will not come either.
      return after.status === 'cancelled'
        ? { ...after, writtenOff: after.writtenOff + (balanceOf(after).outstanding ?? 0n) }
        : after;
    }
    case 'pledge.cancelled.v1':
      return { ...state, status: 'cancelled', writtenOff: balanceOf(state).outstanding ?? 0n };
    default:
      throw new Error(`a pledge has no event of type ${String((event as LedgerEvent).type)}`);
  }
}

/** The stream kind of pledges, for whoever folds them. */
export const pledgeKind: StreamKind<PledgeState> = { kind: 'pledge', version: 1, initial, evolve };
