/** All panels as a page of documentation: each number defined, with its SQL. */

import { changeColumns } from '../audit/changes';
import { auditPanels, panels } from '../panels/all';
import { OTHERS } from '../panels/limit';
import { limitKindDefinitions, outcomeDefinitions } from '../panels/outcome';
import type { Page, Panel, Scope } from '../panels/panel';
import { MINIMUM } from '../panels/patterns';
import { HISTORY_DAYS } from '../panels/periods';

/** The week that the statements of the page are about. */
const week: Scope = {
  from: Date.parse('2026-11-02T00:00:00Z'),
  to: Date.parse('2026-11-09T00:00:00Z'),
  timeZone: 'UTC',
  bucket: 'hour',
  filter: {},
};

const pageTitles: Readonly<Record<Page, string>> = {
  overview: 'Overview',
  errors: 'Errors',
  customers: 'Customers',
  plans: 'Plans',
  latency: 'Latency',
  security: 'Security',
  'data-quality': 'Data quality',
  audit: 'Audit',
  'key-life': 'Life of a key',
};

export function analyticsDocumentation(): string {
  const sections = Object.keys(pageTitles).map((page) => section(page as Page));
  return [introduction(), ingest, ...sections, columnsOfChanges()].join('\n\n').concat('\n');
}

function introduction(): string {
  return `# Analytics: what each number means

<!-- Written by \`npm run docs:analytics\` from analytics/panels. -->

\`apigw-logs report\` shows these panels on a page, \`apigw-logs report --panel ID\` one of them in the terminal. Their SQL is in the part of Athena's dialect that DuckDB runs too, so a laptop and Athena give the same rows. The statements here are about the week from 2 to 9 November 2026 (UTC), by the hour, without a filter.

## What holds for all panels

- **Relations.** \`access\` has a row for each log line, \`requests\` one for each request: Firehose delivers at least once, and repeated lines are taken out. [schema.md](schema.md) lists the columns. \`changes\` has a row for each call to API Gateway's control plane, of the records of CloudTrail that \`report --audit\` is given; [its columns](#the-columns-of-changes) are listed below.
- **Time.** A request belongs to the moment at which API Gateway received it (\`request_time_epoch\`), never to the one at which its line was delivered. Periods contain their start, not their end. Moments in results are whole milliseconds since 1970; a day is its first moment in the report's time zone. Buckets without requests have no row.
- **Customer.** The name that \`customer_name\` has: the API key's name unless configured otherwise. Keys of one name are one customer, and panels show how many keys there are. Requests without a customer are told by NULL, and found by the filter \`-\`.
- **Plan.** The usage plan's id, shown with its latest name; where a log has no ids, the name. A filter takes either.
- **Failed.** A status of 400 or more. A redirect is an answer.
- **Rates and percentiles** need ${MINIMUM} requests: under that they say more about chance than about an API. Percentiles are approximate, and may differ a little between engines; counts do not. On a laptop those of up to five million requests are exact.
- **Compared with.** The previous period has the same length and ends where the period starts, in whole days of the calendar if the period has them. The same weekdays are those a whole number of weeks before. Where the log has no request in the first tenth of such a period, nothing is compared: half a period would look like growth.
- **Endpoint.** The resource or the route; else the path with its ids replaced.
- **History** goes back ${HISTORY_DAYS} days at most.
- **Order.** Every list has a complete order, so that the same log gives the same rows.
- **Limits.** A list has no more rows than its definition says. Where it has that many, page and terminal say that there may be more; \`--json\` has the number as \`limit\`. A series that tells only the largest groups apart has a row without a group for all others together: \`${OTHERS}\` in words, \`null\` in JSON.

## Outcomes

Where a request failed, by the first of these that fits. The response type (\`$context.error.responseType\`) tells it best.

${definitionTable('outcome', Object.entries(outcomeDefinitions))}

A 429 is told apart by the limit that it met:

${definitionTable('limit', Object.entries(limitKindDefinitions))}

API Gateway does not log every request that it throttles: the true numbers may be higher.`;
}

const ingest = `## What is read, and how

- **Sources.** Files, folders with all that is in them, patterns, \`-\` for standard input, and \`s3://bucket/prefix\`. \`--sample\` makes thirty days of a made-up product instead, and \`--stack NAME\` asks Athena where the logs are.
- **Lines.** Raw lines of API Gateway in every known format, and in those that \`LOG_FORMATS\` names; lines that this pipeline has delivered, canonical or verbatim; envelopes and exports of CloudWatch Logs, and what \`get-log-events\` and \`filter-log-events\` answer; JSON lists of lines; records that Firehose kept because they failed. Files may be compressed with gzip, and what is in them once more. Documents of the ECS output cannot be read back: they are counted and left out.
- **Plan and customer.** Delivered lines say them. For all others \`--plans FILE\` or \`--aws\` tells the usage plans, as they are now.
- **Time.** \`--from\` and \`--to\` choose requests. A report of files looks back from there as well, ${HISTORY_DAYS} days at most: panels compare with earlier periods, and tell new customers and the month so far. Of \`s3://\`, only the \`day=\` and \`hour=\` folders of the chosen time are read, with an hour on each side, since lines arrive late; what was before is then unknown to all panels, but for what \`--history 30d\` reads. A query has the chosen time alone.
- **Where rows go.** All cores turn lines into columns, in files of Parquet in the cache folder (\`XDG_CACHE_HOME\`, else \`~/.cache\`): about 190 bytes a request. They are kept by what was read (name, size, version), how it was read and with which plans, a set of files for each day or folder: a new file makes its own day be read again, and nothing else. What was computed for a page is kept as well. Whatever was not asked for in 30 days is removed. Standard input is never kept.
- **Interrupted.** Ctrl-C leaves no half of anything. The days that were finished are not read again the next time.
- **What cannot be read.** A line that fits no format is a row of \`access\`, with its first 64 KB as \`unparsed_line\`, and no request. A file that cannot be opened is named, costs no other, and is tried again the next time; of one that is broken or cut short, the lines before the fault are read. Every result says how many lines were read, repeated, unreadable and without a plan.
- **Memory.** Rows are gathered in groups of at most 122,880. DuckDB takes half of the machine's memory and no more than 1 GB; what does not fit goes to a folder in the cache.`;

function columnsOfChanges(): string {
  const rows = changeColumns.map(
    ({ name, type, description }) => `| \`${name}\` | ${type} | ${description} |`,
  );
  return [
    '## The columns of `changes`',
    'One row a call, as CloudTrail records them, each call once. Values of API keys are masked before a record is looked at. `apigw-logs audit` lists the same rows.',
    ['| column | type | meaning |', '|---|---|---|', ...rows].join('\n'),
  ].join('\n\n');
}

function definitionTable(head: string, rows: readonly (readonly [string, string])[]): string {
  return [
    `| ${head} | meaning |`,
    '|---|---|',
    ...rows.map(([name, text]) => `| \`${name}\` | ${text} |`),
  ].join('\n');
}

function section(page: Page): string {
  const own = [...panels, ...auditPanels].filter((panel) => panel.page === page);
  return [`## ${pageTitles[page]}`, ...own.map(chapter)].join('\n\n');
}

function chapter(panel: Panel): string {
  const { id, title, question, definition, columns, needs, covers = [] } = panel;
  const facts = [
    `\`${id}\`: ${question}`,
    definition,
    `Columns: ${columns.map(({ name }) => `\`${name}\``).join(', ')}.`,
    needs.length > 0 ? `Needs ${needs.map((name) => `\`${name}\``).join(', ')}.` : '',
    covers.length > 0 ? `Covers ${covers.join('; ')}.` : '',
  ];
  return [
    `### ${title}`,
    ...facts.filter((fact) => fact !== ''),
    `<details><summary>SQL</summary>\n\n\`\`\`sql\n${panel.sql(week)}\n\`\`\`\n\n</details>`,
  ].join('\n\n');
}
