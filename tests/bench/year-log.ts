import { openSqliteLog } from '../../libs/event-log/index.ts';
import { ACCOUNTS_SHAPE } from '../support/accounts-history.ts';
import { bookHistory, randomFrom } from '../support/book-history.ts';

/** Fund and year of the log that {@link fillYear} writes. */
export const BENCH_FUND = 'qbt-06';
export const BENCH_YEAR = ACCOUNTS_SHAPE.year;

/** Appends on their way at once. */
const WAITING_MAX = 2_000;

/** Fills the log of a folder with a year of one fund's work: nine of ten commands are receipts. */
export async function fillYear(folder: string, events: number): Promise<void> {
  const log = await openSqliteLog(folder, { thread: false });
  const shape = {
    ...ACCOUNTS_SHAPE,
    funds: [BENCH_FUND],
    donors: 200,
    receiptsPercent: 90,
    receipts: events,
    beneficiaries: Array.from({ length: 5_000 }, (_, i) => `tre-${i}`),
  };
  let waiting: Promise<unknown>[] = [];
  let made = 0;
  for (const { events: facts, ...append } of bookHistory(shape, randomFrom(1))) {
    waiting.push(log.append(append));
    made += facts.length;
    if (waiting.length === WAITING_MAX) {
      await Promise.all(waiting);
      waiting = [];
    }
    if (made >= events) break;
  }
  await Promise.all(waiting);
  await log.close();
}
