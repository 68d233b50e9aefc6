import { type Result, ok, refuse } from '#kernel';
import { decodeText } from '#sheets';
import type { SheetRow } from './csv.ts';

/**
 * Rows as NDJSON: an object a line, its members named by column headers in either language, its values texts (or
 * whole numbers, which are exact). The first row is the header of all of them; a line that is no such object spoils
 * its own row only.
 */
export function readNdjson(bytes: Uint8Array): Result<readonly SheetRow[]> {
  const text = decodeText(bytes);
  if (!text.ok) return refuse('FILE_NOT_UTF8');
  const objects = text.value.split('\n').map((line, at) => ({ row: at + 1, cells: objectIn(line) }));
  const filled = objects.filter(({ cells }) => cells !== undefined);
  const header = [...new Set(filled.flatMap(({ cells }) => (cells ? Object.keys(cells) : [])))];
  const rows = filled.map(({ row, cells }): SheetRow => ({
    row,
    cells: cells ? header.map((name) => cells[name] ?? '') : null,
  }));
  return ok([{ row: 0, cells: header }, ...rows]);
}

/** The cells of a line; undefined: it is blank; null: it is no row. */
function objectIn(line: string): Readonly<Record<string, string>> | null | undefined {
  if (line.trim() === '') return undefined;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const cells: Record<string, string> = {};
    for (const [name, cell] of Object.entries(value)) {
      if (cell === null) continue;
      const isExact = typeof cell === 'number' && Number.isSafeInteger(cell);
      if (typeof cell !== 'string' && typeof cell !== 'boolean' && !isExact) return null;
      cells[name] = String(cell);
    }
    return cells;
  } catch {
    return null;
  }
}
