/** A statement whose answer is reused for an hour. */

import { createHash, randomUUID } from 'node:crypto';
import type { AthenaClient } from '@aws-sdk/client-athena';
import {
  type AthenaPlace,
  QueryError,
  type QueryRun,
  type RunOptions,
  runQuery,
} from './run-query';

const HOUR = 3_600_000;

export interface OnceOptions extends Omit<RunOptions, 'token'> {
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Starts the statement under a token that it has for the rest of the hour: Athena then finds what it has
 * done, without reading it once more. Its own reuse of results does not go with the results that it
 * keeps itself.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/managed-results.html
 */
export async function queryOnce(
  client: AthenaClient,
  place: AthenaPlace,
  statement: string,
  { now, ...options }: OnceOptions,
): Promise<QueryRun> {
  const key = [place, statement, Math.floor(now / HOUR)];
  const start = (...more: readonly string[]) =>
    runQuery(client, place, statement, { ...options, token: tokenOf([...key, ...more]) });
  try {
    return await start();
  } catch (error) {
    // It may be the answer to an earlier run, for a reason that is gone: what failed costs nothing.
    if (error instanceof QueryError && !isLasting(error)) return start(randomUUID());
    throw error;
  }
}

/** 64 characters, of the 32 to 128 that Athena takes. */
function tokenOf(key: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(key)).digest('hex');
}

/** A second try would fail in the same way, or cost the same again. */
function isLasting({ message }: QueryError): boolean {
  return /^(SYNTAX_ERROR|[A-Z]+_NOT_FOUND|[A-Z_]*MISMATCH)|limit was exceeded/i.test(message);
}
