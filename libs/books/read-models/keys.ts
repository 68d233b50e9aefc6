import type { Entry } from '../domain/entries.ts';
import { chartCode } from '../domain/entries.ts';
import type { Flow } from '../domain/leg.ts';
import type { Detail, Profile } from '../domain/profile.ts';

/** The name of the sums of a flow; no account is called so. */
export const flowAccount = (flow: Flow): string => `#${flow}`;

const VALUE_OF: Readonly<Record<Detail, (entry: Entry) => string>> = {
  source: ({ source }) => source ?? '',
  restriction: ({ restricted }) => (restricted ? 'with' : 'without'),
  programme: ({ programme }) => programme ?? '',
  donor: ({ donor }) => donor ?? '',
  recipient: ({ recipient }) => recipient ?? '',
  place: ({ place }) => place ?? '',
};

/** The value of a detail of an entry; empty: not specified. */
export const detailOf = (entry: Entry, detail: Detail): string => VALUE_OF[detail](entry);

/** By which details each flow is counted: those that a statement asks for. */
const DETAILS_OF_FLOW: Readonly<Record<Flow, readonly Detail[]>> = {
  received: ['source'],
  refunded: ['source'],
  used: ['source', 'programme', 'recipient', 'place'],
  prior: ['source', 'donor', 'recipient'],
};

const ACCOUNT_OF_FLOW: Readonly<Record<Flow, string>> = {
  received: flowAccount('received'),
  refunded: flowAccount('refunded'),
  used: flowAccount('used'),
  prior: flowAccount('prior'),
};

/** Hears of every sum that an entry changes by its amount. */
export type Visit = (account: string, detail: Detail | '', value: string, isDebit: boolean) => void;

/** Visits the sums of an entry. No list is made of them: every event of a rebuild comes through here, for each profile. */
export function sumsOf(profile: Profile): (entry: Entry, visit: Visit) => void {
  const details = new Map(profile.chart.map((account) => [account.code, account.details]));
  const known = new Map<string, readonly Detail[]>();
  const detailsOf = (account: string): readonly Detail[] => {
    let found = known.get(account);
    if (found === undefined) known.set(account, (found = details.get(chartCode(account)) ?? []));
    return found;
  };
  const visitSide = (entry: Entry, account: string, isDebit: boolean, visit: Visit): void => {
    visit(account, '', '', isDebit);
    for (const detail of detailsOf(account)) visit(account, detail, detailOf(entry, detail), isDebit);
  };
  return (entry, visit) => {
    visitSide(entry, entry.debit, true, visit);
    visitSide(entry, entry.credit, false, visit);
    if (entry.flow === null) return;
    // What adds to a flow is its debit, what takes from it its credit.
    const [account, isDebit] = [ACCOUNT_OF_FLOW[entry.flow], !entry.isBack];
    visit(account, '', '', isDebit);
    for (const detail of DETAILS_OF_FLOW[entry.flow])
      visit(account, detail, detailOf(entry, detail), isDebit);
  };
}
