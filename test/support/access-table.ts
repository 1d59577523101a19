/** A DuckDB database in memory with the relations `access` and `requests`, for tests of SQL. */

import { DuckDBInstance } from '@duckdb/node-api';
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
export async function accessDatabase(rows: readonly AccessRow[]): Promise<AccessDatabase> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("set TimeZone='UTC'");
  const columns = accessColumns.map(({ name, type }) => `"${name}" ${duckdbTypes[type]}`);
  await connection.run(`create table access (${columns.join(', ')})`);
  const types = accessColumns.map(({ name, type }) => [name, duckdbTypes[type].toUpperCase()]);
  const shape = JSON.stringify([Object.fromEntries(types)]);
  await connection.run(
    `insert into access select one.* from (select unnest(from_json($1::json, '${shape}')) as one)`,
    [JSON.stringify(rows)],
  );
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
