import type { EventLogReader } from '#event-log';
import { type BeneficiaryEvent, type DonorEvent, beneficiaryStream, donorStream } from '#people';
import { parseEnvelope } from '#platform';
import type { Vault } from '#privacy';

/** Reads what is personal, for those who may. */
export interface Names {
  readonly donor: (donor: string) => Promise<string | null>;
  /** A child's too: asked only where names of children may be shown. */
  readonly beneficiary: (beneficiary: string) => Promise<string | null>;
  /** The text behind a commitment. */
  readonly text: (commitment: string | null | undefined) => Promise<string | null>;
}

/** Nothing personal is shown. */
export const NO_NAMES: Names = {
  donor: async () => null,
  beneficiary: async () => null,
  text: async () => null,
};

/** Events of a person's stream among which the registration is; it is the first. */
const FIRST = 1;

/** Names out of the vault; a name that was erased is none. Rejects with `VaultUnavailableError` when it does not answer. */
export function namesFrom(log: Pick<EventLogReader, 'readStream'>, vault: Pick<Vault, 'get'>): Names {
  const text = async (commitment: string | null | undefined): Promise<string | null> =>
    commitment == null ? null : ((await vault.get(commitment)) ?? null);
  const nameIn = async (stream: string): Promise<string | null> => {
    const [record] = await log.readStream(stream, { from: 0, limit: FIRST });
    if (record === undefined) return null;
    const event = parseEnvelope(record) as unknown as DonorEvent | BeneficiaryEvent;
    return 'name' in event.data ? text(event.data.name) : null;
  };
  return {
    text,
    donor: (donor) => nameIn(donorStream(donor)),
    beneficiary: (beneficiary) => nameIn(beneficiaryStream(beneficiary)),
  };
}
