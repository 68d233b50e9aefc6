import type { CommodityCode } from '#kernel';

/** What lay in an own account at the end of the fund's book before: it lies there still. */
export interface AccountCarried {
  readonly account: string;
  readonly commodity: CommodityCode;
  /** Minor units; below zero where the book was behind the bank. */
  readonly amount: string;
  /** Year of the book that carried it forward. */
  readonly from: number;
}

/** The events of own accounts by their type. */
export interface AccountEvents {
  'book.account-carried.v1': AccountCarried;
}
