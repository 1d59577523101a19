/**
 * Tables of a test's Athena in DuckDB: objects of a bucket are read once each, as what they are, and tables
 * are filled anew only where an object has gone or changed.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { duckdbPrelude, exactPercentilesMacro } from '../../analytics/dialect';

/** A table as Glue describes it. */
export interface ServedTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly format: 'json' | 'parquet';
  /** `s3://bucket/logs/`; folders of JSON tables are projected, those of Parquet tables are added. */
  readonly location: string;
}

/** An object with the partition that it is in. */
export interface TableObject {
  readonly key: string;
  readonly body: Buffer;
  readonly day: string;
  readonly hour: number;
}

/** How many bytes are read of a table by who uses these columns. */
type SizeOf = (used: ReadonlySet<string>) => number;

interface Loaded {
  readonly table: ServedTable;
  readonly objects: Map<string, { readonly object: TableObject; readonly size: SizeOf }>;
}

/** Trino's functions that DuckDB spells otherwise, beyond those of the dialect; for the views only. */
const macros = [
  'create or replace macro from_iso8601_timestamp(s) as cast(s as timestamptz)',
  `create or replace macro trino_regexp_replace(s, p, r) as regexp_replace(s, p, replace(r, '$1', '\\1'), 'g')`,
  `create or replace macro parse_datetime(s, f) as strptime(s, '%d/%b/%Y:%H:%M:%S %z')`,
];

export class LoadedTables {
  readonly connection: DuckDBConnection;
  readonly #database: string;
  readonly #tables = new Map<string, Loaded>();
  readonly #views = new Map<string, string>();

  private constructor(connection: DuckDBConnection, database: string) {
    this.connection = connection;
    this.#database = database;
  }

  /** Macros in the main schema, tables and views in that of the database: both are looked through. */
  static async open(database: string): Promise<LoadedTables> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    for (const sql of [...duckdbPrelude, exactPercentilesMacro, ...macros])
      await connection.run(sql);
    await connection.run(`create schema "${database}"`);
    await connection.run(`set search_path = '${database},main'`);
    return new LoadedTables(connection, database);
  }

  /** Makes the table be there, with these objects where they are given. */
  async table(table: ServedTable, objects: readonly TableObject[] | undefined): Promise<SizeOf> {
    let loaded = this.#tables.get(table.name);
    const isLeft = ({ key, body, day }: TableObject) => {
      const known = loaded?.objects.get(key)?.object;
      return known?.body === body && known.day === day;
    };
    const isGrown = objects === undefined || objects.filter(isLeft).length === loaded?.objects.size;
    if (loaded?.table !== table || !isGrown) {
      await this.connection.run(createTable(this.#nameOf(table.name), table));
      loaded = { table, objects: new Map() };
      this.#tables.set(table.name, loaded);
    }
    const { objects: known } = loaded;
    await this.#insert(table, known, objects?.filter(({ key }) => !known.has(key)) ?? []);
    return (used) => [...known.values()].reduce((sum, { size }) => sum + size(used), 0);
  }

  async view(name: string, sql: string): Promise<void> {
    if (this.#views.get(name) === sql) return;
    const translated = sql.replaceAll('regexp_replace(', 'trino_regexp_replace(');
    await this.connection.run(`create or replace view ${this.#nameOf(name)} as ${translated}`);
    this.#views.set(name, sql);
  }

  close(): void {
    this.connection.closeSync();
  }

  async #insert(table: ServedTable, known: Loaded['objects'], objects: readonly TableObject[]) {
    if (objects.length === 0) return;
    const folder = mkdtempSync(join(tmpdir(), 'athena-'));
    try {
      for (const [index, object] of objects.entries()) {
        const { key, body } = object;
        const ending = table.format === 'json' && body[0] === 0x1f ? '.json.gz' : '';
        const file = join(folder, `${index}${ending}`);
        writeFileSync(file, body);
        const { rows, size } =
          table.format === 'json'
            ? jsonObject(file, table, object)
            : await this.#parquetObject(file, table, object);
        await this.connection.run(`insert into ${this.#nameOf(table.name)} by name ${rows}`);
        known.set(key, { object, size });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** Columns are found by their names: what the file does not have is NULL, what the table does not have is left. */
  async #parquetObject(file: string, { columns }: ServedTable, { day }: TableObject) {
    const chunks = await this.connection.runAndReadAll(
      `select path_in_schema, total_compressed_size from parquet_metadata('${file}')`,
    );
    const sizes = chunks.getRowsJson().map(([name, size]) => [String(name), Number(size)] as const);
    const there = new Set(sizes.map(([name]) => name));
    const names = columns.filter(({ name }) => there.has(name)).map(({ name }) => `"${name}"`);
    const size: SizeOf = (used) =>
      sizes.reduce((sum, [name, bytes]) => sum + (used.has(name) ? bytes : 0), 0);
    return {
      rows: `select ${[...names, `date '${day}' as day`].join(', ')} from read_parquet('${file}', hive_partitioning = false)`,
      size,
    };
  }

  #nameOf(name: string): string {
    return `"${this.#database}"."${name}"`;
  }
}

function createTable(name: string, { columns, format }: ServedTable): string {
  const declared = columns.map((column) => `"${column.name}" ${duckdbType(column.type)}`);
  const partitions = format === 'json' ? ['day date', 'hour integer'] : ['day date'];
  return `create or replace table ${name} (${[...declared, ...partitions].join(', ')})`;
}

function jsonObject(file: string, { columns }: ServedTable, { body, day, hour }: TableObject) {
  const declared = columns.map(({ name, type }) => `'${name}': '${duckdbType(type)}'`).join(', ');
  return {
    rows: `select *, date '${day}' as day, ${hour} as hour from read_json('${file}', format = 'newline_delimited', hive_partitioning = false, columns = {${declared}})`,
    size: () => body.length,
  };
}

function duckdbType(hiveType: string): string {
  return hiveType === 'string' ? 'varchar' : hiveType;
}
