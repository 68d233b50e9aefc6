import { type Context, type Day, type Fact, type Result, ok, refuse } from '#kernel';
import { type NeedEvents, needStream } from './events.ts';
import type { NeedState, NeedStatus } from './states.ts';

/** Steps after the first, and the statuses each may follow: a need is met only when somebody verified it. */
const MAY_FOLLOW = {
  'need.verified.v1': ['open'],
  'need.met.v1': ['verified'],
  'need.closed.v1': ['open', 'verified'],
} as const satisfies Partial<Record<keyof NeedEvents, readonly NeedStatus[]>>;

/** One step in the life of a need. Steps follow one another in their days too. */
export function decideNeedStep<Type extends keyof typeof MAY_FOLLOW>(
  type: Type,
  data: NeedEvents[Type],
  effectiveOn: Day,
  { status, since }: NeedState,
  context: Context,
): Result<Fact[]> {
  const { need } = data;
  if (since === null) return refuse('NEED_UNKNOWN', { need });
  const allowed: readonly NeedStatus[] = MAY_FOLLOW[type];
  if (!allowed.includes(status))
    return refuse('NEED_IN_OTHER_STATE', { need, status, wanted: allowed.join(', ') });
  if (effectiveOn < since) return refuse('NEED_STEP_TOO_EARLY', { need, date: effectiveOn, since });
  if (effectiveOn > context.today)
    return refuse('DATE_IN_FUTURE', { date: effectiveOn, today: context.today });
  return ok([{ stream: needStream(need), type, effectiveOn, data }]);
}
