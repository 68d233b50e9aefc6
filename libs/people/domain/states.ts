import type { LedgerEvent, StreamKind } from '#kernel';
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
  readonly ended: boolean;
  /** Sponsorships that run, each with whether it was declared shared. */
  readonly sponsorships: ReadonlyMap<string, boolean>;
}

function evolveBeneficiary(state: BeneficiaryState, event: LedgerEvent): BeneficiaryState {
  const { type, data } = event as BeneficiaryEvent;
  switch (type) {
    case 'beneficiary.registered.v1':
      return { ...state, registered: true, kind: data.kind, place: data.place };
    case 'beneficiary.sponsored.v1':
      return { ...state, sponsorships: new Map(state.sponsorships).set(data.sponsorship, data.shared) };
    case 'beneficiary.sponsorship-ended.v1':
      return {
        ...state,
        sponsorships: new Map([...state.sponsorships].filter(([id]) => id !== data.sponsorship)),
      };
    case 'beneficiary.ended.v1':
      return { ...state, ended: true, sponsorships: new Map() };
    default:
      throw new Error(`a beneficiary has no event of type ${String((event as LedgerEvent).type)}`);
  }
}

export const beneficiaryKind: StreamKind<BeneficiaryState> = {
  kind: 'beneficiary',
  version: 2,
  initial: () => ({ registered: false, kind: null, place: null, ended: false, sponsorships: new Map() }),
  evolve: evolveBeneficiary,
};
