import { createHmac, hash } from 'node:crypto';
import type { Vault } from '#privacy';
import type { ReadLine } from '../domain/statement.ts';
import { squeeze } from '../domain/words.ts';

/** Hex digits of a line's id: 128 bits. */
const ID_CHARS = 32;

/** A UUID (v8) made from a text, the same one for the same text. */
export function uuidFrom(text: string): string {
  const hex = hash('sha256', text, 'hex');
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) & 3] ?? '8';
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * The secret by which line ids of an account are made. Ids stand in events; made without a secret, they would let
 * anyone test guesses of a narrative. The vault answers the same commitment for the same words, salted with bytes
 * that never leave it: that commitment, which no event holds, is the secret.
 */
export async function lineKey(vault: Vault, account: string): Promise<string> {
  const { key = '' } = await vault.put(uuidFrom(`lalanh/bank-line-key/${account}`), {
    key: `bank ${account}`,
  });
  return key;
}

/** Id of a file's statement of an account. */
export const statementId = (file: string, account: string, index: number): string =>
  hash('sha256', `${file}/${account}/${index}`, 'hex').slice(0, ID_CHARS);

/**
 * The ids of the lines of a statement, in their order: what the bank says of a line (day, money, text, the balance
 * after it), and among lines that say the same the how manieth of the day it is. So a line has one id in every file
 * that covers its day, and two equal lines of a day have two. A document number alone never identifies.
 */
export function lineIds(key: string, account: string, lines: readonly ReadLine[]): string[] {
  const seen = new Map<string, number>();
  return lines.map(
    ({ bookedOn, valueOn, amount, direction, balance, narrative, counterparty, uniqueRef }) => {
      const told =
        uniqueRef === null
          ? [valueOn, balance === null ? '' : String(balance), squeeze(`${narrative} ${counterparty ?? ''}`)]
          : ['ref', uniqueRef];
      const text = JSON.stringify([account, bookedOn, String(amount), direction, ...told]);
      const occurrence = seen.get(text) ?? 0;
      seen.set(text, occurrence + 1);
      return createHmac('sha256', key).update(`${text}\n${occurrence}`).digest('hex').slice(0, ID_CHARS);
    },
  );
}
