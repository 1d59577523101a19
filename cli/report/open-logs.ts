/** From what a command line names to an engine over its rows: what `report` and `query` share. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { historyFrom } from '../../analytics/panels/periods';
import type { Remember } from '../../analytics/report/build-page';
import type { Completeness } from '../../analytics/result';
import { readSettings, type Settings } from '../../lambda/core/settings/settings';
import { changeRows } from '../audit/change-rows';
import { counted } from '../terminal/counted';
import { endOnInterruption, onInterruption } from '../terminal/interruption';
import type { Terminal } from '../terminal/terminal';
import { UsageError } from '../usage-error';
import { type Counting, completenessOf } from './completeness';
import { loadCountries, packedCountries } from './countries';
import { countriesDateOf } from './country-table';
import { type LocalEngine, loadDuckDb, openEngine } from './duckdb';
import { type Ingested, type IngestOptions, type IngestProgress, ingest } from './ingest';
import { noneReadable, timesOf, whyNoRequests } from './no-requests';
import type { OpenLogs } from './opened';
import { usagePlansOf } from './plans';
import { cacheFolder, keyOf, RowCache } from './row-cache';
import { RowThreads } from './row-threads';
import { isS3Location } from './s3-sources';
import { sampleLogs } from './sample-logs';
import { FolderChoice, type Source, type TimeSpan } from './source';
import { sourcesOf } from './sources';
import { timeRange } from './time-range';

export const sourceOptions = {
  from: {
    type: 'string',
    value: 'TIME',
    description: 'only requests from then on: a day, a moment, or 7d, 12h, 30m (ago)',
  },
  to: { type: 'string', value: 'TIME', description: 'only requests before; a day is included' },
  'time-zone': {
    type: 'string',
    value: 'NAME',
    description: 'where days begin, and what times without an offset mean',
    default: 'UTC',
  },
  plans: {
    type: 'string',
    value: 'FILE',
    description: 'usage plans for lines that carry no plan yet',
  },
  aws: { type: 'boolean', description: "your AWS account's usage plans for such lines" },
  audit: {
    type: 'string',
    multiple: true,
    value: 'SOURCE',
    description: "CloudTrail's records, as `apigw-logs audit` reads them: the relation `changes`",
  },
  threats: {
    type: 'string',
    value: 'FILE',
    description: 'addresses and networks to look for in these records: CSV, a name behind each',
  },
  sample: {
    type: 'boolean',
    description: 'thirty made-up days of an API product, instead of a SOURCE',
  },
  stack: {
    type: 'string',
    value: 'NAME',
    description: 'the logs of a stack with analytics, where they are, through Athena',
  },
  'max-cost': {
    type: 'string',
    value: 'USD',
    description: 'with --stack: begin no query that would cost more than what is left of it',
    default: '1',
  },
} as const;

export const sourcePositional = {
  name: 'SOURCE',
  description:
    'a file, a folder, a pattern, - for standard input, or s3://bucket/prefix: raw lines of any known format, delivered lines that are verbatim or canonical, CloudWatch Logs envelopes, exports and answers of `get-log-events`, compressed or not',
};

export interface SourceValues {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly 'time-zone': string;
  readonly plans?: string | undefined;
  readonly aws?: boolean | undefined;
  readonly sample?: boolean | undefined;
  readonly stack?: string | undefined;
  readonly 'max-cost': string;
  /** From when on lines are read to compare with; `report` alone has it. */
  readonly history?: string | undefined;
  readonly audit?: readonly string[] | undefined;
  readonly threats?: string | undefined;
}

/** About as many as fit into a minute of reading and looking. */
const SAMPLE_REQUESTS = 300_000;

/** Another one forgets all that was computed: raise it when the same statement is read differently. */
const COMPUTED_VERSION = 2;
const MINUTE = 60_000;

/** Rejects where there are no lines, or none that count in the time that is asked for. */
export async function openLogs(
  given: readonly string[],
  values: SourceValues,
  terminal: Terminal,
  counting: Counting = 'timed',
): Promise<OpenLogs> {
  if (values.stack !== undefined) {
    checkStackAlone(given, values);
    // The client of Athena is loaded for those who ask it only.
    const { openStackLogs } = await import('./stack-logs');
    return openStackLogs({ ...values, stack: values.stack }, terminal);
  }
  if (values.sample && given.length > 0) {
    throw new UsageError(`--sample takes no SOURCE, got ${given.join(', ')}`);
  }
  // Before any work, which would be lost.
  await loadDuckDb();
  const names = values.sample ? [sampleFolder(terminal)] : given;
  if (names.length === 0) {
    throw new UsageError(
      'expected a SOURCE: a file, a folder, -, s3://bucket/prefix, --sample or --stack',
    );
  }
  const timeZone = values['time-zone'];
  const now = Date.now();
  const span = timeRange({ ...values, timeZone }, now);
  if (values.threats !== undefined && !values.audit) {
    throw new UsageError('--threats is for the records that --audit SOURCE names');
  }
  const settings = settingsOf(process.env);
  const usagePlans = await usagePlansOf(values, settings, terminal);
  const isQuery = counting === 'all';
  const choice = new FolderChoice({
    ...span,
    from: isQuery ? span.from : readFrom(names, values, span, now),
  });
  const sources = await sourcesOf(names, choice, terminal);
  const cache = new RowCache(cacheFolder());
  const countriesDate = countriesDateOf(packedCountries(cache.folder));
  const ingested = await ingestAll(sources, {
    cache,
    reading: { settings, usagePlans, countriesDate },
    terminal,
  });
  tellOfDocuments(ingested, terminal);
  // Panels themselves choose their times; of folders that were left out, late lines would look like a period.
  const range = isQuery ? span : { from: choice.hasLeftEarlier ? choice.span.from : undefined };
  let changes: string | undefined;
  const engine = openWhenAsked(cache.folder, () =>
    openEngine(
      { ...ingested, hasUnparsed: ingested.counts.unparsed > 0, range, changes },
      { spillFolder: join(cache.folder, '.spill') },
    ),
  );
  const removeTemporary = () => {
    ingested.close();
    if (changes !== undefined) rmSync(changes, { force: true });
  };
  const release = endOnInterruption(() => {
    // The process would not end before its statement does.
    engine.interrupt();
    removeTemporary();
  });
  const close = () => {
    release();
    engine.close();
    removeTemporary();
  };
  const { key } = ingested;
  const remember: Remember = (name, compute) =>
    key !== undefined && isLasting(span) && isLasting(range)
      ? cache.remember(keyOf([COMPUTED_VERSION, key, span, range, name]), compute)
      : compute();
  try {
    const { rows, unparsed } = ingested.counts;
    if (rows === 0) throw new UsageError(nothingIn(names, ingested));
    if (rows === unparsed) throw new UsageError(noneReadable(rows));
    if (values.audit) {
      const { folder } = cache;
      changes = await changeRows(values.audit, { ...values, cacheFolder: folder }, terminal);
    }
    const completeness = JSON.parse(
      Buffer.from(
        await remember(`completeness ${counting}`, async () =>
          Buffer.from(
            JSON.stringify(await completenessOf(engine, ingested, { ...span, counting })),
          ),
        ),
      ).toString(),
    ) as Completeness;
    if (completeness.requests === 0) {
      throw new UsageError(whyNoRequests(span, await timesOf(engine, ingested.parquet)));
    }
    if (!isQuery && choice.hasLeftEarlier && choice.span.from === span.from) {
      terminal.warn(
        'of s3:// only the time from --from on is read: nothing is compared with the time before, and months and the histories of customers begin there; --history 30d reads more',
      );
    }
    return { engine, span, completeness, remember, countriesDate, close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * From when on lines are read: before the time that is asked for lies what it is compared with. Files are soon
 * read, as far back as panels look.
 */
function readFrom(
  names: readonly string[],
  values: SourceValues,
  span: TimeSpan,
  now: number,
): number | undefined {
  const { history, from, 'time-zone': timeZone } = values;
  if (history !== undefined) {
    if (span.from === undefined) throw new UsageError('--history is for lines before --from TIME');
    const past = timeRange({ from: history, timeZone, fromOption: '--history' }, now);
    if (past.from !== undefined && past.from < span.from) return past.from;
    throw new UsageError(`--history: got ${history}, expected a time before --from ${from}`);
  }
  if (span.from === undefined || names.some(isS3Location)) return span.from;
  return historyFrom({ to: span.from, timeZone });
}

function checkStackAlone(
  given: readonly string[],
  { sample, plans, aws, audit, history }: SourceValues,
): void {
  const others = [
    ...given,
    ...(sample ? ['--sample'] : []),
    ...(plans === undefined ? [] : ['--plans']),
    ...(aws ? ['--aws'] : []),
    ...(audit ? ['--audit'] : []),
    ...(history === undefined ? [] : ['--history']),
  ];
  if (others.length === 0) return;
  throw new UsageError(
    `--stack reads the stack's own logs: it cannot go with ${others.join(', ')}`,
  );
}

/** Opened by the first statement: what is remembered needs none. */
function openWhenAsked(folder: string, open: () => Promise<LocalEngine>): LocalEngine {
  let opening: Promise<LocalEngine> | undefined;
  let opened: LocalEngine | undefined;
  const ask = async <T>(question: (engine: LocalEngine) => Promise<T>): Promise<T> => {
    opening ??= open();
    opened = await opening;
    try {
      return await question(opened);
    } catch (error) {
      throw explained(error as Error, folder);
    }
  };
  return {
    query: (sql) => ask((engine) => engine.query(sql)),
    queryOfUser: (sql, signal) => ask((engine) => engine.queryOfUser(sql, signal)),
    many: {
      keep: (name, sql) => ask(({ many }) => many.keep(name, sql)),
      columns: (name, sql) => ask(({ many }) => many.columns(name, sql)),
    },
    interrupt: () => opened?.interrupt(),
    close: () => opened?.close(),
  };
}

/** The last seven days, to the millisecond, are never asked for again. */
function isLasting({ from = 0, to = 0 }: TimeSpan): boolean {
  return from % MINUTE === 0 && to % MINUTE === 0;
}

function sampleFolder({ progress, note }: Terminal): string {
  const folder = sampleLogs(join(cacheFolder(), 'samples'), SAMPLE_REQUESTS, (lines) =>
    progress.show(`making the sample: ${counted(lines, 'line')}`),
  );
  progress.clear();
  note(`sample logs: ${folder}`);
  return folder;
}

function settingsOf(environment: NodeJS.ProcessEnv): Settings {
  try {
    return readSettings(environment);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function ingestAll(
  sources: readonly Source[],
  { cache, reading, terminal }: Pick<IngestOptions, 'cache' | 'reading'> & { terminal: Terminal },
): Promise<Ingested> {
  const interruption = onInterruption(() => terminal.note('stopping …'));
  try {
    return await ingest(sources, {
      cache,
      reading,
      rowFiles: (countries) => new RowThreads({ ...reading, countries }),
      countries: () => loadCountries(cache.folder),
      show: (progress) => terminal.progress.show(progressLine(progress)),
      signal: interruption.signal,
    });
  } catch (error) {
    if (interruption.signal.aborted) {
      throw new Error('interrupted; what was read so far is kept for the next time');
    }
    throw explained(error as Error, cache.folder);
  } finally {
    interruption.release();
    terminal.progress.clear();
  }
}

function progressLine({ files, ofFiles, rows }: IngestProgress): string {
  return `reading: ${files} of ${counted(ofFiles, 'file')}, ${counted(rows, 'line')}`;
}

/**
 * The error to show; for a full disk, which DuckDB and Node.js report in different words, a clear one.
 */
function explained(error: Error, folder: string): Error {
  const isFull = /ENOSPC|EDQUOT|no space left|disk quota/i.test(error.message);
  if (!isFull) return error;
  return new Error(
    `the disk is full: rows are kept in ${folder}; XDG_CACHE_HOME names another place`,
  );
}

function tellOfDocuments({ counts }: Ingested, terminal: Terminal): void {
  if (counts.ecsDocuments === 0) return;
  terminal.warn(
    `${counted(counts.ecsDocuments, 'line')} left out: ECS documents cannot be read back, deliver verbatim or canonical lines for reports`,
  );
}

function nothingIn(names: readonly string[], { unread, counts }: Ingested): string {
  const [first] = unread;
  if (first) return `nothing could be read: ${first.name}: ${first.reason}`;
  if (counts.ecsDocuments > 0) return `only ECS documents in ${names.join(', ')}`;
  return `no lines in ${names.join(', ')}`;
}
