import type { LedgerEvent, StreamKind } from '#kernel';
import type { SponsorshipEvent, SponsorshipRegistered } from './events.ts';

/** What deciding on a sponsorship needs. */
export type SponsorshipState =
  | { readonly status: 'unregistered' }
  | ({ readonly status: 'running' | 'ended' } & Omit<SponsorshipRegistered, 'sponsorship'>);

function evolve(state: SponsorshipState, event: LedgerEvent): SponsorshipState {
  const { type, data } = event as SponsorshipEvent;
  if (type === 'sponsorship.registered.v1') {
    const { sponsorship: _, ...rest } = data;
    return { status: 'running', ...rest };
  }
  if (state.status === 'unregistered') throw new Error(`${event.stream} begins with its registration`);
  switch (type) {
    case 'sponsorship.extended.v1':
      return { ...state, periods: data.periods };
    case 'sponsorship.changed.v1':
      return { ...state, each: data.each };
    case 'sponsorship.ended.v1':
      return { ...state, status: 'ended' };
    case 'sponsorship.handed-over.v1':
      return { ...state, fund: data.fund };
    default:
      throw new Error(`a sponsorship has no event of type ${String((event as LedgerEvent).type)}`);
  }
}

/** The stream kind of sponsorships, for whoever folds them. */
export const sponsorshipKind: StreamKind<SponsorshipState> = {
  kind: 'sponsorship',
  version: 1,
  initial: () => ({ status: 'unregistered' }),
  evolve,
};
