import { type Context, type Day, type Fact, type Result, ok, parseAmount, refuse } from '#kernel';
import { type Instalment, type PledgeMade, pledgeStream } from './events.ts';
import type { PledgeState } from './pledge.ts';

export interface MakePledge extends Omit<PledgeMade, 'instalments'> {
  readonly instalments: readonly Omit<Instalment, 'index'>[];
  readonly effectiveOn: Day;
}

/**
 * Records a promise. The amount may be unknown, and then it has no qualifier and no instalments; instalments sum
 * to the amount and are numbered in the order of their days.
 */
export function decideMakePledge(command: MakePledge, pledge: PledgeState, context: Context): Result<Fact[]> {
  const { effectiveOn, ...promise } = command;
  if (pledge.status !== 'unmade') return refuse('PLEDGE_EXISTS', { pledge: promise.pledge });
  if (effectiveOn > context.today)
    return refuse('DATE_IN_FUTURE', { date: effectiveOn, today: context.today });
  const checked = promise.amount === null ? checkUnknown(command) : checkAmount(promise.amount, command);
  if (!checked.ok) return checked;
  const instalments = promise.instalments
    .toSorted((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0))
    .map(({ due, amount }, i) => ({ index: i + 1, due, amount }));
  const data: PledgeMade = { ...promise, instalments };
  return ok([{ stream: pledgeStream(promise.pledge), type: 'pledge.made.v1', effectiveOn, data }]);
}

function checkUnknown({ pledge, qualifier, instalments }: MakePledge): Result<void> {
  if (qualifier !== 'exact') return refuse('PLEDGE_QUALIFIER_WITHOUT_AMOUNT', { pledge });
  return instalments.length === 0 ? ok(undefined) : refuse('PLEDGE_INSTALMENTS_WITHOUT_AMOUNT', { pledge });
}

function checkAmount(text: string, { pledge, instalments }: MakePledge): Result<void> {
  const whole = parseAmount(text);
  if (!whole.ok) return whole;
  let sum = 0n;
  for (const instalment of instalments) {
    const part = parseAmount(instalment.amount);
    if (!part.ok) return part;
    sum += part.value;
  }
  return instalments.length === 0 || sum === whole.value
    ? ok(undefined)
    : refuse('PLEDGE_INSTALMENTS_DO_NOT_SUM', { pledge, amount: text, sum: String(sum) });
}
