/** Outcome of something that may be refused: a value, or the reason why not. Never thrown. */
export type Result<T, E = Refusal> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/**
 * An expected "no" of the domain. `code` is a key of a refusal table, so that the message can be given in
 * Vietnamese and English; `details` fill the placeholders of that message and hold no personal data.
 */
export interface Refusal {
  readonly code: string;
  readonly details: Readonly<Record<string, string>>;
}

/** One row of a refusal table: HTTP status, what happened, and what the person can do next. */
export interface RefusalText {
  readonly status: 400 | 403 | 404 | 409 | 413 | 415 | 422 | 500 | 503;
  readonly vi: string;
  readonly en: string;
  readonly nextVi: string;
  readonly nextEn: string;
}

/** The refusals of one capability by their stable code. */
export type RefusalTable = Readonly<Record<string, RefusalText>>;

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value });

export const refuse = (
  code: string,
  details: Readonly<Record<string, string>> = {},
): Result<never, Refusal> => ({ ok: false, error: { code, details } });
