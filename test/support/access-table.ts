/** A DuckDB database in memory with the relations `access`, `requests` and `changes`, for tests of SQL. */

import { DuckDBInstance } from '@duckdb/node-api';
import { CHANGES, changeColumns } from '../../analytics/audit/changes';
import { requestsSql } from '../../analytics/requests';
import { toValue, type Value } from '../../analytics/result';
import { accessColumns, type ColumnType } from '../../analytics/schema';

export type AccessRow = Readonly<Record<string, Value>>;

export interface AccessDatabase {
  /** The rows that a statement gives, by column. */
  rows(sql: string): Promise<Record<string, Value>[]>;
  run(sql: string): Promise<void>;
  close(): void;
}

/** Columns that a row leaves out are NULL. */
export async function accessDatabase(
  rows: readonly AccessRow[],
  changes: readonly AccessRow[] = [],
): Promise<AccessDatabase> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("set TimeZone='UTC'");
  const fill = async (
    table: string,
    columns: readonly { name: string; type: ColumnType }[],
    values: readonly AccessRow[],
  ) => {
    const types = columns.map(({ name, type }) => `"${name}" ${duckdbTypes[type]}`);
    await connection.run(`create table ${table} (${types.join(', ')})`);
    for (const row of values) {
      const names = Object.keys(row);
      await connection.run(
        `insert into ${table} (${names.map((name) => `"${name}"`).join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
        names.map((name) => row[name] as string),
      );
    }
  };
  await fill('access', accessColumns, rows);
  await fill(CHANGES, changeColumns, changes);
  await connection.run(`create view requests as ${requestsSql()}`);
  return {
    async rows(sql) {
      const reader = await connection.runAndReadAll(sql);
      return reader
        .getRowObjectsJS()
        .map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toValue(value)])),
        );
    },
    run: async (sql) => void (await connection.run(sql)),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

const duckdbTypes: { readonly [Type in ColumnType]: string } = {
  string: 'varchar',
  bigint: 'bigint',
  double: 'double',
  timestamp: 'timestamp',
  boolean: 'boolean',
};
