import { invariant } from '#kernel';
import { heldFromWire } from './book-state.ts';
import type { EvolveTable } from './evolve-core.ts';
import type { PeriodEvents } from './events-periods.ts';

/** The events of months and years. */
export const periodEvolve: EvolveTable<PeriodEvents> = {
  'book.account-reconciled.v1': (book, { data }) => {
    const before = book.reconciled.get(data.account) ?? '';
    if (data.through > before) book.reconciled.set(data.account, data.through);
  },
  'book.disbursement-carried.v1': (book, { data }) => {
    const {
      disbursement,
      commodity,
      amount,
      programme,
      group,
      purpose,
      lines,
      payee,
      payeePerson,
      narrative,
    } = data;
    const held = data.held.map(heldFromWire);
    const first = book.open.get(disbursement);
    invariant((first === undefined) === (data.part === 1), `${disbursement} is carried once`);
    if (first) {
      book.open.set(disbursement, { ...first, held: [...first.held, ...held] });
      return;
    }
    const head = { disbursement, commodity, amount, programme, group, purpose, lines };
    const { status, proposalHash, maker, proposedOn, paid, approving, pools, left } = data;
    book.open.set(disbursement, {
      status,
      proposal: { ...head, pools, payee, ...(payeePerson !== undefined && { payeePerson }), narrative },
      proposalHash,
      maker,
      proposedOn,
      paid,
      approving,
      lines: lines.map((line, index) => ({ ...line, amount: left[index] ?? line.amount })),
      held,
    });
  },
  'book.period-locked.v1': (book, { data }) => {
    invariant(data.month > book.lockedThrough, `month ${data.month} is not locked yet`);
    book.lockedThrough = data.month;
  },
  'book.period-unlocked.v1': (book, { data }) => {
    invariant(data.month === book.lockedThrough, `month ${data.month} is the last locked one`);
    book.lockedThrough = data.month - 1;
  },
};
