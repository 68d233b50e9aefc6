import { fold, hasWords } from '../words.ts';
import { type GridRow, textOf } from './grid.ts';
import { ANY_BANK, type ColumnField, type Layout } from './layouts.ts';

/** A header row, found by its words. */
export interface Header {
  readonly layout: Layout;
  /** Index of the first row below it. */
  readonly next: number;
  readonly columns: ReadonlyMap<number, ColumnField>;
}

/** Rows of a header at most: a bilingual one, with a merged title above. */
const HEADER_ROWS_MAX = 3;
/** Characters of a cell that can be a title; a sentence with the same words is none. */
const TITLE_CHARS_MAX = 60;

/** A field that a title names, the place of the phrase in its list and how long it is. */
interface Named {
  readonly field: ColumnField;
  readonly rank: number;
  readonly length: number;
}

/** The field that a column's title names in a layout: the one with the longest phrase in it. */
function fieldOf(title: string, { columns }: Layout): Named | undefined {
  let best: Named | undefined;
  for (const [field, phrases] of Object.entries(columns) as [ColumnField, readonly string[]][])
    for (const [rank, phrase] of phrases.entries())
      if (phrase.length > (best?.length ?? 0) && hasWords(title, phrase))
        best = { field, rank, length: phrase.length };
  return best;
}

/** The folded titles of the columns, those of `height` rows joined. */
function titlesAt(rows: readonly GridRow[], at: number, height: number): string[] | undefined {
  const band = rows.slice(at, at + height);
  if (band.length < height) return undefined;
  const width = Math.max(...band.map(({ cells }) => cells.length));
  const titles: string[] = [];
  for (let column = 0; column < width; column += 1) {
    const texts = band.map(({ cells }) => textOf(cells[column]));
    if (texts.some((text) => text.length > TITLE_CHARS_MAX)) return undefined;
    titles.push(fold(texts.join(' ')));
  }
  return titles;
}

/** Fields without which no line can be read: a day, a text and either two columns of money or one with a sign. */
const isWhole = (fields: ReadonlySet<ColumnField>): boolean =>
  fields.has('bookedOn') &&
  fields.has('narrative') &&
  ((fields.has('debit') && fields.has('credit')) || fields.has('amount'));

function columnsOf(titles: readonly string[], layout: Layout): Map<number, ColumnField> | undefined {
  const best = new Map<ColumnField, Named & { readonly column: number }>();
  let second: number | undefined;
  for (const [column, title] of titles.entries()) {
    // What a bank's own layout does not name is still told by the words that any bank uses.
    const named = fieldOf(title, layout) ?? fieldOf(title, ANY_BANK);
    if (named === undefined || named.field === 'ignored') continue;
    const known = best.get(named.field);
    const isDay = named.field === 'bookedOn';
    // `No.` may be an ordinal or “Nợ”: the longer title is the surer one. Of two days the booking day is listed first.
    const better = !known || (isDay ? named.rank < known.rank : named.length > known.length);
    if (isDay && known) second = better ? known.column : column;
    if (better) best.set(named.field, { ...named, column });
  }
  if (!isWhole(new Set(best.keys()))) return undefined;
  const columns = new Map([...best].map(([field, { column }]) => [column, field]));
  if (second !== undefined && !best.has('valueOn')) columns.set(second, 'valueOn');
  return columns;
}

/** True when each field of the layout found a column of its own words: the file is of this layout. */
const fits = (titles: readonly string[], layout: Layout): boolean =>
  Object.keys(layout.columns).every((field) =>
    titles.some((title) => fieldOf(title, layout)?.field === field),
  );

/** The header of `height` rows that begins at row `at`, by the first layout that fits. */
function bandAt(
  rows: readonly GridRow[],
  at: number,
  height: number,
  layouts: readonly Layout[],
): Header | undefined {
  const titles = titlesAt(rows, at, height);
  for (const layout of titles ? layouts : []) {
    if (!titles || (layout.name !== ANY_BANK.name && !fits(titles, layout))) continue;
    const columns = columnsOf(titles, layout);
    if (columns) return { layout, next: at + height, columns };
  }
  return undefined;
}

/** The header that begins at row `at`; none when it would be one without its first row, which then is of the head. */
export function headerAt(
  rows: readonly GridRow[],
  at: number,
  layouts: readonly Layout[],
): Header | undefined {
  for (let height = 1; height <= HEADER_ROWS_MAX; height += 1) {
    const found = bandAt(rows, at, height, layouts);
    if (!found) continue;
    for (let skipped = 1; skipped < height; skipped += 1)
      if (bandAt(rows, at + skipped, height - skipped, layouts)) return undefined;
    return found;
  }
  return undefined;
}
