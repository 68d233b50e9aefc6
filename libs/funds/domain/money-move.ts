import type { CommodityCode } from '#kernel';
import type { ByEvent } from './events.ts';

/** Money (or a good) that came into or left one of a fund's own accounts: what a bank statement can show. */
export interface MoneyMove {
  readonly account: string;
  readonly commodity: CommodityCode;
  /** Minor units, above zero. */
  readonly amount: bigint;
  readonly direction: 'in' | 'out';
  readonly voucher: string | null;
  /** The receipt, disbursement or other item it belongs to. */
  readonly item: string;
  /** Who gave it, when the event says so. */
  readonly donor: string | null;
  readonly pledge: string | null;
}

/** The moves of events, for the types of a part that have any. An event may touch several accounts. */
export type MoneyMovesTable<Events> = Partial<ByEvent<Events, [], readonly MoneyMove[]>>;
