import { type Context, type Day, type Fact, type Result, ok, refuse } from '#kernel';
import { type DonorRegistered, donorStream } from './events.ts';
import type { DonorState } from './states.ts';

export interface RegisterDonor extends DonorRegistered {
  readonly effectiveOn: Day;
}

/** Registers a donor under an opaque id, once. */
export function decideRegisterDonor(
  command: RegisterDonor,
  donor: DonorState,
  context: Context,
): Result<Fact[]> {
  const { effectiveOn, ...data } = command;
  if (donor.registered) return refuse('DONOR_EXISTS', { donor: data.donor });
  if (effectiveOn > context.today)
    return refuse('DATE_IN_FUTURE', { date: effectiveOn, today: context.today });
  return ok([{ stream: donorStream(data.donor), type: 'donor.registered.v1', effectiveOn, data }]);
}
