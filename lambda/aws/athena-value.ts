/** Athena's texts as the values that the embedded engine returns for the same columns. */

import { toValue, type Value } from '../../analytics/result';
import type { QueryRun } from './run-query';

const integers = /^(tinyint|smallint|integer|int|bigint)$/;
const numbers = /^(real|float|double|decimal)/;

export interface AthenaRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

export function athenaRows({ columns, rows }: Pick<QueryRun, 'columns' | 'rows'>): AthenaRows {
  return {
    columns: columns.map(({ name }) => name),
    rows: rows.map((row) => row.map((text, at) => athenaValue(text, columns[at]?.type ?? ''))),
  };
}

/** `type` is Athena's word, such as `bigint`, `decimal(38,2)` or `timestamp(3)`. */
export function athenaValue(text: string | null, type: string): Value {
  if (text === null) return null;
  if (integers.test(type)) return toValue(BigInt(text));
  if (numbers.test(type)) return toValue(Number(text));
  if (type === 'boolean') return text === 'true';
  if (type === 'date') return isoOf(text);
  if (type.startsWith('timestamp')) return isoOf(text.replace(/ UTC$/, ''));
  return text;
}

/** Times of other zones than UTC stay as they are written. */
function isoOf(text: string): string {
  const time = Date.parse(`${text.replace(' ', 'T')}${text.includes(' ') ? 'Z' : ''}`);
  return Number.isNaN(time) ? text : new Date(time).toISOString();
}
