import type { CommodityCode, LedgerEvent, Qualifier } from '#kernel';

export interface Stated {
  /** Decimal string; null: not stated, which is never 0. */
  readonly value: string | null;
  readonly qualifier: Qualifier;
}

export interface ProgrammeOpened {
  readonly programme: string;
  /** Name of the programme; not personal. */
  readonly name: string;
}

/** A verified or asked-for need. No story of a single child. */
export interface NeedOpened {
  readonly need: string;
  readonly place: string | null;
  readonly programme: string | null;
  readonly group: string | null;
  readonly what: string;
  readonly quantity: Stated;
  readonly unit: string | null;
  readonly amount: Stated;
  readonly commodity: CommodityCode | null;
  readonly children: Stated;
  /** Who may answer it, when the source says so; a prospect, not a pledge. */
  readonly prospect: string | null;
  readonly stage: 'requested' | 'surveyed' | 'sponsored' | 'under-way';
  readonly period: { readonly from: string; readonly to: string; readonly dated: boolean } | null;
  readonly source: string;
}

/** Where help came from that did not pass through the fund. */
export type SupportChannel = 'state-budget' | 'partner' | 'mass-organisation' | 'national-fund' | 'unstated';

/**
 * Support that did not pass through a fund: reported, never booked, never added to fund money.
 * One report may state money, goods and children together; what is not stated is null.
 */
export interface SupportReported {
  readonly report: string;
  /** Code of the reporting unit: `06`. */
  readonly unit: string;
  readonly year: number;
  readonly channel: SupportChannel;
  /** Where the figure stands in the annual funding table: `local-budget/province`, `local-budget/districts`,
   *  `outside/<key>`; null: in no total of that table. */
  readonly line: string | null;
  readonly kind: string;
  readonly programme: string | null;
  readonly donor: string | null;
  readonly via: string | null;
  /** Place ids it names; several without a split stay unsplit. */
  readonly places: readonly string[];
  readonly commodity: CommodityCode | null;
  readonly amount: Stated;
  readonly goods: readonly {
    readonly what: string;
    readonly unit: string | null;
    readonly quantity: Stated;
  }[];
  readonly children: Stated;
  readonly group: string | null;
  readonly period: { readonly from: string; readonly to: string; readonly dated: boolean };
  /** A report that this one is a part of; parts are not added again. */
  readonly partOf: string | null;
  readonly narrative: string | null;
  /** Row of the document: `B-002`. */
  readonly source: string;
}

export interface ProgrammeEvents {
  'programme.opened.v1': ProgrammeOpened;
}
export interface NeedEvents {
  'need.opened.v1': NeedOpened;
  'need.verified.v1': { readonly need: string };
  'need.met.v1': { readonly need: string; readonly by: string | null };
  'need.closed.v1': { readonly need: string; readonly reason: string };
}
export interface ReportEvents {
  'report.support-reported.v1': SupportReported;
}
type Events<Map> = { [T in keyof Map & string]: LedgerEvent<T, Map[T]> }[keyof Map & string];
export type ProgrammeEvent = Events<ProgrammeEvents>;
export type NeedEvent = Events<NeedEvents>;
export type ReportEvent = Events<ReportEvents>;

export const programmeStream = (programme: string): string => `programme-${programme}`;
export const needStream = (need: string): string => `need-${need}`;
export const reportStream = (unit: string, year: number): string => `report-${unit}-${year}`;
