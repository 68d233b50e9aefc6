import type { Context, Fact, LedgerEvent, Refusal, Result, StreamKind } from '#kernel';
import type { z } from 'zod';

/**
 * A state folded from every stream whose name starts with `prefix` (`place-`): small reference data that
 * decisions look things up in. Loaded at start and kept in memory.
 */
export interface Directory<State> {
  readonly prefix: string;
  initial(): State;
  evolve(state: State, event: LedgerEvent): State;
}

/** What a decision may read. Streams must have been named by the handler's `streams`. */
export interface States {
  /** The state of one stream; `initial` when nothing was written to it yet. */
  of<State>(kind: StreamKind<State>, stream: string): State;
  /** The state of a directory as of every fact decided so far. */
  all<State>(directory: Directory<State>): State;
  /** All durable events about an item named by the handler's `history`, in log order. */
  history(item: string): readonly LedgerEvent[];
}

/** Free text that was put behind `libs/privacy`: what the event keeps instead of it. Hex SHA-256, salted. */
export type Commitment = string;

/**
 * One kind of command from its outside shape to its decision. Pure: time and ids come in the context.
 * `Body` is what the boundary accepts, with each field of `personal` replaced by its {@link Commitment}
 * before it is hashed and decided.
 */
export interface Handler<Body> {
  /** Imperative, the name in URLs and logs: `record-receipt`. */
  readonly name: string;
  readonly schema: z.ZodType<Body>;
  /** Top-level text fields that are or may be personal. */
  readonly personal: readonly (keyof Body & string)[];
  /**
   * The streams the decision reads or writes. What the handler's `history` names may not be read yet: it is then
   * empty, and the streams are asked for again.
   */
  streams(body: Body, context: Context, known: Pick<States, 'all' | 'history'>): readonly string[];
  /**
   * Items (disbursements, allocations, receipts) whose past events the decision needs; usually none. Asked again
   * with what was read of them, since the past of one may name another.
   */
  history?(body: Body, known: Pick<States, 'history'>): readonly string[];
  decide(body: Body, states: States, context: Context): Result<readonly Fact[], Refusal>;
}

/** Any handler, for whoever registers and runs them all: the body is what its own schema accepts. */
export type AnyHandler = Omit<Handler<unknown>, 'personal'> & { readonly personal: readonly string[] };

/** What a command led to. Given again, unchanged, for the same key and body. */
export interface Answer {
  readonly commandId: string;
  readonly events: readonly {
    readonly id: string;
    readonly type: string;
    readonly stream: string;
    readonly revision: number;
    /** `stream@revision`, accepted by `atLeast`. */
    readonly at: string;
    /** Leaf hash, for the types that later commands must name by it (a proposal to approve). */
    readonly hash?: string;
  }[];
  /** Position of the last event in the whole log; null where the sequencer has not placed it yet. */
  readonly position: number | null;
  /** True when this is the answer of an earlier, identical command. */
  readonly duplicate: boolean;
}
