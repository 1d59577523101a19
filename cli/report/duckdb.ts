/**
 * The embedded engine. DuckDB is not part of the package, since it is 70 MB that only reports need:
 * who asks for a report without it is told how to add it.
 *
 * It works offline: it fetches no extension, and once the rows are named it can reach no other file.
 */

import { mkdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { CHANGES, changeColumns } from '../../analytics/audit/changes';
import type { ManyRows } from '../../analytics/cubes/build';
import type { Columns } from '../../analytics/cubes/from-rows';
import { duckdbPrelude, literal } from '../../analytics/dialect';
import { isReadable } from '../../analytics/requests';
import { toValue, type Value } from '../../analytics/result';
import { accessColumnNames, relations } from '../../analytics/schema';
import { UsageError } from '../usage-error';

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

/** A database in memory that fetches nothing. */
export class Database implements ManyRows {
  readonly #duckdb: typeof import('@duckdb/node-api');
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  static async open({ spillFolder, memoryBytes, threads }: DatabaseOptions): Promise<Database> {
    const duckdb = await loadDuckDb();
    mkdirSync(spillFolder, { recursive: true });
    const instance = await duckdb.DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      memory_limit: `${Math.floor(memoryBytes ?? Math.min(totalmem() / 2, MAX_MEMORY_BYTES))}B`,
      temp_directory: spillFolder,
      threads: String(threads ?? availableParallelism()),
      preserve_insertion_order: 'false',
    });
    const database = new Database(duckdb, instance, await instance.connect());
    for (const statement of duckdbPrelude) await database.run(statement);
    return database;
  }

  private constructor(
    duckdb: typeof import('@duckdb/node-api'),
    instance: DuckDBInstance,
    connection: DuckDBConnection,
  ) {
    this.#duckdb = duckdb;
    this.#instance = instance;
    this.#connection = connection;
  }

  /** For this project's own statements. */
  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  async query(sql: string): Promise<QueryResult> {
    const reader = await this.#connection.runAndReadAll(sql);
    return {
      columns: reader.columnNames(),
      types: reader.columnTypes().map(String),
      rows: reader.getRowsJS().map((row) => row.map(toValue)),
    };
  }

  async keep(name: string, sql: string): Promise<number> {
    await this.run(`create or replace temp table "${name}" as ${sql}`);
    const { rows } = await this.query(`select count(*) from "${name}"`);
    return Number(rows[0]?.[0]);
  }

  /**
   * The result as columns of text and numbers. No rows and texts are made, which would take as long as to
   * find them.
   */
  async columns(kept: string, statement: (from: string) => string): Promise<Columns> {
    const described = await this.query(`select column_name, column_type from (describe "${kept}")`);
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
    const { rows } = await this.query(`select unnest(enum_range(null::${type}))::varchar`);
    return rows.map(([text]) => String(text));
  }

  /** Rejects anything but one statement that reads. */
  async checkReadOnly(sql: string): Promise<void> {
    const { StatementType } = this.#duckdb;
    const statements = await this.#connection.extractStatements(sql);
    if (statements.count !== 1) {
      throw new UsageError(`expected one SQL statement, got ${statements.count}`);
    }
    const writes = WRITES.exec(sql)?.[1];
    const statement = await statements.prepare(0).catch((error) => {
      // What it wants to write to is nothing to be told of.
      throw writes ? notSelect(writes.toUpperCase()) : error;
    });
    const { statementType } = statement;
    statement.destroySync();
    if (statementType !== StatementType.SELECT && statementType !== StatementType.EXPLAIN) {
      throw notSelect(String(StatementType[statementType]));
    }
  }

  /** Afterwards no file but these can be reached, and no setting be changed. */
  async lock(files: readonly string[]): Promise<void> {
    await this.run(`set allowed_paths = [${files.map(literal).join(', ')}]`);
    await this.run('set enable_external_access = false');
    await this.run('set lock_configuration = true');
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** What a statement begins with, after comments. */
const WRITES = /^(?:\s|--.*\n|\/\*[\s\S]*?\*\/)*(insert|update|delete|merge|truncate)\b/i;

function notSelect(got: string): UsageError {
  return new UsageError(`expected a SELECT, got ${got}: queries only read`);
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
  /** A statement of the user's: rejects what does not only read, and says where it is wrong. */
  queryOfUser(sql: string): Promise<QueryResult>;
  /** Left out where rows come from afar. */
  readonly many?: ManyRows;
  close(): void;
}

const names = accessColumnNames.map((name) => `"${name}"`).join(', ');

export interface LocalEngine extends Engine {
  readonly many: ManyRows;
}

/** An engine over the relations `access` and `requests`, in which nothing can be changed. */
export async function openEngine(rows: Rows, options: DatabaseOptions): Promise<LocalEngine> {
  const database = await Database.open(options);
  try {
    await relate(database, rows);
    return {
      query: (sql) => database.query(sql),
      many: database,
      async queryOfUser(sql) {
        try {
          await database.checkReadOnly(sql);
          return await database.query(sql);
        } catch (error) {
          throw error instanceof UsageError ? error : new UsageError(sqlFault(sql, error as Error));
        }
      },
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

/** DuckDB's message in one line, with the place in the statement where it names one. */
export function sqlFault(sql: string, { message }: Error): string {
  const [first = message] = message.split('\n');
  const place = placeOf(sql, message);
  return `the SQL is wrong${place ? ` at line ${place.line}, column ${place.column}` : ''}: ${first}`;
}

/** DuckDB prints the line, shortened where it is long, with a caret below the fault. */
function placeOf(sql: string, message: string): { line: number; column: number } | undefined {
  const found = /\nLINE (\d+): (.*)\n( *)\^/.exec(message);
  if (!found) return undefined;
  const [, number = '', excerpt = '', blanks = ''] = found;
  const line = Number(number);
  const shown = excerpt.replace(/^\.\.\./, '').replace(/\.\.\.$/, '');
  const before = `LINE ${number}: `.length + (excerpt.startsWith('...') ? 3 : 0);
  const start = (sql.split('\n')[line - 1] ?? '').indexOf(shown);
  return { line, column: Math.max(0, start) + blanks.length - before + 1 };
}
