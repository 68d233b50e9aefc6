import type { Refusal, RefusalTable } from '#kernel';

/** Exit codes of `lalanh`, which scripts can rely on. */
export const EXIT = {
  /** All went well. */
  ok: 0,
  /** It ran, and something needs a person: rows refused, findings of a check. */
  findings: 1,
  /** The command line is wrong; nothing was done. */
  usage: 2,
  /** It could not run: the folder is held or can not be read, the server does not answer, a fault. */
  failed: 3,
} as const;

/** Something that ends a command with a message in both languages. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly exitCode: number;
  readonly vi: string;

  constructor(vi: string, en: string, exitCode: number = EXIT.failed, options?: ErrorOptions) {
    super(en, options);
    this.vi = vi;
    this.exitCode = exitCode;
  }
}

/** A refusal in the words of its table: what is wrong, and what to do. */
export function refusedBy(table: RefusalTable, { code, details }: Refusal, exitCode: number): CliFailure {
  const text = table[code];
  const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);
  const fill = (what: string, next = ''): string =>
    `${sentence(what)} ${next}`.trimEnd().replaceAll(/\{(\w+)\}/g, (_, name: string) => details[name] ?? '');
  return new CliFailure(fill(text?.vi ?? code, text?.nextVi), fill(text?.en ?? code, text?.nextEn), exitCode);
}
