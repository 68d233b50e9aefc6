import type { CommodityCode } from '#kernel';
import type { Correction } from './events-corrections.ts';
import type { Part, PoolUnits, Valuation, WireRange } from './events.ts';

/** Why goods are there no more without having been handed over. */
export type LossKind = 'lost' | 'spoiled' | 'stolen' | 'used-up';

/** Goods that were lost or spoiled, or that the fund used up itself. Their units never come back. */
export interface GoodsLost extends Part {
  readonly loss: string;
  readonly voucher: string;
  /** The store they lay in. */
  readonly account: string;
  readonly commodity: CommodityCode;
  /** Of the whole loss, repeated in each part. */
  readonly amount: string;
  readonly kind: LossKind;
  readonly lost: readonly PoolUnits[];
  readonly proposedBy: string;
  /** Commitment to free text in the vault. */
  readonly reason: string;
  /** SHA-256 (hex) of files in the vault: the report of whoever found it. */
  readonly files: readonly string[];
}

/**
 * Goods of a receipt are worth something else than was said: a provisional value became a final one. Quantities stay.
 * The value is that of what counts of the receipt now, all together.
 */
export interface ValuationRevised extends Correction {
  readonly receipt: string;
  readonly voucher: string;
  /** The store the goods came into. */
  readonly account: string;
  readonly commodity: CommodityCode;
  /** How many of them count now, and which they are. */
  readonly amount: string;
  readonly pool: string;
  readonly units: readonly WireRange[];
  readonly was: Valuation | null;
  readonly now: Valuation;
  readonly donor: string | null;
  readonly place: string | null;
  readonly files: readonly string[];
}

/** The events of goods by their type. */
export interface GoodsEvents {
  'book.goods-lost.v1': GoodsLost;
  'book.valuation-revised.v1': ValuationRevised;
}
