import { hash } from 'node:crypto';

/**
 * Id of a command's event number `index`: a UUID v8 whose first 48 bits are those of the command id and whose
 * rest is SHA-256 of (command id bytes, index in decimal), so that a retry makes the same ids and, with v7
 * command ids, the index of ids grows at its end instead of all over.
 */
export const eventId = (commandId: string, index: number): string => {
  COMMAND.write(commandId.replaceAll('-', ''), 'hex');
  const given = index === 0 ? FIRST : Buffer.concat([COMMAND, Buffer.from(String(index))]);
  const tail = hash('sha256', given, 'hex');
  return `${commandId.slice(0, 13)}-8${tail.slice(1, 4)}-${variant(tail)}${tail.slice(5, 8)}-${tail.slice(8, 20)}`;
};

// Most commands lead to one event, so its bytes stand ready: 16 of the command and the digit 0.
const FIRST = Buffer.from(`${'\0'.repeat(16)}0`);
const COMMAND = FIRST.subarray(0, 16);

/** The first digit of the fourth group: its top two bits are the variant `10`. */
const variant = (tail: string): string => VARIANTS[Number.parseInt(tail.charAt(4), 16) & 3] ?? '8';
const VARIANTS = ['8', '9', 'a', 'b'];

/** The 16 bytes of a UUID in text. */
export const uuidBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

/** The text of a UUID's 32 hex digits. */
export const uuidText = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
