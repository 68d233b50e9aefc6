import { type Context, type Day, type Fact, type Result, ok, refuse } from '#kernel';
import { type NeedOpened, needStream } from './events.ts';
import { checkMoney, checkPeriod, checkStated } from './stated.ts';
import type { NeedState } from './states.ts';

export interface OpenNeed extends NeedOpened {
  readonly effectiveOn: Day;
}

/** Registers what is needed somewhere, as the source states it. A prospect is no pledge: nothing is expected. */
export function decideOpenNeed(command: OpenNeed, state: NeedState, context: Context): Result<Fact[]> {
  const { effectiveOn, ...data } = command;
  const { need, quantity, amount, children } = data;
  if (state.status !== 'unopened') return refuse('NEED_EXISTS', { need });
  if (effectiveOn > context.today)
    return refuse('DATE_IN_FUTURE', { date: effectiveOn, today: context.today });
  for (const checked of [
    checkStated({ quantity, amount, children }),
    checkMoney(amount, data.commodity),
    checkPeriod(data.period),
  ])
    if (!checked.ok) return checked;
  return ok([{ stream: needStream(need), type: 'need.opened.v1', effectiveOn, data }]);
}
