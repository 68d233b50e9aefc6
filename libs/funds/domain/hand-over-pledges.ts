import { type Day, type Fact, type Result, ok, refuse, yearOf } from '#kernel';
import { type PledgeState, type SponsorshipState, handOverPledge, handOverSponsorship } from '#pledges';
import type { BookState } from './book-state.ts';

/** A pledge and the sponsorship of the same id, which is unregistered where there is none. */
export interface Promised {
  readonly pledge: string;
  readonly state: PledgeState;
  readonly sponsorship: SponsorshipState;
}

export interface HandOverPledges {
  readonly fund: string;
  /** A day of the year in which the fund was merged. */
  readonly effectiveOn: Day;
}

/**
 * Hands pledges of a merged fund to its successor, with the sponsorships behind them, as of the day of the merger. Those
 * that went over already are left out, so that a page may be sent again; one of another fund is refused.
 */
export function decideHandOverPledges(
  { fund, effectiveOn }: HandOverPledges,
  book: BookState,
  promised: readonly Promised[],
): Result<Fact[]> {
  if (book.status === 'unopened') return refuse('BOOK_UNKNOWN', { fund, year: String(yearOf(effectiveOn)) });
  if (book.merged === null) return refuse('FUND_NOT_MERGED', { fund });
  const { into, on } = book.merged;
  const handing = { from: fund, into, effectiveOn: on };
  const facts: Fact[] = [];
  for (const { pledge, state, sponsorship } of promised) {
    if (state.status === 'unmade') return refuse('PLEDGE_UNKNOWN', { pledge });
    if (state.fund !== fund && state.fund !== into)
      return refuse('PLEDGE_NOT_OF_MERGED', { pledge, fund: state.fund });
    facts.push(
      ...handOverPledge(pledge, state, handing),
      ...handOverSponsorship(pledge, sponsorship, handing),
    );
  }
  return facts.length > 0 ? ok(facts) : refuse('PLEDGES_HANDED_OVER', { into });
}
