import { type Context, type Day, type Fact, type Result, ok, refuse, yearOf } from '#kernel';
import { type SupportReported, reportStream } from './events.ts';
import { checkMoney, checkPeriod, checkStated } from './stated.ts';
import type { ReportState } from './states.ts';

export interface ReportSupport extends SupportReported {
  readonly effectiveOn: Day;
}

/** Lines of the annual table that hold money of the local budget. */
const isLocalBudget = (line: string): boolean => line.startsWith('local-budget/');

/**
 * Reports support that did not pass through a fund; nothing of it is ever booked. A report that stands in the
 * annual table, as a whole or through the report it is a part of, is not put there a second time.
 */
export function decideReportSupport(
  command: ReportSupport,
  reports: ReportState,
  context: Context,
): Result<Fact[]> {
  const { effectiveOn, ...data } = command;
  const { report, unit, year, partOf, line, amount, children } = data;
  if (reports.inTable.has(report)) return refuse('REPORT_EXISTS', { report });
  if (yearOf(effectiveOn) !== year)
    return refuse('REPORT_OUTSIDE_YEAR', { date: effectiveOn, year: String(year) });
  if (effectiveOn > context.today)
    return refuse('DATE_IN_FUTURE', { date: effectiveOn, today: context.today });
  for (const checked of [
    checkStated({ amount, children }),
    checkStated(Object.fromEntries(data.goods.map(({ quantity }, i) => [`goods/${i}`, quantity]))),
    checkMoney(amount, data.commodity),
    checkPeriod(data.period),
  ])
    if (!checked.ok) return checked;
  if (partOf !== null && !reports.inTable.has(partOf))
    return refuse('REPORT_PART_OF_UNKNOWN', { report, partOf });
  if (line !== null) {
    if (isLocalBudget(line) && data.channel !== 'state-budget')
      return refuse('REPORT_LINE_OF_OTHER_CHANNEL', { line, channel: data.channel });
    if (partOf !== null && reports.inTable.get(partOf) === true)
      return refuse('REPORT_COUNTED_TWICE', { report, partOf });
  }
  return ok([{ stream: reportStream(unit, year), type: 'report.support-reported.v1', effectiveOn, data }]);
}
