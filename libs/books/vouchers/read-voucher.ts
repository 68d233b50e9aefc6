import { type Scope, sees } from '#access';
import {
  type BookEvent,
  type BookRow,
  type DisbursementLine,
  type ReceiptRecorded,
  exponentsOf,
  readBooks,
  readItemPositions,
} from '#funds';
import {
  type CommodityCode,
  type LedgerEvent,
  type Result,
  formatVietnamese,
  isCurrency,
  ok,
  refuse,
} from '#kernel';
import { type PlaceTree, readPlaceTree } from '#places';
import { parseEnvelope } from '#platform';
import { amountInWords } from '#print';
import { readProgrammes } from '#programmes';
import { type AsOf, type ReadContext, type Stand, readAsOf } from '#read-models';
import type { Kysely } from 'kysely';
import type { Bilingual } from '../domain/bilingual.ts';
import type { VoucherEvent } from '../domain/events.ts';
import type { Profile } from '../domain/profile.ts';
import { placeText } from '../paperwork.ts';
import { DEFAULT_PROFILE, profileNamed, profiles } from '../profile.ts';
import type { EntryTables } from '../read-models/read-sums.ts';
import { fromStored, prefixOf, projectionName } from '../read-models/tables.ts';
import {
  type VoucherRow,
  type VoucherTables,
  readItemVouchers,
  readVoucherRows,
  vouchersProjection,
} from '../read-models/vouchers.ts';
import { DESCRIPTIONS, SOURCE_WORDS } from '../words.ts';
import { FORMS, formOf } from './forms.ts';
import { NO_NAMES, type Names } from './people.ts';
import type {
  Content,
  HandOver,
  Voucher,
  VoucherChange,
  VoucherCorrects,
  VoucherEntry,
  VoucherFile,
  VoucherPerson,
  VoucherPrint,
  WrittenAmount,
} from './voucher.ts';

export interface VoucherQuery extends AsOf {
  readonly scope: Scope;
  readonly fund: string;
  readonly year: number;
  readonly voucher: string;
  /** {@link DEFAULT_PROFILE} when absent. */
  readonly profile?: string | undefined;
  /** Where names and texts come from; nothing personal is shown when absent. */
  readonly names?: Names | undefined;
  /** Names of beneficiaries too, among them children. */
  readonly withBeneficiaries?: boolean | undefined;
}

/** Vouchers that were written anew one after another for one thing. */
const CHAIN_MAX = 100;
/** Entries of one voucher: its parts have at most as many. */
const ENTRIES_MAX = 5_000;
const VOUCHER = /^[A-Z]{2}-\d{6,12}$/;

/** Members that events of the book may have, whatever their type: what is not there is not said on paper. */
interface Said {
  readonly account?: string;
  readonly commodity?: CommodityCode;
  readonly amount?: string;
  readonly donor?: string | null;
  readonly place?: string | null;
  readonly programme?: string | null;
  readonly narrative?: string | null;
  readonly reason?: string | null;
  readonly lines?: readonly DisbursementLine[];
  readonly valuation?: ReceiptRecorded['valuation'];
  readonly corrects?: string;
  readonly originalBook?: string | null;
  readonly disbursement?: string;
  readonly proposedBy?: string | null;
  readonly was?: unknown;
  readonly now?: unknown;
}

/** What is found of a voucher in the read models. */
interface Found {
  readonly rows: readonly VoucherRow[];
  /** The event that the thing was first written with. */
  readonly event: LedgerEvent;
  readonly entries: readonly Omit<VoucherEntry, 'exponent'>[];
  readonly corrected: VoucherRow | undefined;
}

/**
 * One voucher with all that stands on its paper; null when the scope does not see it or there is none. The events come
 * from the log, Nợ and Có from the entries of the profile.
 */
export async function readVoucher(
  context: ReadContext,
  query: VoucherQuery,
): Promise<Result<Voucher> | null> {
  const { scope, fund, year, voucher, effectiveThrough, knownAt, names = NO_NAMES } = query;
  const profile = profileNamed(query.profile ?? DEFAULT_PROFILE);
  if (profile === undefined)
    return refuse('PROFILE_UNKNOWN', {
      profile: query.profile ?? '',
      known: profiles.map((each) => each.name).join(', '),
    });
  if (!sees(scope, fund) || !VOUCHER.test(voucher)) return null;
  const { found, ...standing } = await readAsOf<VoucherTables & EntryTables, { found: Found | null }>(
    context,
    [vouchersProjection.name, projectionName(profile)],
    { effectiveThrough, knownAt },
    async (db, stand) => ({ found: await find(context, db, profile, stand, { fund, year, voucher }) }),
  );
  if (found === null) return null;
  const { event } = found;
  const own = found.rows.find(({ role }) => role === 'written' || role === 'anew');
  const books = await readBooks(context, { scope, funds: [fund], knownAt: standing.knownAt });
  const book = books.rows.find((each) => each.year === year);
  if (own === undefined || book === undefined) return null;
  const { tree } = await readPlaceTree(context, { knownAt: standing.knownAt });
  const data = event.data as Said;
  const series = own.series;
  const proposal = await proposalOf(context, data, standing.knownAt);
  const exponentOf = exponentsOf(books.rows);
  const written = (amount: bigint, commodity: CommodityCode): WrittenAmount =>
    writtenAmount(amount, commodity, exponentOf(commodity), book);
  const total =
    data.amount === undefined || data.commodity === undefined
      ? null
      : written(BigInt(data.amount), data.commodity);
  const form = formOf(series, total === null || isCurrency(total.commodity));
  const voided = found.rows.find(({ role }) => role === 'voided');
  const view: Omit<Voucher, 'blank'> = {
    ...standing,
    fund,
    year,
    voucher,
    series,
    form,
    title: FORMS[form].title,
    formCode: FORMS[form].code,
    profile: profile.name,
    status: voided === undefined ? 'written' : 'voided',
    replacedBy: voided?.other ?? null,
    replaces: own.role === 'anew' ? own.other : null,
    unit: { name: book.name, address: placeText(tree, book.place, event.effectiveOn) },
    day: own.day,
    recordedAt: event.recordedAt,
    type: event.type,
    item: own.item,
    description: DESCRIPTIONS[event.type as keyof typeof DESCRIPTIONS],
    narrative: await names.text(data.narrative ?? data.reason ?? proposal.narrative),
    programme: await programmeName(context, data.programme ?? null, standing.knownAt),
    account: data.account ?? null,
    person: await personOf(data, proposal, names, tree, event),
    total,
    value: data.valuation ? written(BigInt(data.valuation.amount), data.valuation.commodity) : null,
    entries: found.entries.map((entry) => ({ ...entry, exponent: exponentOf(entry.commodity) })),
    corrects: correctsOf(data, found.corrected),
    changes: changesOf(data, exponentOf),
    handOver: await handOverOf(data, query, tree, event),
    recordedBy: event.actor,
    proposedBy: proposal.proposedBy ?? data.proposedBy ?? null,
    approvedBy: proposal.approvedBy,
    ...(await papersOf(context, found.rows)),
  };
  return ok({ ...view, blank: blankOf(view) });
}

/** The voucher and, where it was written anew, the one that its thing was first written under; with its entries. */
async function find(
  context: ReadContext,
  db: Kysely<VoucherTables & EntryTables>,
  profile: Profile,
  stand: Stand,
  name: { readonly fund: string; readonly year: number; readonly voucher: string },
): Promise<Found | null> {
  const tables = db as unknown as Kysely<VoucherTables>;
  const rows = await readVoucherRows(tables, name, stand);
  let written = rows;
  for (let i = 0; i < CHAIN_MAX; i += 1) {
    const anew = written.find(({ role }) => role === 'anew');
    if (anew?.other == null) break;
    written = await readVoucherRows(tables, { ...name, voucher: anew.other }, stand);
  }
  written = written.filter(({ role }) => role === 'written');
  if (rows.length === 0 || written[0] === undefined) return null;
  const position = Number(written[0].position);
  const event = await eventAt(context, position);
  if (event === undefined) return null;
  const { corrects } = event.data as Said;
  const before = { before: position, fund: name.fund };
  return {
    rows,
    event,
    entries: await entriesAt(db, profile, name.fund, written),
    corrected: corrects === undefined ? undefined : (await readItemVouchers(tables, corrects, before))[0],
  };
}

/** Entries of some events, summed by their accounts, in the order in which they were made. */
async function entriesAt(
  db: Kysely<VoucherTables & EntryTables>,
  profile: Profile,
  fund: string,
  written: readonly VoucherRow[],
): Promise<Omit<VoucherEntry, 'exponent'>[]> {
  const rows = await (db as unknown as Kysely<EntryTables>)
    .selectFrom(prefixOf(profile))
    .selectAll()
    .where('fund', '=', fund)
    .where(
      'position',
      'in',
      written.map(({ position }) => position),
    )
    .orderBy('position')
    .orderBy('line')
    .limit(ENTRIES_MAX)
    .execute();
  const sums = new Map<string, Omit<VoucherEntry, 'exponent'>>();
  for (const row of rows) {
    const { debit, credit, commodity, amount } = fromStored(row);
    const key = [debit, credit, commodity].join('\n');
    sums.set(key, { debit, credit, commodity, amount: (sums.get(key)?.amount ?? 0n) + amount });
  }
  return [...sums.values()];
}

async function eventAt({ log }: ReadContext, position: number): Promise<LedgerEvent | undefined> {
  const [record] = position < 1 ? [] : (await log.readAll({ after: position - 1, limit: 1 })).events;
  return record === undefined ? undefined : parseEnvelope(record);
}

interface Proposal {
  readonly payee: string | null;
  readonly narrative: string | null;
  readonly proposedBy: string | null;
  readonly approvedBy: string | null;
}

/** What was proposed for a payment, and who approved it. */
async function proposalOf(context: ReadContext, data: Said, knownAt: number): Promise<Proposal> {
  let found: Proposal = { payee: null, narrative: null, proposedBy: null, approvedBy: null };
  if (data.disbursement === undefined) return found;
  const { positions } = await readItemPositions(context, data.disbursement);
  for (const position of positions.filter((each) => each <= knownAt).slice(0, STEPS_MAX)) {
    const event = (await eventAt(context, position)) as BookEvent | undefined;
    if (event?.type === 'book.disbursement-proposed.v1') {
      const { payee, narrative } = event.data;
      found = { ...found, payee, narrative, proposedBy: event.actor };
    }
    if (event?.type === 'book.disbursement-approved.v1') found = { ...found, approvedBy: event.actor };
  }
  return found;
}

/** Steps of a disbursement among which its proposal and approval are: they come first. */
const STEPS_MAX = 50;

const writtenAmount = (
  amount: bigint,
  commodity: CommodityCode,
  exponent: number,
  { goods }: Pick<BookRow, 'goods'>,
): WrittenAmount => {
  const unit = isCurrency(commodity)
    ? commodity === 'VND'
      ? 'đồng'
      : commodity
    : (goods.find(({ code }) => code === commodity)?.unit ?? commodity);
  return { amount, commodity, exponent, unit, words: amountInWords(amount, exponent, commodity, unit) };
};

async function programmeName(
  context: ReadContext,
  programme: string | null,
  knownAt: number,
): Promise<string | null> {
  if (programme === null) return null;
  const { rows } = await readProgrammes(context, { knownAt });
  return rows.find((each) => each.programme === programme)?.name ?? programme;
}

async function personOf(
  { place = null, lines = [], now, ...said }: Said,
  { payee }: Proposal,
  names: Names,
  tree: PlaceTree,
  { effectiveOn }: LedgerEvent,
): Promise<VoucherPerson> {
  const donor = said.donor ?? donorIn(now);
  const only = lines.length === 1 ? lines[0] : undefined;
  const address = placeText(tree, only === undefined ? place : only.place, effectiveOn);
  const name = payee === null ? null : await names.text(payee);
  if (donor === null || name !== null) return { id: null, name, address };
  return { id: donor, name: await names.donor(donor), address };
}

/** The donor that a correction says; null when it is not about one. */
const donorIn = (now: unknown): string | null =>
  typeof now === 'object' && now !== null && 'donor' in now && typeof now.donor === 'string'
    ? now.donor
    : null;

function correctsOf({ corrects, originalBook }: Said, row: VoucherRow | undefined): VoucherCorrects | null {
  if (corrects === undefined) return null;
  const year = row === undefined ? (originalBook?.split('-').at(-1) ?? null) : row.year;
  return { item: corrects, voucher: row?.voucher ?? null, year: year === null ? null : Number(year) };
}

const LABELS: Readonly<Record<string, Bilingual>> = {
  donor: { vi: 'Nhà tài trợ', en: 'Donor' },
  source: { vi: 'Nguồn', en: 'Source' },
  place: { vi: 'Địa bàn', en: 'Place' },
  pledge: { vi: 'Cam kết', en: 'Pledge' },
};

/** What a correction says was, and is. Free text is in the vault and is not repeated. */
function changesOf(
  { was, now, commodity }: Said,
  exponentOf: (commodity: string) => number,
): VoucherChange[] {
  if (typeof was === 'string' && typeof now === 'string' && commodity !== undefined) {
    const amount = (text: string): string =>
      `${formatVietnamese(BigInt(text), exponentOf(commodity))} ${commodity}`;
    return [{ label: { vi: 'Số tiền', en: 'Amount' }, was: amount(was), now: amount(now) }];
  }
  if (typeof was !== 'object' || typeof now !== 'object' || was === null || now === null) return [];
  const [before, after] = [was as Record<string, unknown>, now as Record<string, unknown>];
  return Object.entries(LABELS).flatMap(([key, label]) => {
    const [old, current] = [saidText(key, before[key]), saidText(key, after[key])];
    return old === current ? [] : [{ label, was: old, now: current }];
  });
}

const saidText = (key: string, value: unknown): string => {
  if (typeof value !== 'string') return '—';
  return key === 'source' ? (SOURCE_WORDS[value as keyof typeof SOURCE_WORDS]?.vi ?? value) : value;
};

/** What each recipient gets. A child is a number unless names were asked for. */
async function handOverOf(
  { lines = [] }: Said,
  { names = NO_NAMES, withBeneficiaries = false }: VoucherQuery,
  tree: PlaceTree,
  { effectiveOn }: LedgerEvent,
): Promise<HandOver[]> {
  const list: HandOver[] = [];
  for (const { amount, beneficiary, place, children } of lines)
    list.push({
      beneficiary,
      name: withBeneficiaries && beneficiary !== null ? await names.beneficiary(beneficiary) : null,
      place: placeText(tree, place, effectiveOn),
      children,
      amount: BigInt(amount),
    });
  return list;
}

/** Prints and files of a voucher, in the order in which they were made. */
async function papersOf(
  context: ReadContext,
  rows: readonly VoucherRow[],
): Promise<{ readonly prints: VoucherPrint[]; readonly files: VoucherFile[] }> {
  const prints: VoucherPrint[] = [];
  const files: VoucherFile[] = [];
  for (const { role, position } of rows) {
    if (role !== 'printed' && role !== 'attached') continue;
    const event = (await eventAt(context, Number(position))) as VoucherEvent | undefined;
    if (event === undefined) continue;
    const said = { at: event.recordedAt, actor: event.actor };
    if (event.type === 'voucher.printed.v1')
      prints.push({ key: event.commandId, print: event.data.print, ...said });
    else {
      const { file, format, bytes } = event.data;
      files.push({ file, format, bytes, ...said, href: `/v1/files/${file}` });
    }
  }
  return { prints, files };
}

/** Contents of Article 16 that have to be filled in by hand. Signatures always are. */
function blankOf({ unit, person, form, total }: Omit<Voucher, 'blank'>): Content[] {
  const hasReceiver = form === 'adjustment' || (person.name ?? person.id) !== null;
  return [
    ...(unit.address === null ? (['issuer'] as const) : []),
    ...(hasReceiver && (form === 'adjustment' || person.address !== null) ? [] : (['receiver'] as const)),
    ...(total === null ? (['amounts'] as const) : []),
    'signatures',
  ];
}
