import {
  type CommodityCode,
  type Day,
  type Result,
  currencyExponent,
  isCurrency,
  isDay,
  ok,
  parseUnits,
  refuse,
} from '#kernel';
import {
  type Direction,
  type ReadLine,
  type ReadStatement,
  type StatementException,
  balanceExceptions,
  bounded,
} from '../domain/statement.ts';
import { ROWS_MAX } from './limits.ts';
import { type Element, all, at, readXml, textAt } from './xml.ts';

const NAMESPACE = /^urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(0[2-8])$/;

/** Entries of one statement as they come, before its balances are known. */
interface Draft {
  readonly lines: ReadLine[];
  readonly exceptions: StatementException[];
}

/**
 * Reads camt.053.001.02 to .08. Lenient where banks are (nothing but amount, sign and status is asked of an entry),
 * strict where money could be misread. Only booked entries count; a batch whose details add up becomes its details.
 */
export function readCamt(text: string): Result<readonly ReadStatement[]> {
  const statements: ReadStatement[] = [];
  let version = '';
  let draft: Draft = { lines: [], exceptions: [] };
  let entries = 0;
  const read = readXml(text, {
    root: (name, attributes) => {
      const namespace = Object.entries(attributes).find(
        ([key, value]) => /^xmlns(?::|$)/.test(key) && value.includes(':camt.'),
      )?.[1];
      version = NAMESPACE.exec(namespace ?? '')?.[1] ?? '';
      return name === 'Document' && version !== ''
        ? ok(undefined)
        : refuse('STATEMENT_MESSAGE_UNKNOWN', { message: (namespace ?? name).slice(0, 80) });
    },
    each: new Set(['Ntry', 'Stmt']),
    take: (element, around) => {
      if (element.name === 'Ntry') {
        entries += 1;
        if (entries > ROWS_MAX) return refuse('STATEMENT_TOO_LARGE', { limit: `${ROWS_MAX} entries` });
        return readEntry(element, entries, fallbackDay(around.at(-1)), draft);
      }
      const statement = readStatement(element, draft, `camt.053.001.${version}`);
      draft = { lines: [], exceptions: [] };
      if (statement.ok) statements.push(statement.value);
      return statement.ok ? ok(undefined) : statement;
    },
  });
  if (!read.ok) return read;
  return statements.length === 0 ? refuse('STATEMENT_EMPTY') : ok(statements);
}

/** `2026-01-31`, `2026-01-31T09:00:00+07:00` under `Dt` or `DtTm`: the day as the bank wrote it. */
function dayOf(element: Element | undefined): Day | undefined {
  const text = (textAt(element, 'Dt') || textAt(element, 'DtTm')).slice(0, 10);
  return isDay(text) ? text : undefined;
}

/** The booking day of an entry that names none: that of the closing balance. */
const fallbackDay = (statement: Element | undefined): Day | undefined => {
  const balances = all(statement, 'Bal');
  const closing = balances.find((balance) => kindOf(balance) === 'CLBD') ?? balances.at(-1);
  return dayOf(at(closing, 'Dt'));
};

const kindOf = (balance: Element): string => textAt(balance, 'Tp', 'CdOrPrtry', 'Cd');

const DIRECTIONS: Readonly<Record<string, Direction>> = { CRDT: 'in', DBIT: 'out' };

/** An `Amt` with its currency in minor units; zero is legal. */
function moneyOf(
  amount: Element | undefined,
  row: string,
): Result<{ readonly value: bigint; readonly commodity: CommodityCode }> {
  const commodity = amount?.attributes['Ccy'] ?? '';
  if (!isCurrency(commodity))
    return refuse('STATEMENT_CURRENCY_UNKNOWN', { commodity: commodity.slice(0, 10) });
  const text = amount?.text.trim() ?? '';
  if (/^0+(?:\.0*)?$/.test(text)) return ok({ value: 0n, commodity });
  const value = parseUnits(text.replace(/\.$/, ''), currencyExponent(commodity));
  return value.ok && value.value > 0n
    ? ok({ value: value.value, commodity })
    : refuse('STATEMENT_AMOUNT_UNREADABLE', { row, amount: text.slice(0, 40) });
}

function readEntry(entry: Element, number: number, fallback: Day | undefined, draft: Draft): Result<void> {
  const row = String(number);
  // A code of its own since .08, plain text before.
  const status = textAt(entry, 'Sts', 'Cd') || textAt(entry, 'Sts');
  if (status !== 'BOOK') {
    draft.exceptions.push({ code: 'ENTRY_NOT_BOOKED', details: { row, status: status.slice(0, 20) } });
    return ok(undefined);
  }
  const amount = moneyOf(at(entry, 'Amt'), row);
  if (!amount.ok) return amount;
  const direction = DIRECTIONS[textAt(entry, 'CdtDbtInd')];
  if (!direction) return refuse('STATEMENT_AMOUNT_WITHOUT_SIGN', { row });
  const valueOn = dayOf(at(entry, 'ValDt')) ?? null;
  const bookedOn = dayOf(at(entry, 'BookgDt')) ?? valueOn ?? fallback;
  if (bookedOn === undefined) return refuse('STATEMENT_DATE_UNREADABLE', { row, date: '' });
  if (amount.value.value === 0n) {
    draft.exceptions.push({ code: 'LINE_OF_NOTHING', details: { row } });
    return ok(undefined);
  }
  const whole = {
    bookedOn,
    valueOn,
    direction,
    balance: null,
    row: number,
    bankRef: textAt(entry, 'NtryRef') || textAt(entry, 'AcctSvcrRef') || null,
  };
  const details = all(entry, 'NtryDtls').flatMap((part) => all(part, 'TxDtls'));
  const extra = textAt(entry, 'AddtlNtryInf');
  const servicerRef = textAt(entry, 'AcctSvcrRef');
  const parts = explode(details, amount.value, row, draft);
  if (!parts.ok) return parts;
  if (parts.value === null) {
    const [first] = details;
    draft.lines.push({
      ...whole,
      amount: amount.value.value,
      ...partyOf(details.length === 1 ? first : undefined, direction, extra),
      uniqueRef: servicerRef || (details.length === 1 ? textAt(first, 'Refs', 'UETR') : '') || null,
    });
    return ok(undefined);
  }
  for (const [index, { detail, value, sign }] of parts.value.entries()) {
    const own = textAt(detail, 'Refs', 'UETR') || textAt(detail, 'Refs', 'AcctSvcrRef');
    // The reference of a batch is one for all: its place tells the parts apart.
    const uniqueRef = own || (servicerRef && `${servicerRef}/${index + 1}`) || null;
    draft.lines.push({
      ...whole,
      direction: sign ?? direction,
      amount: value,
      ...partyOf(detail, sign ?? direction, extra),
      uniqueRef,
    });
  }
  return ok(undefined);
}

interface Part {
  readonly detail: Element;
  readonly value: bigint;
  readonly sign: Direction | undefined;
}

/** The details of a batch when they add up to it; null: it stays one line. */
function explode(
  details: readonly Element[],
  whole: { readonly value: bigint; readonly commodity: CommodityCode },
  row: string,
  draft: Draft,
): Result<readonly Part[] | null> {
  if (details.length < 2) return ok(null);
  const parts: Part[] = [];
  for (const detail of details) {
    const amount = at(detail, 'AmtDtls', 'TxAmt', 'Amt') ?? at(detail, 'Amt');
    if (!amount) return ok(null);
    const read = moneyOf(amount, row);
    if (!read.ok) return read;
    if (read.value.commodity !== whole.commodity) return ok(null);
    parts.push({ detail, value: read.value.value, sign: DIRECTIONS[textAt(detail, 'CdtDbtInd')] });
  }
  const sum = parts.reduce((total, { value }) => total + value, 0n);
  if (sum === whole.value && parts.every(({ value }) => value > 0n))
    return ok(parts.map(({ detail, value }) => ({ detail, value, sign: undefined })));
  draft.exceptions.push({
    code: 'BATCH_DIFFERS',
    details: { row, stated: String(whole.value), sum: String(sum) },
  });
  return ok(null);
}

/** Text and other side of a detail. `Pty` stands around the party since .08. */
function partyOf(
  detail: Element | undefined,
  direction: Direction,
  extra: string,
): Pick<ReadLine, 'narrative' | 'counterparty'> {
  const other = direction === 'in' ? 'Dbtr' : 'Cdtr';
  const parties = at(detail, 'RltdPties');
  const name = textAt(parties, other, 'Pty', 'Nm') || textAt(parties, other, 'Nm');
  const account = at(parties, `${other}Acct`, 'Id');
  const number = textAt(account, 'IBAN') || textAt(account, 'Othr', 'Id');
  const remittance = at(detail, 'RmtInf');
  const texts = [
    ...all(remittance, 'Ustrd').map(({ text }) => text.trim()),
    ...all(remittance, 'Strd').map((part) => textAt(part, 'CdtrRefInf', 'Ref')),
    textAt(detail, 'AddtlTxInf'),
    extra,
    textAt(detail, 'Refs', 'EndToEndId').replace(/^NOTPROVIDED$/, ''),
  ];
  return {
    narrative: [...new Set(texts.filter(Boolean))].join(' '),
    counterparty: [name, number].filter(Boolean).join(' · ') || null,
  };
}

function readStatement(
  element: Element,
  { lines, exceptions }: Draft,
  layout: string,
): Result<ReadStatement> {
  const account = at(element, 'Acct');
  const number = textAt(account, 'Id', 'IBAN') || textAt(account, 'Id', 'Othr', 'Id');
  const balances = all(element, 'Bal');
  const stated = textAt(account, 'Ccy') || (at(balances[0], 'Amt')?.attributes['Ccy'] ?? '');
  if (!isCurrency(stated)) return refuse('STATEMENT_CURRENCY_UNKNOWN', { commodity: stated.slice(0, 10) });
  const balance = (...kinds: readonly string[]): Result<bigint | null> => {
    const found = balances.find(
      (one) => kinds.includes(kindOf(one)) && at(one, 'Amt')?.attributes['Ccy'] === stated,
    );
    if (!found) return ok(null);
    const read = moneyOf(at(found, 'Amt'), kindOf(found));
    if (!read.ok) return read;
    return ok(DIRECTIONS[textAt(found, 'CdtDbtInd')] === 'out' ? -read.value.value : read.value.value);
  };
  const opening = balance('OPBD', 'PRCD');
  const closing = balance('CLBD');
  if (!opening.ok) return opening;
  if (!closing.ok) return closing;
  const ordered = lines.toSorted((a, b) => (a.bookedOn < b.bookedOn ? -1 : a.bookedOn > b.bookedOn ? 1 : 0));
  const period = ['FrDtTm', 'ToDtTm'].map((end) => textAt(element, 'FrToDt', end).slice(0, 10)).filter(isDay);
  const days = [
    ...period,
    ...balances.filter((one) => kindOf(one) === 'CLBD').flatMap((one) => dayOf(at(one, 'Dt')) ?? []),
    ...ordered.map(({ bookedOn }) => bookedOn),
  ];
  const [first, ...rest] = days;
  if (first === undefined) return refuse('STATEMENT_EMPTY');
  return ok({
    format: 'camt.053',
    layout,
    bin: null,
    accountNumbers: number === '' ? [] : [number.replace(/\s/g, '')],
    commodity: stated,
    from: rest.reduce((a, b) => (b < a ? b : a), first),
    to: rest.reduce((a, b) => (b > a ? b : a), first),
    opening: opening.value,
    closing: closing.value,
    lines: ordered,
    exceptions: bounded([
      ...exceptions,
      ...balanceExceptions({ opening: opening.value, closing: closing.value, lines: ordered }),
    ]),
  });
}
