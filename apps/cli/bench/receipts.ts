import { randomFillSync } from 'node:crypto';

const DONORS = 200;
const DAY_MS = 86_400_000;
/** Days that an entry may be older than the day it is recorded on. */
const LATE_DAYS = 14;

/** A version 7 UUID (RFC 9562): the time first, so that ids arrive nearly in order, as clients' keys do. */
export function uuidV7(): string {
  const bytes = randomFillSync(Buffer.allocUnsafe(16));
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const fundId = (index: number): string => `bench-${index}`;
export const donorId = (index: number): string => `donor-${index}`;
/** The fiscal year of the bench: the last whole one, so that no date is in the future. */
export const YEAR = new Date().getUTCFullYear() - 1;
export const DONOR_COUNT = DONORS;
/** Every tenth gift is for one beneficiary, and so in a pool of its own. */
export const BENEFICIARY_COUNT = 200;
export const beneficiaryId = (index: number): string => `be-${index}`;

/** A receipt like those a provincial fund enters: days run through the year, some are entered late. */
export function receiptBody(fund: string, index: number, total: number): string {
  const dayOfYear = Math.max(0, Math.floor((index / total) * 365) - (index % LATE_DAYS));
  const day = new Date(Date.UTC(YEAR, 0, 1) + dayOfYear * DAY_MS).toISOString().slice(0, 10);
  const amount = 20_000 + (index % 500) * 10_000;
  const restriction =
    index % 10 === 0
      ? `,"restriction":{"beneficiary":"${beneficiaryId((index / 10) % BENEFICIARY_COUNT)}"}`
      : '';
  return (
    `{"fund":"${fund}","account":"nh-1","source":"voluntary","commodity":"VND","amount":"${amount}",` +
    `"donor":"${donorId(index % DONORS)}","effectiveOn":"${day}"${restriction}}`
  );
}

/** A command as raw HTTP/1.1 bytes on a connection that stays open. */
export const postRequest = (path: string, body: string, key: string): string =>
  `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n` +
  `idempotency-key: ${key}\r\nlalanh-actor: ke-toan\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
