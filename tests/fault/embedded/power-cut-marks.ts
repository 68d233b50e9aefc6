/** The file in which the writer under test marks, line by line, what it acknowledged. */
export const MARKS = 'acknowledged.marks';

/** Something that was durable when this was written, or should have been. */
export type Mark =
  | { readonly kind: 'command'; readonly events: readonly { readonly id: string; readonly at: string }[] }
  | { readonly kind: 'file'; readonly sha256: string }
  /** An append that its caller was told is not written: it may not come up later either. */
  | { readonly kind: 'refused'; readonly id: string };
