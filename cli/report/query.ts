/** One's own SQL over access logs. */

import { existsSync } from 'node:fs';
import { csvOf } from '../../analytics/render/csv';
import type { Result } from '../../analytics/result';
import { command } from '../command';
import { STANDARD_INPUT } from '../json-source';
import { UsageError } from '../usage-error';
import { openLogs, sourceOptions, sourcePositional } from './open-logs';
import { printRows, tellCompleteness } from './print-result';

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
      'prints with its panels runs in Athena too. Nothing can be changed, and no other file be read.',
    'With --stack, Athena reads the last seven days unless --from is given, and the dialect is its own.',
    'Without --stack it needs DuckDB beside it: npm install @duckdb/node-api',
  ],
  exitCodes: ['answered', 'not answered'],
  async run({ values, positionals: [sql = '', ...sources] }, terminal) {
    checkSql(sql, sources);
    if (values.json && values.csv) throw new UsageError('--json and --csv exclude each other');
    const logs = await openLogs(sources, values, terminal, 'all');
    try {
      const { columns, rows } = await logs.engine.queryOfUser(sql);
      const { completeness } = logs;
      if (values.json)
        terminal.print(JSON.stringify({ columns, rows, completeness } satisfies Result));
      else if (values.csv) {
        const typed = columns.map((name) => ({ name, title: name, type: 'string' as const }));
        terminal.print(csvOf(typed, rows).trimEnd());
      } else {
        printRows(columns, rows, terminal);
        tellCompleteness(completeness, terminal);
      }
      return 0;
    } finally {
      logs.close();
    }
  },
});

/** The SQL is easily left out, or put behind the source. */
function checkSql(sql: string, sources: readonly string[]): void {
  if (sql.trim() === '') {
    throw new UsageError("expected SQL, such as 'select count(*) from requests'");
  }
  const isSource = sql === STANDARD_INPUT || /^s3:\/\//.test(sql) || existsSync(sql);
  if (!isSource && /[\s(]/.test(sql)) return;
  const later = sources.find((source) => /^\s*(select|with|from|explain)\s/i.test(source));
  throw new UsageError(
    later === undefined
      ? `the SQL is missing: got "${sql}", expected apigw-logs query 'select …' ${sql}`
      : `the SQL stands before the source: expected apigw-logs query '${later}' ${sql}`,
  );
}
