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

/** The events of exchanges by their type. */
export interface ExchangeEvents {
  'book.goods-bought.v1': GoodsBought;
}
