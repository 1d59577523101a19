/**
 * The embedded engine. DuckDB is not part of the package, since it is 70 MB that only reports need:
 * who asks for a report without it gets an error that says how to add it.
 *
 * It works offline: it fetches no extension, and once the rows are named it can reach no other file.
 */

import { mkdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { CHANGES, changeColumns } from '../../analytics/audit/changes';
import type { ManyRows } from '../../analytics/cubes/build';
import type { ColumnarRows } from '../../analytics/cubes/from-rows';
import {
  duckdbPrelude,
  duckdbSettings,
  exactPercentilesMacro,
  literal,
} from '../../analytics/dialect';
import { isReadable } from '../../analytics/requests';
import { toValue, type Value } from '../../analytics/result';
import { accessColumnNames, relations } from '../../analytics/schema';
import { UsageError } from '../usage-error';
import { checkTree, explainedStatement, notSelect, sqlFault } from './user-statement';

export interface QueryResult {
  /** The names of the columns. */
  readonly columns: readonly string[];
  /** DuckDB's names of their types. */
  readonly types: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

export interface DatabaseOptions {
  /** Where what does not fit into memory goes; made where it is not there. */
  readonly spillFolder: string;
  /** What DuckDB may take. @default - half of the machine's memory, 1 GB at most */
  readonly memoryBytes?: number;
  /** @default - all cores */
  readonly threads?: number;
}

const MAX_MEMORY_BYTES = 1e9;
/** Rows of which percentiles are exact: their values, which DuckDB does not count as memory, take some 80 MB. */
const MAX_EXACT_ROWS = 5_000_000;
/** The length, about, of all values as text: more cannot become one text of JSON. */
const MAX_ANSWER_LENGTH = 2 ** 28;

/** A database in memory that fetches nothing. */
export class Database implements ManyRows {
  /** What it may take. */
  readonly memoryBytes: number;
  readonly #instance: DuckDBInstance;
  /** Kept rows belong to this database alone. */
  readonly #connection: DuckDBConnection;
  /** Answers statements while what is kept is being made. */
  readonly #other: DuckDBConnection;

  static async open({ spillFolder, memoryBytes, threads }: DatabaseOptions): Promise<Database> {
    const duckdb = await loadDuckDb();
    mkdirSync(spillFolder, { recursive: true });
    const bytes = Math.floor(memoryBytes ?? Math.min(totalmem() / 2, MAX_MEMORY_BYTES));
    const instance = await duckdb.DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      memory_limit: `${bytes}B`,
      temp_directory: spillFolder,
      threads: String(threads ?? availableParallelism()),
      preserve_insertion_order: 'false',
    });
    const connections = [await instance.connect(), await instance.connect()] as const;
    const database = new Database(bytes, instance, connections);
    for (const statement of duckdbPrelude) await database.run(statement);
    // Macros are for all connections, these for one.
    for (const setting of duckdbSettings) await connections[1].run(setting);
    return database;
  }

  private constructor(
    memoryBytes: number,
    instance: DuckDBInstance,
    [connection, other]: readonly [DuckDBConnection, DuckDBConnection],
  ) {
    this.memoryBytes = memoryBytes;
    this.#instance = instance;
    this.#connection = connection;
    this.#other = other;
  }

  /** For this project's own statements. */
  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  query(sql: string): Promise<QueryResult> {
    return answerOf(this.#other, sql);
  }

  async keep(name: string, sql: string): Promise<number> {
    await this.run(`create or replace temp table "${name}" as ${sql}`);
    const { rows } = await answerOf(this.#connection, `select count(*) from "${name}"`);
    return Number(rows[0]?.[0]);
  }

  /**
   * The result as columns of text and numbers. No rows and texts are made, which would take as long as to
   * find them.
   */
  async columns(kept: string, statement: (from: string) => string): Promise<ColumnarRows> {
    const described = await answerOf(
      this.#connection,
      `select column_name, column_type from (describe "${kept}")`,
    );
    const all = new Map<string, readonly string[] | undefined>();
    for (const [name, type] of described.rows) {
      all.set(
        String(name),
        type === 'VARCHAR' ? await this.#textsOf(kept, String(name)) : undefined,
      );
    }
    const columns = Array.from(all, ([name, texts]) =>
      texts
        ? `coalesce(enum_code("${name}"::"${kept}_${name}")::integer, -1) as "${name}"`
        : `"${name}"::double as "${name}"`,
    );
    const result = await this.#connection.run(
      statement(`(select ${columns.join(', ')} from "${kept}")`),
    );
    const names = result.columnNames();
    const values: (number | null)[][] = names.map(() => []);
    for (;;) {
      const chunk = await result.fetchChunk();
      const count = chunk?.rowCount ?? 0;
      if (!chunk || count === 0) break;
      for (const [place, column] of values.entries()) {
        const vector = chunk.getColumnVector(place);
        for (let row = 0; row < count; row++) column.push(vector.getItem(row) as number | null);
      }
    }
    return {
      names,
      rowCount: values[0]?.length ?? 0,
      values: names.map((name, place) => {
        const texts = all.get(name);
        const column = values[place] as (number | null)[];
        return texts ? { texts, places: Int32Array.from(column as number[]) } : column;
      }),
    };
  }

  /** The texts of a column, in order, which are then the type `kept_name` as well. */
  async #textsOf(kept: string, name: string): Promise<string[]> {
    const type = `"${kept}_${name}"`;
    await this.run(`drop type if exists ${type}`);
    await this.run(`create type ${type} as enum (
      select distinct "${name}" from "${kept}" where "${name}" is not null order by 1
    )`);
    const { rows } = await answerOf(
      this.#connection,
      `select unnest(enum_range(null::${type}))::varchar`,
    );
    return rows.map(([text]) => String(text));
  }

  /**
   * A statement of the user's. Rejects anything but one that reads these relations alone, and an answer
   * that is too long; the signal ends it, and then the error that it rejects with has no meaning.
   */
  async queryOfUser(
    sql: string,
    relations: readonly string[],
    signal?: AbortSignal,
  ): Promise<QueryResult> {
    const end = () => this.interrupt();
    signal?.addEventListener('abort', end);
    try {
      await this.#checkReadOnly(sql, relations);
      signal?.throwIfAborted();
      return await this.#readWithin(MAX_ANSWER_LENGTH, sql, signal);
    } finally {
      signal?.removeEventListener('abort', end);
    }
  }

  async #checkReadOnly(sql: string, relations: readonly string[]): Promise<void> {
    // Says where it cannot be parsed.
    const { count } = await this.#connection.extractStatements(sql);
    const select = explainedStatement(sql) ?? sql;
    const { rows } = await this.query(`select json_serialize_sql(${literal(select)})::varchar`);
    const tree = treeOf(String(rows[0]?.[0]));
    if (count !== 1) {
      // Which makes a type of the values first.
      if (/^[^;]*\bpivot\b/i.test(sql)) {
        throw new UsageError('PIVOT cannot look for its values here: expected ON column IN (…)');
      }
      throw new UsageError(`expected one SQL statement, got ${count}`);
    }
    if (tree.error) throw notSelect(sql);
    checkTree(tree, sql, relations);
  }

  /** What is materialised is outside of the engine's limit of memory. */
  async #readWithin(max: number, sql: string, signal?: AbortSignal): Promise<QueryResult> {
    const result = await this.#connection.stream(sql);
    const rows: Value[][] = [];
    let length = 0;
    for await (const chunk of result.yieldRowsJs()) {
      signal?.throwIfAborted();
      for (const raw of chunk) {
        const row = raw.map(toValue);
        for (const value of row) length += typeof value === 'string' ? value.length + 3 : 8;
        rows.push(row);
      }
      if (length > max) throw new UsageError(answerTooLong(max));
    }
    return { columns: result.columnNames(), types: result.columnTypes().map(String), rows };
  }

  /** Afterwards no file but these can be reached, and no setting be changed. */
  async lock(files: readonly string[]): Promise<void> {
    await this.run(`set allowed_paths = [${files.map(literal).join(', ')}]`);
    await this.run('set enable_external_access = false');
    await this.run('set lock_configuration = true');
  }

  /** Ends the statements that are at work. */
  interrupt(): void {
    this.#connection.interrupt();
    this.#other.interrupt();
  }

  close(): void {
    this.#connection.closeSync();
    this.#other.closeSync();
    this.#instance.closeSync();
  }
}

/** DuckDB writes a number beyond its largest as a word that JSON does not have. */
function treeOf(serialized: string) {
  try {
    return JSON.parse(serialized);
  } catch {
    throw new UsageError('the SQL is wrong: a number in it is larger than any that can be told');
  }
}

async function answerOf(connection: DuckDBConnection, sql: string): Promise<QueryResult> {
  const reader = await connection.runAndReadAll(sql);
  return {
    columns: reader.columnNames(),
    types: reader.columnTypes().map(String),
    rows: reader.getRowsJS().map((row) => row.map(toValue)),
  };
}

function answerTooLong(max: number): string {
  return `the answer is longer than ${max >> 20} MiB: expected fewer rows, such as with LIMIT`;
}

/** Rejects where DuckDB is not installed, and says how to add it. */
export async function loadDuckDb(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api');
  } catch (error) {
    if (!/@duckdb\/node-(api|bindings)/.test((error as Error).message)) throw error;
    throw new UsageError(
      'reports and queries need DuckDB, which is not installed: npm install @duckdb/node-api',
    );
  }
}

/** Where the rows are. */
export interface Rows {
  /** Parquet files with the columns of `access`. */
  readonly parquet: readonly string[];
  /** A Parquet file of the lines that are no requests of their own: `file`, `row`. */
  readonly repeated?: string | undefined;
  /** False where every line could be read, which then need not be asked of each. @default true */
  readonly hasUnparsed?: boolean | undefined;
  /** Only requests from `from` on and before `to`, in milliseconds since 1970; all where left out. */
  readonly range?: TimeRange | undefined;
  /** A file of rows of `changes`, a JSON object a line; without one there is no such relation. */
  readonly changes?: string | undefined;
}

export interface TimeRange {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface Engine {
  /** A statement of this project's own. */
  query(sql: string): Promise<QueryResult>;
  /**
   * A statement of the user's: rejects what does not only read, and says where it is wrong. The signal
   * ends it.
   */
  queryOfUser(sql: string, signal?: AbortSignal): Promise<QueryResult>;
  /** Left out where rows come from afar. */
  readonly many?: ManyRows;
  close(): void;
}

const names = accessColumnNames.map((name) => `"${name}"`).join(', ');

export interface LocalEngine extends Engine {
  readonly many: ManyRows;
  /** Ends the statement that is at work. */
  interrupt(): void;
}

function faultOfUser(sql: string, error: Error, memoryBytes: number): Error {
  if (error instanceof UsageError) return error;
  if (!error.message.startsWith('Out of Memory')) return new UsageError(sqlFault(sql, error));
  return new Error(
    `the statement needs more memory than the ${Math.round(memoryBytes / 1e6)} MB that it may take: ` +
      'expected fewer rows or groups, such as of fewer days (--from)',
  );
}

/** An engine over the relations `access` and `requests`, in which nothing can be changed. */
export async function openEngine(rows: Rows, options: DatabaseOptions): Promise<LocalEngine> {
  const database = await Database.open(options);
  try {
    await relate(database, rows);
    const known = [...Object.values(relations), ...(rows.changes === undefined ? [] : [CHANGES])];
    return {
      query: (sql) => database.query(sql),
      many: database,
      async queryOfUser(sql, signal) {
        try {
          return await database.queryOfUser(sql, known, signal);
        } catch (error) {
          throw faultOfUser(sql, error as Error, database.memoryBytes);
        }
      },
      interrupt: () => database.interrupt(),
      close: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

async function relate(database: Database, rows: Rows): Promise<void> {
  const { parquet, repeated, hasUnparsed = true, range = {}, changes } = rows;
  if (changes !== undefined) await database.run(changesSql(changes));
  const files = parquet.map(literal).join(', ');
  await database.run('set parquet_metadata_cache = true');
  const counted = await database.query(
    `select sum(num_rows) from parquet_file_metadata([${files}])`,
  );
  if (Number(counted.rows[0]?.[0]) <= MAX_EXACT_ROWS) await database.run(exactPercentilesMacro);
  const where = [
    ...(range.from === undefined ? [] : [`request_time_epoch >= ${range.from}`]),
    ...(range.to === undefined ? [] : [`request_time_epoch < ${range.to}`]),
  ];
  const condition = (conditions: readonly string[]) =>
    conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  await database.run(
    `create view ${relations.access} as select ${names} from read_parquet([${files}]) ${condition(where)}`,
  );
  if (repeated) {
    await database.run(
      `create table repeated as select file, "row" from read_parquet(${literal(repeated)})`,
    );
  }
  // Each line is asked only what may be true of it: all statements read these lines.
  const lines = repeated
    ? `read_parquet([${files}], filename = true, file_row_number = true) as lines
      anti join repeated on lines.filename = repeated.file and lines.file_row_number = repeated."row"`
    : `read_parquet([${files}])`;
  const requests = hasUnparsed ? [...where, isReadable] : where;
  await database.run(
    `create view ${relations.requests} as select ${names} from ${lines} ${condition(requests)}`,
  );
  await database.lock(parquet);
}

const typesOfChanges = {
  string: 'varchar',
  bigint: 'bigint',
  double: 'double',
  boolean: 'boolean',
};

function changesSql(file: string): string {
  const types = changeColumns.map(
    ({ name, type }) => `"${name}": '${type === 'timestamp' ? type : typesOfChanges[type]}'`,
  );
  const names = changeColumns.map(({ name }) => `"${name}"`);
  return `create table ${CHANGES} as select ${names.join(', ')}
    from read_json(${literal(file)}, format = 'newline_delimited', columns = {${types.join(', ')}})`;
}
