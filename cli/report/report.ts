/** From access logs to a page, or to one panel of it. */

import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { auditPanels, panels } from '../../analytics/panels/all';
import { withoutThreatList } from '../../analytics/panels/audit';
import { bucketFor } from '../../analytics/panels/bucket';
import { isFull, limitedScope } from '../../analytics/panels/limit';
import type { Filter, Panel, Period, Scope } from '../../analytics/panels/panel';
import { LISTED } from '../../analytics/panels/patterns';
import { HISTORY_DAYS } from '../../analytics/panels/periods';
import { csvOf } from '../../analytics/render/csv';
import { formatInteger, listEnd } from '../../analytics/render/format';
import { buildPage } from '../../analytics/report/build-page';
import { withCountriesSource } from '../../analytics/report/countries-source';
import type { Completeness, Result } from '../../analytics/result';
import { DAY, HOUR } from '../../analytics/time-zone';
import { didYouMean } from '../../lambda/core/nearest';
import { command } from '../command';
import { counted } from '../terminal/counted';
import { printTable } from '../terminal/table';
import type { Terminal } from '../terminal/terminal';
import { UsageError } from '../usage-error';
import { busiestPeriod } from './busiest-period';
import { openFile } from './open-file';
import { openLogs, sourceOptions, sourcePositional } from './open-logs';
import type { OpenLogs } from './opened';
import { pageClient } from './page-client';
import { printPanel } from './print-panel';
import { tellCompleteness } from './print-result';

/** As many requests as JSON of one text can hold without trouble. */
const MOST_FOUND = 100_000;

const { from, to, ...otherOptions } = sourceOptions;

export const report = command({
  name: 'report',
  about:
    'Makes one page of access logs: who uses what, who is in trouble, since when, whose fault.',
  usage: [
    'SOURCE… [-o page.html] [options]',
    '--panel ID SOURCE… [options]',
    '--stack NAME [options]',
    '--sample',
    '--list',
  ],
  positional: sourcePositional,
  options: {
    'What to read': {
      from,
      to,
      history: {
        type: 'string',
        value: 'TIME',
        description: 'compare with requests from then on, before --from; given like --from',
      },
      ...otherOptions,
    },
    'What to show': {
      customer: {
        type: 'string',
        value: 'NAME',
        description: 'this customer alone: the page has nothing of anybody else in it',
      },
      plan: { type: 'string', value: 'NAME', description: 'this usage plan, by id or name' },
      api: { type: 'string', value: 'ID', description: 'this API' },
      stage: { type: 'string', value: 'NAME', description: 'this stage' },
      panel: { type: 'string', value: 'ID', description: 'one panel, printed instead of a page' },
      find: {
        type: 'string',
        value: 'ID',
        description: `the requests that carry this id (of the request, its integration, trace or connection, of the API key) or come from this address, printed instead of a page: the latest ${formatInteger(MOST_FOUND)}, of which a terminal shows the first ${LISTED}`,
      },
      json: { type: 'boolean', description: 'the panel as JSON' },
      csv: { type: 'boolean', description: 'the panel as CSV' },
      list: { type: 'boolean', description: 'list the panels' },
    },
    'The page': {
      output: {
        type: 'string',
        short: 'o',
        value: 'FILE',
        description: 'where to write the page',
        default: 'report.html',
      },
      open: { type: 'boolean', description: 'open the page in the browser' },
      fresh: {
        type: 'boolean',
        description: "with --stack: have Athena make a page, not take the stack's own",
      },
    },
  },
  examples: [
    { line: 'report --sample --open', does: 'a page of sample data, without an account:' },
    { line: 'report logs/', does: 'a page of all delivered lines in a folder:' },
    {
      line: 'report s3://my-bucket/logs/ --from 7d --history 14d --plans plans.json',
      does: 'a page of the last week, compared with the one before:',
    },
    { line: 'report logs/ --panel customers', does: 'one panel:' },
    { line: 'report logs/ --find 82f3e9c6', does: 'what happened to a request:' },
    { line: 'report --stack access-logs --panel customers', does: 'the same of a stack:' },
    {
      line: 'report --stack access-logs --open',
      does: 'the page that the stack wrote last night:',
    },
    {
      line: 'report logs/ --audit trail/',
      does: 'with who changed what, marked in the traffic it changed:',
    },
  ],
  notes: [
    'Rows are kept in the cache folder (XDG_CACHE_HOME, ~/.cache), so that a second report of the ' +
      'same files starts at once. Files are read from before --from on as well, for comparisons and ' +
      'histories. Of s3://, only the day= and hour= folders of the time itself are read, with an hour ' +
      'on each side; of earlier ones, those from --history on. How lines are read follows the settings of the function ' +
      '(LOG_FORMATS, USAGE_PLAN_FIELD, ...) in the environment.',
    'With --stack, Athena reads the last seven days unless --from is given; what it read and what ' +
      'that cost is told at the end. The same command within the hour goes on where it ended.',
    'A stack with analyticsPage writes a page by itself, of its last closed days: it is fetched where ' +
      'neither a time nor a filter is given.',
    'Without --stack it needs DuckDB beside it: npm install @duckdb/node-api',
  ],
  exitCodes: ['the page was written or the panel printed', 'not'],
  async run({ values, positionals }, terminal) {
    if (values.list) {
      listPanels(terminal);
      return 0;
    }
    const panel = askedPanel(values);
    if (!panel && (values.json || values.csv)) {
      throw new UsageError('--json and --csv are for one panel: expected --panel ID');
    }
    if (values.json && values.csv) throw new UsageError('--json and --csv exclude each other');
    checkAudit(values, panel);
    if (panel?.isOfLog && values.customer !== undefined) {
      throw new UsageError(`--panel ${panel.id} is about the whole log: not for one --customer`);
    }
    if (!panel) await checkOutput(values.output);
    if (!panel && isAboutStackAlone(values, positionals)) {
      // The client of S3 is loaded for those who ask it only.
      const { pageOfStack } = await import('./stack-page');
      const html = await pageOfStack(values.stack, terminal);
      if (html !== undefined) {
        await keepPage(html, values, terminal);
        return 0;
      }
    }
    const logs = await openLogs(positionals, values, terminal);
    try {
      const period = await periodOf(logs, terminal);
      const { find } = values;
      const scope = {
        ...scopeOf(period, values['time-zone'], filterOf(values)),
        ...(find === undefined ? {} : { find, limit: MOST_FOUND }),
      };
      await checkFilter(logs, scope.filter);
      if (panel) await showPanel(panel, scope, { logs, values, terminal });
      else await writePage(scope, { logs, values, terminal });
      return 0;
    } finally {
      logs.close();
    }
  },
});

interface AskedPage extends Filter {
  readonly stack?: string | undefined;
  readonly fresh?: boolean | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly 'time-zone': string;
  readonly sample?: boolean | undefined;
  readonly aws?: boolean | undefined;
  readonly plans?: string | undefined;
  readonly audit?: readonly string[] | undefined;
}

interface ShowOptions {
  readonly logs: OpenLogs;
  readonly terminal: Terminal;
  readonly values: {
    readonly json?: boolean | undefined;
    readonly csv?: boolean | undefined;
    readonly output: string;
    readonly open?: boolean | undefined;
    readonly audit?: readonly string[] | undefined;
    readonly threats?: string | undefined;
  };
}

/** Whether the page that the stack itself writes will do: nothing else was asked for. */
function isAboutStackAlone<T extends AskedPage>(
  values: T,
  sources: readonly string[],
): values is T & { readonly stack: string } {
  const { stack, fresh, from, to, sample, aws, plans, audit, ...others } = values;
  if (fresh && stack === undefined) {
    throw new UsageError('--fresh is for the page of a stack: expected --stack NAME');
  }
  const more = [from, to, sample, aws, plans, audit, ...Object.values(filterOf(others))];
  const isUtc = values['time-zone'] === 'UTC';
  return stack !== undefined && !fresh && isUtc && sources.length === 0 && !more.some((it) => it);
}

/** A page for one customer does not show who works on the account. */
function checkAudit(
  { audit, customer }: { audit?: readonly string[] | undefined; customer?: string | undefined },
  panel: Panel | undefined,
): void {
  if (!panel && audit && customer !== undefined) {
    throw new UsageError('--audit names who works on the account: not on a page of one --customer');
  }
  if (panel && auditPanels.includes(panel) && !audit) {
    throw new UsageError(`--panel ${panel.id} is about changes: expected --audit SOURCE`);
  }
}

function listPanels(terminal: Terminal): void {
  printTable(terminal, {
    head: ['panel', 'page', 'question'],
    rows: [...panels, ...auditPanels].map(({ id, page, question }) => [
      { text: id, colors: ['bold'] },
      { text: page },
      { text: question },
    ]),
  });
}

const FINDING = 'find-request';

function askedPanel({
  panel,
  find,
}: {
  panel?: string | undefined;
  find?: string | undefined;
}): Panel | undefined {
  if (find !== undefined && panel !== undefined && panel !== FINDING) {
    throw new UsageError(`--find looks for requests: it cannot go with --panel ${panel}`);
  }
  if (find?.trim() === '') {
    throw new UsageError(`--find: got "${find}", expected an id or an address`);
  }
  const id = find === undefined ? panel : FINDING;
  return id === undefined ? undefined : panelNamed(id);
}

function panelNamed(id: string): Panel {
  const all = [...panels, ...auditPanels];
  const panel = all.find((one) => one.id === id);
  if (panel) return panel;
  const ids = all.map((one) => one.id);
  const hint = didYouMean(id, ids) || ', expected one that --list prints';
  throw new UsageError(`no panel "${id}"${hint}`);
}

function filterOf({ customer, plan, api, stage }: Filter): Filter {
  return {
    ...(customer === undefined ? {} : { customer }),
    ...(plan === undefined ? {} : { plan }),
    ...(api === undefined ? {} : { api }),
    ...(stage === undefined ? {} : { stage }),
  };
}

/** Whole hours around what there is, unless a time was asked for. */
async function periodOf(
  { engine, span, completeness }: OpenLogs,
  { warn }: Terminal,
): Promise<Period> {
  const from = span.from ?? Math.floor((completeness.from ?? 0) / HOUR) * HOUR;
  const to = span.to ?? (Math.floor((completeness.to ?? 0) / HOUR) + 1) * HOUR;
  const isAsked = span.from !== undefined || span.to !== undefined;
  if (isAsked || to - from <= HISTORY_DAYS * DAY) return { from, to };
  const { outside, ...busiest } = await busiestPeriod(engine);
  const [first, last] = [busiest.from, busiest.to - DAY].map((day) =>
    new Date(day).toISOString().slice(0, 10),
  );
  warn(
    `requests are spread over ${counted(Math.round((to - from) / DAY), 'day')}: shown are ${first} to ${last}, without ${counted(outside, 'request')} of other days; --from and --to choose`,
  );
  return busiest;
}

function scopeOf({ from, to }: Period, timeZone: string, filter: Filter): Scope {
  return { from, to, timeZone, bucket: bucketFor(to - from), filter };
}

/** A name without any line is most likely misspelt. */
async function checkFilter({ engine }: OpenLogs, filter: Filter): Promise<void> {
  const columns = {
    customer: ['customer_name'],
    plan: ['usage_plan', 'usage_plan_id'],
    api: ['api_id'],
    stage: ['stage'],
  } as const;
  for (const [name, wanted] of Object.entries(filter) as [keyof typeof columns, string][]) {
    const found = await Promise.all(
      columns[name].map((column) => engine.query(`select distinct ${column} from requests`)),
    );
    const all = found.flatMap(({ rows }) => rows.map(([value]) => String(value ?? '-')));
    if (all.includes(wanted)) continue;
    throw new UsageError(`--${name}: no requests of "${wanted}"${didYouMean(wanted, all)}`);
  }
}

async function showPanel(
  panel: Panel,
  scope: Scope,
  { logs: { engine, rollups, completeness, countriesDate }, values, terminal }: ShowOptions,
): Promise<void> {
  const rolledUp = await rollups?.rolledUp(panel, scope);
  const { columns, rows } = rolledUp
    ? { columns: panel.columns.map(({ name }) => name), rows: rolledUp }
    : await engine.query(panel.sql(scope));
  const { limit } = limitedScope(panel, scope);
  const isCut = isFull({ ...panel, limit }, rows);
  const result: Result = {
    panel: panel.id,
    columns,
    rows,
    ...(limit === undefined ? {} : { limit }),
    completeness,
  };
  if (values.json) terminal.print(JSON.stringify(result));
  else if (values.csv) {
    terminal.print(csvOf(panel.columns, rows).trimEnd());
    if (isCut) terminal.warn(listEnd(rows.length));
  } else {
    const shown = values.threats === undefined ? withoutThreatList(panel) : panel;
    printPanel(withCountriesSource(shown, countriesDate), scope, rows, terminal);
    tellCompleteness(completeness, terminal);
  }
}

async function writePage(
  scope: Scope,
  {
    logs: { engine, rollups, completeness, remember, countriesDate },
    values,
    terminal,
  }: ShowOptions,
): Promise<void> {
  const { customer } = scope.filter;
  const html = await buildPage({
    query: (sql) => engine.query(sql),
    many: engine.many,
    buildCubes: rollups && (() => rollups.cubes(scope)),
    remember,
    scope,
    completeness: customer === undefined ? completeness : ofOneCustomer(completeness),
    title: customer === undefined ? 'API traffic' : `API traffic of ${customer}`,
    madeAt: Date.now(),
    countriesDate,
    client: pageClient(),
    audit: values.audit && { hasThreats: values.threats !== undefined },
    show: (done, all) => terminal.progress.show(`computing: ${done} of ${all} panels`),
  });
  terminal.progress.clear();
  await keepPage(html, values, terminal, () => tellCompleteness(completeness, terminal));
}

async function keepPage(
  html: string,
  { output, open }: ShowOptions['values'],
  terminal: Terminal,
  tell = () => {},
): Promise<void> {
  const path = resolve(output);
  try {
    await writeWhole(path, html);
  } catch (error) {
    throw new UsageError(`cannot write ${output}: ${(error as Error).message}`);
  }
  terminal.print(path);
  if (!open) terminal.note(`open it in a browser: ${pathToFileURL(path)}`);
  tell();
  if (open) openFile(path);
}

/** The page that was there stays until the new one is whole. */
async function writeWhole(path: string, text: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  // A pipe or a terminal takes it as it comes; a folder does not.
  if (there && !there.isFile()) return writeFile(path, text);
  const place = there ? await realpath(path) : path;
  const half = `${place}.${process.pid}.half`;
  try {
    await writeFile(half, text, { mode: there?.mode });
    await rename(half, place);
  } catch (error) {
    await rm(half, { force: true });
    throw new Error((error as Error).message.replace(half, place));
  }
}

/** Refused before minutes of work, not after them. */
async function checkOutput(output: string): Promise<void> {
  const folder = dirname(resolve(output));
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw new UsageError(`cannot write ${output}: no folder ${folder}`);
}

/** Names of files may name other customers. */
function ofOneCustomer(completeness: Completeness): Completeness {
  return {
    ...completeness,
    unreadFiles: completeness.unreadFiles.map(({ reason }) => ({ name: 'a file', reason })),
  };
}
