import type { RefusalTable } from '#kernel';
import { fillIn } from '#platform';
import type { CellRefusal, Kind } from './files/kind.ts';
import { importRefusals } from './files/refusals.ts';

/** The texts of a refusal; `next` says what to do. */
export interface Explained {
  readonly code: string;
  readonly column: string | null;
  readonly vi: string;
  readonly en: string;
  readonly nextVi: string;
  readonly nextEn: string;
}

/** A refusal in both languages, with the column it points at. */
export function explain(
  { code, details, column }: CellRefusal,
  kind: Kind | undefined,
  refusals: RefusalTable,
): Explained {
  // A cell is refused by the words for cells; a command by the words of its capability.
  const text = (column === null ? refusals[code] : undefined) ?? importRefusals[code] ?? refusals[code];
  const title = column === null ? undefined : kind?.columns[column];
  return {
    code,
    column: title ? `${title.vi} / ${title.en}` : null,
    vi: fillIn(text?.vi ?? code, details),
    en: fillIn(text?.en ?? code, details),
    nextVi: fillIn(text?.nextVi ?? '', details),
    nextEn: fillIn(text?.nextEn ?? '', details),
  };
}
