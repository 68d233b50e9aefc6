import {
  type Day,
  type Result,
  currencyExponent,
  daysInMonth,
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

/** A field of a message: its tag and its text, lines joined by line feeds. */
interface Field {
  readonly tag: string;
  readonly text: string;
  readonly line: number;
}

const TAG = /^:(\d{2}[A-Z]?):(.*)$/;

function fieldsOf(text: string): Field[] {
  const fields: { tag: string; text: string; line: number }[] = [];
  for (const [at, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = raw.replace(/^\{[1-3]:[^}]*\}/g, '').replace(/^\{4:/, '');
    const [, tag, rest = ''] = TAG.exec(line) ?? [];
    if (tag !== undefined) fields.push({ tag, text: rest, line: at + 1 });
    else if (/^-\}?|^\{/.test(line) || line === '') continue;
    else {
      const last = fields.at(-1);
      if (last) last.text += `\n${line}`;
    }
  }
  return fields;
}

const BALANCE = /^([CD])(\d{6})([A-Z]{3})(\d[\d,]*)$/;
const LINE =
  /^(\d{6})(\d{4})?(R?[CD])([A-Z])?(\d{1,15}(?:,\d*)?)([A-Z][A-Z0-9]{3})([^\n]*?)(?:\/\/([^\n]*))?(?:\n([^\n]*))?$/;

/** What the mark does to the account: the reversal of a credit takes money out. */
const DIRECTIONS: Readonly<Record<string, Direction>> = { C: 'in', D: 'out', RC: 'out', RD: 'in' };

const fullDay = (text: string): Day => {
  const year = Number(text.slice(0, 2));
  return `${year < 80 ? 2_000 + year : 1_900 + year}-${text.slice(2, 4)}-${text.slice(4, 6)}`;
};

/** 30 February occurs in banks that count thirty days a month: the last day of the month is meant. */
function realDay(day: Day): Day | undefined {
  if (isDay(day)) return day;
  const last = `${day.slice(0, 8)}${String(daysInMonth(Number(day.slice(0, 4)), Number(day.slice(5, 7)))).padStart(2, '0')}`;
  return isDay(last) && day > last ? last : undefined;
}

/** The booking day has no year: the one that brings it nearest to the value day, across the turn of a year too. */
function entryDay(value: Day, monthDay: string): Day | undefined {
  const year = Number(value.slice(0, 4));
  const order = (day: Day): number =>
    Number(day.slice(0, 4)) * 372 + Number(day.slice(5, 7)) * 31 + Number(day.slice(8));
  return [year - 1, year, year + 1]
    .flatMap((y) => realDay(`${y}-${monthDay.slice(0, 2)}-${monthDay.slice(2)}`) ?? [])
    .toSorted((a, b) => Math.abs(order(a) - order(value)) - Math.abs(order(b) - order(value)))[0];
}

const amountOf = (text: string, exponent: number): Result<bigint> => {
  const plain = text.replace(',', '.').replace(/\.$/, '');
  return /^0*(?:\.0*)?$/.test(plain) ? ok(0n) : parseUnits(plain, exponent);
};

interface Details {
  readonly narrative: string;
  readonly counterparty: string | null;
}

/** Field 86: sub-fields `?20`–`?29` and `?60`–`?63` cut the text without spaces, `?31`–`?33` name the other side. */
function detailsOf(text: string): Details {
  const joined = text.replaceAll('\n', '');
  if (!/\?\d{2}/.test(joined)) return { narrative: text.replaceAll('\n', ' ').trim(), counterparty: null };
  const parts = [...joined.matchAll(/\?(\d{2})([^?]*)/g)].map(([, code = '', part = '']) => ({ code, part }));
  const take = (wanted: (code: number) => boolean, between: string): string =>
    parts
      .filter(({ code }) => wanted(Number(code)))
      .map(({ part }) => part)
      .join(between)
      .trim();
  const party = [take((code) => code === 32 || code === 33, ''), take((code) => code === 31, '')];
  return {
    narrative: take((code) => (code >= 20 && code <= 29) || (code >= 60 && code <= 63), ''),
    counterparty: party.filter(Boolean).join(' · ') || null,
  };
}

/** Reads MT940 messages; each page (:20: to :62:) is a statement with its own balances. */
export function readMt940(text: string): Result<readonly ReadStatement[]> {
  const fields = fieldsOf(text);
  const messages: Field[][] = [];
  for (const field of fields) {
    if (field.tag === '20') messages.push([field]);
    else messages.at(-1)?.push(field);
  }
  if (messages.length === 0) return refuse('STATEMENT_NOT_A_TABLE');
  const statements: ReadStatement[] = [];
  for (const message of messages) {
    const read = readMessage(message);
    if (!read.ok) return read;
    statements.push(read.value);
  }
  return ok(statements);
}

function readMessage(fields: readonly Field[]): Result<ReadStatement> {
  const one = (...tags: string[]): Field | undefined => fields.find(({ tag }) => tags.includes(tag));
  const [opened, closed] = [one('60F', '60M'), one('62F', '62M')];
  if (!closed || !opened) return refuse('STATEMENT_TRUNCATED');
  const [, , fromText = '', commodity = ''] = BALANCE.exec(opened.text.trim()) ?? [];
  const [, , toText = ''] = BALANCE.exec(closed.text.trim()) ?? [];
  if (!isCurrency(commodity)) return refuse('STATEMENT_CURRENCY_UNKNOWN', { commodity });
  const exponent = currencyExponent(commodity);
  const [opening, closing] = [balanceOf(opened, exponent), balanceOf(closed, exponent)];
  if (!opening.ok) return opening;
  if (!closing.ok) return closing;
  const lines: ReadLine[] = [];
  const exceptions: StatementException[] = [];
  for (const [at, field] of fields.entries()) {
    if (field.tag !== '61') continue;
    if (lines.length >= ROWS_MAX) return refuse('STATEMENT_TOO_LARGE', { limit: `${ROWS_MAX} lines` });
    const next = fields[at + 1];
    const read = readLine(field, next?.tag === '86' ? next.text : '', exponent, exceptions);
    if (!read.ok) return read;
    if (read.value) lines.push(read.value);
    else exceptions.push({ code: 'LINE_OF_NOTHING', details: { row: String(field.line) } });
  }
  const ordered = lines.toSorted((a, b) => (a.bookedOn < b.bookedOn ? -1 : a.bookedOn > b.bookedOn ? 1 : 0));
  const days = [fullDay(fromText), fullDay(toText), ...lines.map(({ bookedOn }) => bookedOn)].flatMap(
    (day) => realDay(day) ?? [],
  );
  const [first, ...rest] = days;
  if (first === undefined)
    return refuse('STATEMENT_DATE_UNREADABLE', { row: String(opened.line), date: fromText });
  return ok({
    format: 'mt940',
    layout: 'mt940',
    bin: null,
    accountNumbers: accountNumbers(one('25', '25P')?.text ?? ''),
    commodity,
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

/** `VCBVVNVX/0071000123456VND` or the number alone. */
const accountNumbers = (text: string): string[] =>
  text
    .split(/[/\s]/)
    .map((part) => part.replace(/[A-Z]{3}$/, ''))
    .filter((part) => /^\d{6,19}$/.test(part));

function balanceOf({ text, line }: Field, exponent: number): Result<bigint> {
  const [, mark, , , amount = ''] = BALANCE.exec(text.trim()) ?? [];
  const read = amountOf(amount, exponent);
  if (mark === undefined || !read.ok)
    return refuse('STATEMENT_AMOUNT_UNREADABLE', { row: String(line), amount: text.slice(0, 40) });
  return ok(mark === 'D' ? -read.value : read.value);
}

function readLine(
  { text, line }: Field,
  details: string,
  exponent: number,
  exceptions: StatementException[],
): Result<ReadLine | null> {
  const row = String(line);
  const found = LINE.exec(text.trim());
  if (!found) return refuse('STATEMENT_LINE_UNREADABLE', { row, text: text.slice(0, 20) });
  const [, valueText = '', entry, mark = '', , amountText = '', , reference = '', bankRef = '', more = ''] =
    found;
  const amount = amountOf(amountText, exponent);
  if (!amount.ok) return refuse('STATEMENT_AMOUNT_UNREADABLE', { row, amount: amountText });
  const stated = fullDay(valueText);
  const valueOn = realDay(stated);
  if (valueOn === undefined) return refuse('STATEMENT_DATE_UNREADABLE', { row, date: valueText });
  if (valueOn !== stated) exceptions.push({ code: 'DATE_IMPOSSIBLE', details: { row, date: stated } });
  if (amount.value === 0n) return ok(null);
  const { narrative, counterparty } = detailsOf(details);
  return ok({
    bookedOn: (entry === undefined ? undefined : entryDay(valueOn, entry)) ?? valueOn,
    valueOn,
    amount: amount.value,
    direction: DIRECTIONS[mark] ?? 'in',
    balance: null,
    narrative: [narrative, reference === 'NONREF' ? '' : reference.trim(), more.trim()]
      .filter(Boolean)
      .join(' '),
    counterparty,
    bankRef: bankRef.trim() || null,
    uniqueRef: null,
    row: line,
  });
}
