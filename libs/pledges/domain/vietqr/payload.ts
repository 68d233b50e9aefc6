import { type Result, invariant, ok, refuse } from '#kernel';
import { type BankDetails, checkBank } from './bank.ts';

/** What a payer's bank reads out of the code. */
export interface QrTransfer extends BankDetails {
  /** Whole đồng; null: the payer writes it. */
  readonly amount: bigint | null;
  /** What stands in the transfer: A–Z and 0–9, at most {@link PURPOSE_MAX}. */
  readonly purpose: string;
}

/** The stricter of the two limits that banks publish. */
export const PURPOSE_MAX = 19;
const PURPOSE = /^[A-Z0-9]{1,19}$/;
/** Tag 54 holds 13 characters. */
const AMOUNT_MAX = 9_999_999_999_999n;

/** Identifiers of EMV merchant-presented mode and of NAPAS within it. */
const NAPAS = 'A000000727';
const TO_ACCOUNT = 'QRIBFTTA';
const VND = '704';
const COUNTRY = 'VN';
const VERSION = '01';
/** Made for one transfer, with its amount, or printed for many. */
const INITIATION = { dynamic: '12', fixed: '11' } as const;

type Field = readonly [tag: string, value: string];

const VALUE_MAX = 99;

function written(fields: readonly Field[]): string {
  return fields
    .map(([tag, value]) => {
      invariant(value.length > 0 && value.length <= VALUE_MAX, `field ${tag} of the code fits`);
      return `${tag}${String(value.length).padStart(2, '0')}${value}`;
    })
    .join('');
}

/** CRC-16/CCITT-FALSE, four capital hex digits. */
function crcOf(text: string): string {
  let crc = 0xffff;
  for (const character of text) {
    crc ^= character.charCodeAt(0) << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
  }
  return crc.toString(16).toUpperCase().padStart(4, '0');
}

/**
 * The text of a VietQR code (EMV merchant-presented mode, NAPAS 247 to an account), checked before it is written and
 * read back after: what a payer's bank reads is what was asked for, field by field.
 */
export function encodeVietQr(transfer: QrTransfer): Result<string> {
  const { bin, number, amount, purpose } = transfer;
  const bank = checkBank(transfer);
  if (!bank.ok) return bank;
  if (amount !== null && (amount < 1n || amount > AMOUNT_MAX)) return refuse('QR_AMOUNT_INVALID');
  invariant(PURPOSE.test(purpose), 'a purpose is A–Z and 0–9, and short');
  const text = written([
    ['00', VERSION],
    ['01', amount === null ? INITIATION.fixed : INITIATION.dynamic],
    [
      '38',
      written([
        ['00', NAPAS],
        [
          '01',
          written([
            ['00', bin],
            ['01', number],
          ]),
        ],
        ['02', TO_ACCOUNT],
      ]),
    ],
    ['53', VND],
    ...(amount === null ? [] : [['54', String(amount)] as const]),
    ['58', COUNTRY],
    ['62', written([['08', purpose]])],
  ]);
  const whole = `${text}6304${crcOf(`${text}6304`)}`;
  const read = decodeVietQr(whole);
  invariant(
    read !== undefined &&
      read.bin === bin &&
      read.number === number &&
      read.amount === amount &&
      read.purpose === purpose,
    'the code says what it was asked to say',
  );
  return ok(whole);
}

/** Reads the text of a VietQR code to an account; undefined when it is none, or its check sum is wrong. */
export function decodeVietQr(text: string): QrTransfer | undefined {
  if (!/6304[0-9A-F]{4}$/u.test(text) || crcOf(text.slice(0, -4)) !== text.slice(-4)) return undefined;
  const top = fieldsOf(text);
  const account = fieldsOf(top?.get('38') ?? '');
  const payee = fieldsOf(account?.get('01') ?? '');
  const purpose = fieldsOf(top?.get('62') ?? '')?.get('08');
  const [bin, number, amount] = [payee?.get('00'), payee?.get('01'), top?.get('54')];
  const expected =
    top?.get('00') === VERSION &&
    top.get('01') === (amount === undefined ? INITIATION.fixed : INITIATION.dynamic) &&
    top.get('53') === VND &&
    top.get('58') === COUNTRY &&
    account?.get('00') === NAPAS &&
    account.get('02') === TO_ACCOUNT;
  if (!expected || bin === undefined || number === undefined || purpose === undefined) return undefined;
  if (amount !== undefined && !/^[1-9]\d{0,12}$/u.test(amount)) return undefined;
  return { bin, number, amount: amount === undefined ? null : BigInt(amount), purpose };
}

/** Fields by tag; undefined when the text is cut off, or a tag comes twice. */
function fieldsOf(text: string): Map<string, string> | undefined {
  const fields = new Map<string, string>();
  for (let at = 0; at < text.length;) {
    const [tag, length] = [text.slice(at, at + 2), text.slice(at + 2, at + 4)];
    const value = text.slice(at + 4, at + 4 + Number(length));
    if (!/^\d\d$/u.test(length) || value.length !== Number(length) || fields.has(tag)) return undefined;
    fields.set(tag, value);
    at += 4 + value.length;
  }
  return fields;
}
