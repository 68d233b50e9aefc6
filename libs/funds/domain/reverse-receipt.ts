import {
  type Context,
  type Day,
  type Fact,
  type LedgerEvent,
  type Range,
  type Result,
  intersect,
  ok,
  refuse,
  reverse,
  sizeOf,
  toSet,
} from '#kernel';
import { type BookState, poolOf, toWire } from './book.ts';
import { checkAccount } from './checks.ts';
import { coverToWire, shortToWire } from './covers.ts';
import { numbered } from './draw-pools.ts';
import type { ReceiptReversed, ReversalKind } from './events-corrections.ts';
import { type BookEvent, bookStream } from './events.ts';
import { type Gift, correctable, correctedIn, lateIn } from './gift.ts';
import { usesOf } from './holdings.ts';
import { stampLate } from './late-facts.ts';
import { decideRecordReceipt } from './record-receipt.ts';
import type { Restriction } from './restriction.ts';
import {
  afterFacts,
  chunks,
  coverPieces,
  coversOf,
  settleShortfalls,
  shortPieces,
  shortsOf,
} from './shortfalls.ts';
import { nextVoucher } from './vouchers.ts';

export interface ReverseReceipt {
  readonly fund: string;
  readonly receipt: string;
  readonly kind: ReversalKind;
  /** The account the money is missing from; null: the account of the receipt. */
  readonly account: string | null;
  readonly reason: string;
  /** The receipt as it should have been recorded; null: it should not have been at all. */
  readonly recordAgain: {
    readonly restriction: Restriction;
    readonly amount: string | null;
    readonly account: string | null;
  } | null;
  readonly effectiveOn: Day;
}

/**
 * Reverses a receipt: its free units are voided, those in use are covered by equal units of the pool, and what
 * nothing covers is listed as short until the pool's next units fill it (DESIGN §4). With `recordAgain` the
 * right receipt is part of the same decision; its id is that of the command.
 */
export function decideReverseReceipt(
  command: ReverseReceipt,
  book: BookState,
  history: readonly LedgerEvent[],
  context: Context,
): Result<Fact[]> {
  const { receipt, recordAgain } = command;
  const found = correctable(command, book, history, context);
  if (!found.ok) return found;
  const gift = found.value;
  const { pool: id, commodity } = gift.recorded;
  const account = command.account ?? gift.recorded.account;
  const checked = checkAccount(book, account, commodity);
  if (!checked.ok) return checked;
  if (gift.units.length === 0) return refuse('RECEIPT_EMPTY', { receipt });
  // Recorded first, so that the right units are there to cover when they come into the same pool.
  const again = recordAgain === null ? ok([]) : recordRightly(command, gift, book, context);
  if (!again.ok) return again;
  const rightly = stampLate(again.value, lateIn(book, gift));
  // They fill the pool's older shortfalls first.
  const before = settleShortfalls(rightly, () => book);
  const now = afterFacts(book, before);
  const pool = poolOf(now, id);
  const uses = usesOf(gift.units, id, history as readonly BookEvent[]);
  const free = sizeOf(intersect(pool.free, gift.units));
  const held = uses.reduce((sum, { backing }) => sum + sizeOf(backing), 0n);
  if (free + held !== sizeOf(gift.units)) return refuse('HISTORY_BEHIND', { item: receipt });
  const reversal = reverse(pool, gift.units, uses);
  const { covered, shortfalls } = reversal;
  const voided = toSet(intersect(pool.free, gift.units));
  const pieces = [
    ...voided.map((range) => ({ kind: 'voided' as const, range })),
    ...covered.flatMap(coverPieces),
    ...shortfalls.flatMap(shortPieces),
  ];
  const reversed: ReceiptReversed[] = numbered(chunks(pieces), (part) => {
    const rest = part.filter((piece) => piece.kind !== 'voided');
    return {
      receipt,
      kind: command.kind,
      corrects: receipt,
      ...correctedIn(book, gift),
      reason: command.reason,
      voucher: nextVoucher(now, 'adjustment'),
      account,
      commodity,
      amount: String(sizeOf(gift.units)),
      pool: id,
      donor: gift.labels.donor,
      place: gift.labels.place,
      voided: part.flatMap((piece): Range[] => (piece.kind === 'voided' ? [piece.range] : [])).map(toWire),
      covered: coversOf(rest).map(coverToWire),
      short: shortsOf(rest).map(shortToWire),
      recordedAgain: recordAgain === null ? null : context.commandId,
    };
  });
  const stream = bookStream(book.fund, book.year);
  const { effectiveOn } = command;
  return ok([
    ...before,
    ...reversed.map((data) => ({ stream, type: 'book.receipt-reversed.v1', effectiveOn, data })),
  ]);
}

function recordRightly(
  { recordAgain, fund, effectiveOn }: ReverseReceipt,
  { recorded, labels, units }: Gift,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const { commodity, valuation, rate } = recorded;
  const { restriction = {}, amount, account } = recordAgain ?? {};
  return decideRecordReceipt(
    {
      ...labels,
      fund,
      commodity,
      valuation,
      rate,
      restriction,
      amount: amount ?? String(sizeOf(units)),
      account: account ?? recorded.account,
      effectiveOn,
    },
    book,
    context,
  );
}
