import type { Scope } from '#access';
import { exponentsOf, readBooks } from '#funds';
import { type CommodityCode, type Day, type Result, daysInMonth, formatUnits, ok, refuse } from '#kernel';
import { type AsOf, type ReadContext, readAsOf } from '#read-models';
import { chartAccount, describe } from '../books/frame.ts';
import { chartCode, ownPart } from '../domain/entries.ts';
import type { Profile } from '../domain/profile.ts';
import { DEFAULT_PROFILE, profileNamed, profiles } from '../profile.ts';
import { PAGE_ROWS_MAX, type Place, readJournalRows } from '../read-models/read-lines.ts';
import { type EntryTables, readSums } from '../read-models/read-sums.ts';
import { type EntryRow, projectionName } from '../read-models/tables.ts';
import { TOOLS, type ToolName } from './plain.ts';
import type { Tool, ToolAccount, ToolCommodity, ToolEntry } from './tool.ts';

export interface ExportQuery extends AsOf {
  readonly scope: Scope;
  readonly format: ToolName;
  /** All that the scope sees when absent. */
  readonly funds?: readonly string[] | undefined;
  readonly profile?: string | undefined;
  /** Adds at the end of each month what every account must stand at. */
  readonly assertions?: boolean | undefined;
}

/** Earlier and later than any book. */
const FIRST_DAY: Day = '1975-01-01';
const LAST_DAY: Day = '9999-12-31';

interface Standing {
  readonly profile: Profile;
  readonly tool: Tool;
  readonly toAccount: (fund: string, account: string) => ToolAccount;
  readonly toCommodity: (code: CommodityCode) => ToolCommodity;
}

/** One account with what it stands at: what a reader of the export has to find, too. */
export interface ExportedBalance {
  readonly account: string;
  readonly commodity: string;
  /** In whole units: `12.5`. */
  readonly amount: string;
}

/**
 * The whole journal of the funds as text of an accounting program, piece by piece: declarations, then the entries
 * of each fund day by day. All pieces are of one position, which the head names, however long it takes.
 */
export async function exportJournal(
  context: ReadContext,
  query: ExportQuery,
): Promise<Result<{ readonly knownAt: number; readonly text: AsyncGenerator<string> }>> {
  const opened = await openExport(context, query);
  if (!opened.ok) return opened;
  const { knownAt } = opened.value;
  return ok({ knownAt, text: write(context, { ...query, knownAt }, opened.value) });
}

/** What every account of the export stands at, by the names of the program: for those who hold both against each other. */
export async function exportedBalances(
  context: ReadContext,
  query: ExportQuery,
): Promise<Result<ExportedBalance[]>> {
  const opened = await openExport(context, query);
  if (!opened.ok) return opened;
  const { profile, tool, toAccount, toCommodity, funds, knownAt } = opened.value;
  const { effectiveThrough = LAST_DAY } = query;
  const balances: ExportedBalance[] = [];
  for (const fund of funds)
    for (const { account, commodity, amount } of await balancesAt(
      context,
      profile,
      fund,
      effectiveThrough,
      knownAt,
    ))
      balances.push({
        account: tool.accountName(toAccount(fund, account)),
        commodity: tool.commodityName(commodity),
        amount: formatUnits(amount, toCommodity(commodity).exponent),
      });
  return ok(balances);
}

async function openExport(
  context: ReadContext,
  { scope, format, funds, profile: name = DEFAULT_PROFILE, effectiveThrough, knownAt }: ExportQuery,
): Promise<Result<Standing & { funds: string[]; knownAt: number }>> {
  const profile = profileNamed(name);
  if (profile === undefined)
    return refuse('PROFILE_UNKNOWN', { profile: name, known: profiles.map((each) => each.name).join(', ') });
  const books = await readBooks(context, { scope, funds, effectiveThrough, knownAt });
  const stand = await readAsOf(
    context,
    [projectionName(profile)],
    { effectiveThrough, knownAt },
    async () => ({}),
  );
  const exponentOf = exponentsOf(books.rows);
  return ok({
    profile,
    tool: TOOLS[format],
    funds: [...new Set(books.rows.map(({ fund }) => fund))].sort(),
    knownAt: stand.knownAt,
    toAccount: (fund, account) => ({
      kind: chartAccount(profile, account)?.kind ?? 'equity',
      fund,
      code: chartCode(account),
      own: ownPart(account),
    }),
    toCommodity: (code) => ({ code, exponent: exponentOf(code) }),
  });
}

async function* write(
  context: ReadContext,
  { effectiveThrough = LAST_DAY, assertions = false, knownAt }: ExportQuery & { knownAt: number },
  { profile, tool, funds, toAccount, toCommodity }: Standing & { funds: readonly string[] },
): AsyncGenerator<string> {
  yield tool.head(`Lá Lành, ${profile.vi}, vị trí / position ${knownAt}`);
  yield* declarations();
  for (const fund of funds) {
    let month = '';
    for await (const { day, rows } of entriesByEvent(context, profile, fund, effectiveThrough, knownAt)) {
      if (assertions && month !== '' && day.slice(0, 7) !== month) yield await monthEnd(fund, month);
      month = day.slice(0, 7);
      yield tool.entry(entryOf(fund, rows));
    }
    if (assertions && month !== '') yield await monthEnd(fund, month);
  }

  async function* declarations(): AsyncGenerator<string> {
    const commodities = new Set<string>();
    const accounts: { fund: string; account: string }[] = [];
    for (const fund of funds)
      for (const { account, commodity } of await turnoversAt(
        context,
        profile,
        fund,
        effectiveThrough,
        knownAt,
      )) {
        commodities.add(commodity);
        accounts.push({ fund, account });
      }
    for (const code of [...commodities].sort()) yield tool.commodity(toCommodity(code));
    const names = new Map(
      accounts.map(({ fund, account }) => [`${fund}\n${account}`, toAccount(fund, account)]),
    );
    for (const account of names.values()) yield tool.account(account, FIRST_DAY);
  }

  async function monthEnd(fund: string, month: string): Promise<string> {
    const last = daysInMonth(Number(month.slice(0, 4)), Number(month.slice(5)));
    const end = `${month}-${String(last).padStart(2, '0')}`;
    const day = end < effectiveThrough ? end : effectiveThrough;
    const found = await balancesAt(context, profile, fund, day, knownAt);
    const balances = found.map(({ account, commodity, amount }) => ({
      account: toAccount(fund, account),
      commodity: toCommodity(commodity),
      amount,
    }));
    return tool.assertion({ day, balances });
  }

  function entryOf(fund: string, rows: readonly EntryRow[]): ToolEntry {
    const [first] = rows as [EntryRow];
    return {
      day: first.day,
      position: Number(first.position),
      fund,
      voucher: first.voucher,
      words: describe(profile, first.type),
      postings: rows.flatMap(({ debit, credit, amount, commodity }) => [
        { account: toAccount(fund, debit), amount, commodity: toCommodity(commodity) },
        { account: toAccount(fund, credit), amount: -amount, commodity: toCommodity(commodity) },
      ]),
    };
  }
}

interface AccountSum {
  readonly account: string;
  readonly commodity: CommodityCode;
  readonly amount: bigint;
}

/** Every account that has anything, also where it stands at 0. */
async function turnoversAt(
  context: ReadContext,
  profile: Profile,
  fund: string,
  through: Day,
  knownAt: number,
): Promise<AccountSum[]> {
  const { sums } = await readAsOf<EntryTables, { sums: AccountSum[] }>(
    context,
    [projectionName(profile)],
    { knownAt },
    async (db, stand) => {
      const found = await readSums(db, profile, stand, { fund, detail: '', through: [through] });
      return {
        sums: found
          .filter(({ account }) => !account.startsWith('#'))
          .map(({ account, commodity, through: [at] }) => ({
            account,
            commodity,
            amount: (at?.debit ?? 0n) - (at?.credit ?? 0n),
          })),
      };
    },
  );
  return sums;
}

const balancesAt = async (...at: Parameters<typeof turnoversAt>): Promise<AccountSum[]> =>
  (await turnoversAt(...at)).filter(({ amount }) => amount !== 0n);

/** Entries of one fund, those of one event together, page by page. */
async function* entriesByEvent(
  context: ReadContext,
  profile: Profile,
  fund: string,
  to: Day,
  knownAt: number,
): AsyncGenerator<{ readonly day: Day; readonly rows: readonly EntryRow[] }> {
  let after: Place | null = null;
  let held: EntryRow[] = [];
  do {
    const from: Place | null = after;
    const page: { rows: EntryRow[]; next: Place | null } = await readAsOf<
      EntryTables,
      { rows: EntryRow[]; next: Place | null }
    >(context, [projectionName(profile)], { knownAt }, (db) =>
      readJournalRows(db, profile, knownAt, { fund, from: FIRST_DAY, to, after: from, limit: PAGE_ROWS_MAX }),
    );
    for (const row of page.rows) {
      if (held[0] !== undefined && held[0].position !== row.position) {
        yield { day: held[0].day, rows: held };
        held = [];
      }
      held.push(row);
    }
    after = page.next;
  } while (after !== null);
  if (held[0] !== undefined) yield { day: held[0].day, rows: held };
}
