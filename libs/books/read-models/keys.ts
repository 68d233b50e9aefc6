import type { Entry } from '../domain/entries.ts';
import { chartCode } from '../domain/entries.ts';
import type { Flow } from '../domain/leg.ts';
import type { Detail, Profile } from '../domain/profile.ts';

/** A sum that an entry counts in, on which side. */
export interface Change {
  /** Empty: the account as a whole. */
  readonly detail: Detail | '';
  /** An account as entries name it, or `#received` and the like: what the statements count. */
  readonly account: string;
  /** Of the detail; empty: not specified. */
  readonly value: string;
  readonly isDebit: boolean;
}

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

/** By which details each flow is counted: of gifts nobody is the recipient, of uses no donor stands in the entry. */
const DETAILS_OF_FLOW: Readonly<Record<Flow, readonly Detail[]>> = {
  received: ['source', 'programme', 'donor', 'place', 'restriction'],
  refunded: ['source', 'programme', 'donor', 'place', 'restriction'],
  used: ['source', 'programme', 'recipient', 'place', 'restriction'],
};

/** Every sum that an entry changes by its amount. */
export function changesOf(profile: Profile): (entry: Entry) => Change[] {
  const details = new Map(profile.chart.map((account) => [account.code, account.details]));
  const whole = { detail: '', value: '' } as const;
  return (entry) => {
    const changes: Change[] = [];
    for (const isDebit of [true, false]) {
      const account = isDebit ? entry.debit : entry.credit;
      changes.push({ ...whole, account, isDebit });
      for (const detail of details.get(chartCode(account)) ?? [])
        changes.push({ detail, account, value: detailOf(entry, detail), isDebit });
    }
    if (entry.flow === null) return changes;
    // What adds to a flow is its debit, what takes from it its credit.
    const [account, isDebit] = [flowAccount(entry.flow), !entry.isBack];
    changes.push({ ...whole, account, isDebit });
    for (const detail of DETAILS_OF_FLOW[entry.flow])
      changes.push({ detail, account, value: detailOf(entry, detail), isDebit });
    return changes;
  };
}
