import { type Context, type Day, type Fact, type Result, ok, parseAmount, refuse } from '#kernel';
import { checkOpen, ofPledge } from '../checks.ts';
import { type PledgeAmended, pledgeStream } from '../events.ts';
import { type PledgeState, filledInstalments, outstandingInstalments } from '../pledge.ts';
import { PLAN_INSTALMENTS_MAX, dueDays } from '../schedule.ts';
import { type SponsorshipChanged, type SponsorshipExtended, sponsorshipStream } from './events.ts';
import type { SponsorshipState } from './sponsorship.ts';

export interface ExtendSponsorship {
  readonly sponsorship: string;
  /** Periods there are to be in all: said like this, asking twice adds nothing. */
  readonly periods: number;
  readonly effectiveOn: Day;
}

/** Promises the periods after the last one. A period that is there already is never made again, paid or not. */
export function decideExtendSponsorship(
  { sponsorship, periods, effectiveOn }: ExtendSponsorship,
  state: SponsorshipState,
  pledge: PledgeState,
  context: Context,
): Result<Fact[]> {
  if (state.status === 'unregistered') return refuse('SPONSORSHIP_UNKNOWN', { sponsorship });
  if (state.status === 'ended') return refuse('SPONSORSHIP_ENDED', { sponsorship });
  const checked = checkOpen(sponsorship, pledge, effectiveOn, context);
  if (!checked.ok) return checked;
  if (periods <= state.periods)
    return refuse('SPONSORSHIP_PERIODS_THERE', { sponsorship, periods: String(state.periods) });
  const more = periods - state.periods;
  if (outstandingInstalments(pledge).length + more > PLAN_INSTALMENTS_MAX)
    return refuse('PLEDGE_PLAN_TOO_LONG', { pledge: sponsorship, max: String(PLAN_INSTALMENTS_MAX) });
  const days = dueDays(state, state.periods + 1, periods);
  if (!days.ok) return days;
  const whole = parseAmount(String((pledge.pledged ?? 0n) + BigInt(state.each) * BigInt(more)));
  if (!whole.ok) return whole;
  const instalments = days.value.map((due, at) => ({
    index: state.periods + 1 + at,
    due,
    amount: state.each,
  }));
  const data: SponsorshipExtended = { sponsorship, from: state.periods + 1, periods };
  return ok([
    { stream: sponsorshipStream(sponsorship), type: 'sponsorship.extended.v1', effectiveOn, data },
    amended(sponsorship, pledge, { amount: whole.value, changed: [], instalments, effectiveOn }),
  ]);
}

export interface ChangeSponsorship {
  readonly sponsorship: string;
  readonly each: string;
  readonly reason: string;
  readonly effectiveOn: Day;
}

/** Another amount for the periods that are due after the day; one that money came in on stays as it is. */
export function decideChangeSponsorship(
  { sponsorship, each, reason, effectiveOn }: ChangeSponsorship,
  state: SponsorshipState,
  pledge: PledgeState,
  context: Context,
): Result<Fact[]> {
  if (state.status === 'unregistered') return refuse('SPONSORSHIP_UNKNOWN', { sponsorship });
  if (state.status === 'ended') return refuse('SPONSORSHIP_ENDED', { sponsorship });
  const checked = checkOpen(sponsorship, pledge, effectiveOn, context);
  if (!checked.ok) return checked;
  const parsed = parseAmount(each);
  if (!parsed.ok) return parsed;
  if (parsed.value === BigInt(state.each)) return refuse('SPONSORSHIP_UNCHANGED', { sponsorship, each });
  const open = filledInstalments(pledge).filter(
    ({ due, filled, writtenOff }) => due > effectiveOn && filled === 0n && writtenOff === 0n,
  );
  const was = open.reduce((sum, { amount }) => sum + amount, 0n);
  const whole = parseAmount(String((pledge.pledged ?? 0n) - was + parsed.value * BigInt(open.length)));
  if (!whole.ok) return whole;
  const from = open[0]?.index ?? state.periods + 1;
  const data: SponsorshipChanged = { sponsorship, each, from, reason };
  const changed = open.map(({ index }) => ({ index, amount: each }));
  return ok([
    { stream: sponsorshipStream(sponsorship), type: 'sponsorship.changed.v1', effectiveOn, data },
    ...(changed.length === 0
      ? []
      : [amended(sponsorship, pledge, { amount: whole.value, changed, instalments: [], effectiveOn })]),
  ]);
}

/** A new version of the pledge behind a sponsorship. */
function amended(
  id: string,
  pledge: PledgeState,
  change: Pick<PledgeAmended, 'changed' | 'instalments'> & {
    readonly amount: bigint;
    readonly effectiveOn: Day;
  },
): Fact {
  const { effectiveOn, amount, changed, instalments } = change;
  const data: PledgeAmended = {
    ...ofPledge(id, pledge),
    version: pledge.version + 1,
    amount: String(amount),
    qualifier: pledge.qualifier,
    changed,
    instalments,
    reason: null,
  };
  return { stream: pledgeStream(id), type: 'pledge.amended.v1', effectiveOn, data };
}
