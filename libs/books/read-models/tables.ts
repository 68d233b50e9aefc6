import type { ReceiptSource } from '#funds';
import type { Day } from '#kernel';
import type { Table } from '#read-models';
import type { Entry } from '../domain/entries.ts';
import type { Flow } from '../domain/leg.ts';
import type { Profile } from '../domain/profile.ts';

/** Events that a row of sums adds up at most: what a question about an earlier position counts again is half of it. */
export const SEGMENT_EVENTS = 8_192;

/**
 * Segments of the sums by a detail are longer by this: there are many values, and few ask for them at an earlier
 * position, which then counts more entries again.
 */
const DETAIL_SEGMENTS = 4;

/** Events of one segment of the sums of accounts as a whole, or of those by a detail. */
export const segmentOf = (segmentEvents: number, detail: string): number =>
  detail === '' ? segmentEvents : segmentEvents * DETAIL_SEGMENTS;

export const projectionName = ({ name }: Pick<Profile, 'name'>): string => `entries-${name}`;

/** `entries_vn_public`: the tables of a profile begin with it. */
export const prefixOf = (profile: Pick<Profile, 'name'>): string =>
  projectionName(profile).replaceAll('-', '_');

export const ENTRY_COLUMNS = [
  'fund',
  'position',
  'line',
  'day',
  'type',
  'voucher',
  'debit',
  'credit',
  'commodity',
  'amount',
  'flow',
  'back',
  'source',
  'restricted',
  'programme',
  'donor',
  'recipient',
  'place',
] as const;

/** One accounting entry as it is stored. */
export interface EntryRow {
  readonly fund: string;
  readonly position: bigint;
  readonly line: bigint;
  readonly day: Day;
  readonly type: string;
  readonly voucher: string | null;
  readonly debit: string;
  readonly credit: string;
  readonly commodity: string;
  readonly amount: bigint;
  readonly flow: Flow | null;
  readonly back: bigint;
  readonly source: ReceiptSource | null;
  readonly restricted: bigint;
  readonly programme: string | null;
  readonly donor: string | null;
  readonly recipient: string | null;
  readonly place: string | null;
}

/**
 * An account as a row names it: with its fund, so that one column finds both. SQLite, which keeps no statistics here,
 * would rather walk all of a fund than use an index that begins with the fund and goes on with the account.
 */
export const storedAccount = (fund: string, account: string): string => `${fund}/${account}`;

/** A row with its accounts as entries name them. */
export const fromStored = (row: EntryRow): EntryRow => ({
  ...row,
  debit: row.debit.slice(row.fund.length + 1),
  credit: row.credit.slice(row.fund.length + 1),
});

export const toEntry = (row: EntryRow): Entry => ({
  ...row,
  restricted: row.restricted === 1n,
  isBack: row.back === 1n,
});

export const SUM_COLUMNS = [
  'fund',
  'detail',
  'account',
  'value',
  'commodity',
  'segment',
  'day',
  'debit',
  'credit',
  'lines',
] as const;

export interface SumRow {
  readonly fund: string;
  readonly detail: string;
  readonly account: string;
  readonly value: string;
  readonly commodity: string;
  readonly segment: bigint;
  readonly day: Day;
  readonly debit: bigint;
  readonly credit: bigint;
  readonly lines: bigint;
}

export interface OriginRow {
  readonly pool: string;
  readonly from_unit: bigint;
  readonly to_unit: bigint;
  readonly source: ReceiptSource | null;
  /** As `writeWorth` writes it. */
  readonly worth: string | null;
}

/** The tables of a profile: its entries and their sums, and what the next entries need of the past. */
export const tablesOf = (prefix: string): Readonly<Record<string, Table>> => ({
  [prefix]: {
    columns: {
      fund: 'text',
      position: 'whole',
      line: 'whole',
      day: 'text',
      type: 'text',
      voucher: 'text?',
      debit: 'text',
      credit: 'text',
      commodity: 'text',
      amount: 'whole',
      flow: 'text?',
      back: 'whole',
      source: 'text?',
      restricted: 'whole',
      programme: 'text?',
      donor: 'text?',
      recipient: 'text?',
      place: 'text?',
    },
    key: ['fund', 'position', 'line'],
    indexes: [
      { columns: ['fund', 'day', 'position', 'line'] },
      { columns: ['debit', 'day', 'position', 'line'] },
      { columns: ['credit', 'day', 'position', 'line'] },
    ],
  },
  [`${prefix}_sum`]: {
    columns: {
      fund: 'text',
      detail: 'text',
      account: 'text',
      value: 'text',
      commodity: 'text',
      segment: 'whole',
      day: 'text',
      debit: 'whole',
      credit: 'whole',
      lines: 'whole',
    },
    key: ['fund', 'detail', 'account', 'value', 'commodity', 'segment', 'day'],
  },
  [`${prefix}_kind`]: { columns: { fund: 'text', account: 'text', kind: 'text' }, key: ['fund', 'account'] },
  [`${prefix}_origin`]: {
    columns: {
      pool: 'text',
      from_unit: 'whole',
      to_unit: 'whole',
      source: 'text?',
      worth: 'text?',
    },
    key: ['pool', 'from_unit'],
  },
  [`${prefix}_carried`]: {
    columns: {
      fund: 'text',
      own: 'text',
      commodity: 'text',
      units: 'whole',
      value: 'whole',
      unrealised: 'whole',
    },
    key: ['fund', 'own', 'commodity'],
  },
  [`${prefix}_gone`]: { columns: { pool: 'text', units: 'text' }, key: ['pool'] },
  [`${prefix}_grown`]: {
    columns: { fund: 'text', receipt: 'text', units: 'text' },
    key: ['fund', 'receipt'],
  },
  [`${prefix}_left`]: {
    columns: { fund: 'text', disbursement: 'text', lines: 'text' },
    key: ['fund', 'disbursement'],
  },
});
