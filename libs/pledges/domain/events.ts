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

/** What every later event of a pledge says of it, so that a reader of one event knows whose it is. */
interface OfPledge {
  readonly pledge: string;
  readonly fund: string;
  readonly donor: string | null;
  readonly commodity: CommodityCode;
}

/** Part of an instalment, or a new amount of it. */
export interface InstalmentAmount {
  readonly index: number;
  readonly amount: string;
}

/**
 * A new version of what was promised. Instalments that are settled are not named and stay as they are; `changed`
 * ones get another amount (0: they are dropped, their index is not used again); `instalments` come after them.
 */
export interface PledgeAmended extends OfPledge {
  /** 2 for the first amendment: the promise itself is version 1. */
  readonly version: number;
  /** The whole promise as it is now. */
  readonly amount: string;
  readonly qualifier: Qualifier;
  readonly changed: readonly InstalmentAmount[];
  readonly instalments: readonly Instalment[];
  readonly reason: string | null;
}

/** Money that came in on the pledge; appended together with the receipt, all or nothing. */
export interface PledgePaymentApplied extends OfPledge {
  readonly receipt: string;
  readonly amount: string;
}

/** Money of a receipt that was reversed, corrected or given to another pledge: it no longer counts here. */
export interface PledgePaymentReversed extends PledgePaymentApplied {}

/** Money that came in although the pledge was cancelled: over-received, and the donor is to be asked about it. */
export interface PledgeReceivedAfterCancellation extends PledgePaymentApplied {}

/**
 * What will not come, by its own decision: amounts are added to what was written off before. Negative ones take a
 * write-off back.
 */
export interface PledgeWrittenOff extends OfPledge {
  /** 1, 2, 3 … on this pledge. */
  readonly writeOff: number;
  readonly instalments: readonly InstalmentAmount[];
  /** Of what has no due day; 0 when nothing of it. */
  readonly unscheduled: string;
  /** The whole of it. */
  readonly amount: string;
  readonly reason: string;
}

/** The donor was reminded of an instalment. */
export interface PledgeReminded extends OfPledge {
  readonly instalment: number;
  readonly step: number;
  /** What was still to come of it then. */
  readonly amount: string;
}

/** The fund it was promised to became part of another one, which `fund` names: what comes in is due there. */
export interface PledgeHandedOver extends OfPledge {
  readonly from: string;
}

export interface PledgeCancelled {
  readonly pledge: string;
  readonly reason: string;
}

export interface PledgeEvents {
  'pledge.made.v1': PledgeMade;
  'pledge.amended.v1': PledgeAmended;
  'pledge.payment-applied.v1': PledgePaymentApplied;
  'pledge.payment-reversed.v1': PledgePaymentReversed;
  'pledge.received-after-cancellation.v1': PledgeReceivedAfterCancellation;
  'pledge.written-off.v1': PledgeWrittenOff;
  'pledge.reminded.v1': PledgeReminded;
  'pledge.cancelled.v1': PledgeCancelled;
  'pledge.handed-over.v1': PledgeHandedOver;
}
export type PledgeEvent = { [T in keyof PledgeEvents]: LedgerEvent<T, PledgeEvents[T]> }[keyof PledgeEvents];

export const pledgeStream = (pledge: string): string => `pledge-${pledge}`;
