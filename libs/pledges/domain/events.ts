import type { CommodityCode, Day, LedgerEvent, Qualifier } from '#kernel';

export interface Instalment {
  readonly index: number;
  readonly due: Day;
  readonly amount: string;
}

export interface PledgeMade {
  readonly pledge: string;
  readonly donor: string | null;
  readonly fund: string;
  readonly commodity: CommodityCode;
  /** Null: the source names no amount. Unknown is never 0. */
  readonly amount: string | null;
  readonly qualifier: Qualifier;
  /** Sum to `amount`; empty when nothing is scheduled. */
  readonly instalments: readonly Instalment[];
  readonly narrative: string | null;
}

/** Money that came in on the pledge; appended together with the receipt, all or nothing. */
export interface PledgePaymentApplied {
  readonly pledge: string;
  readonly receipt: string;
  readonly fund: string;
  readonly donor: string | null;
  readonly commodity: CommodityCode;
  readonly amount: string;
}

/** Money of a receipt that was reversed, corrected or given to another pledge: it no longer counts here. */
export interface PledgePaymentReversed extends PledgePaymentApplied {}

export interface PledgeCancelled {
  readonly pledge: string;
  readonly reason: string;
}

export interface PledgeEvents {
  'pledge.made.v1': PledgeMade;
  'pledge.payment-applied.v1': PledgePaymentApplied;
  'pledge.payment-reversed.v1': PledgePaymentReversed;
  'pledge.cancelled.v1': PledgeCancelled;
}
export type PledgeEvent = { [T in keyof PledgeEvents]: LedgerEvent<T, PledgeEvents[T]> }[keyof PledgeEvents];

export const pledgeStream = (pledge: string): string => `pledge-${pledge}`;
