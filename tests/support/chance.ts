import type { BookState } from '../../libs/funds/domain/book.ts';
import type { Context, Day, Fact, Result } from '../../libs/kernel/index.ts';
import type { Shape } from './book-history.ts';

/** What a random step chooses from. */
export interface Chance {
  readonly shape: Shape;
  readonly fund: string;
  readonly book: BookState;
  readonly effectiveOn: Day;
  readonly random: (below: number) => number;
}

/** A command and who gives it. */
export interface ChosenStep {
  readonly actor: string;
  readonly decide: (context: Context) => Result<readonly Fact[]>;
}

/** A step there may be something to do for. */
export type Choice = (chance: Chance) => ChosenStep | undefined;

/** An amount up to some. */
export const some = (n: number, random: Chance['random']): string => String(1 + random(n));

/** Open items of a kind. */
export const itemsOf = ({ book }: Chance, kind: string): string[] =>
  [...book.items].flatMap(([item, open]) => (open.kind === kind ? [item] : []));

export const pick = <T>(list: readonly T[], { random }: Chance): T | undefined => list[random(list.length)];

/** All of an item or some of it, which may be more than there is. */
export const part = ({ shape, random }: Chance): string | null =>
  random(2) ? null : some(shape.giftMax / 2, random);
