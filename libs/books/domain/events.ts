import type { LedgerEvent } from '#kernel';

/** Which voucher: of a fund, in the book of a year, by its number. */
export interface VoucherName {
  readonly fund: string;
  readonly year: number;
  /** `PT-000001` */
  readonly voucher: string;
}

/** A voucher was printed to be signed: the first time as the original, each further time as a copy. */
export interface VoucherPrinted extends VoucherName {
  /** 1: the original; n: copy number n − 1. */
  readonly print: number;
}

/**
 * What is put to a voucher: `cades` a detached CMS signature (.p7s), `pades` a signed PDF, `pdf` the paper that a detached
 * signature signs, or its scan.
 */
export type VoucherFileFormat = 'cades' | 'pades' | 'pdf';

/** A file was put to a voucher: its signature, or what was signed. Its bytes are in the vault. */
export interface VoucherFileAttached extends VoucherName {
  /** SHA-256 (hex) of its bytes, and its name in the vault. */
  readonly file: string;
  readonly format: VoucherFileFormat;
  /** How many bytes it has. */
  readonly bytes: number;
}

/** The events of vouchers by their type. What is booked is not theirs: they stand beside the book (decision 0018). */
export interface VoucherEvents {
  'voucher.printed.v1': VoucherPrinted;
  'voucher.file-attached.v1': VoucherFileAttached;
}

export type VoucherEventType = keyof VoucherEvents;
export type VoucherEvent = {
  [T in VoucherEventType]: LedgerEvent<T, VoucherEvents[T]>;
}[VoucherEventType];

/** The stream of what happened to one voucher. */
export const voucherStream = ({ fund, year, voucher }: VoucherName): string =>
  `voucher-${fund}-${year}-${voucher.toLowerCase()}`;
