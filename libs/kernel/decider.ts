import type { Day, Moment } from './date.ts';
import type { Uuid } from './id.ts';
import type { Refusal, Result } from './result.ts';

/** Plain JSON. Amounts are decimal strings in it, never numbers. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A fact that was decided and is not in the log yet. */
export interface Fact<Type extends string = string, Data = unknown> {
  readonly stream: string;
  /** `<stream kind>.<what happened>.v<version>` */
  readonly type: Type;
  /** The day it counts for. */
  readonly effectiveOn: Day;
  readonly data: Data;
}

/** A fact with its place in its stream and in the log, as every `evolve` receives it. */
export interface LedgerEvent<Type extends string = string, Data = unknown> extends Fact<Type, Data> {
  readonly id: Uuid;
  readonly revision: number;
  /** Place in the whole log, 1, 2, 3 …; 0 while the event is decided but not durable. */
  readonly position: number;
  readonly recordedAt: Moment;
  /** The acting person, an opaque id. */
  readonly actor: string;
  readonly commandId: Uuid;
  readonly correlationId: Uuid;
  readonly causationId: Uuid;
  /** Hex leaf hash (RFC 6962) of the stored bytes; given for the types a stream kind is `boundTo` only. */
  readonly hash?: string;
}

/** What every decision knows besides the command itself: time and ids arrive, they are never made inside. */
export interface Context {
  readonly commandId: Uuid;
  readonly actor: string;
  readonly recordedAt: Moment;
  /** The day of `recordedAt` in Vietnam. */
  readonly today: Day;
}

/** Decides one kind of command: the facts it leads to, or why not. Pure. */
export type Decide<Command, States> = (
  command: Command,
  states: States,
  context: Context,
) => Result<Fact[], Refusal>;

/**
 * How the state of one kind of stream is folded from its events. `evolve` may change the state it is given
 * and returns it: states are owned by whoever folds them and are thrown away, never patched, on failure.
 */
export interface StreamKind<State> {
  /** The part of the stream name before the first `-`. */
  readonly kind: string;
  /** Rises when the shape of the state changes, so that a snapshot of the older shape is not read. */
  readonly version: number;
  initial(stream: string): State;
  evolve(state: State, event: LedgerEvent): State;
  /** Event types that later events refer to by the hash of their bytes; `evolve` gets it as `event.hash`. */
  readonly boundTo?: ReadonlySet<string>;
}
