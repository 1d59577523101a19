/**
 * Athena on a loopback port: what the SDK's client says to it, answered by DuckDB over the objects of a
 * bucket. Statements are held against Trino's grammar first; partitions and views are kept as Glue
 * keeps them. It can refuse, throttle, fail, and lose a query half-way.
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { duckdbPrelude } from '../../analytics/dialect';
import type { BucketServer } from './bucket-server';
import { type Loopback, startLoopback } from './loopback';
import { grammarErrors } from './trino-grammar';

/** A table as Glue describes it. */
export interface ServedTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly format: 'json' | 'parquet';
  /** `s3://bucket/logs/`; folders of JSON tables are projected, those of Parquet tables are added. */
  readonly location: string;
}

export interface AthenaServer extends Loopback {
  /** Statements in the order in which they were started. */
  readonly statements: string[];
  /** By table, the folder of each partition that was added. */
  readonly partitions: Map<string, Map<string, string>>;
  readonly views: Map<string, string>;
  /** What becomes of a call: a code to refuse it with. */
  refuses: ((operation: string) => { status: number; code: string } | undefined) | undefined;
  /** What becomes of a statement: a reason to fail it for, before or after it took effect. */
  fails: ((statement: string) => { reason: string; isDone: boolean } | undefined) | undefined;
  /** The clock, in milliseconds since 1970. */
  now: () => number;
  /** Bytes that were read: all of lines, of Parquet the columns that statements use. */
  bytesScanned: number;
}

interface Execution {
  readonly state: 'SUCCEEDED' | 'FAILED';
  readonly reason?: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly bytes: number;
  readonly submittedAt: number;
  /** Looks until it is no longer running. */
  looks: number;
}

type Finished = Omit<Execution, 'looks' | 'submittedAt'>;

const PAGE = 50;

/** Trino's functions that DuckDB spells otherwise, beyond those of the dialect; for the views only. */
const macros = [
  'create or replace macro from_iso8601_timestamp(s) as cast(s as timestamptz)',
  `create or replace macro trino_regexp_replace(s, p, r) as regexp_replace(s, p, replace(r, '$1', '\\1'), 'g')`,
  `create or replace macro parse_datetime(s, f) as strptime(s, '%d/%b/%Y:%H:%M:%S %z')`,
];

export async function startAthena(
  bucket: BucketServer,
  tables: readonly ServedTable[],
  views: Readonly<Record<string, string>>,
  database: string,
): Promise<AthenaServer> {
  const executions = new Map<string, Execution>();
  let engine: Promise<DuckDBConnection> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const tokens = new Map<string, string>();
  let queries = 0;
  const loopback = await startLoopback(async ({ headers, body }, response) => {
    const operation = String(headers['x-amz-target']).split('.')[1] ?? '';
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    const refusal = server.refuses?.(operation);
    const answer = refusal
      ? { status: refusal.status, body: { __type: refusal.code, message: refusal.code } }
      : await answerTo(operation, JSON.parse(body.toString()));
    response.statusCode = answer.status;
    response.end(JSON.stringify(answer.body));
  });
  const server: AthenaServer = {
    ...loopback,
    async close() {
      (await engine)?.closeSync();
      await loopback.close();
    },
    statements: [],
    partitions: new Map(
      tables.filter(({ format }) => format === 'parquet').map(({ name }) => [name, new Map()]),
    ),
    views: new Map(Object.entries(views)),
    refuses: undefined,
    fails: undefined,
    now: Date.now,
    bytesScanned: 0,
  };

  async function answerTo(
    operation: string,
    request: Record<string, never>,
  ): Promise<{ status: number; body: object }> {
    if (operation === 'StartQueryExecution') return started(request);
    const execution = executions.get(request['QueryExecutionId'] ?? '');
    if (!execution)
      return { status: 400, body: { __type: 'InvalidRequestException', message: 'no such query' } };
    if (operation === 'StopQueryExecution') return { status: 200, body: {} };
    if (operation === 'GetQueryExecution') {
      const isRunning = execution.looks-- > 0;
      return {
        status: 200,
        body: {
          QueryExecution: {
            QueryExecutionId: request['QueryExecutionId'],
            Status: {
              State: isRunning ? 'RUNNING' : execution.state,
              StateChangeReason: execution.reason,
              SubmissionDateTime: execution.submittedAt / 1000,
            },
            Statistics: { DataScannedInBytes: execution.bytes },
          },
        },
      };
    }
    const from = Number(request['NextToken'] ?? 0);
    const isSelect = execution.columns.length > 0;
    // As Athena does: the first row of all repeats the names.
    const all = isSelect
      ? [execution.columns.map(({ name }) => name), ...execution.rows]
      : execution.rows;
    return {
      status: 200,
      body: {
        NextToken: from + PAGE < all.length ? String(from + PAGE) : undefined,
        ResultSet: {
          ResultSetMetadata: {
            ColumnInfo: execution.columns.map(({ name, type }) => ({ Name: name, Type: type })),
          },
          Rows: all.slice(from, from + PAGE).map((row) => ({
            Data: row.map((value) => (value === null ? {} : { VarCharValue: value })),
          })),
        },
      },
    };
  }

  async function started(
    request: Record<string, never>,
  ): Promise<{ status: number; body: object }> {
    const token = request['ClientRequestToken'] ?? '';
    const known = tokens.get(token);
    const id = known ?? `query-${queries++}`;
    if (!known) {
      const statement = String(request['QueryString']);
      server.statements.push(statement);
      // One after the other: they share the engine.
      const done = last.then(() => run(statement));
      last = done;
      executions.set(id, { looks: 1, submittedAt: server.now(), ...(await done) });
      if (token) tokens.set(token, id);
    }
    return { status: 200, body: { QueryExecutionId: id } };
  }

  async function run(statement: string): Promise<Finished> {
    const failure = server.fails?.(statement);
    if (failure && !failure.isDone) return failed(failure.reason);
    try {
      const done = await take(statement);
      return failure ? failed(failure.reason) : done;
    } catch (error) {
      return failed((error as Error).message);
    }
  }

  async function take(statement: string): Promise<Finished> {
    const show = /^show partitions (\w+)$/i.exec(statement);
    if (show) {
      const days = [...(server.partitions.get(show[1] ?? '')?.keys() ?? [])];
      return succeeded(
        [{ name: 'partition', type: 'varchar' }],
        days.map((day) => [`day=${day}`]),
        0,
      );
    }
    const add =
      /^alter table (\w+) add if not exists partition \(day = '([\d-]+)'\) location '(.+)'$/i.exec(
        statement,
      );
    if (add) {
      const [, table = '', day = '', location = ''] = add;
      const partitions = server.partitions.get(table);
      if (!partitions) throw new Error(`TABLE_NOT_FOUND: ${table}`);
      if (!partitions.has(day)) partitions.set(day, location);
      return succeeded([], [], 0);
    }
    const explain = /^explain ([\s\S]+)$/i.exec(statement);
    if (explain) {
      const [fault] = grammarErrorsOnce(explain[1] ?? '');
      if (fault) throw new Error(`SYNTAX_ERROR: ${fault}`);
      return withDuckDb(statement, async (connection) => {
        await connection.run(statement);
        return succeeded([{ name: 'Query Plan', type: 'varchar' }], [['Fragment 0']], 0);
      });
    }
    const view = /^create or replace view (\w+) as ([\s\S]+)$/i.exec(statement);
    const unload =
      /^unload \(\n([\s\S]+)\n\) to '(.+)' with \(format = 'PARQUET', compression = 'ZSTD'\)$/i.exec(
        statement,
      );
    // UNLOAD is Athena's own; what it selects is Trino's.
    const errors = grammarErrorsOnce(unload ? (unload[1] ?? '') : statement);
    if (errors.length > 0) throw new Error(`SYNTAX_ERROR: ${errors[0]}`);
    if (view) {
      server.views.set(view[1] ?? '', view[2] ?? '');
      return succeeded([], [], 0);
    }
    return unload ? unloaded(unload[1] ?? '', unload[2] ?? '') : selected(statement);
  }

  async function selected(statement: string): Promise<Finished> {
    return withDuckDb(statement, async (connection, bytes) => {
      const reader = await connection.runAndReadAll(statement);
      const types = reader.columnTypes().map(String);
      const columns = reader
        .columnNames()
        .map((name, index) => ({ name, type: trinoType(types[index] ?? '') }));
      return succeeded(
        columns,
        reader.getRowsJson().map((row) => row.map(textOf)),
        bytes,
      );
    });
  }

  async function unloaded(select: string, location: string): Promise<Finished> {
    const key = keyOf(location);
    if ([...bucket.objects.keys()].some((name) => name.startsWith(key))) {
      throw new Error(`HIVE_PATH_ALREADY_EXISTS: ${location}`);
    }
    return withDuckDb(select, async (connection, bytes, folder) => {
      const file = join(folder, 'unloaded.parquet');
      const count = await connection.runAndReadAll(`select count(*) from (${select})`);
      // Of no rows Athena writes no object.
      if (Number(count.getRowsJson()[0]?.[0]) > 0) {
        await connection.run(`copy (${select}) to '${file}' (format parquet, compression zstd)`);
        bucket.objects.set(`${key}part-00000`, {
          body: readFileSync(file),
          lastModified: new Date(),
        });
      }
      return succeeded([], [], bytes);
    });
  }

  /** A database with the tables and views that a statement names, directly or through a view. */
  async function withDuckDb<T>(
    statement: string,
    use: (connection: DuckDBConnection, bytes: number, folder: string) => Promise<T>,
  ): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), 'athena-'));
    engine ??= open();
    const connection = await engine;
    try {
      const needed = namesIn(statement);
      let bytes = 0;
      for (const table of tables) {
        if (!needed.has(table.name)) continue;
        const size = await load(connection, table, folder, statement);
        if (readBy(statement).has(table.name)) bytes += size;
      }
      for (const [name, sql] of orderedViews()) {
        if (needed.has(name))
          await connection.run(
            `create view "${database}"."${name}" as ${sql.replaceAll('regexp_replace(', 'trino_regexp_replace(')}`,
          );
      }
      server.bytesScanned += bytes;
      return await use(connection, bytes, folder);
    } finally {
      for (const name of server.views.keys()) {
        await connection.run(`drop view if exists "${database}"."${name}"`);
      }
      for (const { name } of tables)
        await connection.run(`drop table if exists "${database}"."${name}"`);
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Macros in the main schema, tables and views in that of the database: both are looked through. */
  async function open(): Promise<DuckDBConnection> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    for (const sql of [...duckdbPrelude, ...macros]) await connection.run(sql);
    await connection.run(`create schema "${database}"`);
    await connection.run(`set search_path = '${database},main'`);
    return connection;
  }

  function namesIn(statement: string): Set<string> {
    const names = new Set<string>();
    const visit = (sql: string) => {
      for (const { name } of tables) if (new RegExp(`\\b${name}\\b`).test(sql)) names.add(name);
      for (const [name, view] of server.views) {
        if (names.has(name) || !new RegExp(`\\b${name}\\b`).test(sql)) continue;
        names.add(name);
        visit(view);
      }
    };
    visit(statement);
    return names;
  }

  /** The tables that Athena would read: not those of relations in a WITH that nothing is selected from. */
  function readBy(statement: string): Set<string> {
    const read = new Set<string>();
    const visit = (sql: string) => {
      const inFront = /^(?:with )?(\w+) as \(select .*\),?$/gm;
      const rest = sql.replace(inFront, '');
      const definitions = Array.from(sql.matchAll(inFront)).filter(([, name]) =>
        new RegExp(`\\b(?:from|join)\\s+${name}\\b`).test(rest),
      );
      const all = [rest, ...definitions.map(([definition]) => definition)].join('\n');
      for (const [, name = ''] of all.matchAll(/\b(?:from|join)\s+(?:"\w+"\.)?"?(\w+)"?/g)) {
        const isDefined = new RegExp(`\\b${name} as \\(`).test(all);
        const isQualified = new RegExp(`"\\w+"\\."?${name}\\b`).test(all);
        if (read.has(name) || (isDefined && !isQualified)) continue;
        read.add(name);
        const view = server.views.get(name);
        if (view !== undefined) visit(view);
      }
    };
    visit(statement);
    return read;
  }

  /** A view after those that it reads. */
  function orderedViews(): [string, string][] {
    return [...server.views].sort(([a, sqlOfA], [b, sqlOfB]) => {
      if (new RegExp(`\\b${a}\\b`).test(sqlOfB)) return -1;
      return new RegExp(`\\b${b}\\b`).test(sqlOfA) ? 1 : 0;
    });
  }

  async function load(
    connection: DuckDBConnection,
    table: ServedTable,
    folder: string,
    statement: string,
  ): Promise<number> {
    const columns = table.columns
      .map(({ name, type }) => `"${name}" ${duckdbType(type)}`)
      .join(', ');
    const extra = table.format === 'json' ? 'day date, hour integer' : 'day date';
    await connection.run(`create table "${database}"."${table.name}" (${columns}, ${extra})`);
    let bytes = 0;
    for (const { files, day, hour, size } of foldersOf(table, folder)) {
      bytes += table.format === 'json' ? size : await bytesOfColumns(connection, files, statement);
      const list = `[${files.map((file) => `'${file}'`).join(', ')}]`;
      const declared = table.columns
        .map(({ name, type }) => `'${name}': '${duckdbType(type)}'`)
        .join(', ');
      const source =
        table.format === 'json'
          ? `select *, date '${day}' as day, ${hour} as hour from read_json(${list}, format = 'newline_delimited', hive_partitioning = false, columns = {${declared}})`
          : `select *, date '${day}' as day from read_parquet(${list}, hive_partitioning = false)`;
      await connection.run(`insert into "${database}"."${table.name}" by name ${source}`);
    }
    return bytes;
  }

  /** Of Parquet, Athena reads the columns that a statement uses: a list of all of them uses none. */
  async function bytesOfColumns(
    connection: DuckDBConnection,
    files: readonly string[],
    statement: string,
  ): Promise<number> {
    const used = new Set(statement.replace(/select ("\w+", )+"day" from/g, '').match(/\w+/g));
    const list = files.map((file) => `'${file}'`).join(', ');
    const chunks = await connection.runAndReadAll(
      `select path_in_schema, total_compressed_size from parquet_metadata([${list}])`,
    );
    return chunks
      .getRowsJson()
      .reduce((sum, [name, size]) => sum + (used.has(String(name)) ? Number(size) : 0), 0);
  }

  function foldersOf(table: ServedTable, folder: string) {
    const places =
      table.format === 'parquet'
        ? [...(server.partitions.get(table.name) ?? [])].map(([day, location]) => ({
            day,
            hour: 0,
            prefix: keyOf(location),
          }))
        : projected(keyOf(table.location));
    return places.flatMap(({ day, hour, prefix }) => {
      const objects = [...bucket.objects].filter(([key]) => key.startsWith(prefix));
      if (objects.length === 0) return [];
      const files = objects.map(([key, { body }]) => {
        const file = join(
          folder,
          table.name,
          table.format === 'json' && body[0] === 0x1f ? `${key}.json.gz` : key,
        );
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, body);
        return file;
      });
      return [
        { files, day, hour, size: objects.reduce((sum, [, { body }]) => sum + body.length, 0) },
      ];
    });
  }

  function projected(prefix: string): { day: string; hour: number; prefix: string }[] {
    const folders = new Map<string, { day: string; hour: number; prefix: string }>();
    for (const key of bucket.objects.keys()) {
      const match = /^(.*day=(\d{4}-\d{2}-\d{2})\/hour=(\d{2})\/)/.exec(key);
      if (!match || !key.startsWith(prefix)) continue;
      const [, path = '', day = '', hour = ''] = match;
      folders.set(path, { day, hour: Number(hour), prefix: path });
    }
    return [...folders.values()];
  }

  return server;
}

const judged = new Map<string, string[]>();

/** Grammar does not depend on which day, time or run a statement names, and takes long to judge. */
function grammarErrorsOnce(statement: string): string[] {
  const form = statement.replace(/\d{4}-\d{2}-\d{2}/g, '2026-01-01').replace(/\b\d{5,}\b/g, '1');
  const errors = judged.get(form) ?? grammarErrors(form);
  judged.set(form, errors);
  return errors;
}

function succeeded(
  columns: Execution['columns'],
  rows: Execution['rows'],
  bytes: number,
): Finished {
  return { state: 'SUCCEEDED', columns, rows, bytes };
}

function failed(reason: string): Finished {
  return { state: 'FAILED', reason, columns: [], rows: [], bytes: 0 };
}

function keyOf(location: string): string {
  return location.replace(/^s3:\/\/[^/]+\//, '');
}

function duckdbType(hiveType: string): string {
  return hiveType === 'string' ? 'varchar' : hiveType;
}

function trinoType(duckdb: string): string {
  if (/^(HUGEINT|BIGINT|INTEGER)/.test(duckdb)) return 'bigint';
  return duckdb.toLowerCase();
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : String(value);
}
