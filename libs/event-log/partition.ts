/** `book-qbt-06-2024` belongs with `book-qbt-06-2023`: a gift of one year may pay for something in the next. */
const BOOK_YEAR = /^(book-.+)-\d{4}$/;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * The partition, 0 … `partitions` − 1, in which a stream's events travel: FNV-1a (32 bit) over its name, over
 * the fund for books, so that all books of one fund keep their order. Stable for ever: a keyed topic
 * never gets more partitions.
 */
export function partitionOf(stream: string, partitions: number): number {
  const group = BOOK_YEAR.exec(stream)?.[1] ?? stream;
  let hash = FNV_OFFSET;
  for (const byte of Buffer.from(group)) hash = Math.imul(hash ^ byte, FNV_PRIME) >>> 0;
  return hash % partitions;
}
