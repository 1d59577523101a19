/**
 * Athena on a loopback port: what the SDK's client says to it, answered by DuckDB over the objects of a
 * bucket. Statements are held against Trino's grammar first; partitions and views are kept as Glue
 * keeps them. It can refuse, throttle, fail, and lose a query half-way.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { BucketServer } from './bucket-server';
import { LoadedTables, type ServedTable, type TableObject } from './loaded-tables';
import { type Loopback, startLoopback } from './loopback';
import { grammarErrors } from './trino-grammar';

export interface AthenaServer extends Loopback {
  /** Statements in the order in which they were started. */
  readonly statements: string[];
  /** By table, the folder of each partition that was added. */
  readonly partitions: Map<string, Map<string, string>>;
  readonly views: Map<string, string>;
  /** How often a query is found running before it is done. */
  looks: number;
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

export async function startAthena(
  bucket: BucketServer,
  tables: readonly ServedTable[],
  views: Readonly<Record<string, string>>,
  database: string,
): Promise<AthenaServer> {
  const executions = new Map<string, Execution>();
  let engine: Promise<LoadedTables> | undefined;
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
      (await engine)?.close();
      await loopback.close();
    },
    statements: [],
    partitions: new Map(
      tables.filter(({ format }) => format === 'parquet').map(({ name }) => [name, new Map()]),
    ),
    views: new Map(Object.entries(views)),
    looks: 1,
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
      executions.set(id, { looks: server.looks, submittedAt: server.now(), ...(await done) });
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
    const showView = /^show create view (\w+)$/i.exec(statement);
    if (showView) {
      const [, name = ''] = showView;
      const lines = `CREATE VIEW ${name} AS\n${server.views.get(name)}`.split('\n');
      return succeeded(
        [{ name: 'Create View', type: 'varchar' }],
        lines.map((line) => [line]),
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
    return withDuckDb(select, async (connection, bytes) => {
      const folder = mkdtempSync(join(tmpdir(), 'athena-'));
      const file = join(folder, 'unloaded.parquet');
      try {
        const copied = await connection.runAndReadAll(
          `copy (${select}) to '${file}' (format parquet, compression zstd)`,
        );
        // Of no rows Athena writes no object.
        if (Number(copied.getRowsJson()[0]?.[0]) > 0) {
          bucket.objects.set(`${key}part-00000`, {
            body: readFileSync(file),
            lastModified: new Date(),
          });
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
      return succeeded([], [], bytes);
    });
  }

  /** The database, with what is in the bucket of the tables that a statement names, directly or through a view. */
  async function withDuckDb<T>(
    statement: string,
    use: (connection: DuckDBConnection, bytes: number) => Promise<T>,
  ): Promise<T> {
    engine ??= LoadedTables.open(database);
    const loaded = await engine;
    const needed = namesIn(statement);
    const read = readBy(statement);
    const used = usedColumns(statement);
    let bytes = 0;
    for (const table of tables) {
      const size = await loaded.table(table, needed.has(table.name) ? objectsOf(table) : undefined);
      if (read.has(table.name)) bytes += size(used);
    }
    for (const [name, sql] of orderedViews()) if (needed.has(name)) await loaded.view(name, sql);
    server.bytesScanned += bytes;
    return use(loaded.connection, bytes);
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

  /** For Parquet, the objects in partitions that were added; for JSON, all that are there. */
  function objectsOf({ name, format, location }: ServedTable): TableObject[] {
    const objects = [...bucket.objects];
    if (format === 'parquet') {
      return [...(server.partitions.get(name) ?? [])].flatMap(([day, folder]) =>
        objects
          .filter(([key]) => key.startsWith(keyOf(folder)))
          .map(([key, { body }]) => ({ key, body, day, hour: 0 })),
      );
    }
    return objects.flatMap(([key, { body }]) => {
      const [, day, hour] = /day=(\d{4}-\d{2}-\d{2})\/hour=(\d{2})\//.exec(key) ?? [];
      if (!key.startsWith(keyOf(location)) || day === undefined) return [];
      return [{ key, body, day, hour: Number(hour) }];
    });
  }

  return server;
}

/**
 * The columns that a statement uses, which are all that Athena reads of Parquet: a list of all of them uses
 * none.
 */
function usedColumns(statement: string): ReadonlySet<string> {
  return new Set(statement.replace(/select ("\w+", )+"day" from/g, '').match(/\w+/g));
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

function trinoType(duckdb: string): string {
  if (/^(HUGEINT|BIGINT|INTEGER)/.test(duckdb)) return 'bigint';
  return duckdb.toLowerCase();
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : String(value);
}
