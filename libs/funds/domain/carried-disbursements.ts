import { type BookState, headOf } from './book-state.ts';
import { inParts, numbered } from './draw-pools.ts';
import type { DisbursementCarried } from './events-periods.ts';

/** The unfinished disbursements of a book, which the next one takes over as they stand. */
export const carriedDisbursements = (last: BookState): DisbursementCarried[] =>
  [...last.open.values()].flatMap((open) => {
    const { status, proposal, proposalHash, maker, proposedOn, paid, approving, lines, held } = open;
    const isFirst = (index: number): boolean => index === 0;
    return numbered(inParts(held), (units, index) => ({
      ...headOf(proposal),
      lines: isFirst(index) ? proposal.lines : [],
      from: last.year,
      status,
      proposedOn,
      maker,
      proposalHash,
      approving,
      payee: proposal.payee,
      ...(proposal.payeePerson !== undefined && { payeePerson: proposal.payeePerson }),
      narrative: proposal.narrative,
      pools: isFirst(index) && status === 'proposed' ? proposal.pools : [],
      left: isFirst(index) ? lines.map(({ amount }) => amount) : [],
      held: units,
      paid,
    }));
  });
