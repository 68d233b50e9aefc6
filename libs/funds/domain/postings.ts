import { type BookEvent, type BookEventType, type BookEvents, askTable } from './events.ts';
import type { Posting, PostingsTable } from './posting.ts';
import { corePostings } from './postings-core.ts';
import { correctionPostings } from './postings-corrections.ts';
import { countPostings } from './postings-counts.ts';
import { dailyPostings } from './postings-daily.ts';
import { exchangePostings } from './postings-exchange.ts';
import { debtPostings } from './postings-debts.ts';
import { goodsPostings } from './postings-goods.ts';
import { mergerPostings } from './postings-mergers.ts';

export type { Posting } from './posting.ts';

const postings: PostingsTable<BookEvents> = {
  ...corePostings,
  ...correctionPostings,
  ...countPostings,
  ...dailyPostings,
  ...exchangePostings,
  ...debtPostings,
  ...goodsPostings,
  ...mergerPostings,
};

/** The postings of one event; events that move nothing have none. */
export const postingsOf = (event: BookEvent): Posting[] => askTable(postings, event) ?? [];

/** Types whose events have postings. */
export const POSTED_TYPES = Object.keys(postings) as readonly BookEventType[];
