import { type Result, ok, refuse } from '#kernel';
import { Parser } from 'htmlparser2';
import type { GridRow } from '../domain/read-statement/grid.ts';
import { CELLS_MAX, ROWS_MAX } from './limits.ts';

const LINE_TAGS: ReadonlySet<string> = new Set(['br', 'p', 'div']);

/**
 * Reads every row of every table of an HTML page, which banks save as `.xls`. Nothing is loaded or run; cells
 * over several columns leave the others blank. A page that ends inside its table is cut off.
 */
export function readHtml(text: string): Result<readonly GridRow[]> {
  const rows: GridRow[] = [];
  let cells: string[] | undefined;
  let cell: string | undefined;
  let span = 1;
  let tables = 0;
  let isCut = false;
  let isWide = false;
  const endCell = (): void => {
    if (cell === undefined || cells === undefined) return;
    cells.push(cell.replace(/[\s\u00a0]+/g, ' ').trim(), ...Array.from({ length: span - 1 }, () => ''));
    isWide ||= cells.length > CELLS_MAX;
    cell = undefined;
  };
  const endRow = (): void => {
    endCell();
    if (cells && rows.length <= ROWS_MAX && !isWide) rows.push({ row: rows.length + 1, cells });
    cells = undefined;
  };
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        if (name === 'table') tables += 1;
        if (name === 'tr') {
          endRow();
          cells = [];
        }
        if (name === 'td' || name === 'th') {
          endCell();
          cell = '';
          span = Math.min(Math.max(1, Number.parseInt(attributes['colspan'] ?? '1', 10) || 1), CELLS_MAX);
        }
        if (LINE_TAGS.has(name) && cell !== undefined) cell += ' ';
      },
      ontext: (part) => {
        if (cell !== undefined) cell += part;
      },
      onclosetag: (name, isImplied) => {
        if (name === 'td' || name === 'th') endCell();
        if (name === 'tr') endRow();
        if (name === 'table') {
          tables -= 1;
          isCut ||= isImplied;
        }
      },
    },
    { decodeEntities: true },
  );
  parser.end(text);
  if (isCut || tables !== 0) return refuse('STATEMENT_TRUNCATED');
  if (isWide) return refuse('STATEMENT_TOO_LARGE', { limit: `${CELLS_MAX} columns` });
  if (rows.length > ROWS_MAX) return refuse('STATEMENT_TOO_LARGE', { limit: `${ROWS_MAX} rows` });
  const formula = rows.find((row) => row.cells.some((one) => typeof one === 'string' && one.startsWith('=')));
  if (formula) return refuse('STATEMENT_FORMULA', { row: String(formula.row) });
  return rows.length === 0 ? refuse('STATEMENT_NOT_A_TABLE') : ok(rows);
}
