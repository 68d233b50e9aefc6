/** The five tone marks of Vietnamese: grave, acute, tilde, hook above, dot below. */
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/gu;

/**
 * One word with its tone mark moved to the end, because writers put it on different vowels (Hoà/Hòa) and a
 * syllable has one tone only. The marks that make another letter (ê, ơ, ă, đ) stay.
 */
function foldWord(word: string): string {
  const apart = word.normalize('NFD');
  const tone = apart.match(TONES)?.join('') ?? '';
  return apart.replace(TONES, '').normalize('NFC') + tone;
}

/** Leading zeros of a numbered unit go: Phường 01 is Phường 1. */
const foldNumber = (word: string): string => (/^\d+$/.test(word) ? String(Number(word)) : word);

/** Words of a text in lower case without punctuation; Ð (Eth) is a common mistyping of Đ. */
const wordsOf = (text: string): string[] =>
  (
    text
      .normalize('NFC')
      .toLowerCase()
      .replaceAll('ð', 'đ')
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  ).map((word) => foldNumber(foldWord(word)));

/** Kinds of unit that may stand before a name, with their usual abbreviations. */
const UNIT_KINDS: readonly (readonly string[])[] = [
  'Thành phố',
  'Thị trấn',
  'Thị xã',
  'Đặc khu',
  'Phường',
  'Huyện',
  'Quận',
  'Tỉnh',
  'Xã',
  'TP',
  'TT',
  'TX',
].map(wordsOf);

/**
 * A name of a place reduced to what makes two writings the same name: composed letters (NFC), case, place of
 * the tone mark, punctuation and the kind of unit do not count. `Xã Hoà Mục`, `hòa mục` are one; i and y are
 * not made equal (Sĩ/Sỹ), since that would also join names that differ.
 */
export function foldPlaceName(name: string): string {
  const words = wordsOf(name);
  const kind = UNIT_KINDS.find(
    (prefix) => prefix.length < words.length && prefix.every((word, i) => words[i] === word),
  );
  return words.slice(kind?.length ?? 0).join(' ');
}
