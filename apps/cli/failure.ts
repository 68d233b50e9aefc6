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
