import { type Context, type Day, type Fact, type Result, ok, refuse } from '#kernel';
import { type BeneficiaryRegistered, beneficiaryStream } from './events.ts';
import type { BeneficiaryState } from './states.ts';

export interface RegisterBeneficiary extends Omit<BeneficiaryRegistered, 'registeredOn'> {
  readonly effectiveOn: Day;
}

/**
 * Registers a child, school or care facility under an opaque id, once. Of a child no more is kept than an age band
 * and the commune, the finest level a place has: age, home and school are secret (Decree 56/2017/NĐ-CP, Art. 33).
 */
export function decideRegisterBeneficiary(
  command: RegisterBeneficiary,
  beneficiary: BeneficiaryState,
  context: Context,
): Result<Fact[]> {
  const { effectiveOn, ...facts } = command;
  if (beneficiary.registered) return refuse('BENEFICIARY_EXISTS', { beneficiary: facts.beneficiary });
  if (effectiveOn > context.today)
    return refuse('DATE_IN_FUTURE', { date: effectiveOn, today: context.today });
  if (facts.ageBand !== null && facts.kind !== 'child')
    return refuse('AGE_BAND_NOT_OF_CHILD', { beneficiary: facts.beneficiary });
  const data: BeneficiaryRegistered = { ...facts, registeredOn: effectiveOn };
  const stream = beneficiaryStream(facts.beneficiary);
  return ok([{ stream, type: 'beneficiary.registered.v1', effectiveOn, data }]);
}
