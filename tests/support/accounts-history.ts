import { bookHistory, randomFrom, type Shape } from './book-history.ts';
import { FOREIGN_BANK, STORE } from './exchange-history.ts';
import type { Append } from '../../libs/event-log/index.ts';
import type { BookEvent, ReceiptSource } from '../../libs/funds/index.ts';
import type { LedgerEvent } from '../../libs/kernel/index.ts';
import { writeEnvelope } from '../../libs/platform/index.ts';

const SOURCES: readonly ReceiptSource[] = [
  'voluntary',
  'sponsorship',
  'state-budget',
  'foreign-aid',
  'income',
  'other',
];

/** Events that say nothing of another event's account, so that theirs may be any. */
const TAKES_ANY = new Set<string>([
  'book.receipt-recorded.v1',
  'book.receipt-adjusted.v1',
  'book.receipt-reversed.v1',
  'book.donor-refunded.v1',
  'book.disbursement-paid.v1',
  'book.disbursement-returned.v1',
]);

const ACCOUNTS = ['tien-mat', 'nh-1', 'kb-1', 'khong-neu'];

export const ACCOUNTS_SHAPE: Shape = {
  funds: ['qbt-06', 'qbt-19'],
  donors: 4,
  places: ['062-2021-01-01', '064-2021-01-01'],
  beneficiaries: ['tre-1', 'tre-2'],
  programmes: ['ao-am', 'hoc-bong'],
  year: 2025,
  giftMax: 4_000_000,
  receiptsPercent: 40,
  receipts: 150,
  mergesAfter: 30,
};

/** Source that a history gives a gift, kept with it through its corrections. */
type Sources = Map<string, ReceiptSource>;

/** An event as if its fund kept several own accounts and its gifts came from several sources; nothing else differs. */
function varied(event: LedgerEvent, sources: Sources, random: (below: number) => number): LedgerEvent {
  const { type, data } = event as BookEvent;
  if (type === 'book.opened.v1')
    return {
      ...event,
      data: {
        ...data,
        accounts: [
          { account: 'tien-mat', kind: 'cash' },
          { account: 'nh-1', kind: 'bank' },
          { account: 'kb-1', kind: 'treasury' },
          { account: 'khong-neu', kind: 'unstated' },
          { account: STORE, kind: 'store' },
          { account: FOREIGN_BANK, kind: 'bank' },
        ],
      },
    };
  const other = (): ReceiptSource => SOURCES[random(SOURCES.length)] ?? 'other';
  if (type === 'book.receipt-corrected.v1') {
    const source = sources.get(data.receipt) ?? 'other';
    const now = random(2) === 0 ? source : other();
    sources.set(data.receipt, now);
    return { ...event, data: { ...data, was: { ...data.was, source }, now: { ...data.now, source: now } } };
  }
  if (type === 'book.income-recorded.v1') sources.set(data.receipt, data.source);
  if (!('account' in data) || !TAKES_ANY.has(type)) return event;
  const account =
    // An account of a merged fund keeps its name before the dot.
    data.account.includes('/') || [STORE, FOREIGN_BANK].includes(data.account.split('.')[0] ?? '')
      ? data.account
      : (ACCOUNTS[random(ACCOUNTS.length)] ?? 'tien-mat');
  if (!('source' in data)) return { ...event, data: { ...data, account } };
  const source = sources.get(data.receipt) ?? other();
  sources.set(data.receipt, source);
  return { ...event, data: { ...data, account, source } };
}

/** A random history of that many events at least, as an accountant's books may look. */
export function accountsHistory(
  seed: number,
  events: number,
  shape: Shape = ACCOUNTS_SHAPE,
): (Append & { events: LedgerEvent[] })[] {
  const random = randomFrom(seed * 7 + 1);
  const sources: Sources = new Map();
  const appends: (Append & { events: LedgerEvent[] })[] = [];
  let made = 0;
  for (const { events: plain, writes, ...append } of bookHistory(shape, randomFrom(seed))) {
    const changed = plain.map((event) => varied(event, sources, random));
    const stored = new Map(
      changed.map((event) => [
        event.id,
        {
          id: event.id,
          type: event.type,
          envelope: writeEnvelope({ ...event, bodyHash: append.requestHash ?? '' }),
        },
      ]),
    );
    const rewritten = writes.map((write) => ({
      ...write,
      events: write.events.map((event) => stored.get(event.id) ?? event),
    }));
    appends.push({ ...append, writes: rewritten as unknown as Append['writes'], events: changed });
    made += changed.length;
    if (made >= events) break;
  }
  return appends;
}
