import { type CommodityCode, invariant, isCurrency } from '#kernel';
import { type Dimensions, FLOW_OF, type Flow, type Leg, PRIOR_OF } from './leg.ts';
import type { Past } from './past.ts';
import { type HeldApart, OWN, OWN_TO, type Profile, type RuleCase, type Side } from './profile.ts';

/**
 * One accounting entry: the amount stands on the debit of one account and on the credit of another, so that entries
 * always sum to 0 per commodity. An own account stands behind the number it has in the chart: `112:nh-1`.
 */
export interface Entry extends Dimensions {
  readonly debit: string;
  readonly credit: string;
  readonly commodity: CommodityCode;
  /** Positive, minor units. */
  readonly amount: bigint;
  /** What this entry adds to the statements; only the first of a leg in each commodity does. */
  readonly flow: Flow | null;
  /** The same amount taken from the flow, not added. */
  readonly isBack: boolean;
}

/** Stands between a number of the chart and the own account behind it; no id holds it. */
export const OWN_MARK = ':';

/** The number in the chart of an account as entries name it. */
export const chartCode = (account: string): string => account.split(OWN_MARK, 1)[0] ?? account;

/** The own account behind the number; undefined: there is none. */
export const ownPart = (account: string): string | undefined => account.split(OWN_MARK)[1];

const fits = ({ when = {} }: RuleCase, leg: Leg): boolean =>
  (when.source === undefined || (leg.source !== null && when.source.includes(leg.source))) &&
  (when.prior === undefined || when.prior === leg.isPrior) &&
  (when.restricted === undefined || when.restricted === leg.restricted) &&
  (when.cost === undefined || (leg.cost !== null && when.cost.includes(leg.cost))) &&
  (when.goods === undefined || when.goods !== isCurrency(leg.commodity));

/** What a profile books for a leg of an event, after the past that the leg was made with. */
export function entriesOfLeg(profile: Profile, past: Past, leg: Leg): Entry[] {
  const rule = profile.rules[leg.kind].find((each) => fits(each, leg));
  invariant(rule !== undefined, `profile ${profile.name} has a rule for every ${leg.kind}`);
  const nameOf = (side: Side): string => {
    if (side !== OWN && side !== OWN_TO) return side;
    const own = side === OWN ? leg.own : leg.ownTo;
    invariant(own !== null, `a ${leg.kind} names its own account`);
    const [where, behind] = own.split('/');
    return behind === undefined
      ? profile.own[past.kinds.get(own) ?? 'unstated'] + OWN_MARK + own
      : profile.own[where as HeldApart] + OWN_MARK + behind;
  };
  const { flow, isBack } = flowOf(leg);
  const { source, restricted, programme, donor, recipient, place } = leg;
  const entries: Entry[] = [];
  for (const [at, { debit, credit }] of rule.entries.entries()) {
    const sides = {
      debit: nameOf(leg.isUndone ? credit : debit),
      credit: nameOf(leg.isUndone ? debit : credit),
      flow: at === 0 ? flow : null,
      isBack,
      source,
      restricted,
      programme,
      donor,
      recipient,
      place,
    };
    const { commodity, amount, value } = leg;
    if (amount > 0n) entries.push({ ...sides, commodity, amount });
    // Goods stand in pieces and, where their value is known, in money beside it; the two are never one sum.
    if (value !== null && value.amount > 0n) entries.push({ ...sides, ...value });
  }
  return entries;
}

/** Which statement line a leg counts for, and whether it takes from it. What belongs to a closed year has a line of its own. */
function flowOf({ kind, isUndone, isPrior }: Leg): Pick<Entry, 'flow' | 'isBack'> {
  const counted = FLOW_OF[kind];
  if (counted === undefined) return { flow: null, isBack: isUndone };
  const { flow } = counted;
  const sign = isPrior ? counted.sign * PRIOR_OF[flow] : counted.sign;
  return { flow: isPrior ? 'prior' : flow, isBack: isUndone !== (sign === -1n) };
}

/** What a profile books for the legs of one event. */
export const entriesOf = (profile: Profile, past: Past, legs: readonly Leg[]): Entry[] =>
  legs.flatMap((leg) => entriesOfLeg(profile, past, leg));
