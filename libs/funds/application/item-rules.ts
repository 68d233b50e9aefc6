import type { LedgerEvent } from '#kernel';
import type { ItemRules } from '#platform';
import type { BookEvent } from '../domain/events.ts';
import { bookStream, isReceipt } from '../domain/events.ts';
import { touchesGift } from '../domain/gift.ts';
import { holdingsOf, movesHoldings } from '../domain/holdings.ts';
import { fundOf } from '../domain/wire.ts';

/** Members of an event's data that name the item it is about. */
const ITEM_KEYS = [
  'advance',
  'allocation',
  'charge',
  'corrects',
  'count',
  'debt',
  'difference',
  'decision',
  'disbursement',
  'exchange',
  'expense',
  'loss',
  'move',
  'payment',
  'receipt',
  'reduction',
  'refund',
  'release',
  'resolution',
  'revaluation',
  'unidentified',
] as const;

/** The items an event names, and the uses whose units it changes. */
const about = (event: LedgerEvent): string[] => {
  const data = event.data as Readonly<Record<string, unknown>>;
  const named = ITEM_KEYS.flatMap((key) => (typeof data[key] === 'string' ? [data[key]] : []));
  return [...new Set([...named, ...holdingsOf(event).map(({ use }) => use)])];
};

/**
 * What the past of a disbursement, an allocation or a receipt is made of. A receipt is also what became of its
 * units: its reversal asks for every event that gave or took some of them. A past goes on in the books of the
 * years that follow.
 */
export const bookItems: ItemRules = {
  about: (event) => (isReceipt(event) ? receiptOf(event) : about(event)),
  watch: {
    is: ([first]) => first !== undefined && isReceipt(first),
    touches: touchesGift,
    mayTouch: movesHoldings,
  },
  following: (stream) => bookStream(fundOf(stream), Number(stream.slice(stream.lastIndexOf('-') + 1)) + 1),
};

/** Nearly all events are receipts. */
const receiptOf = (event: LedgerEvent): string[] => {
  const { data } = event as BookEvent;
  return 'receipt' in data ? [data.receipt] : [];
};
