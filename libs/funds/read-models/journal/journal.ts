import type { Scope } from '#access';
import type { CommodityCode, Day } from '#kernel';
import {
  type AsOf,
  type Projection,
  type ReadContext,
  type Standing,
  derive,
  insertInto,
  readAsOf,
} from '#read-models';
import type { BookEvent, BookEventType } from '../../domain/events.ts';
import { MOVING_TYPES } from '../movement-balance.ts';
import { visibleFunds } from '../query.ts';
import { sidedPostingsOf } from '../trial-balance/trial-balance.ts';

const COLUMNS = [
  'position',
  'line',
  'fund',
  'day',
  'type',
  'voucher',
  'account',
  'commodity',
  'amount',
] as const;

/** Every posting of every book in the order of the log (nhật ký chung). */
export const journal: Projection = {
  name: 'journal',
  version: 3,
  types: MOVING_TYPES,
  tables: {
    journal_line: {
      columns: {
        position: 'whole',
        line: 'whole',
        fund: 'text',
        day: 'text',
        type: 'text',
        voucher: 'text?',
        account: 'text',
        commodity: 'text',
        amount: 'whole',
      },
      key: ['position', 'line'],
      indexes: [{ columns: ['fund', 'position'] }],
    },
  },
  open: (physical) => {
    const insert = insertInto(physical('journal_line'), COLUMNS);
    return async (page, tx) => {
      const postings = derive(page, sidedPostingsOf);
      await tx.run(
        insert,
        page.events.flatMap((event, at) => {
          const { position, effectiveOn, type, data } = event as BookEvent;
          const voucher = 'voucher' in data ? data.voucher : null;
          return (postings[at] ?? []).map((posting, line) => [
            position,
            line,
            posting.fund,
            effectiveOn,
            type,
            voucher,
            posting.account,
            posting.commodity,
            posting.measure === 'debit' ? posting.amount : -posting.amount,
          ]);
        }),
      );
    };
  },
};

/** One side of a double entry with where it comes from. */
export interface JournalLine {
  readonly position: number;
  /** 0, 1, 2 … within its event. */
  readonly line: number;
  readonly fund: string;
  readonly effectiveOn: Day;
  readonly type: BookEventType;
  /** Number of the receipt or payment voucher; null where none is written. */
  readonly voucher: string | null;
  readonly account: string;
  readonly commodity: CommodityCode;
  /** Positive is debit, negative credit. */
  readonly amount: bigint;
}

export interface JournalQuery extends AsOf {
  readonly scope: Scope;
  readonly funds?: readonly string[] | undefined;
  readonly account?: string | undefined;
  readonly effectiveFrom?: Day | undefined;
  /** Lines after this one: `<position>.<line>`, the `next` of the page before. */
  readonly after?: string | undefined;
  /** 1 … {@link JOURNAL_PAGE_MAX} */
  readonly limit: number;
}

/** Lines of one page of the journal. */
export const JOURNAL_PAGE_MAX = 1_000;

interface JournalTables {
  readonly journal_line: {
    readonly position: bigint;
    readonly line: bigint;
    readonly fund: string;
    readonly day: Day;
    readonly type: string;
    readonly voucher: string | null;
    readonly account: string;
    readonly commodity: string;
    readonly amount: bigint;
  };
}

/** One page of the journal in the order of the log; `next` is null at its end. */
export function readJournal(
  context: ReadContext,
  { scope, funds: asked, account, effectiveFrom, after, limit, ...asOf }: JournalQuery,
): Promise<Standing & { readonly rows: readonly JournalLine[]; readonly next: string | null }> {
  const funds = visibleFunds(scope, asked);
  const [position = 0, line = -1] = (after ?? '').split('.').filter(Boolean).map(Number);
  const size = Math.min(Math.max(1, limit), JOURNAL_PAGE_MAX);
  return readAsOf<JournalTables, { rows: readonly JournalLine[]; next: string | null }>(
    context,
    ['journal'],
    asOf,
    async (trx, { knownAt, through }) => {
      let select = trx
        .selectFrom('journal_line')
        .selectAll()
        .where((eb) => eb(eb.refTuple('position', 'line'), '>', eb.tuple(BigInt(position), BigInt(line))))
        .where('position', '<=', BigInt(knownAt))
        .where('day', '<=', through)
        .orderBy('position')
        .orderBy('line')
        .limit(size + 1);
      if (funds !== 'all') select = select.where('fund', 'in', funds.size === 0 ? [''] : [...funds]);
      if (account !== undefined) select = select.where('account', '=', account);
      if (effectiveFrom !== undefined) select = select.where('day', '>=', effectiveFrom);
      const found = await select.execute();
      const rows = found.slice(0, size).map(({ day, ...row }) => ({
        ...row,
        position: Number(row.position),
        line: Number(row.line),
        effectiveOn: day,
        type: row.type as BookEventType,
      }));
      const last = rows.at(-1);
      return { rows, next: found.length > size && last ? `${last.position}.${last.line}` : null };
    },
  );
}
