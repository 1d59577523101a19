import type { ResultColumn } from '../panels/panel';
import type { Value } from '../result';

/** Rows as CSV (RFC 4180): names first, moments as ISO 8601 in UTC. */
export function csvOf(
  columns: readonly ResultColumn[],
  rows: readonly (readonly Value[])[],
): string {
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => columns.map(cellOf(row)))];
  return `${lines.map((cells) => cells.map(quoted).join(',')).join('\r\n')}\r\n`;
}

function cellOf(row: readonly Value[]): (column: ResultColumn, place: number) => string {
  return ({ type, restName }, place) => {
    const value = row[place] ?? null;
    if (value === null) return restName ?? '';
    if (typeof value === 'string') return harmless(value);
    if (type === 'timestamp' && typeof value === 'number') return new Date(value).toISOString();
    return String(value);
  };
}

/**
 * Spreadsheets take text that starts like this for a formula, some also in full width; the quote in
 * front says that it is text.
 */
function harmless(text: string): string {
  return /^[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]/.test(text) ? `'${text}` : text;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
