/** Rows of `access` as columns, which go into a file whenever a group of them is full. */

import { accessColumns, type ColumnType } from '../../analytics/schema';
import { type Column, MAX_GROUP_ROWS } from '../parquet/column';
import { NumberColumn } from '../parquet/number-column';
import { ParquetFile } from '../parquet/parquet-file';
import { TextColumn } from '../parquet/text-column';
import { DerivedNumbers } from './derived-numbers';

/** Bytes of the lines whose rows are kept until the group is full. */
const MAX_GROUP_BYTES = 160 * 1024 * 1024;

/** Each has four bytes for each text of a column, which are 256 KB at most. */
const MAX_DERIVED = 64;

const makers: { readonly [Type in ColumnType]?: (name: string) => Column } = {
  string: (name) => new TextColumn(name),
  bigint: (name) => new NumberColumn(name, false),
  timestamp: (name) => new NumberColumn(name, true),
};

export class RowTable {
  /** Which row of the group is being filled. */
  row = 0;
  readonly #columns: ReadonlyMap<string, Column>;
  #derived = 0;
  #bytes = 0;
  #file: ParquetFile | undefined;

  constructor() {
    this.#columns = new Map(accessColumns.map(({ name, type }) => [name, columnOf(name, type)]));
  }

  column(name: string): Column | undefined {
    return this.#columns.get(name);
  }

  /** For the lines of a shape; undefined where lines have so many shapes that this would take the memory. */
  derivedNumbers(source: TextColumn, target: TextColumn): DerivedNumbers | undefined {
    if (this.#derived === MAX_DERIVED) return undefined;
    this.#derived++;
    return new DerivedNumbers(source, target);
  }

  /** Where rows go from now on, until `end`. */
  begin(path: string): void {
    this.#file = new ParquetFile(path, [...this.#columns.values()]);
  }

  /** Ends a row that is filled, made of so many bytes. */
  endRow(bytes: number): void {
    this.row++;
    this.#bytes += bytes;
    if (this.row === MAX_GROUP_ROWS || this.#bytes > MAX_GROUP_BYTES) this.#endGroup();
  }

  /** Takes back what is in the row. */
  undoRow(): void {
    for (const column of this.#columns.values()) column.undo(this.row);
  }

  /** Ends the file. */
  end(): void {
    this.#endGroup();
    this.#file?.end();
    this.#file = undefined;
  }

  /** Leaves the file as it is. */
  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #endGroup(): void {
    if (this.row > 0) this.#file?.addGroup(this.row);
    this.row = 0;
    this.#bytes = 0;
  }
}

function columnOf(name: string, type: ColumnType): Column {
  const make = makers[type];
  if (!make) throw new Error(`no lines have ${type} in ${name}`);
  return make(name);
}
