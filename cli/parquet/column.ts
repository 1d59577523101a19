/** A column of the rows that are gathered for one row group of a Parquet file. */

import type { ColumnMetaData, SchemaElement, Statistics } from 'hyparquet';
import type { ByteSource } from './byte-source';

/** At most in a group: as many as DuckDB hands to one thread. */
export const MAX_GROUP_ROWS = 122_880;

/** What the values of a group are written as. */
export interface Values {
  readonly dictionary?: { readonly bytes: Uint8Array; readonly size: number };
  readonly encoding: 'PLAIN' | 'RLE_DICTIONARY';
  readonly bytes: Uint8Array;
  readonly statistics?: Statistics;
}

const NOTHING = new Uint8Array();

export abstract class Column {
  readonly name: string;
  /** By row of the group: 1 where there is a value, NULL elsewhere. Empty until there is one. */
  present: Uint8Array = NOTHING;
  /** How many rows of the group have a value. */
  count = 0;

  constructor(name: string) {
    this.name = name;
  }

  abstract readonly type: ColumnMetaData['type'];
  abstract readonly element: SchemaElement;

  /** A value as UTF-8, at most one a row. */
  abstract add(row: number, from: ByteSource, start: number, end: number): void;
  abstract addText(row: number, text: string): void;
  abstract values(): Values;

  /** Takes back the value of a row, if it has one: the last that was added. */
  undo(row: number): void {
    if (this.present[row] !== 1) return;
    this.present[row] = 0;
    this.count--;
  }

  /** Begins another group. */
  clear(): void {
    if (this.count > 0) this.present.fill(0);
    this.count = 0;
  }

  /** Takes the memory for values. A log fills a third of all columns, and the others take none. */
  protected begin(): void {
    this.present = new Uint8Array(MAX_GROUP_ROWS);
  }
}
