import type { Day, LedgerEvent } from '#kernel';

/** `collective`: gifts whose givers the source does not name. */
export type DonorKind = 'individual' | 'organisation' | 'state' | 'collective';

export interface DonorRegistered {
  readonly donor: string;
  readonly kind: DonorKind;
  /** ISO 3166-1 alpha-2, when known. */
  readonly country: string | null;
  /** Commitment to the name in the vault. */
  readonly name: string | null;
}

export type BeneficiaryKind = 'child' | 'school' | 'facility';

/** A child is a number outside the vault: no name, no birth date, no school. */
export interface BeneficiaryRegistered {
  readonly beneficiary: string;
  readonly kind: BeneficiaryKind;
  /** Place id; for a child never finer than the commune. */
  readonly place: string | null;
  readonly ageBand: '0-5' | '6-10' | '11-15' | null;
  readonly name: string | null;
  readonly registeredOn: Day;
}

/** The child has a sponsor: here, so that it never has two by accident. */
export interface BeneficiarySponsored {
  readonly beneficiary: string;
  readonly sponsorship: string;
  readonly shared: boolean;
}

export interface BeneficiarySponsorshipEnded {
  readonly beneficiary: string;
  readonly sponsorship: string;
}

/** The child is helped no longer, or the facility is none any more. */
export interface BeneficiaryEnded {
  readonly beneficiary: string;
  /** Commitment to free text in the vault. */
  readonly reason: string;
}

export interface DonorEvents {
  'donor.registered.v1': DonorRegistered;
}
export interface BeneficiaryEvents {
  'beneficiary.registered.v1': BeneficiaryRegistered;
  'beneficiary.sponsored.v1': BeneficiarySponsored;
  'beneficiary.sponsorship-ended.v1': BeneficiarySponsorshipEnded;
  'beneficiary.ended.v1': BeneficiaryEnded;
}
type Events<Map> = { [T in keyof Map & string]: LedgerEvent<T, Map[T]> }[keyof Map & string];
export type DonorEvent = Events<DonorEvents>;
export type BeneficiaryEvent = Events<BeneficiaryEvents>;

export const donorStream = (donor: string): string => `donor-${donor}`;
export const beneficiaryStream = (beneficiary: string): string => `beneficiary-${beneficiary}`;
