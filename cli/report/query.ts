/** One's own SQL over access logs. */

import { existsSync } from 'node:fs';
import { csvOf } from '../../analytics/render/csv';
import type { Result } from '../../analytics/result';
import { command } from '../command';
import { STANDARD_INPUT } from '../json-source';
import { counted } from '../terminal/counted';
import { UsageError } from '../usage-error';
import { openLogs, sourceOptions, sourcePositional } from './open-logs';
import { printPlan, printRows, tellCompleteness } from './print-result';
import { explainedStatement } from './user-statement';

export const query = command({
  name: 'query',
  about:
    'Answers a SELECT over access logs: `access` has a row a line, `requests` a row a request.',
  usage: ["'select …' SOURCE… [options]", "'select …' --stack NAME [options]"],
  positional: sourcePositional,
  options: {
    'What to read': sourceOptions,
    'The answer': {
      json: { type: 'boolean', description: 'as JSON: panel, columns, rows, completeness' },
      csv: { type: 'boolean', description: 'as CSV' },
      timeout: {
        type: 'string',
        value: 'SECONDS',
        description: 'how long the statement may take',
        default: '300',
      },
    },
  },
  examples: [
    {
      line: `query 'select customer_name, count(*) as requests from requests group by 1 order by 2 desc' logs/`,
      does: 'who sent how many requests:',
    },
  ],
  notes: [
    '`apigw-logs schema` lists the columns. The dialect is that of DuckDB; what `apigw-logs report` ' +
      'prints with its panels runs in Athena too.',
    'With --stack, Athena reads the last seven days unless --from is given, and the dialect is its own.',
    'One statement that reads is answered, SELECT, WITH, VALUES, DESCRIBE, SUMMARIZE or EXPLAIN of it, ' +
      'without the functions that read files or settings.',
    'Without --stack it needs DuckDB beside it: npm install @duckdb/node-api',
  ],
  exitCodes: ['answered', 'not answered'],
  async run({ values, positionals: [sql = '', ...sources] }, terminal) {
    checkSql(sql, sources);
    if (values.json && values.csv) throw new UsageError('--json and --csv exclude each other');
    const seconds = secondsOf(values.timeout);
    const logs = await openLogs(sources, values, terminal, 'all');
    try {
      const { columns, rows } = await within(seconds, (signal) =>
        logs.engine.queryOfUser(sql, signal),
      );
      const { completeness } = logs;
      if (values.json)
        terminal.print(JSON.stringify({ columns, rows, completeness } satisfies Result));
      else if (values.csv) {
        const typed = columns.map((name) => ({ name, title: name, type: 'string' as const }));
        terminal.print(csvOf(typed, rows).trimEnd());
      } else {
        if (explainedStatement(sql) === undefined) printRows(columns, rows, terminal);
        else printPlan(rows, terminal);
        tellCompleteness(completeness, terminal);
      }
      return 0;
    } finally {
      logs.close();
    }
  },
});

const MAX_SECONDS = 86_400;

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds > 0 && seconds <= MAX_SECONDS) return seconds;
  throw new UsageError(`--timeout: got "${text}", expected seconds, at most ${MAX_SECONDS}`);
}

async function within<T>(seconds: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(seconds * 1000);
  try {
    return await ask(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Error(
      `the statement was ended after ${counted(seconds, 'second')}: --timeout SECONDS allows more, --from and --to read less`,
    );
  }
}

/** The SQL is easily left out, or put after the source. */
function checkSql(sql: string, sources: readonly string[]): void {
  if (sql.trim() === '') {
    throw new UsageError("expected SQL, such as 'select count(*) from requests'");
  }
  const isSource = sql === STANDARD_INPUT || /^s3:\/\//.test(sql) || existsSync(sql);
  if (!isSource && /[\s(]/.test(sql)) return;
  const later = sources.find((source) =>
    /^\s*(select|with|from|values|describe|summarize|explain)\s/i.test(source),
  );
  throw new UsageError(
    later === undefined
      ? `the SQL is missing: got "${sql}", expected apigw-logs query 'select …' ${sql}`
      : `the SQL stands before the source: expected apigw-logs query '${later}' ${sql}`,
  );
}
