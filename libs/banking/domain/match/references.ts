import { squeeze } from '../words.ts';
import { type OpenEntry, REFERENCE_CHARS_MIN } from './open.ts';

/** First characters by which a reference is looked for; the rest is compared only where they stand. */
const STEM_CHARS = 4;

/** Finds which of many references stand anywhere in a squeezed text. */
export interface ReferenceFinder {
  readonly find: (squeezed: string) => readonly string[];
}

/** Cost of a search: the length of the text, however many references there are. */
export function referenceFinder(references: Iterable<string>): ReferenceFinder {
  const byStem = new Map<string, Map<number, Set<string>>>();
  for (const reference of references) {
    if (reference.length < REFERENCE_CHARS_MIN) continue;
    const stem = reference.slice(0, STEM_CHARS);
    const byLength = byStem.get(stem) ?? new Map<number, Set<string>>();
    byStem.set(stem, byLength);
    const same = byLength.get(reference.length) ?? new Set<string>();
    byLength.set(reference.length, same);
    same.add(reference);
  }
  return {
    find: (squeezed) => {
      const found = new Set<string>();
      for (let at = 0; at + REFERENCE_CHARS_MIN <= squeezed.length; at += 1)
        for (const [length, same] of byStem.get(squeezed.slice(at, at + STEM_CHARS)) ?? []) {
          const text = squeezed.slice(at, at + length);
          if (same.has(text) && !goesOn(text, squeezed.charAt(at + length))) found.add(text);
        }
      // `PT000123` inside of `PT0001234…` of another voucher is caught above; the longest of nested ones counts.
      return [...found].filter((one) => ![...found].some((other) => other !== one && other.includes(one)));
    },
  };
}

/** A number that goes on with another digit is another number. */
const goesOn = (reference: string, next: string): boolean => /\d$/.test(reference) && /\d/.test(next);

/** What an entry is called in a transfer when nothing else is known: its voucher and its pledge. */
export const ownReferences = ({ voucher, pledge }: OpenEntry): string[] =>
  [voucher, pledge].flatMap((text) => (text === null ? [] : [squeeze(text)]));
