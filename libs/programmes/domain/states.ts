import type { Day, LedgerEvent, StreamKind } from '#kernel';
import type { NeedEvent, ProgrammeEvent, ReportEvent } from './events.ts';

export interface ProgrammeState {
  readonly opened: boolean;
}

export const programmeKind: StreamKind<ProgrammeState> = {
  kind: 'programme',
  version: 1,
  initial: () => ({ opened: false }),
  evolve: (_state, event) => {
    const { type } = event as ProgrammeEvent;
    if (type !== 'programme.opened.v1') throw new Error(`a programme has no event of type ${String(type)}`);
    return { opened: true };
  },
};

export type NeedStatus = 'unopened' | 'open' | 'verified' | 'met' | 'closed';

export interface NeedState {
  readonly status: NeedStatus;
  /** Day of the last step; null before the first. */
  readonly since: Day | null;
}

/** The status that each step leads to. */
const AFTER: Readonly<Record<NeedEvent['type'], NeedStatus>> = {
  'need.opened.v1': 'open',
  'need.verified.v1': 'verified',
  'need.met.v1': 'met',
  'need.closed.v1': 'closed',
};

export const needKind: StreamKind<NeedState> = {
  kind: 'need',
  version: 1,
  initial: () => ({ status: 'unopened', since: null }),
  evolve: (_state, event: LedgerEvent) => {
    const { type, effectiveOn } = event as NeedEvent;
    const status = AFTER[type];
    if (status === undefined) throw new Error(`a need has no event of type ${String(type)}`);
    return { status, since: effectiveOn };
  },
};

/** The reports of one unit in one year. */
export interface ReportState {
  /** For each report whether it, or one that it is a part of, already stands in a line of the annual table. */
  readonly inTable: Map<string, boolean>;
}

export const reportKind: StreamKind<ReportState> = {
  kind: 'report',
  version: 1,
  initial: () => ({ inTable: new Map() }),
  evolve: (state, event) => {
    const { type, data } = event as ReportEvent;
    if (type !== 'report.support-reported.v1')
      throw new Error(`a report has no event of type ${String(type)}`);
    const { report, line, partOf } = data;
    state.inTable.set(report, line !== null || (partOf !== null && state.inTable.get(partOf) === true));
    return state;
  },
};
