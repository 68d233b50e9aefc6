import {
  type Context,
  type Day,
  type LedgerEvent,
  type RangeSet,
  type Result,
  intersect,
  ok,
  refuse,
  sizeOf,
  subtract,
  toSet,
  union,
} from '#kernel';
import { type BookState, fromWire } from './book-state.ts';
import { checkBook } from './checks.ts';
import type { Correction, ReceiptLabels } from './events-corrections.ts';
import type { LateFact } from './events-periods.ts';
import { type BookEvent, type ReceiptRecorded, type WireRange, bookStream, isReceipt } from './events.ts';
import { movesHoldings, holdingsOf } from './holdings.ts';
import { ownAccount } from './posting.ts';
import { accountHere, goesOnWith, takenOn } from './predecessors.ts';

/** A receipt as its events tell it, with every correction so far. */
export interface Gift {
  readonly recorded: ReceiptRecorded;
  /** Stream of the book it was recorded in. */
  readonly stream: string;
  readonly effectiveOn: Day;
  readonly labels: ReceiptLabels;
  /** Every unit it ever minted. */
  readonly minted: RangeSet;
  /** Those that were not voided: what counts of it. */
  readonly units: RangeSet;
  /** What it counts for on its pledge. */
  readonly applied: bigint;
  readonly reversed: boolean;
}

export const labelsOf = ({
  donor,
  place,
  pledge,
  period,
  narrative,
  source,
}: ReceiptLabels): ReceiptLabels => ({ donor, place, pledge, period, narrative, source });

/** The gift of a receipt; undefined when the events do not tell of one. */
export function giftFrom(receipt: string, history: readonly LedgerEvent[]): Gift | undefined {
  let gift: Gift | undefined;
  for (const event of history as readonly BookEvent[]) {
    if (isReceipt(event) && event.data.receipt === receipt) {
      const units = [fromWire(event.data.minted)];
      const { stream, effectiveOn, data } = event;
      const applied = data.pledge === null ? 0n : sizeOf(units);
      const [minted, labels] = [units, labelsOf(data)];
      gift = {
        recorded: { ...data, account: ownAccount(data.account) },
        stream,
        effectiveOn,
        labels,
        minted,
        units,
        applied,
        reversed: false,
      };
    }
    if (gift) gift = afterCorrection(gift, event);
  }
  return gift;
}

function afterCorrection(gift: Gift, event: BookEvent): Gift {
  if (!('receipt' in event.data) || event.data.receipt !== gift.recorded.receipt) return gift;
  switch (event.type) {
    case 'book.receipt-corrected.v1': {
      const { now, amount } = event.data;
      // Given to another pledge, it counts there with what is left of it.
      const moved = now.pledge !== gift.labels.pledge;
      const applied = now.pledge === null ? 0n : moved ? BigInt(amount) : gift.applied;
      return { ...gift, labels: now, applied };
    }
    case 'book.receipt-adjusted.v1': {
      const minted = event.data.minted ? [fromWire(event.data.minted)] : [];
      const voided = toSet(event.data.voided.map(fromWire));
      const change = gift.labels.pledge === null ? 0n : sizeOf(minted) - sizeOf(voided);
      return {
        ...gift,
        minted: union(gift.minted, minted),
        units: union(subtract(gift.units, voided), minted),
        applied: gift.applied + change,
      };
    }
    case 'book.valuation-revised.v1':
      return { ...gift, recorded: { ...gift.recorded, valuation: event.data.now } };
    case 'book.donor-refunded.v1':
      return { ...gift, units: subtract(gift.units, toSet(event.data.voided.map(fromWire))) };
    case 'book.receipt-reversed.v1':
      return { ...gift, units: [], applied: 0n, reversed: true };
    default:
      return gift;
  }
}

/** The receipt a correction is about, when it may still be corrected in this book on that day. */
export function correctable(
  command: { readonly fund: string; readonly receipt: string; readonly effectiveOn: Day },
  book: BookState,
  history: readonly LedgerEvent[],
  context: Context,
): Result<Gift> {
  const { fund, receipt, effectiveOn } = command;
  const checked = checkBook(book, fund, effectiveOn, context);
  if (!checked.ok) return checked;
  const gift = giftFrom(receipt, history);
  if (gift === undefined || !goesOnWith(book, gift.stream))
    return refuse('RECEIPT_UNKNOWN', { receipt, fund });
  if (gift.reversed) return refuse('RECEIPT_REVERSED', { receipt });
  // What a fund that was taken over recorded is in this book since then.
  const recorded = takenOn(book, gift.stream) ?? gift.effectiveOn;
  if (effectiveOn < recorded) return refuse('CORRECTION_TOO_EARLY', { date: effectiveOn, recorded });
  const account = accountHere(book, gift.stream, gift.recorded.account);
  return ok({ ...gift, recorded: { ...gift.recorded, account } });
}

/** Where an item stands: a stream of a book, and the day it counted for there. */
export interface Stands {
  readonly stream: string;
  readonly effectiveOn: Day;
}

/** The closed book an item stands in and its day there; nothing when it stands in this book. */
export const lateIn = (book: BookState, { stream, effectiveOn }: Stands): LateFact =>
  stream === bookStream(book.fund, book.year) ? {} : { originalBook: stream, belongsTo: effectiveOn };

/** What a correction says of where the item it corrects stands. */
export const correctedIn = (
  book: BookState,
  item: Stands,
): Pick<Correction, 'originalBook' | 'belongsTo'> => ({
  originalBook: null,
  ...lateIn(book, item),
});

/** The gift's units that no use holds, in the pool where they were minted. */
export const freeOf = (gift: Gift, book: BookState): RangeSet =>
  toSet(intersect(gift.units, book.pools.get(gift.recorded.pool)?.free ?? []));

/** The units of the receipt that a past begins with. Asked event by event while the past grows. */
const minted = new WeakMap<readonly LedgerEvent[], { length: number; pool: string; units: RangeSet }>();

function mintedBy(history: readonly LedgerEvent[]): { pool: string; units: RangeSet } | undefined {
  const known = minted.get(history);
  if (known?.length === history.length) return known;
  const [first] = history as readonly BookEvent[];
  if (first === undefined || !isReceipt(first)) return undefined;
  const units = giftFrom(first.data.receipt, history)?.minted ?? [];
  const found = { length: history.length, pool: first.data.pool, units };
  minted.set(history, found);
  return found;
}

/** Whether an event gives or takes units of the receipt that this past begins with. */
export function touchesGift(history: readonly LedgerEvent[], event: LedgerEvent): boolean {
  const gift = movesHoldings(event.type) ? mintedBy(history) : undefined;
  if (!gift) return false;
  const isIn = (pool: string, units: readonly WireRange[]): boolean =>
    pool === gift.pool && intersect(units.map(fromWire), gift.units).length > 0;
  return holdingsOf(event).some(
    ({ takes = [], gives = [], covers }) =>
      [...takes, ...gives].some(({ pool, units }) => isIn(pool, units)) ||
      (covers !== undefined && isIn(covers.pool, [...covers.cover.replaced, ...covers.cover.by])),
  );
}
