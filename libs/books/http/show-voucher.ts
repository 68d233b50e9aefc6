import { type Endpoint, GUEST, asOfQuery, queryEndpoint, refused } from '#http';
import { idSchema, uuidSchema } from '#platform';
import type { Vault } from '#privacy';
import { z } from 'zod';
import {
  type Voucher,
  type VoucherPrint,
  handOverPdf,
  namesFrom,
  readVoucher,
  voucherPdf,
  voucherSchema,
} from '../index.ts';
import { yearQuery } from './list-vouchers.ts';

/** A voucher and the print it is asked for. */
type Answer = Omit<Voucher, 'prints'> & {
  readonly prints: readonly Omit<VoucherPrint, 'key'>[];
  readonly asked: VoucherPrint | null;
};

/**
 * A voucher as data or on paper. With `print`, the key of a recorded print, the paper is that print; without, a draft.
 * Names come from the vault of this process, for those who name themselves; undefined: it has none.
 */
export const showVoucherEndpoint = (vault: Pick<Vault, 'get'> | undefined): Endpoint =>
  queryEndpoint({
    path: '/v1/vouchers/{fund}/{year}/{voucher}',
    tag: 'books',
    summary: 'Một chứng từ, để xem hoặc in / A voucher, to see or to print',
    isPersonal: true,
    query: z.strictObject({
      ...asOfQuery,
      fund: idSchema,
      year: yearQuery,
      voucher: voucherSchema,
      profile: z.string().max(40).optional(),
      format: z.enum(['json', 'pdf']).optional(),
      form: z
        .enum(['voucher', 'list'])
        .optional()
        .meta({ description: 'The voucher itself, or its hand-over list (danh sách chi hỗ trợ)' }),
      print: uuidSchema.optional().meta({ description: 'Idempotency-Key of the print; a draft when absent' }),
      names: z
        .enum(['true', 'false'])
        .optional()
        .meta({ description: 'Names of beneficiaries too; needs lalanh-actor' }),
    }),
    read: async (reads, { format, form, print, names, ...asked }) => {
      const isNamed = asked.scope.person !== GUEST;
      if (names === 'true' && (!isNamed || vault === undefined))
        return refused(
          isNamed ? { code: 'NAMES_NOT_HERE', details: {} } : { code: 'ACTOR_MISSING', details: {} },
        );
      const found = await readVoucher(reads, {
        ...asked,
        ...(isNamed && vault !== undefined && { names: namesFrom(reads.log, vault) }),
        withBeneficiaries: names === 'true',
      });
      if (found === null) return null;
      if (!found.ok) return refused(found.error);
      const voucher = found.value;
      // Only who printed it may fetch it again: for anybody else it would be another, unmarked one.
      const asPrint =
        voucher.prints.find(({ key, actor }) => key === print && actor === asked.scope.person) ?? null;
      if (print !== undefined && asPrint === null)
        return refused({ code: 'PRINT_UNKNOWN', details: { voucher: voucher.voucher } });
      if (format === 'pdf' && form === 'list' && voucher.handOver.length === 0)
        return refused({ code: 'VOUCHER_HAS_NO_LIST', details: { voucher: voucher.voucher } });
      return {
        ...voucher,
        prints: voucher.prints.map(({ print: number, at, actor }) => ({ print: number, at, actor })),
        asked: asPrint,
      } satisfies Answer;
    },
    file: async ({ asked: print, ...voucher }, { format, form }) => {
      if (format !== 'pdf') return null;
      const isList = form === 'list';
      const body = isList ? handOverPdf(voucher, print) : voucherPdf(voucher, print);
      const name = `${voucher.fund}-${voucher.year}-${voucher.voucher}${isList ? '-list' : ''}.pdf`;
      return body && { type: 'application/pdf', name, body };
    },
  });
