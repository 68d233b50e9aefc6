import { invariant } from '#kernel';
import { type Approving, keepRule, worded } from './approvals.ts';
import { judgedOf } from './book-state.ts';
import type { ApprovalEvents } from './events-approvals.ts';
import type { EvolveTable } from './evolve-core.ts';

/** What waits, approved by one more: exactly what was proposed, and by nobody twice. */
function approvedBy<T extends { readonly proposalHash: string; readonly approving: Approving }>(
  open: T | undefined,
  { data, actor }: { readonly actor: string; readonly data: { readonly proposalHash: string } },
): T {
  invariant(open?.proposalHash === data.proposalHash, `${data.proposalHash} is what is approved`);
  const { approving } = open;
  invariant(!approving.approvers.includes(actor), `${actor} approves once`);
  return { ...open, approving: { ...approving, approvers: [...approving.approvers, actor] } };
}

/** The events of approvals. */
export const approvalEvolve: EvolveTable<ApprovalEvents> = {
  'book.approval-rule-set.v1': (book, { data }) => keepRule(book.approvals, data),
  'book.decision-proposed.v1': (book, event) => {
    const { decisions } = book.approvals;
    const { decision, kind, commodity, amount, body, replaces } = event.data;
    const before = replaces === null ? undefined : decisions.get(replaces)?.approving;
    const judged = { kind, commodity, amount: amount === null ? null : BigInt(amount) };
    if (replaces !== null) decisions.delete(replaces);
    const approving = worded(book.approvals, judged, event, before);
    decisions.set(decision, { ...judged, approving, body, proposalHash: event.hash ?? '' });
  },
  'book.decision-approval-given.v1': (book, event) => {
    const { decisions } = book.approvals;
    const { decision, made } = event.data;
    const approved = approvedBy(decisions.get(decision), event);
    if (made === null) decisions.set(decision, approved);
    else decisions.delete(decision);
  },
  'book.decision-carried.v1': (book, { data }) => {
    const { decision, kind, commodity, amount, body, proposalHash, approving } = data;
    const judged = { kind, commodity, amount: amount === null ? null : BigInt(amount) };
    book.approvals.decisions.set(decision, { ...judged, approving, body, proposalHash });
  },
  'book.decision-ended.v1': (book, { data }) => {
    book.approvals.decisions.delete(data.decision);
  },
  'book.disbursement-approval-given.v1': (book, event) => {
    const { disbursement } = event.data;
    book.open.set(disbursement, approvedBy(book.open.get(disbursement), event));
  },
  'book.disbursement-changed.v1': (book, event) => {
    const { data, actor } = event;
    const open = book.open.get(data.disbursement);
    invariant(open?.status === 'proposed', `disbursement ${data.disbursement} waits for approval`);
    book.open.set(data.disbursement, {
      ...open,
      proposal: data,
      proposalHash: event.hash ?? '',
      maker: actor,
      approving: worded(book.approvals, judgedOf(data), event, open.approving),
      lines: data.lines,
    });
  },
};
