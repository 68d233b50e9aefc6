import type { BookEvent, ByEvent, ExpenseKind, ReceiptSource } from '#funds';
import type { CommodityCode } from '#kernel';
import type { Past } from './past.ts';
import type { Value } from './worth.ts';

/**
 * What happened, in words of no chart of accounts. A profile has a rule for each; a leg says how much, and of whom.
 * What goes the other way (a return, a reversal) is the same kind with `isUndone`.
 */
export const LEG_KINDS = [
  /** A gift came into an own account. */
  'receipt',
  /** Two legs that say the gift anew: out of how it was said, into how it is. */
  'relabel-out',
  'relabel-in',
  /** The board set units aside, or undid that. */
  'designation',
  /** A payment was approved; or cancelled, when undone. */
  'commitment',
  /** Money or goods left an own account for a use. */
  'use',
  /** Handed over to those it was for. */
  'delivery',
  /** Units left the donor's restriction. */
  'release',
  /** A gift went back to its donor. */
  'refund',
  /** Another gift stands behind a use than before: out of the one (undone), into the other. */
  'cover',
  /** Money came from nobody knows whom; or went back, when undone. */
  'unidentified',
  /** The fund spent on itself: administration, bank fees, what was found missing. */
  'expense',
  /** A count found too little in an own account, or too much; the other way when it was explained. */
  'shortage',
  'surplus',
  /** A person has to make a shortage good, and did. */
  'charge',
  'charge-paid',
  /** Money was handed to staff for a purpose; or came back, when undone. */
  'advance',
  /** What was owed to a supplier was paid. */
  'supplier-payment',
  /** Money left an own account for another one, and came there. */
  'money-sent',
  'money-arrived',
  /** Goods were lost, spoiled or used up. */
  'loss',
  /** Units of one commodity were given for those of another; they are counted apart, … */
  'exchange-out',
  'exchange-in',
  /** … and what they are worth in the currency of the books went from one own account to another. */
  'exchange-value',
  /** Foreign money brought more than it stood at, or less. */
  'exchange-gain',
  'exchange-loss',
  /** Foreign money stands at another rate than before; none of it moved. */
  'revaluation',
] as const;
export type LegKind = (typeof LEG_KINDS)[number];

/** What the statements of receipts and uses count, whatever the chart of accounts. */
export const FLOWS = ['received', 'refunded', 'used', 'prior'] as const;
export type Flow = (typeof FLOWS)[number];

/** What a leg adds to (1) or takes from (−1); kinds that are not here are no receipt and no use. Late ones: {@link PRIOR_OF}. */
export const FLOW_OF: Readonly<
  Partial<Record<LegKind, { readonly flow: Exclude<Flow, 'prior'>; readonly sign: 1n | -1n }>>
> = {
  receipt: { flow: 'received', sign: 1n },
  'relabel-in': { flow: 'received', sign: 1n },
  'relabel-out': { flow: 'received', sign: -1n },
  refund: { flow: 'refunded', sign: 1n },
  use: { flow: 'used', sign: 1n },
  cover: { flow: 'used', sign: 1n },
  expense: { flow: 'used', sign: 1n },
  loss: { flow: 'used', sign: 1n },
  // What is left of a commodity is what came in less what was used, also of what was exchanged.
  'exchange-in': { flow: 'received', sign: 1n },
  'exchange-out': { flow: 'received', sign: -1n },
  'exchange-gain': { flow: 'received', sign: 1n },
  'exchange-loss': { flow: 'received', sign: -1n },
};

/** What each flow does to what a fund has left: the sign of a leg of a closed year in the flow of such. */
export const PRIOR_OF: Readonly<Record<Exclude<Flow, 'prior'>, 1n | -1n>> = {
  received: 1n,
  refunded: -1n,
  used: -1n,
};

/** What an entry may be counted by beside its accounts. */
export interface Dimensions {
  readonly source: ReceiptSource | null;
  /** Whether the units were under a restriction of the donor. */
  readonly restricted: boolean;
  readonly programme: string | null;
  readonly donor: string | null;
  /** The beneficiary it was for. */
  readonly recipient: string | null;
  readonly place: string | null;
}

/** One neutral leg: an amount that went from somewhere to somewhere else, which a profile names. */
export interface Leg extends Dimensions {
  readonly kind: LegKind;
  readonly isUndone: boolean;
  /** It belongs to a closed year, and so stands apart from what this year brought. */
  readonly isPrior: boolean;
  readonly commodity: CommodityCode;
  /** Positive, minor units. */
  readonly amount: bigint;
  /** Goods: what they are worth where that is known; then entries in money stand beside those in pieces. */
  readonly value: Value | null;
  /** Own account concerned, or what is held apart from one: `holding/…`, `transit/…`, `missing/…`; null: none. */
  readonly own: string | null;
  /** What kind of expense; null: it is none. */
  readonly cost: ExpenseKind | null;
  /** The other own account, where money went between two. */
  readonly ownTo: string | null;
}

/** The legs of the events of a part, which tell the past what they change. Each type has its entry: {@link none} moves nothing. */
export type LegsTable<Events> = ByEvent<Events, [past: Past], Leg[]>;

export const none = (): Leg[] => [];

const NOTHING: Omit<Leg, 'kind' | 'commodity' | 'amount'> = {
  isUndone: false,
  isPrior: false,
  value: null,
  own: null,
  ownTo: null,
  cost: null,
  source: null,
  restricted: false,
  programme: null,
  donor: null,
  recipient: null,
  place: null,
};

/** A leg with what is said; all else is not specified. */
export const leg = (
  said: Pick<Leg, 'kind' | 'commodity' | 'amount'> & Partial<Omit<Leg, 'kind' | 'commodity' | 'amount'>>,
): Leg => ({ ...NOTHING, ...said });

/** The fund of a book's stream. */
export const fundOf = ({ stream }: Pick<BookEvent, 'stream'>): string =>
  stream.slice('book-'.length, stream.lastIndexOf('-'));
