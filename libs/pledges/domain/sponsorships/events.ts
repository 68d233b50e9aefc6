import type { CommodityCode, Day, LedgerEvent } from '#kernel';
import type { Frequency } from '../schedule.ts';

/** A donor stands by one child: so much each period. The money is promised by the pledge of the same id. */
export interface SponsorshipRegistered {
  readonly sponsorship: string;
  /** The child, an opaque id. */
  readonly beneficiary: string;
  readonly donor: string;
  readonly fund: string;
  readonly commodity: CommodityCode;
  /** Amount of one period. */
  readonly each: string;
  readonly every: Frequency;
  /** Day the first period is due. */
  readonly first: Day;
  readonly anchorDay: number | null;
  /** Periods promised so far: 1 … n, each the instalment of the same number. */
  readonly periods: number;
  /** Declared: the child may have other sponsors, who declared it too. */
  readonly shared: boolean;
}

/** Further periods: from the one after the last, so that none comes twice. */
export interface SponsorshipExtended {
  readonly sponsorship: string;
  readonly from: number;
  readonly periods: number;
}

/** Another amount for every period that nothing came in on and that is due after the day. */
export interface SponsorshipChanged {
  readonly sponsorship: string;
  readonly each: string;
  /** The periods it holds for; those before stay as they are. */
  readonly from: number;
  readonly reason: string;
}

export type SponsorshipEnd = 'child-left' | 'sponsor-stopped' | 'completed';

/** Nothing more is due. What was paid ahead is named, because the donor is to be asked what becomes of it. */
export interface SponsorshipEnded {
  readonly sponsorship: string;
  readonly beneficiary: string;
  readonly donor: string;
  readonly cause: SponsorshipEnd;
  /** What was still to come and now stops. */
  readonly stopped: string;
  /** What came in for periods after this day, and beyond all periods. */
  readonly paidAhead: string;
  readonly reason: string;
}

/** The fund it was promised to became part of another one, which `fund` names. */
export interface SponsorshipHandedOver {
  readonly sponsorship: string;
  readonly from: string;
  readonly fund: string;
}

export interface SponsorshipEvents {
  'sponsorship.registered.v1': SponsorshipRegistered;
  'sponsorship.extended.v1': SponsorshipExtended;
  'sponsorship.changed.v1': SponsorshipChanged;
  'sponsorship.ended.v1': SponsorshipEnded;
  'sponsorship.handed-over.v1': SponsorshipHandedOver;
}
export type SponsorshipEvent = {
  [T in keyof SponsorshipEvents]: LedgerEvent<T, SponsorshipEvents[T]>;
}[keyof SponsorshipEvents];

export const sponsorshipStream = (sponsorship: string): string => `sponsorship-${sponsorship}`;
