/** Rows of `changes` as a file of Parquet, with the types that the table in Athena has. */

import { parquetWriteBuffer } from 'hyparquet-writer';
import { type Change, recordedColumns } from '../../analytics/audit/changes';
import type { ColumnType } from '../../analytics/schema';

const typeOf: {
  readonly [Type in ColumnType]: 'STRING' | 'INT64' | 'DOUBLE' | 'TIMESTAMP' | 'BOOLEAN';
} = {
  string: 'STRING',
  bigint: 'INT64',
  double: 'DOUBLE',
  timestamp: 'TIMESTAMP',
  boolean: 'BOOLEAN',
};

export function changesParquet(changes: readonly Change[]): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: recordedColumns.map(({ name, type }) => ({
        name,
        type: typeOf[type],
        nullable: true,
        data: changes.map((change) => cellOf(change[name as keyof Change], type)),
      })),
    }),
  );
}

function cellOf(value: Change[keyof Change], type: ColumnType): unknown {
  if (value === null) return null;
  if (type === 'bigint') return BigInt(value);
  return type === 'timestamp' ? new Date(String(value)) : value;
}
