import { STATUS_CODES } from 'node:http';
import type { RefusalTable } from '#kernel';
import { type CommandRefusal, type FieldError, fillIn } from '#platform';

/** A problem detail (RFC 9457) in Vietnamese and English, with a code that stays the same. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly vi: { readonly title: string; readonly next: string };
  readonly en: { readonly title: string; readonly next: string };
  readonly errors?: readonly (FieldError & { readonly vi: string; readonly en: string })[];
  readonly details?: Readonly<Record<string, string>>;
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** Makes problem details out of refusals. A code that no table knows is said as it is, with status 422. */
export function createProblems(table: RefusalTable): (refusal: CommandRefusal) => Problem {
  const textOf = (code: string, details: Readonly<Record<string, string>>): { vi: string; en: string } => {
    const row = table[code];
    return { vi: fillIn(row?.vi ?? code, details), en: fillIn(row?.en ?? code, details) };
  };
  return ({ code, details, errors }) => {
    const row = table[code];
    const { vi, en } = textOf(code, details);
    const status = row?.status ?? 422;
    const next = { vi: fillIn(row?.nextVi ?? '', details), en: fillIn(row?.nextEn ?? '', details) };
    return {
      type: `/docs/problems#${code}`,
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail: `${sentence(vi)} ${sentence(en)}`,
      code,
      vi: { title: vi, next: next.vi },
      en: { title: en, next: next.en },
      ...(Object.keys(details).length > 0 && { details }),
      ...(errors && {
        errors: errors.map((error) => ({
          ...error,
          ...textOf(error.code, { ...details, pointer: error.pointer }),
        })),
      }),
    };
  };
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
