import type { CommodityCode } from '#kernel';
import type { ByEvent } from './events.ts';
import { ownAccount } from './posting.ts';

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

/** What the events of money say alike. */
interface Said {
  readonly account: string;
  readonly commodity: CommodityCode;
  readonly voucher?: string | null;
  readonly donor?: string | null;
  readonly pledge?: string | null;
  readonly part?: number;
}

/**
 * The move of an event: above zero it came in, below it went out. Parts of one decision repeat its amount, which
 * counts once; what is taken from money held unidentified came in when it was recorded there.
 */
export function moneyMove(
  { account, commodity, voucher = null, donor = null, pledge = null, part = 1 }: Said,
  item: string,
  amount: bigint,
): readonly MoneyMove[] {
  if (part > 1 || amount === 0n || account !== ownAccount(account)) return [];
  const [size, direction] = amount > 0n ? ([amount, 'in'] as const) : ([-amount, 'out'] as const);
  return [{ account, commodity, amount: size, direction, voucher, item, donor, pledge }];
}
