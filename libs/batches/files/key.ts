import { hash } from 'node:crypto';
import type { Uuid } from '#kernel';

/**
 * The key of the command that one step of a row becomes: a UUID v8 (RFC 9562) out of SHA-256 over kind, ref
 * and step. The same row always asks with the same key, so the ledger answers a second import from memory.
 */
export function stepKey(kind: string, ref: string, step: string): Uuid {
  const digest = hash('sha256', `la-lanh/import/v1\n${kind}\n${ref}\n${step}`, 'hex');
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    variant + digest.slice(17, 20),
    digest.slice(20, 32),
  ].join('-');
}
