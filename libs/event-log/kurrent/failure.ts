import { ErrorType } from '@kurrent/kurrentdb-client';
import { EventLogError, type EventLogErrorCode } from '../event-log.ts';

/** A stream that was not where an append expected it; −1: there is no such stream. */
export interface Violation {
  readonly stream: string;
  readonly actual: number;
}

/**
 * What a failed call means. `conflict`: the server compared revisions and wrote nothing; it names no stream where
 * part of the request was known to it. `refused`: it will say no again. `no-stream`: of a read. `unknown`:
 * the call may have been carried out or not; `renew` says that this client would go on failing.
 */
export type Failure =
  | { readonly kind: 'conflict'; readonly violations: readonly Violation[] }
  | { readonly kind: 'refused'; readonly error: EventLogError }
  | { readonly kind: 'no-stream' }
  | { readonly kind: 'unknown'; readonly renew: boolean; readonly cause: unknown };

interface Shape {
  readonly type?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly streamName?: unknown;
  readonly actualState?: unknown;
  readonly violations?: readonly { readonly streamName: string; readonly actualState: unknown }[];
}

/** gRPC status codes, which are all that some errors carry. */
const STATUS = {
  invalidArgument: 3,
  permissionDenied: 7,
  resourceExhausted: 8,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** Refusals that no repetition changes, by the client's type … */
const REFUSED_TYPES: Readonly<Record<string, EventLogErrorCode>> = {
  [ErrorType.ACCESS_DENIED]: 'ES_UNAVAILABLE',
  [ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED]: 'ES_TOO_LARGE',
  [ErrorType.TRANSACTION_MAX_SIZE_EXCEEDED]: 'ES_TOO_LARGE',
  [ErrorType.APPEND_RECORD_SIZE_EXCEEDED]: 'ES_TOO_LARGE',
  [ErrorType.STREAM_DELETED]: 'ES_CORRUPT',
  [ErrorType.STREAM_TOMBSTONED]: 'ES_CORRUPT',
  [ErrorType.UNSUPPORTED]: 'ES_UNSUPPORTED',
  [ErrorType.INVALID_ARGUMENT]: 'ES_BAD_REQUEST',
};
/** … or, where the client gives it none, by the gRPC status. */
const REFUSED_CODES: Readonly<Record<number, EventLogErrorCode>> = {
  [STATUS.permissionDenied]: 'ES_UNAVAILABLE',
  [STATUS.unauthenticated]: 'ES_UNAVAILABLE',
  [STATUS.invalidArgument]: 'ES_BAD_REQUEST',
};

/** After these the client drops its channel by itself, or the server has only asked for patience. */
const CLIENT_RECOVERS: ReadonlySet<unknown> = new Set<unknown>([
  ErrorType.UNAVAILABLE,
  ErrorType.CANCELLED,
  ErrorType.NOT_LEADER,
  STATUS.unavailable,
  STATUS.resourceExhausted,
]);

/** A deleted stream answers with a number below −1. */
const GONE = -1;

const revisionOf = (state: unknown): number => (typeof state === 'bigint' ? Number(state) : -1);

/** What an error of the client means, by its type and its gRPC code: refused connections have only the second. */
export const failureOf = (error: unknown): Failure => {
  const { type, code, message, streamName, actualState, violations } = (error ?? {}) as Shape;
  const text = typeof message === 'string' && message !== '' ? message : String(type ?? error);
  if (type === ErrorType.STREAM_NOT_FOUND) return { kind: 'no-stream' };
  if (type === ErrorType.WRONG_EXPECTED_VERSION)
    return conflictOf([{ stream: String(streamName), actual: revisionOf(actualState) }]);
  if (type === ErrorType.APPEND_CONSISTENCY_VIOLATION)
    return conflictOf(
      (violations ?? []).map((one) => ({ stream: one.streamName, actual: revisionOf(one.actualState) })),
    );
  const refused = REFUSED_TYPES[String(type)] ?? REFUSED_CODES[Number(code)];
  if (refused !== undefined)
    return {
      kind: 'refused',
      error: new EventLogError(refused, `KurrentDB: ${text}`, 'no', { cause: error }),
    };
  return {
    kind: 'unknown',
    renew: !CLIENT_RECOVERS.has(type) && !CLIENT_RECOVERS.has(code),
    cause: error,
  };
};

const conflictOf = (violations: readonly Violation[]): Failure => {
  const gone = violations.find(({ actual }) => actual < GONE);
  if (gone === undefined) return { kind: 'conflict', violations };
  return {
    kind: 'refused',
    error: new EventLogError('ES_CORRUPT', `${gone.stream} was deleted in KurrentDB`),
  };
};
