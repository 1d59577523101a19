/**
 * Reads sources into rows that the engine can query, once: what was read before comes from the cache.
 * Sources are read in groups of one day or folder, so that a new file costs its group only, and what
 * was finished before an interruption is not read again.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { literal } from '../../analytics/dialect';
import {
  isReadable,
  preference,
  repetitionsSql,
  requestIdentity,
  tellingColumns,
} from '../../analytics/requests';
import type { UnreadFile } from '../../analytics/result';
import type { UsagePlan } from '../../lambda/core/catalog/usage-plan';
import type { Settings } from '../../lambda/core/settings/settings';
import { blocksOf } from './blocks';
import { addRows, noRows, type RowCounts } from './canonical-rows';
import type { CountryTable } from './country-table';
import { Database } from './duckdb';
import { listedLines } from './listed-lines';
import { type Entry, type EntryNote, keyOf, type RowCache } from './row-cache';
import type { RowFiles } from './row-files';
import type { Source } from './source';

export interface IngestOptions {
  readonly cache: RowCache;
  /** How lines are read and attributed; all of it is part of an entry's key. */
  readonly reading: ReadingOptions;
  /** Made when the first source has to be read. */
  readonly rowFiles: (countries: CountryTable) => RowFiles;
  readonly countries: () => CountryTable;
  readonly show: (progress: IngestProgress) => void;
  readonly signal: AbortSignal;
}

export interface ReadingOptions {
  readonly settings: Settings;
  readonly usagePlans: readonly UsagePlan[];
  /** The date of the countries' data. */
  readonly countriesDate: string;
}

export interface IngestProgress {
  readonly files: number;
  readonly ofFiles: number;
  readonly rows: number;
}

export interface Ingested {
  /** Identifies all that was read and how; undefined where it cannot be asked for again. */
  readonly key: string | undefined;
  readonly parquet: readonly string[];
  readonly repeated: string | undefined;
  readonly conflicts: number;
  readonly counts: RowCounts;
  readonly files: number;
  readonly unread: readonly UnreadFile[];
  /** Removes what is not to be kept. */
  close(): void;
}

/** Another one makes all entries new: raise it when rows change for the same lines. */
const ROWS_VERSION = 4;
/** Opened at once: reading waits for disks and networks. */
const SOURCES_AT_ONCE = 8;

export async function ingest(
  sources: readonly Source[],
  options: IngestOptions,
): Promise<Ingested> {
  const run = new Ingestion(sources, options);
  try {
    return await run.all();
  } catch (error) {
    run.removeHalves();
    throw error;
  } finally {
    await run.close();
  }
}

class Ingestion {
  readonly #sources: readonly Source[];
  readonly #options: IngestOptions;
  readonly #halves = new Set<string>();
  #rowFiles: RowFiles | undefined;
  #database: Database | undefined;
  #filesDone = 0;
  #rowsDone = 0;

  constructor(sources: readonly Source[], options: IngestOptions) {
    this.#sources = sources;
    this.#options = options;
  }

  async all(): Promise<Ingested> {
    const entries: Entry[] = [];
    for (const group of groupsOf(this.#sources)) entries.push(await this.#entryOf(group));
    const counts = noRows();
    for (const { note } of entries) addRows(counts, note.counts);
    const parquet = entries.flatMap((entry) => entry.parquet);
    const isKept = this.#halves.size === 0;
    const { repeated, conflicts } = await this.#repetitions(parquet);
    return {
      key: isKept ? keyOf([ROWS_VERSION, entries]) : undefined,
      parquet,
      repeated,
      conflicts,
      counts,
      files: entries.reduce((sum, { note }) => sum + note.files, 0),
      unread: entries.flatMap(({ note }) => note.unread),
      close: () => this.removeHalves(),
    };
  }

  async close(): Promise<void> {
    await this.#rowFiles?.close();
    this.#database?.close();
  }

  removeHalves(): void {
    for (const half of this.#halves) this.#options.cache.removeHalf(half);
  }

  async #entryOf(group: readonly Source[]): Promise<Entry> {
    const { cache, reading } = this.#options;
    const isKeepable = group.every(({ version }) => version !== undefined);
    const key = keyOf([
      ROWS_VERSION,
      reading,
      group.map(({ name, bytes, version }) => [name, bytes, version]),
    ]);
    const known = isKeepable ? cache.find(key) : undefined;
    if (known) {
      this.#tell(known.note.files, known.note.counts.rows);
      return known;
    }
    const half = cache.begin();
    this.#halves.add(half);
    const { note, isWhole } = await this.#read(group, half);
    if (!isKeepable || !isWhole) return cache.keepForNow(half, note);
    const entry = cache.finish(half, key, note);
    this.#halves.delete(half);
    return entry;
  }

  /** Not whole where a source may be readable another time. */
  async #read(
    group: readonly Source[],
    folder: string,
  ): Promise<{ note: EntryNote; isWhole: boolean }> {
    const rowFiles = this.#openRowFiles();
    const counts = noRows();
    const unread: UnreadFile[] = [];
    let isWhole = true;
    /** What is being done with blocks. */
    const appended = new Set<Promise<void>>();
    const readOne = async (source: Source) => {
      let isAtStart = true;
      try {
        for await (const block of blocksOf(await source.open(), listedLines)) {
          this.#options.signal.throwIfAborted();
          isAtStart = false;
          const done = rowFiles.append(block, join(folder, 'rows')).then((more) => {
            addRows(counts, more);
            appended.delete(done);
            this.#tell(0, more.rows);
          });
          appended.add(done);
          // Reported when all is read.
          done.catch(() => {});
          // Reading goes at the pace of what reads the blocks.
          if (appended.size > SOURCES_AT_ONCE) await Promise.race(appended);
        }
      } catch (error) {
        if (this.#options.signal.aborted || isFatal(error)) throw error;
        unread.push({ name: source.name, reason: reasonOf(error as Error, isAtStart) });
        isWhole &&= isBrokenContent(error as Error);
      }
      this.#tell(1, 0);
    };
    await inTurns([...group], readOne);
    await Promise.all(appended);
    await rowFiles.end();
    return { note: { counts, files: group.length - unread.length, unread }, isWhole };
  }

  #openRowFiles(): RowFiles {
    this.#rowFiles ??= this.#options.rowFiles(this.#options.countries());
    return this.#rowFiles;
  }

  async #openDatabase(): Promise<Database> {
    this.#database ??= await Database.open({
      spillFolder: join(this.#options.cache.folder, '.spill'),
    });
    return this.#database;
  }

  /** Which lines repeat another one; found once for the same files. */
  async #repetitions(
    parquet: readonly string[],
  ): Promise<{ repeated: string | undefined; conflicts: number }> {
    if (parquet.length === 0) return { repeated: undefined, conflicts: 0 };
    const { cache } = this.#options;
    const isKept = this.#halves.size === 0;
    const half = isKept ? undefined : cache.begin();
    if (half) this.#halves.add(half);
    const file = join(half ?? cache.folder, `repeated-${keyOf([ROWS_VERSION, parquet])}`);
    const [rows, note] = [`${file}.parquet`, `${file}.json`];
    if (!existsSync(note)) {
      const database = await this.#openDatabase();
      await database.run(severalSql(parquet));
      const { rows: found } = await database.query(repetitionsSql('several'));
      const [repeated = 0, duplicates = 0, conflicts = 0] = found[0] ?? [];
      if (Number(duplicates) > 0) await database.run(repeatedSql(rows));
      await database.run('drop table several');
      writeFileSync(note, JSON.stringify({ repeated, duplicates, conflicts }));
    }
    const { duplicates, conflicts } = JSON.parse(readFileSync(note, 'utf8')) as {
      duplicates: number;
      conflicts: number;
    };
    return { repeated: duplicates > 0 ? rows : undefined, conflicts };
  }

  #tell(files: number, rows: number): void {
    this.#filesDone += files;
    this.#rowsDone += rows;
    this.#options.show({
      files: this.#filesDone,
      ofFiles: this.#sources.length,
      rows: this.#rowsDone,
    });
  }
}

/** Takes items from the queue, some at once, until it is empty. */
async function inTurns<T>(queue: T[], work: (item: T) => Promise<void>): Promise<void> {
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: SOURCES_AT_ONCE }, worker));
}

/** The sources of each day, or of each folder where the folders are no days. */
function groupsOf(sources: readonly Source[]): Source[][] {
  const groups = new Map<string, Source[]>();
  for (const source of sources) {
    const folder = source.name.slice(0, source.name.lastIndexOf('/') + 1);
    const day = folder.replace(/(\d\d\/|day=[\d-]+\/)(?:hour=)?\d\d\/$/, '$1');
    const group = groups.get(day);
    if (group) group.push(source);
    else groups.set(day, [source]);
  }
  return [...groups.values()];
}

/** Equal for lines of one request, and seldom for others: of what the identity is made of, as numbers. */
const identityHash = `hash(coalesce(api_id, ''), coalesce(stage, ''),
  coalesce(extended_request_id, request_id),
  case when extended_request_id is null then request_time_epoch end)`;

/**
 * The lines of requests that have several, into a table. Few have: their hashes find nearly all others,
 * which need no text then.
 */
function severalSql(parquet: readonly string[]): string {
  const lines = `read_parquet([${parquet.map(literal).join(', ')}], filename = true, file_row_number = true)`;
  const hashed = `select ${identityHash} as hashed from ${lines}
    where ${isReadable} and (extended_request_id is not null or request_id is not null)`;
  return `create table several as
  with suspects as (select hashed from (${hashed}) group by hashed having count(*) > 1)
  select ${[...tellingColumns, 'filename', 'file_row_number'].join(', ')} from ${lines}
  where ${isReadable} and ${identityHash} in (select hashed from suspects)
  qualify count(*) over (partition by ${requestIdentity}) > 1`;
}

function repeatedSql(to: string): string {
  return `copy (
  select filename as file, file_row_number as "row" from (
    select *, row_number() over (
      partition by ${requestIdentity} order by ${preference}, filename, file_row_number
    ) as copy
    from several where (${requestIdentity}) is not null
  ) where copy > 1
) to ${literal(to)} (format parquet)`;
}

/** A fault of this machine, not of a source. */
function isFatal(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '');
}

const BROKEN = new Set(['Z_DATA_ERROR', 'Z_BUF_ERROR', 'Z_NEED_DICT']);

/** The content itself is at fault: it will be the same next time. */
function isBrokenContent(error: Error): boolean {
  return BROKEN.has((error as NodeJS.ErrnoException).code ?? '');
}

/** Why a source could not be read, in a line. */
export function reasonOf(error: Error, isAtStart: boolean): string {
  const { code } = error as NodeJS.ErrnoException;
  if (isBrokenContent(error)) {
    const fault = code === 'Z_BUF_ERROR' ? 'cut short' : 'broken';
    return isAtStart
      ? `the gzip is ${fault} from its start: nothing could be read`
      : `the gzip is ${fault}; what came before was read`;
  }
  const [message = ''] = error.message.split('\n');
  return error.name === 'Error' ? message : `${error.name}: ${message}`;
}
