import { type BookState, countVoucher, kindOfVoucher } from '#funds';
import { type Context, type Fact, type LedgerEvent, type Result, type StreamKind, ok, refuse } from '#kernel';
import { type VoucherEvent, type VoucherFileAttached, type VoucherName, voucherStream } from './events.ts';

/** What deciding on a voucher needs. */
export interface VoucherState {
  /** How often it was printed. */
  readonly prints: number;
  /** Files that were put to it, at most {@link VOUCHER_FILES_MAX}. */
  readonly files: readonly string[];
}

/** Signed files of one voucher. */
export const VOUCHER_FILES_MAX = 20;
/** Prints of one voucher; more are a mistake of a program. */
export const PRINTS_MAX = 1_000;

function evolveVoucher(state: VoucherState, event: LedgerEvent): VoucherState {
  const { type, data } = event as VoucherEvent;
  if (type === 'voucher.printed.v1') return { ...state, prints: data.print };
  if (type === 'voucher.file-attached.v1') return { ...state, files: [...state.files, data.file] };
  throw new Error(`a voucher has no event of type ${String((event as LedgerEvent).type)}`);
}

export const voucherKind: StreamKind<VoucherState> = {
  kind: 'voucher',
  version: 1,
  initial: () => ({ prints: 0, files: [] }),
  evolve: evolveVoucher,
};

/** Numbers of a series are gapless, so the book's counter tells whether one was written. */
function checkWritten(name: VoucherName, book: BookState): Result<void> {
  const { fund, year, voucher } = name;
  const kind = kindOfVoucher(voucher);
  const number = countVoucher(voucher);
  const isWritten =
    kind !== undefined && Number.isInteger(number) && number >= 1 && number <= book.vouchers[kind];
  return isWritten ? ok(undefined) : refuse('VOUCHER_NOT_WRITTEN', { fund, year: String(year), voucher });
}

/**
 * Records that a voucher is printed: the first time is the original, every later one a copy with its number. Also in a
 * closed book, whose vouchers may be asked for years later.
 */
export function decidePrintVoucher(
  name: VoucherName,
  book: BookState,
  { prints }: VoucherState,
  { today }: Context,
): Result<Fact[]> {
  const written = checkWritten(name, book);
  if (!written.ok) return written;
  if (prints >= PRINTS_MAX) return refuse('VOUCHER_PRINTS_TOO_MANY', { max: String(PRINTS_MAX) });
  const data = { ...named(name), print: prints + 1 };
  return ok([{ stream: voucherStream(name), type: 'voucher.printed.v1', effectiveOn: today, data }]);
}

/** Puts a signed file to a voucher: once, whatever becomes of the voucher. */
export function decideAttachVoucherFile(
  command: VoucherFileAttached,
  book: BookState,
  { files }: VoucherState,
  { today }: Context,
): Result<Fact[]> {
  const written = checkWritten(command, book);
  if (!written.ok) return written;
  const { voucher, file, format, bytes } = command;
  if (files.includes(file)) return refuse('VOUCHER_FILE_ATTACHED', { voucher, file });
  if (files.length >= VOUCHER_FILES_MAX)
    return refuse('VOUCHER_FILES_TOO_MANY', { voucher, max: String(VOUCHER_FILES_MAX) });
  const data: VoucherFileAttached = { ...named(command), file, format, bytes };
  return ok([{ stream: voucherStream(command), type: 'voucher.file-attached.v1', effectiveOn: today, data }]);
}

const named = ({ fund, year, voucher }: VoucherName): VoucherName => ({ fund, year, voucher });
