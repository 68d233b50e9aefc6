import type { CommodityCode, Day } from '#kernel';
import type { Part, PoolUnits, WireRange } from './events.ts';

/**
 * Whole units of one pool exchanged for whole units of another: each unit minted stands for an equal share of those
 * drawn, in order. What is drawn may go over several parts of one decision, which all repeat `to`.
 */
export interface Exchanged {
  readonly from: PoolUnits;
  /** How many units this exchange draws from the pool in all, … */
  readonly drawn: string;
  /** … and how many of them earlier parts named. Only the part that names 0 mints. */
  readonly before: string;
  readonly to: { readonly pool: string; readonly minted: WireRange };
}

/** The paper that goods came with. */
export interface Invoice {
  readonly number: string;
  readonly on: Day;
}

/**
 * Goods bought with money of pools whose limits admit what they are for. They stand under the same limits, in a pool
 * of their own; each is paid for by one pool alone.
 */
export interface GoodsBought extends Part {
  readonly exchange: string;
  /** Phiếu chi. */
  readonly voucher: string;
  /** Own account that paid, and the store that the goods came into. */
  readonly account: string;
  readonly store: string;
  readonly commodity: CommodityCode;
  /** What the whole purchase cost, repeated in each part. */
  readonly amount: string;
  readonly good: CommodityCode;
  readonly quantity: string;
  /** What it was bought for, as the limits of the pools were judged. */
  readonly programme: string | null;
  readonly group: string | null;
  readonly purpose: string | null;
  readonly place: string | null;
  readonly exchanges: readonly Exchanged[];
  readonly proposedBy: string;
  readonly invoice: Invoice | null;
  /** Commitments to text in the vault: who sold them, and anything else. */
  readonly supplier: string | null;
  readonly narrative: string | null;
  /** SHA-256 (hex) of files in the vault: invoice, delivery note. */
  readonly files: readonly string[];
}

/** Foreign money sold for money of the books at what the bank paid; it stays under the limits of its pool. */
export interface CurrencyExchanged extends Part {
  readonly exchange: string;
  readonly voucher: string;
  /** Own account the foreign money left, and the one that was paid into. */
  readonly account: string;
  readonly into: string;
  readonly commodity: CommodityCode;
  /** Of the whole exchange, repeated in each part: what was given, and what came for it. */
  readonly amount: string;
  readonly base: CommodityCode;
  readonly received: string;
  readonly exchanges: readonly Exchanged[];
  readonly proposedBy: string;
  /** Commitment to free text in the vault. */
  readonly narrative: string | null;
  /** SHA-256 (hex) of files in the vault: the bank's note. */
  readonly files: readonly string[];
}

/** The foreign money of an own account at the rate of a day. No unit moves; the books work out the difference. */
export interface CurrencyRevalued {
  readonly revaluation: string;
  readonly voucher: string;
  readonly account: string;
  readonly commodity: CommodityCode;
  /** Of one whole unit, a decimal number; the day it is of, and whose it is. */
  readonly perUnit: string;
  readonly rateOn: Day;
  readonly rateSource: string;
  /** Commitment to free text in the vault. */
  readonly narrative: string | null;
}

/** The events of exchanges by their type. */
export interface ExchangeEvents {
  'book.currency-exchanged.v1': CurrencyExchanged;
  'book.currency-revalued.v1': CurrencyRevalued;
  'book.goods-bought.v1': GoodsBought;
}
