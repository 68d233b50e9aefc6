import type { StreamKind } from '#kernel';
import type { BeneficiaryEvent, BeneficiaryKind, DonorEvent, DonorKind } from './events.ts';

/** What decisions need to know of a donor. */
export interface DonorState {
  readonly registered: boolean;
  readonly kind: DonorKind | null;
}

export const donorKind: StreamKind<DonorState> = {
  kind: 'donor',
  version: 1,
  initial: () => ({ registered: false, kind: null }),
  evolve: (_state, event) => {
    const { type, data } = event as DonorEvent;
    if (type !== 'donor.registered.v1') throw new Error(`a donor has no event of type ${String(type)}`);
    return { registered: true, kind: data.kind };
  },
};

/** What decisions need to know of a beneficiary. */
export interface BeneficiaryState {
  readonly registered: boolean;
  readonly kind: BeneficiaryKind | null;
  /** Place id. */
  readonly place: string | null;
}

export const beneficiaryKind: StreamKind<BeneficiaryState> = {
  kind: 'beneficiary',
  version: 1,
  initial: () => ({ registered: false, kind: null, place: null }),
  evolve: (_state, event) => {
    const { type, data } = event as BeneficiaryEvent;
    if (type !== 'beneficiary.registered.v1')
      throw new Error(`a beneficiary has no event of type ${String(type)}`);
    return { registered: true, kind: data.kind, place: data.place };
  },
};
