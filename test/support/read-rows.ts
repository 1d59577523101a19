/** Reads contents as a report does, without threads: what tests of ingest compare. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Value } from '../../analytics/result';
import { accessColumnNames } from '../../analytics/schema';
import { type CountryTable, packCountries, unpackCountries } from '../../cli/report/country-table';
import { type Engine, openEngine } from '../../cli/report/duckdb';
import { type Ingested, type IngestProgress, ingest } from '../../cli/report/ingest';
import { RowCache } from '../../cli/report/row-cache';
import { LocalRowFiles } from '../../cli/report/row-files';
import type { Source } from '../../cli/report/source';
import { Catalog } from '../../lambda/core/catalog/catalog';
import type { UsagePlan } from '../../lambda/core/catalog/usage-plan';
import { readSettings } from '../../lambda/core/settings/settings';

/** 2.160.0.0/12 is in Germany and 2001:db8::/32 in Norway here, all else nowhere. */
export const countries: CountryTable = unpackCountries(
  packCountries(
    '44040192,45088767,DE\n',
    '42540766411282592856903984951653826560,42540766490510755371168322545197776895,NO\n',
    '2026-06-17',
  ),
);

export interface ReadOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly usagePlans?: readonly UsagePlan[];
  readonly signal?: AbortSignal;
  readonly show?: (progress: IngestProgress) => void;
  /** @default - two of them */
  readonly countries?: CountryTable;
}

/** For an account, which looks no address up. */
export const noCountries: CountryTable = unpackCountries(packCountries('', '', '2026-06-17'));

/** A source of bytes; without a version it is read every time. */
export function sourceOf(name: string, content: Buffer | string, version?: string): Source {
  const bytes = Buffer.from(content);
  return {
    name,
    bytes: bytes.length,
    version,
    async open() {
      return (async function* () {
        yield bytes;
      })();
    },
  };
}

export class RowReader {
  readonly folder = mkdtempSync(join(tmpdir(), 'rows-'));
  readonly cache = new RowCache(join(this.folder, 'cache'));

  async ingest(sources: readonly Source[], options: ReadOptions = {}): Promise<Ingested> {
    const { environment = {}, usagePlans = [], show = () => {} } = options;
    const table = options.countries ?? countries;
    const settings = readSettings(environment);
    return ingest(sources, {
      cache: this.cache,
      reading: { settings, usagePlans, countriesDate: table.date },
      rowFiles: () =>
        new LocalRowFiles({ settings, catalog: new Catalog(usagePlans), countries: table }),
      countries: () => table,
      show,
      signal: options.signal ?? new AbortController().signal,
    });
  }

  open(ingested: Ingested): Promise<Engine> {
    return openEngine(ingested, { spillFolder: join(this.folder, 'spill'), threads: 1 });
  }

  /** Rows of a relation as objects, without what is NULL. */
  async rows(
    sources: readonly Source[],
    options: ReadOptions = {},
    relation = 'access',
  ): Promise<Record<string, Value>[]> {
    const ingested = await this.ingest(sources, options);
    if (ingested.parquet.length === 0) return [];
    const engine = await this.open(ingested);
    try {
      const { rows } = await engine.query(
        `select * from ${relation} order by request_time_epoch, request_id, status, unparsed_line`,
      );
      return rows.map((row) =>
        Object.fromEntries(
          row.flatMap((value, index) =>
            value === null ? [] : [[accessColumnNames[index] as string, value]],
          ),
        ),
      );
    } finally {
      engine.close();
      ingested.close();
    }
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
