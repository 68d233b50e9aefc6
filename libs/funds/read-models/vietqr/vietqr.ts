import type { Refusal } from '#kernel';
import { BANKS, type QrTransfer, encodeVietQr, qrPng, qrSvg, readPledgeAgeing, referenceOf } from '#pledges';
import type { AsOf, ReadContext, Standing } from '#read-models';
import type { Scope } from '#access';
import { type BookRow, readBooks } from '../books/books.ts';

export const QR_FORMATS = ['json', 'svg', 'png'] as const;
export type QrFormat = (typeof QR_FORMATS)[number];

interface QrQuery extends AsOf {
  readonly scope: Scope;
  /** The receiving account; may be left out where the fund has one only. */
  readonly account?: string | undefined;
  /** Whole đồng; null: the payer writes it. */
  readonly amount: bigint | null;
}

export interface PledgeQrQuery extends QrQuery {
  readonly pledge: string;
}

export interface FundQrQuery extends QrQuery {
  readonly fund: string;
}

/** A code to pay with. */
export interface VietQr extends QrTransfer {
  readonly fund: string;
  readonly account: string;
  readonly bank: string;
  /** What the bank writes into the statement; the same for this pledge or fund for ever. */
  readonly reference: string;
  /** What the code says. */
  readonly payload: string;
}

/** Why there is no code. */
export interface NoQr {
  readonly refusal: Refusal;
}

/** The code of a fund, for gifts of anybody; null: there is no such fund. */
export async function readFundQr(
  context: ReadContext,
  query: FundQrQuery,
): Promise<(Standing & VietQr) | NoQr | null> {
  const { fund, scope, account, amount, ...asOf } = query;
  const books = await readBooks(context, { scope, funds: [fund], ...asOf });
  if (books.rows.length === 0) return null;
  const { rows, ...standing } = books;
  const first = Math.min(...rows.map(({ openedAt }) => openedAt));
  return qrOf(rows, referenceOf('fund', first), { fund, account, amount }, standing);
}

/**
 * The code of a pledge; null: there is no such pledge. It is open and in đồng: what a donor pays by it is matched
 * with the pledge by its reference.
 */
export async function readPledgeQr(
  context: ReadContext,
  query: PledgeQrQuery,
): Promise<(Standing & VietQr) | NoQr | null> {
  const { pledge, scope, account, amount, ...asOf } = query;
  const { pledges, position, effectiveThrough, knownAt } = await readPledgeAgeing(context, {
    scope,
    pledge,
    on: NO_DAY,
    ...asOf,
  });
  const [row] = pledges;
  if (row === undefined) return null;
  const { fund, status, commodity, reference } = row;
  const books = await readBooks(context, { scope, funds: [fund], ...asOf, knownAt });
  if (status !== 'open' || commodity !== 'VND')
    return { refusal: { code: 'QR_PLEDGE_CLOSED', details: { pledge } } };
  return qrOf(books.rows, reference, { fund, account, amount }, { position, effectiveThrough, knownAt });
}

/** Ages are not asked for here. */
const NO_DAY = '1970-01-01';

function qrOf(
  books: readonly BookRow[],
  reference: string,
  { fund, account: asked, amount }: { fund: string; account: string | undefined; amount: bigint | null },
  standing: Standing,
): (Standing & VietQr) | NoQr {
  const found = receiving(books, fund, asked);
  if ('refusal' in found) return found;
  const { account, bin, number } = found;
  const payload = encodeVietQr({ bin, number, amount, purpose: reference });
  if (!payload.ok) return { refusal: payload.error };
  return {
    ...standing,
    fund,
    account,
    bank: BANKS[bin] ?? bin,
    bin,
    number,
    amount,
    purpose: reference,
    reference,
    payload: payload.value,
  };
}

interface Receiving {
  readonly account: string;
  readonly bin: string;
  readonly number: string;
}

/** The account of the fund's last book that gifts are sent to. */
function receiving(books: readonly BookRow[], fund: string, asked: string | undefined): Receiving | NoQr {
  const last = books.toSorted((a, b) => b.year - a.year)[0];
  const accounts = (last?.accounts ?? []).flatMap(({ account, bank }) =>
    bank !== undefined && (asked === undefined || asked === account) ? [{ account, ...bank }] : [],
  );
  const [only, another] = accounts;
  if (only === undefined) return { refusal: { code: 'QR_ACCOUNT_MISSING', details: { fund } } };
  if (another === undefined) return only;
  const names = accounts.map(({ account }) => account).join(', ');
  return { refusal: { code: 'QR_ACCOUNT_AMBIGUOUS', details: { fund, accounts: names } } };
}

/** The code as an image; null where its parts are asked for. */
export function qrImage(
  { payload }: Pick<VietQr, 'payload'>,
  format: QrFormat,
): { readonly type: string; readonly body: string | Buffer } | null {
  if (format === 'svg') return { type: 'image/svg+xml; charset=utf-8', body: qrSvg(payload) };
  return format === 'png' ? { type: 'image/png', body: Buffer.from(qrPng(payload)) } : null;
}

/** Its parts with the picture among them, for a screen. */
export const withSvg = <T extends VietQr>(
  found: T | NoQr | null,
): (T & { readonly svg: string }) | NoQr | null =>
  found === null || 'refusal' in found ? found : { ...found, svg: qrSvg(found.payload) };
