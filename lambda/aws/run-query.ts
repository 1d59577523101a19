/** Runs a statement on Athena and reads what it found. */

import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AthenaClient,
  type ColumnInfo,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';

export interface AthenaPlace {
  readonly workgroup: string;
  readonly database: string;
}

export interface RunOptions {
  /** Ends the query where it takes too long: it is stopped at Athena too. */
  readonly signal: AbortSignal;
  /** A result of the same statement that is younger is taken instead of a new one. @default - none is */
  readonly reuseMinutes?: number;
  /** Starts the statement once, however often it is sent with this token. 32 characters or more. */
  readonly token?: string;
  /** Waits between looks at a running query. @default - half a second, then up to five seconds */
  readonly wait?: (attempt: number) => Promise<unknown>;
}

export interface QueryRun {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Texts as Athena returns them; null where there is no value. */
  readonly rows: readonly (readonly (string | null)[])[];
  readonly bytesScanned: number;
  /** When Athena took the statement, in milliseconds since 1970: earlier than asked, for a token it knew. */
  readonly submittedAt: number | undefined;
}

/** Athena's message about a statement that failed or was cancelled. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

/** All rows of a statement. Rejects with a `QueryError` where Athena refuses it, with its words. */
export async function runQuery(
  client: AthenaClient,
  place: AthenaPlace,
  statement: string,
  options: RunOptions,
): Promise<QueryRun> {
  const { id, bytesScanned, submittedAt } = await runStatement(client, place, statement, options);
  const rows: (string | null)[][] = [];
  let columns: ColumnInfo[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new GetQueryResultsCommand({ QueryExecutionId: id, NextToken, MaxResults: 1000 }),
      { abortSignal: options.signal },
    );
    if (columns.length === 0) columns = page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
    for (const { Data = [] } of page.ResultSet?.Rows ?? []) {
      rows.push(columns.map((_, index) => Data[index]?.VarCharValue ?? null));
    }
    NextToken = page.NextToken;
  } while (NextToken);
  // The first row of a query's answer repeats the columns' names.
  const isHeader = columns.every(({ Name }, index) => rows[0]?.[index] === Name);
  return {
    columns: columns.map(({ Name = '', Type = '' }) => ({ name: Name, type: Type })),
    rows: isHeader ? rows.slice(1) : rows,
    bytesScanned,
    submittedAt,
  };
}

/** Runs what has no rows to read, such as UNLOAD. */
export async function runStatement(
  client: AthenaClient,
  { workgroup, database }: AthenaPlace,
  statement: string,
  options: RunOptions,
): Promise<{
  readonly id: string;
  readonly bytesScanned: number;
  readonly submittedAt: number | undefined;
}> {
  const { signal, reuseMinutes, token } = options;
  const { QueryExecutionId: id = '' } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: statement,
      WorkGroup: workgroup,
      QueryExecutionContext: { Database: database },
      ClientRequestToken: token,
      ResultReuseConfiguration: reuseMinutes
        ? { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: reuseMinutes } }
        : undefined,
    }),
    { abortSignal: signal },
  );
  try {
    const { Statistics, Status } = await untilDone(client, id, options);
    return {
      id,
      bytesScanned: Number(Statistics?.DataScannedInBytes ?? 0),
      submittedAt: Status?.SubmissionDateTime?.getTime(),
    };
  } catch (error) {
    // An abandoned query still costs money.
    if (signal.aborted) await stop(client, id);
    throw error;
  }
}

async function untilDone(
  client: AthenaClient,
  id: string,
  options: RunOptions,
): Promise<QueryExecution> {
  const { signal, wait = backOff(signal) } = options;
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted();
    const { QueryExecution: execution = {} } = await client.send(
      new GetQueryExecutionCommand({ QueryExecutionId: id }),
      { abortSignal: signal },
    );
    const { State, StateChangeReason = 'no reason given' } = execution.Status ?? {};
    if (State === 'SUCCEEDED') return execution;
    if (State === 'FAILED') throw new QueryError(StateChangeReason);
    if (State === 'CANCELLED') throw new QueryError(`cancelled: ${StateChangeReason}`);
    await wait(attempt);
  }
}

function backOff(signal: AbortSignal): (attempt: number) => Promise<unknown> {
  return (attempt) => sleep(Math.min(5000, 500 * 1.5 ** attempt), undefined, { signal });
}

async function stop(client: AthenaClient, id: string): Promise<void> {
  await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })).catch(() => undefined);
}
