import { fold } from '../words.ts';

/** Matches of one person that have to agree before a rule is made of them. */
export const CONFIRMATIONS_MIN = 2;
/** Confirmed matches that rules are learned from, the newest. */
export const CONFIRMED_MAX = 10_000;
/** Characters of a fingerprint; shorter ones say nothing. */
const FINGERPRINT_CHARS = { min: 8, max: 120 };

/** What regular payers have in common from month to month: the other side, or the words without numbers. */
export function fingerprintOf(narrative: string, counterparty: string | null): string {
  const words = fold(counterparty ?? narrative)
    .split(' ')
    .filter((word) => !/\d/.test(word))
    .join(' ')
    .slice(0, FINGERPRINT_CHARS.max);
  return words.length < FINGERPRINT_CHARS.min ? '' : words;
}

export interface Confirmed {
  readonly fingerprint: string;
  readonly party: string;
}

/**
 * Who stands behind a fingerprint, from matches that people confirmed: at least {@link CONFIRMATIONS_MIN} of them,
 * all of one party. One that ever meant two parties is no rule. Independent of the order.
 */
export function learn(confirmed: readonly Confirmed[]): ReadonlyMap<string, string> {
  const parties = new Map<string, Map<string, number>>();
  for (const { fingerprint, party } of confirmed.slice(-CONFIRMED_MAX)) {
    if (fingerprint === '') continue;
    const counts = parties.get(fingerprint) ?? new Map<string, number>();
    parties.set(fingerprint, counts.set(party, (counts.get(party) ?? 0) + 1));
  }
  return new Map(
    [...parties].flatMap(([fingerprint, counts]) => {
      const [[party, count] = ['', 0], ...others] = [...counts];
      return others.length === 0 && count >= CONFIRMATIONS_MIN ? [[fingerprint, party] as const] : [];
    }),
  );
}
