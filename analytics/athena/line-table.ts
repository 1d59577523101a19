/**
 * The table of delivered lines as Glue knows it: columns, SerDe and the folders that are partitions.
 *
 * Canonical lines have typed columns and Hive's JSON SerDe. Lines as API Gateway wrote them are a table
 * of texts, a column for each name that a field may have, with OpenX's SerDe, which maps names that
 * are no column names. The view `access` makes one relation of either.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/json-serde.html
 * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html
 */

import { columns as fieldColumns, namesOf, ownColumns } from '../../lambda/core/fields';
import { accessColumns } from '../schema';

/** The table's name; `access` is the view over it. */
export const LINE_TABLE = 'lines';

/** What lines are, for a table of them. */
export type LineOutput = 'canonical' | 'verbatim';

export interface TableColumn {
  readonly name: string;
  /** Hive's type. */
  readonly type: string;
  readonly comment?: string;
}

export interface LineTable {
  readonly columns: readonly TableColumn[];
  readonly partitions: readonly TableColumn[];
  readonly serde: string;
  readonly serdeParameters: Readonly<Record<string, string>>;
  /** Partition projection: the table needs no crawler and never misses a day. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface LineTableOptions {
  readonly output: LineOutput;
  /** `s3://bucket/logs/` */
  readonly location: string;
  /** The first day that there can be logs of, `2026-11-25`. */
  readonly since: string;
  /** Whether folders may be named after tomorrow's UTC day: the time zone is ahead of UTC. */
  readonly isAheadOfUtc: boolean;
  /** A folder before the day's, whose values are all known. */
  readonly partition?: { readonly name: string; readonly values: readonly string[] } | undefined;
  /** Names that the pipeline appends to lines as they were written, by the column that they fill. */
  readonly appended?: Readonly<Record<string, string>> | undefined;
}

const HIVE_JSON = 'org.apache.hive.hcatalog.data.JsonSerDe';
const OPENX_JSON = 'org.openx.data.jsonserde.JsonSerDe';

/** A time stays a text in the table: the view makes a timestamp of it. */
const hiveTypes = {
  string: 'string',
  bigint: 'bigint',
  double: 'double',
  timestamp: 'string',
  boolean: 'boolean',
};

export function lineTable(options: LineTableOptions): LineTable {
  const { output, location, since, isAheadOfUtc, partition } = options;
  const names = verbatimNames(options.appended);
  return {
    columns:
      output === 'canonical'
        ? canonicalColumns()
        : [...names.keys()].map((name) => ({ name, type: 'string' })),
    partitions: [
      ...(partition ? [{ name: partition.name, type: 'string' }] : []),
      { name: 'day', type: 'date' },
      { name: 'hour', type: 'int' },
    ],
    serde: output === 'canonical' ? HIVE_JSON : OPENX_JSON,
    serdeParameters:
      output === 'canonical'
        ? {}
        : {
            'case.insensitive': 'true',
            'ignore.malformed.json': 'true',
            ...Object.fromEntries(
              [...names]
                .filter(([name, logged]) => name !== logged)
                .map(([name, logged]) => [`mapping.${name}`, logged]),
            ),
          },
    parameters: {
      'projection.enabled': 'true',
      ...(partition && {
        [`projection.${partition.name}.type`]: 'enum',
        [`projection.${partition.name}.values`]: partition.values.join(','),
      }),
      'projection.day.type': 'date',
      'projection.day.format': 'yyyy-MM-dd',
      // NOW is a moment of UTC; where the clocks are ahead, tomorrow's folder is there already.
      'projection.day.range': `${since},${isAheadOfUtc ? 'NOW+1DAYS' : 'NOW'}`,
      'projection.hour.type': 'integer',
      'projection.hour.range': '0,23',
      'projection.hour.digits': '2',
      'storage.location.template': `${location}${partition ? `${partition.name}=\${${partition.name}}/` : ''}day=\${day}/hour=\${hour}/`,
    },
  };
}

function canonicalColumns(): TableColumn[] {
  return accessColumns
    .filter(({ origin }) => origin !== 'ingest')
    .map(({ name, type, description }) => ({ name, type: hiveTypes[type], comment: description }));
}

/**
 * By column name, which is lower case and has no punctuation, what a line calls it. Two names that
 * differ in case only are one column: so the SerDe takes them.
 */
function verbatimNames(appended: Readonly<Record<string, string>> = {}): Map<string, string> {
  const names = new Map<string, string>();
  const add = (logged: string) => {
    const name = columnNameOf(logged);
    if (!names.has(name)) names.set(name, logged);
  };
  for (const field of fieldColumns) for (const name of namesOf(field)) add(name);
  for (const name of Object.values(appended)) add(name);
  add(ownColumns.unparsedLine);
  add(ownColumns.unparsedLineBase64);
  return names;
}

/** What Glue takes for the name of a column. */
export function columnNameOf(logged: string): string {
  return logged.toLowerCase().replace(/[^a-z0-9_]/g, '_');
}
