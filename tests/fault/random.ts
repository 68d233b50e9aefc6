/** Chance that can be repeated: numbers in [0, 1), the same for the same seed. */
export interface Random {
  (): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** One of the list. */
  pick<T>(list: readonly [T, ...T[]]): T;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** A generator of its own, so that what one client draws never shifts what another one draws. */
  fork(name: string): Random;
  /** A version 7 UUID whose time part only rises within one generator. */
  uuid(): string;
}

/** 2024-06-30: keys of a campaign are made from it on, so that the seed alone makes them. */
const KEYS_FROM_MS = 1_719_705_600_000;

/** A small seeded generator (mulberry32). */
export const seeded = (seed: number): Random => {
  let state = seed >>> 0;
  let keys = 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const hex = (bits: number): string =>
    Math.floor(next() * 2 ** bits)
      .toString(16)
      .padStart(bits / 4, '0');
  const random: Random = Object.assign(next, {
    between: (low: number, high: number) => low + Math.floor(next() * (high - low + 1)),
    pick: <T>(list: readonly [T, ...T[]]): T => list[Math.floor(next() * list.length)] ?? list[0],
    chance: (probability: number) => next() < probability,
    fork: (name: string) =>
      seeded([...name].reduce((sum, letter) => Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0), seed)),
    uuid: () => {
      const time = (KEYS_FROM_MS + (keys += 1)).toString(16).padStart(12, '0');
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(12)}-8${hex(12)}-${hex(24)}${hex(24)}`;
    },
  });
  return random;
};
