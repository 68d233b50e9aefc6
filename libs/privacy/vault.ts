import { hash } from 'node:crypto';

/** Hex SHA-256 over field name, salt and text (see {@link commit}): what an event keeps instead of the text. */
export type Commitment = string;

/** Commitments by the name of their field. */
export type Commitments = Readonly<Record<string, Commitment>>;

/**
 * Where names, free texts and files live: beside the log, never in it. Sealing per person comes behind this
 * same interface. Nothing here ever logs a text. Rejects with {@link VaultUnavailableError} where the vault
 * can not be reached now; then what was to be kept may be kept or not, and may be put again.
 */
export interface Vault {
  /**
   * Keeps the texts of one command and answers their commitments, durable when it answers. The same command,
   * field and text give the same commitment again, whoever puts it and also when two put it at once; another
   * text gives another one, so that the body differs.
   */
  put(commandId: string, fields: Readonly<Record<string, string>>): Promise<Commitments>;
  /** What `put` would answer, keeping nothing. New texts get a commitment that is not given again. */
  preview(commandId: string, fields: Readonly<Record<string, string>>): Promise<Commitments>;
  /**
   * Takes back one `put` of each, for a command that was refused. A text goes with the last of its puts: an
   * attempt that is refused takes nothing from another attempt at the same command, on whatever instance.
   */
  forget(commitments: readonly Commitment[]): Promise<void>;
  /** The text, undefined when it is not (or no longer) kept. Rejects when it is not the one committed to. */
  get(commitment: Commitment): Promise<string | undefined>;
  /** Keeps a file under the SHA-256 of its bytes and answers that; durable when it answers. Throws `RangeError`. */
  putFile(bytes: Uint8Array): Promise<string>;
  /** The file's bytes, undefined when it is not kept. Rejects when they are not those it is named by. */
  getFile(sha256: string): Promise<Uint8Array | undefined>;
  /** Makes what was put durable and closes; nothing may be called afterwards. */
  close(): Promise<void>;
}

/** The vault does not answer now; the same call may succeed later. */
export class VaultUnavailableError extends Error {
  override readonly name = 'VaultUnavailableError';
}

/** Bytes of one evidence file: a scanned list or a photo, not a film. */
export const FILE_BYTES_MAX = 25 * 1024 * 1024;

/** Bytes of the salt of one text. */
export const SALT_BYTES = 32;

const SHA256_HEX = /^[0-9a-f]{64}$/;

/** True for the name of a file or a commitment; anything else is not looked for. */
export const isHash = (name: string): boolean => SHA256_HEX.test(name);

/** The commitment to a text (integrity: the salt is kept with the text, so both go together). */
export const commit = (field: string, salt: Uint8Array, text: string): Commitment =>
  hash('sha256', Buffer.concat([Buffer.from(`la-lanh/pii/v1\n${field}\n`), salt, Buffer.from(text)]), 'hex');

/** The name of a file: the hash of its bytes. Throws `RangeError` when it is longer than {@link FILE_BYTES_MAX}. */
export function fileName(bytes: Uint8Array): string {
  if (bytes.byteLength > FILE_BYTES_MAX) throw new RangeError(`a file holds at most ${FILE_BYTES_MAX} bytes`);
  return hash('sha256', bytes, 'hex');
}

/** The text, when it is the one that was committed to. Throws otherwise: damage is never served. */
export function committedText(commitment: Commitment, field: string, salt: Uint8Array, text: string): string {
  if (commit(field, salt, text) === commitment) return text;
  throw new Error(`the vault holds another text for ${commitment}`);
}

/** The bytes, when they are those that the file is named by. Throws otherwise: damage is never served. */
export function namedBytes<Bytes extends Uint8Array>(name: string, bytes: Bytes): Bytes {
  if (hash('sha256', bytes, 'hex') === name) return bytes;
  throw new Error(`the vault holds other bytes for ${name}`);
}
