import { type Result, ok, refuse } from '#kernel';
import type { BookColumn, BookFact, BookRow } from '../book.ts';
import { chartCode } from '../domain/entries.ts';
import type { AccountKind } from '#funds';
import type { Detail } from '../domain/profile.ts';
import { type Line, type LinesWanted, readLines, turnoverUpTo } from '../read-models/read-lines.ts';
import { COLUMN, DETAIL_WORDS, ROW } from '../words.ts';
import {
  type Asked,
  type Body,
  type Builder,
  accountTitle,
  accountsUnder,
  addFigures,
  chartAccount,
  dayBefore,
  describe,
  framed,
  isDebitSide,
  net,
  ownAccount,
  readFigures,
  say,
  sayValue,
  sides,
  storedAccounts,
  voucherColumns,
} from './frame.ts';
import { readSums } from '../read-models/read-sums.ts';

/** What a ledger shows of which accounts. */
interface Ledger {
  readonly accounts: readonly string[];
  readonly detail?: { readonly by: Detail; readonly value: string };
  readonly facts: readonly BookFact[];
  readonly columns: readonly BookColumn[];
  /** Cells of one line; `balance` is debit less credit after it. */
  readonly cellsOf: (line: Line, balance: bigint) => BookRow['cells'];
  /** Cells of what stands apart: words, turnover and, where it has one, a balance. */
  readonly apart: (
    words: string,
    sums: { debit?: bigint; credit?: bigint; balance?: bigint },
  ) => BookRow['cells'];
}

/** One page of a ledger: what it begins with, its lines with the balance after each, and on the last page its sums. */
async function ledgerPage(asked: Asked, ledger: Ledger): Promise<Body> {
  const { db, stand, profile, fund, commodity, from, to, after, limit } = asked;
  const { accounts, detail, apart } = ledger;
  const until = asked.lastDay !== undefined && asked.lastDay < to ? asked.lastDay : to;
  const wanted: LinesWanted = { fund, accounts, commodity, detail, from, to: until, after, limit };
  const { lines, next } = await readLines(db, profile, stand.knownAt, wanted);
  const figures = (
    await readFigures(asked, {
      detail: detail?.by ?? '',
      accounts,
      isExact: true,
      ...(detail && { value: detail.value }),
    })
  ).filter((each) => each.commodity === commodity && accounts.includes(each.account));
  const sums = addFigures(figures);
  let balance = sums.opening;
  if (after !== null) balance += await turnoverBefore(asked, ledger);
  const opening = framed(
    'opening',
    commodity,
    apart(say(profile, after === null ? ROW.opening : ROW.carried), { balance }),
  );
  const rows = lines.map((line): BookRow => {
    balance += line.isDebit ? line.entry.amount : -line.entry.amount;
    return {
      kind: 'line',
      cells: ledger.cellsOf(line, balance),
      commodity,
      source: { position: Number(line.position), voucher: line.entry.voucher },
    };
  });
  const totals =
    next === null
      ? [
          framed('subtotal', commodity, apart(say(profile, ROW.turnover), sums)),
          framed(
            'subtotal',
            commodity,
            apart(say(profile, ROW.cumulative), { debit: sums.yearDebit, credit: sums.yearCredit }),
          ),
          framed('closing', commodity, apart(say(profile, ROW.closing), { balance: sums.closing })),
        ]
      : [];
  return { facts: ledger.facts, columns: ledger.columns, rows: [opening, ...rows], totals, next };
}

/** What the pages before have shown: whole days since the period began, and of one day what stands before the page. */
async function turnoverBefore(asked: Asked, { accounts, detail }: Ledger): Promise<bigint> {
  const { db, stand, profile, fund, commodity, from, after } = asked;
  if (after === null) return 0n;
  const sums = await readSums(db, profile, stand, {
    fund,
    detail: detail?.by ?? '',
    accounts,
    isExact: true,
    value: detail?.value,
    through: [dayBefore(from), dayBefore(after.day)],
  });
  const today = await turnoverUpTo(db, profile, stand.knownAt, { fund, accounts, commodity, detail }, after);
  return sums
    .filter((each) => each.commodity === commodity && accounts.includes(each.account))
    .reduce(
      (n, { through: [start, until] }) => (start && until ? n + net(until) - net(start) : n),
      net(today),
    );
}

const LEDGER_COLUMNS: readonly BookColumn[] = [
  { key: 'day', ...COLUMN.day, kind: 'day' },
  ...voucherColumns,
  { key: 'description', ...COLUMN.description, kind: 'text', width: 3 },
  { key: 'journal', ...COLUMN.journal, kind: 'text' },
  { key: 'contra', ...COLUMN.contra, kind: 'text' },
  { key: 'debit', ...COLUMN.debit, kind: 'amount', carried: 'sum' },
  { key: 'credit', ...COLUMN.credit, kind: 'amount', carried: 'sum' },
  { key: 'balance', ...COLUMN.balance, kind: 'amount', carried: 'last' },
];

/** Cells of a ledger with a debit, a credit and a balance; the balance is positive on the account's own side. */
const ledgerCells = (asked: Asked, isDebit: boolean): Pick<Ledger, 'columns' | 'cellsOf' | 'apart'> => {
  const sign = isDebit ? 1n : -1n;
  return {
    columns: LEDGER_COLUMNS,
    cellsOf: ({ day, position, line, entry, contra, isDebit: onDebit }, balance) => ({
      day,
      voucher: entry.voucher,
      voucherDay: entry.voucher === null ? null : day,
      description: describe(asked.profile, entry.type),
      journal: `${position}/${line}`,
      contra,
      debit: onDebit ? entry.amount : null,
      credit: onDebit ? null : entry.amount,
      balance: sign * balance,
    }),
    apart: (words, { debit = null, credit = null, balance }) => ({
      description: words,
      ...(balance === undefined ? { debit, credit } : { ...sides(balance), balance: sign * balance }),
    }),
  };
};

const accountFact = (asked: Asked, account: string): BookFact => ({
  label: { vi: 'Tài khoản', en: 'Account' },
  value: accountTitle(asked.profile, account),
});

/** The ledger of one account of the chart, or of all under a number (Sổ Cái). */
export const generalLedger: Builder = async (asked) => {
  const codes = accountsUnder(asked.profile, asked.account);
  if (!codes.ok) return codes;
  const accounts = await storedAccounts(asked, codes.value);
  const named = asked.account ?? '';
  return ok(
    await ledgerPage(asked, {
      accounts,
      facts: [accountFact(asked, named)],
      ...ledgerCells(asked, isDebitSide(chartAccount(asked.profile, codes.value[0] ?? ''))),
    }),
  );
};

/** The ledger of one value of a detail of an account: one donor, one programme, one place (Sổ chi tiết). */
export const detailLedger: Builder = async (asked) => {
  const codes = accountsUnder(asked.profile, asked.account);
  if (!codes.ok) return codes;
  const by = detailKept(asked, codes.value);
  if (!by.ok) return by;
  const value = asked.key ?? '';
  return ok(
    await ledgerPage(asked, {
      accounts: await storedAccounts(asked, codes.value),
      detail: { by: by.value, value },
      facts: [
        accountFact(asked, asked.account ?? ''),
        { label: DETAIL_WORDS[by.value], value: sayValue(asked.profile, by.value, value) },
      ],
      ...ledgerCells(asked, isDebitSide(chartAccount(asked.profile, codes.value[0] ?? ''))),
    }),
  );
};

/** The detail asked for, if the profile keeps all the accounts by it. */
function detailKept({ profile, account = '', by }: Asked, codes: readonly string[]): Result<Detail> {
  const kept = codes.map((code) => new Set(chartAccount(profile, code)?.details));
  const known = [...(kept[0] ?? [])].filter((detail) => kept.every((each) => each.has(detail)));
  if (by !== undefined && known.includes(by)) return ok(by);
  return refuse('DETAIL_NOT_KEPT', { account, by: by ?? '', known: known.join(', ') });
}

/** The own account a book of money is about: the one asked for, or the only one of its kinds. */
function moneyAccount(asked: Asked, kinds: readonly AccountKind[]): Result<string> {
  const own = asked.book.accounts.filter(({ kind }) => kinds.includes(kind)).map(({ account }) => account);
  const chosen = asked.account ?? (own.length === 1 ? own[0] : undefined);
  const found = chosen !== undefined && own.includes(chosen) ? ownAccount(asked, chosen) : undefined;
  return found === undefined ? refuse('BOOK_NEEDS_ACCOUNT', { known: own.join(', ') }) : ok(found);
}

/** Cash in and out with the two series of vouchers (Sổ quỹ tiền mặt). */
export const cashBook: Builder = async (asked) => {
  const account = moneyAccount(asked, ['cash', 'unstated']);
  if (!account.ok) return account;
  return ok(
    await ledgerPage(asked, {
      accounts: [account.value],
      facts: [accountFact(asked, account.value)],
      columns: [
        { key: 'day', vi: 'Ngày', en: 'Date', kind: 'day' },
        { key: 'receipt', vi: 'Số phiếu thu', en: 'Receipt no.', kind: 'text' },
        { key: 'payment', vi: 'Số phiếu chi', en: 'Payment no.', kind: 'text' },
        { key: 'description', ...COLUMN.description, kind: 'text', width: 3 },
        { key: 'in', vi: 'Thu', en: 'In', kind: 'amount', carried: 'sum' },
        { key: 'out', vi: 'Chi', en: 'Out', kind: 'amount', carried: 'sum' },
        { key: 'balance', vi: 'Tồn', en: 'Balance', kind: 'amount', carried: 'last' },
      ],
      cellsOf: ({ day, entry, isDebit }, balance) => ({
        day,
        receipt: isDebit ? entry.voucher : null,
        payment: isDebit ? null : entry.voucher,
        description: describe(asked.profile, entry.type),
        in: isDebit ? entry.amount : null,
        out: isDebit ? null : entry.amount,
        balance,
      }),
      apart: (words, { debit = null, credit = null, balance = null }) => ({
        description: words,
        in: balance === null ? debit : null,
        out: balance === null ? credit : null,
        balance,
      }),
    }),
  );
};

/** Money at the bank or the treasury (Sổ tiền gửi ngân hàng, kho bạc). */
export const bankBook: Builder = async (asked) => {
  const account = moneyAccount(asked, ['bank', 'treasury']);
  if (!account.ok) return account;
  return ok(
    await ledgerPage(asked, {
      accounts: [account.value],
      facts: [
        accountFact(asked, account.value),
        {
          label: { vi: 'Nơi mở tài khoản, số tài khoản', en: 'Bank, account no.' },
          value: account.value.slice(chartCode(account.value).length + 1),
        },
      ],
      columns: [
        { key: 'day', ...COLUMN.day, kind: 'day' },
        ...voucherColumns,
        { key: 'description', ...COLUMN.description, kind: 'text', width: 3 },
        { key: 'in', vi: 'Gửi vào', en: 'Paid in', kind: 'amount', carried: 'sum' },
        { key: 'out', vi: 'Rút ra', en: 'Drawn', kind: 'amount', carried: 'sum' },
        { key: 'balance', vi: 'Còn lại', en: 'Balance', kind: 'amount', carried: 'last' },
      ],
      cellsOf: ({ day, entry, isDebit }, balance) => ({
        day,
        voucher: entry.voucher,
        voucherDay: entry.voucher === null ? null : day,
        description: describe(asked.profile, entry.type),
        in: isDebit ? entry.amount : null,
        out: isDebit ? null : entry.amount,
        balance,
      }),
      apart: (words, { debit = null, credit = null, balance = null }) => ({
        description: words,
        in: balance === null ? debit : null,
        out: balance === null ? credit : null,
        balance,
      }),
    }),
  );
};
