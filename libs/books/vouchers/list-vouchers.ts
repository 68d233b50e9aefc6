import { type Scope, sees } from '#access';
import { countVoucher, kindOfVoucher } from '#funds';
import type { CommodityCode, Day } from '#kernel';
import { type AsOf, type ReadContext, type Standing, readAsOf } from '#read-models';
import type { Kysely } from 'kysely';
import type { Bilingual } from '../domain/bilingual.ts';
import {
  type VoucherRow,
  type VoucherTables,
  readSeriesRows,
  vouchersProjection,
} from '../read-models/vouchers.ts';
import { DESCRIPTIONS } from '../words.ts';

/** Vouchers of a page, when nobody says, and at most. */
export const VOUCHERS_DEFAULT = 100;
export const VOUCHERS_MAX = 500;

/** A voucher as the list of its series shows it. */
export interface ListedVoucher {
  readonly voucher: string;
  readonly series: string;
  readonly status: 'written' | 'voided';
  readonly replacedBy: string | null;
  readonly replaces: string | null;
  readonly day: Day;
  /** Of the event it was written for; null for one that was written anew in the place of another. */
  readonly description: Bilingual | null;
  readonly item: string | null;
  readonly commodity: CommodityCode | null;
  readonly amount: bigint | null;
  /** How often it was printed, and how many signed files it has. */
  readonly prints: number;
  readonly files: number;
  readonly position: number;
}

export interface VouchersQuery extends AsOf {
  readonly scope: Scope;
  readonly fund: string;
  readonly year: number;
  /** One series; all, one after the other, when absent. */
  readonly kind?: string | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
  /** 1 … {@link VOUCHERS_MAX} */
  readonly limit?: number | undefined;
}

/** The vouchers of a book in the order of their series, voided ones among them: a series has every number once. */
export async function readVouchers(
  context: ReadContext,
  { scope, fund, year, kind, after, limit = VOUCHERS_DEFAULT, ...asOf }: VouchersQuery,
): Promise<Standing & { readonly rows: readonly ListedVoucher[]; readonly next: string | null }> {
  const from =
    after === undefined ? null : { series: kindOfVoucher(after) ?? '', number: countVoucher(after) };
  return readAsOf<VoucherTables, { rows: readonly ListedVoucher[]; next: string | null }>(
    context,
    [vouchersProjection.name],
    asOf,
    async (db, stand) => {
      if (!sees(scope, fund)) return { rows: [], next: null };
      const { rows, isLast } = await readSeriesRows(db as unknown as Kysely<VoucherTables>, {
        ...stand,
        fund,
        year,
        series: kind,
        after: from,
        limit: Math.min(Math.max(1, limit), VOUCHERS_MAX),
      });
      const byVoucher = Map.groupBy(rows, ({ voucher }) => voucher);
      const listed = [...byVoucher.values()].flatMap(listedOf);
      return { rows: listed, next: isLast ? null : (listed.at(-1)?.voucher ?? null) };
    },
  );
}

function listedOf(rows: readonly VoucherRow[]): ListedVoucher[] {
  const own = rows.find(({ role }) => role === 'written' || role === 'anew');
  if (own === undefined) return [];
  const voided = rows.find(({ role }) => role === 'voided');
  const isWritten = own.role === 'written';
  return [
    {
      voucher: own.voucher,
      series: own.series,
      status: voided === undefined ? 'written' : 'voided',
      replacedBy: voided?.other ?? null,
      replaces: isWritten ? null : own.other,
      day: own.day,
      description: isWritten ? DESCRIPTIONS[own.type as keyof typeof DESCRIPTIONS] : null,
      item: own.item,
      commodity: own.commodity,
      amount: own.amount,
      prints: rows.filter(({ role }) => role === 'printed').length,
      files: rows.filter(({ role }) => role === 'attached').length,
      position: Number(own.position),
    },
  ];
}
