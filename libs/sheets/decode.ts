import { type Result, ok, refuse } from '#kernel';

const BOMS: readonly (readonly [encoding: string, bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** UTF-8 read as Latin letters and written as UTF-8 again: `Sá»‘ tÃ i khoáº£n`. */
const MOJIBAKE = /[ÃÄ][\u0080-\u00bf‘’“”‚„†‡•…‰‹›™€]|á[º»][\u0080-\u00bf‘’“”‚„†‡•…‰‹›™€]/;

const NOT_READABLE = refuse('SHEET_ENCODING');

/** The text of a file: UTF-8, or UTF-16 with its mark. Nothing is replaced or guessed. */
export function decodeText(bytes: Uint8Array): Result<string> {
  const marked = BOMS.find(([, bom]) => bom.every((byte, i) => bytes[i] === byte));
  try {
    const text = new TextDecoder(marked?.[0] ?? 'utf-8', { fatal: true }).decode(bytes);
    // A text with NUL is binary, or UTF-16 without its mark; U+FFFD says that somebody lost letters before us.
    if (text.includes('\0') || text.includes('\ufffd') || MOJIBAKE.test(text)) return NOT_READABLE;
    return ok(text);
  } catch {
    return NOT_READABLE;
  }
}
