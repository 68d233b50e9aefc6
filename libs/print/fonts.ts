import { createRequire } from 'node:module';
import { type Font, type Glyph, type GlyphPosition, type GlyphRun, openSync } from 'fontkit';

/** Faces that documents are set in. */
export const FACES = ['regular', 'bold', 'italic'] as const;
export type Face = (typeof FACES)[number];

export interface Style {
  /** `regular` when absent. */
  readonly face?: Face;
  /** Points. */
  readonly size: number;
}

const { resolve } = createRequire(import.meta.url);
const FAMILY = '@expo-google-fonts/tinos';

/**
 * Files of the font (Tinos, OFL 1.1): the widths of Times New Roman, which Vietnamese offices write in (Decree
 * 30/2020/NĐ-CP, appendix I), with every Vietnamese letter.
 */
const FONT_FILES: Readonly<Record<Face, string>> = {
  regular: resolve(`${FAMILY}/400Regular/Tinos_400Regular.ttf`),
  bold: resolve(`${FAMILY}/700Bold/Tinos_700Bold.ttf`),
  italic: resolve(`${FAMILY}/400Regular_Italic/Tinos_400Regular_Italic.ttf`),
};

/** Widths of the letters of a face in ems, by code point; what is not in it the font can not show. */
export type Widths = ReadonlyMap<number, number>;

let known: Readonly<Record<Face, Widths>> | undefined;

let opened: Readonly<Record<Face, Font>> | undefined;

/** The faces, opened once: reading their tables costs more than setting a page. Nothing that uses them changes them. */
export function openFonts(): Readonly<Record<Face, Font>> {
  opened ??= Object.fromEntries(FACES.map((face) => [face, openFont(FONT_FILES[face])])) as Record<
    Face,
    Font
  >;
  return opened;
}

function openFont(file: string): Font {
  const font = openSync(file);
  if (!('glyphForCodePoint' in font)) throw new Error('the font file holds one font');
  return withoutShaping(font);
}

/**
 * The font with a layout of one glyph for each letter. Text here is in NFC, so Vietnamese needs no more; without
 * kerning digits stand below each other ("11" would be narrower), and a text is as wide as its letters.
 */
function withoutShaping(font: Font): Font {
  const glyphs = new Map<number, Glyph>();
  const glyphOf = (code: number): Glyph => {
    let glyph = glyphs.get(code);
    if (glyph === undefined) glyphs.set(code, (glyph = font.glyphForCodePoint(code)));
    return glyph;
  };
  const layout = (text: string): Pick<GlyphRun, 'glyphs' | 'positions' | 'advanceWidth'> => {
    const run: Glyph[] = [];
    const positions: GlyphPosition[] = [];
    let advanceWidth = 0;
    for (const letter of text) {
      const glyph = glyphOf(letter.codePointAt(0) ?? 0);
      const xAdvance = glyph.advanceWidth;
      run.push(glyph);
      // The library scales these in place.
      positions.push({ xAdvance, yAdvance: 0, xOffset: 0, yOffset: 0 });
      advanceWidth += xAdvance;
    }
    return { glyphs: run, positions, advanceWidth };
  };
  return Object.create(font, { layout: { value: layout } }) as Font;
}

/** Widths of every letter of every face. */
export function fontWidths(): Readonly<Record<Face, Widths>> {
  known ??= Object.fromEntries(FACES.map((face) => [face, widthsIn(openFonts()[face])])) as Record<
    Face,
    Widths
  >;
  return known;
}

const widthsIn = (font: Font): Widths =>
  new Map(
    font.characterSet.map((code) => [code, font.glyphForCodePoint(code).advanceWidth / font.unitsPerEm]),
  );

/** Points that a text is wide. */
export function textWidth(text: string, { face = 'regular', size }: Style): number {
  const own = fontWidths()[face];
  let ems = 0;
  for (const letter of text) ems += own.get(letter.codePointAt(0) ?? 0) ?? 0;
  return ems * size;
}

/** Stands for a letter that the font has not. */
export const UNSHOWN = '□';

/** Breaks, tabs and the like are spaces on paper. */
const BLANKS = /[\p{Cc}\p{Zl}\p{Zp}\p{Zs}]+/gu;
/** Marks that are not seen but turn the order of letters round, or hide in a name. */
const UNSEEN = /[\p{Cf}\p{Cs}]/gu;

/** What every font has and needs no look: most cells of a book. */
const PLAIN = /^[!-~]+$/;

/**
 * Text as it can be set: in NFC, so that every Vietnamese letter is one glyph and comes back whole when it is copied
 * out of the file, on one line, without unseen marks, {@link UNSHOWN} for what the font has not.
 */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text;
  const clean = text.normalize('NFC').replace(UNSEEN, '').replace(BLANKS, ' ').trim();
  const { regular, bold, italic } = fontWidths();
  let shown = '';
  for (const letter of clean) {
    const code = letter.codePointAt(0) ?? 0;
    shown += regular.has(code) && bold.has(code) && italic.has(code) ? letter : UNSHOWN;
  }
  return shown;
}

/** Cuts a text into lines of at most this width; a word that is longer is cut where it must be. At least one line. */
export function wrapText(given: string, limit: number, style: Style): readonly string[] {
  const text = printable(given);
  const fits = (part: string): boolean => textWidth(part, style) <= limit;
  if (fits(text)) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (fits(joined)) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (!fits(line) && [...line].length > 1) {
      const cut = fitting(line, fits);
      lines.push(line.slice(0, cut));
      line = line.slice(cut);
    }
  }
  return [...lines, line];
}

/** How much of a word goes on one line: at least one letter, none of two units in half. */
function fitting(word: string, fits: (part: string) => boolean): number {
  let size = 0;
  for (const letter of word) {
    if (size > 0 && !fits(word.slice(0, size + letter.length))) break;
    size += letter.length;
  }
  return size;
}
