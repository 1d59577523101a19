/**
 * The engine in the account: the same statements, run by Athena where the logs are.
 *
 * Every statement gets the days in front that it needs, and is run once an hour: a command that is run
 * again finds what was done.
 */

import type { AthenaClient } from '@aws-sdk/client-athena';
import { AccountLogs } from '../../analytics/athena/account-logs';
import { boundedSql } from '../../analytics/athena/bounded';
import { relations } from '../../analytics/schema';
import { anySignal } from '../../lambda/aws/any-signal';
import { athenaRows } from '../../lambda/aws/athena-value';
import { queryOnce } from '../../lambda/aws/query-once';
import type { AthenaPlace, QueryRun, RunOptions } from '../../lambda/aws/run-query';
import { UsageError } from '../usage-error';
import { costOf, inUsd } from './athena-cost';
import type { Engine, QueryResult } from './duckdb';

/** Clocks differ by less. */
const CLOCKS_DIFFER_MS = 60_000;

export interface AthenaOptions {
  readonly client: AthenaClient;
  readonly place: AthenaPlace;
  /** Milliseconds since 1970: the time that statements are about. */
  readonly period: { readonly from: number; readonly to: number };
  /** The time zone of panels' days. */
  readonly timeZone: string;
  /** In USD. */
  readonly maxCost: number;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** The last day that is closed and rolled up, with all before it; undefined where none is. */
  readonly closedUntil?: string | undefined;
  /** Waits between looks at a running query. @default - that of `runQuery` */
  readonly wait?: RunOptions['wait'];
}

/** What an engine's statements have taken. */
export interface Spent {
  readonly queries: number;
  /** How many of the queries were found done. */
  readonly found: number;
  readonly bytes: number;
  /** In USD. */
  readonly cost: number;
}

export interface AthenaEngine extends Engine, Pick<AccountLogs<QueryResult>, 'completeness'> {
  readonly rollups: Pick<AccountLogs<QueryResult>, 'cubes' | 'rolledUp'>;
  readonly spent: Spent;
}

/** Rejects a statement that would go over the limit; the limit of the workgroup ends a single one. */
export function athenaEngine(options: AthenaOptions): AthenaEngine {
  const { client, place, period, maxCost, now } = options;
  const startedAt = now();
  let [queries, found, bytes, cost, most] = [0, 0, 0, 0, costOf(0)];

  const run = async (statement: string, signal = options.signal): Promise<QueryRun> => {
    // The next one's cost is not known: the dearest so far is the estimate.
    if (cost + most > maxCost) throw new UsageError(overLimit(maxCost, cost, queries));
    const done = await queryOnce(client, place, statement, {
      ...options,
      signal,
      now: startedAt,
    });
    queries++;
    if (done.submittedAt !== undefined && done.submittedAt < startedAt - CLOCKS_DIFFER_MS) {
      found++;
      return done;
    }
    bytes += done.bytesScanned;
    cost += costOf(done.bytesScanned);
    most = Math.max(most, costOf(done.bytesScanned));
    return done;
  };

  const answer = async (statement: string, signal?: AbortSignal): Promise<QueryResult> => {
    const done = await run(statement, signal);
    return { ...athenaRows(done), types: done.columns.map(({ type }) => type) };
  };
  const explaining = async <T>(sql: string, asked: Promise<T>): Promise<T> => {
    try {
      return await asked;
    } catch (error) {
      throw explained(error as Error, sql, place);
    }
  };
  const logs = new AccountLogs({
    run: (statement) => answer(statement),
    database: place.database,
    period,
    timeZone: options.timeZone,
    closedUntil: options.closedUntil,
  });
  return {
    query: (sql) => explaining(sql, logs.query(sql)),
    async queryOfUser(sql, signal) {
      const select = oneSelect(sql);
      const statement = boundedSql(select, period, place.database, options.closedUntil);
      return explaining(
        select,
        answer(statement, anySignal(options.signal, ...(signal ? [signal] : []))),
      );
    },
    completeness: () => explaining('', logs.completeness()),
    rollups: {
      cubes(scope) {
        const cubes = logs.cubes(scope);
        return cubes && explaining('', cubes);
      },
      rolledUp: (panel, scope) => explaining('', logs.rolledUp(panel, scope)),
    },
    close: () => client.destroy(),
    get spent() {
      return { queries, found, bytes, cost };
    },
  };
}

function overLimit(maxCost: number, cost: number, queries: number): string {
  return (
    `--max-cost ${maxCost}: ${inUsd(cost)} spent on ${queries} queries, the next may go over it; ` +
    'with a higher one the same command goes on from there, within this hour'
  );
}

/** With what goes in front of it, only a SELECT is a statement; Athena takes one at a time. */
function oneSelect(sql: string): string {
  // Blanks for comments before it, so that line and column stay the same.
  const bare = sql
    .replace(/^(?:\s*(?:--[^\n]*\n|\/\*[\s\S]*?\*\/))*/, (it) => it.replace(/[^\n]/g, ' '))
    .replace(/[;\s]+$/, '');
  if (!/^\s*(?:(?:select|with|values)\b|\()/i.test(bare)) {
    throw new UsageError(`expected a SELECT, got ${bare.trim().split(/\s/)[0]}: queries only read`);
  }
  return bare;
}

/** In a line, with what to do. */
export function explained(error: Error, sql: string, { workgroup, database }: AthenaPlace): Error {
  const { name, message } = error;
  const [first = message] = message.split('\n');
  if (name === 'QueryError') {
    const wrong = placeIn(sql, first);
    if (wrong) return new UsageError(wrong);
    if (/limit was exceeded/i.test(first)) {
      return new UsageError(
        `${first}: expected fewer days, or a higher analyticsQueryLimit of the stack`,
      );
    }
    if (/access ?denied|not authorized|insufficient/i.test(first)) return denied(first);
    return new Error(`Athena: ${first}`);
  }
  if (name === 'InvalidRequestException' && /workgroup/i.test(first)) {
    return new UsageError(`no such workgroup: ${workgroup} (${first})`);
  }
  if (name === 'InvalidRequestException') return new UsageError(`Athena (${database}): ${first}`);
  if (name === 'AccessDeniedException') return denied(first);
  return error;
}

function denied(message: string): UsageError {
  return new UsageError(
    `access denied: ${message}; it takes the workgroup, the database in Glue, and the objects of the bucket`,
  );
}

/** `SYNTAX_ERROR: line 4:8: Column …`, at its line and column in what the user wrote. */
function placeIn(sql: string, message: string): string | undefined {
  const found =
    /^(?:[A-Z_]+: )?line (\d+):(\d+): (.*)$/.exec(message) ??
    /^SYNTAX_ERROR: ()()(.*)$/.exec(message);
  if (!found) return undefined;
  const [, line, column, what] = found;
  if (!line) return `the SQL is wrong: ${what}`;
  const own = Number(line) - Object.keys(relations).length;
  // A WITH, and what is before it, has given way to the comma that joins both.
  const gone = (/^\s*with\s+/i.exec(sql)?.[0] ?? '').split('\n');
  const place = {
    line: own + gone.length - 1,
    column: Number(column) + (own === 1 ? (gone.at(-1) ?? '').length : 0),
  };
  return `the SQL is wrong at line ${place.line}, column ${place.column}: ${what}`;
}
