/** A DuckDB database in memory with the relations and macros of the engine, for tests of SQL. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { CHANGES, changeColumns } from '../../analytics/audit/changes';
import { duckdbPrelude } from '../../analytics/dialect';
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
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  for (const statement of duckdbPrelude) await connection.run(statement);
  const folder = mkdtempSync(join(tmpdir(), 'access-rows-'));
  const fill = async (
    table: string,
    columns: readonly { name: string; type: ColumnType }[],
    values: readonly AccessRow[],
  ) => {
    const types = columns.map(({ name, type }) => `"${name}" ${duckdbTypes[type]}`);
    await connection.run(`create table ${table} (${types.join(', ')})`);
    // Inserting one row after another takes ten times as long.
    const file = join(folder, `${table}.json`);
    writeFileSync(file, values.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const read = columns.map(({ name, type }) => `"${name}": '${duckdbTypes[type]}'`);
    const names = columns.map(({ name }) => `"${name}"`).join(', ');
    await connection.run(`insert into ${table} select ${names}
      from read_json('${file}', format = 'newline_delimited', columns = {${read.join(', ')}})`);
  };
  await fill('access', accessColumns, rows);
  await fill(CHANGES, changeColumns, changes);
  rmSync(folder, { recursive: true });
  // As the engine has it: duplicates are removed once.
  await connection.run(`create table requests as ${requestsSql()}`);
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
