import type { PoolUnits } from './events.ts';

/** The fund of a book's stream: `book-<fund>-<year>` without its ends. */
export const fundOf = (stream: string): string => stream.slice('book-'.length, stream.lastIndexOf('-'));

/** How many units an event names. */
export const sizeOnWire = ({ units }: Pick<PoolUnits, 'units'>): bigint =>
  units.reduce((n, [from, to]) => n + BigInt(to) - BigInt(from), 0n);
