import { type Context, type Day, type Fact, type Result, nextDay, ok, refuse } from '#kernel';
import { checkOpen, ofPledge } from './checks.ts';
import { type PledgeReminded, pledgeStream } from './events.ts';
import { type DueInstalment, type PledgeState, outstandingInstalments } from './pledge.ts';

/** When a donor is reminded of an instalment, in days after its due day: before it, on it, and twice later. */
export const REMINDER_STEPS: readonly { readonly step: number; readonly days: number }[] = [
  { step: 1, days: -7 },
  { step: 2, days: 0 },
  { step: 3, days: 14 },
  { step: 4, days: 30 },
];

/** The first day a step is due on, `days` after the due day. A negative number counts from the days before. */
const isDueAt = (due: Day, days: number, on: Day): boolean =>
  days < 0 ? due <= after(on, -days) : after(due, days) <= on;

function after(day: Day, days: number): Day {
  let found = day;
  for (let n = 0; n < days; n += 1) found = nextDay(found);
  return found;
}

/** The last reminder step that is due for an instalment on a day; undefined before the first. */
export const reminderStepAt = (due: Day, on: Day): number | undefined =>
  REMINDER_STEPS.findLast(({ days }) => isDueAt(due, days, on))?.step;

/** Instalments whose donor is to be reminded on a day, each with its step; none whose step was done. */
export function dueReminders(state: PledgeState, on: Day): (DueInstalment & { readonly step: number })[] {
  return outstandingInstalments(state).flatMap((instalment) => {
    const step = reminderStepAt(instalment.due, on);
    return step !== undefined && step > (state.reminded.get(instalment.index) ?? 0)
      ? [{ ...instalment, step }]
      : [];
  });
}

export interface RemindPledge {
  readonly pledge: string;
  readonly instalment: number;
  readonly step: number;
  readonly effectiveOn: Day;
}

/**
 * Records that the donor was reminded of an instalment: once for each step, not before the step is due, and only while
 * something of it is still to come. A later step stands for the earlier ones.
 */
export function decideRemindPledge(
  { pledge, instalment, step, effectiveOn }: RemindPledge,
  state: PledgeState,
  context: Context,
): Result<Fact[]> {
  const checked = checkOpen(pledge, state, effectiveOn, context);
  if (!checked.ok) return checked;
  const details = { pledge, instalment: String(instalment), step: String(step) };
  if (!state.instalments.some(({ index }) => index === instalment))
    return refuse('PLEDGE_INSTALMENT_UNKNOWN', details);
  const open = outstandingInstalments(state).find(({ index }) => index === instalment);
  if (open === undefined) return refuse('PLEDGE_INSTALMENT_SETTLED', details);
  if (step <= (state.reminded.get(instalment) ?? 0)) return refuse('PLEDGE_REMINDED_ALREADY', details);
  if (step > (reminderStepAt(open.due, effectiveOn) ?? 0)) return refuse('PLEDGE_REMINDER_EARLY', details);
  const data: PledgeReminded = {
    ...ofPledge(pledge, state),
    instalment,
    step,
    amount: String(open.amount),
  };
  return ok([{ stream: pledgeStream(pledge), type: 'pledge.reminded.v1', effectiveOn, data }]);
}
