import type { OpenItemKind } from './events-daily.ts';

/** Where an open item stands beside the pools. */
export interface ItemSide {
  /** `<where>/<account>`: the account it stands on. */
  readonly where: string;
  /** 1: the fund has a claim or owns what is there; −1: it owes it. */
  readonly side: 1n | -1n;
  /** Whether its account is an own account of the fund, and not a person or somebody else. */
  readonly isOwn: boolean;
}

/** What each kind of open item is to its fund: a merger hands over all of them by this table. */
export const ITEM_SIDES: Readonly<Record<OpenItemKind, ItemSide>> = {
  advance: { where: 'advance', side: 1n, isOwn: false },
  charge: { where: 'charge', side: 1n, isOwn: false },
  'supplier-debt': { where: 'debt', side: -1n, isOwn: false },
  shortage: { where: 'missing', side: 1n, isOwn: true },
  surplus: { where: 'surplus', side: -1n, isOwn: true },
  transit: { where: 'transit', side: 1n, isOwn: true },
  unidentified: { where: 'holding', side: -1n, isOwn: true },
};
