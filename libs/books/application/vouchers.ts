import { type BookState, bookKind, bookStream } from '#funds';
import { type AnyHandler, type Handler, type States, idSchema } from '#platform';
import { FILE_BYTES_MAX } from '#privacy';
import { z } from 'zod';
import { type VoucherName, voucherStream } from '../domain/events.ts';
import {
  type VoucherState,
  decideAttachVoucherFile,
  decidePrintVoucher,
  voucherKind,
} from '../domain/voucher.ts';

const YEAR_MIN = 1975;
const YEAR_MAX = 9999;

/** A number of a series: two capitals and at least six digits. */
export const voucherSchema = z.string().regex(/^[A-Z]{2}-\d{6,12}$/, 'VOUCHER_INVALID');

const name = {
  fund: idSchema,
  year: z.int().min(YEAR_MIN).max(YEAR_MAX),
  voucher: voucherSchema,
};

const bookOf = ({ fund, year }: VoucherName): string => bookStream(fund, year);
const statesOf = (body: VoucherName, states: States): [BookState, VoucherState] => [
  states.of(bookKind, bookOf(body)),
  states.of(voucherKind, voucherStream(body)),
];

const printSchema = z.strictObject(name);

/** Records a print; the paper itself is asked for with the key of this command. */
const printVoucher: Handler<z.infer<typeof printSchema>> = {
  name: 'print-voucher',
  schema: printSchema,
  personal: [],
  streams: (body) => [bookOf(body), voucherStream(body)],
  decide: (body, states, context) => decidePrintVoucher(body, ...statesOf(body, states), context),
};

const attachSchema = z.strictObject({
  ...name,
  file: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'HASH_INVALID')
    .meta({ description: 'SHA-256 of a file kept with POST /v1/files' }),
  format: z.enum(['cades', 'pades', 'pdf']),
  bytes: z.int().min(1).max(FILE_BYTES_MAX),
});

/** Puts a signed file that the vault has to a voucher. */
const attachVoucherFile: Handler<z.infer<typeof attachSchema>> = {
  name: 'attach-voucher-file',
  schema: attachSchema,
  personal: [],
  streams: (body) => [bookOf(body), voucherStream(body)],
  decide: (body, states, context) => decideAttachVoucherFile(body, ...statesOf(body, states), context),
};

/** Every command of the books capability. */
export const handlers = { printVoucher, attachVoucherFile } satisfies Record<string, AnyHandler>;
