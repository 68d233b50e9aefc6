import { type Fact, type Result, ok } from '#kernel';
import { type PledgePayment, decidePledgePayment, handOverPledge, pledgeKind, pledgeStream } from '#pledges';
import type { States } from '#platform';
import type { BookState } from '../domain/book.ts';

/**
 * The facts of money that came in on a pledge. One that was made to a fund which this book took over, and did not go
 * over itself yet, does so with its money.
 */
export function payPledge(payment: PledgePayment, book: BookState, states: States): Result<Fact[]> {
  const { pledge, fund } = payment;
  const state = states.of(pledgeKind, pledgeStream(pledge));
  const taken = book.predecessors.get(state.fund);
  const goesOver =
    taken && fund === book.fund
      ? handOverPledge(pledge, state, { from: state.fund, into: fund, effectiveOn: taken.on })
      : [];
  const paid = decidePledgePayment(payment, goesOver.length > 0 ? { ...state, fund } : state);
  return paid.ok ? ok([...goesOver, paid.value]) : paid;
}
