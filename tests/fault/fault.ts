/** The invariants of the fault campaigns; what each says stands in docs/faults.md. */
export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10' | 'I11';

/** An invariant that was broken, and how. */
export interface Violation {
  readonly invariant: Invariant;
  readonly detail: string;
}

/** One line of the fault table. */
export interface FaultRow {
  readonly fault: string;
  readonly shape: Shape;
  readonly rounds: number;
  /** Commands whose acceptance a client was told of, or learned by asking again. */
  readonly acknowledged: number;
  /** Commands that were refused and not accepted later. */
  readonly refused: number;
  /** Times a command got no answer and was settled by sending it again with the same key. */
  readonly unanswered: number;
  readonly lost: number;
  readonly duplicated: number;
  /** Commands in the log that no client sent. */
  readonly phantom: number;
  /** Longest time from the end of a fault to the first command accepted after it. */
  readonly recoveredMs: number;
  /** What was broken; empty when the fault was borne. */
  readonly violations: readonly Violation[];
  /** Figures that only this fault has (images built, calls that failed, …). */
  readonly figures: Readonly<Record<string, number>>;
}

export type Shape = 'embedded' | 'distributed';

export interface FaultOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Waits are as short as they may be to still mean something: for the campaign that is part of `npm test`. */
  readonly brief?: boolean;
  /** Told in a few words how far it is; for people, on stderr. */
  readonly progress: (message: string) => void;
}

/** One kind of fault, done again and again under load. */
export interface Fault {
  readonly name: string;
  readonly shape: Shape;
  /** What is done to whom, in one line. */
  readonly does: string;
  /** Rounds of the long campaign when none are asked for. */
  readonly rounds: number;
  /** Why this machine cannot do it; undefined when it can. */
  readonly missing?: () => string | undefined;
  readonly run: (options: FaultOptions) => Promise<FaultRow>;
}

/** True when nothing was broken. */
export const isBorne = (row: FaultRow): boolean =>
  row.lost + row.duplicated + row.phantom + row.violations.length === 0;
