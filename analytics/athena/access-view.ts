/** The view `access` over the table of delivered lines: the same columns whatever the lines look like. */

import { type Field, columns as fieldColumns, namesOf, ownColumns } from '../../lambda/core/fields';
import { type AccessColumn, accessColumns } from '../schema';
import { DAY } from '../time-zone';
import { endpointSql } from './endpoint-sql';
import { columnNameOf, LINE_TABLE, type LineOutput } from './line-table';

export interface AccessViewOptions {
  readonly output: LineOutput;
  /** Names that the pipeline appends to lines as they were written, by the column that they fill. */
  readonly appended?: Readonly<Record<string, string>> | undefined;
}

/** The view has the folder's day and hour too, so that a query reads no more of them than it needs. */
const folderColumns = ['day', 'hour'] as const;

const trinoTypes = {
  string: 'varchar',
  bigint: 'bigint',
  double: 'double',
  timestamp: 'timestamp(3)',
  boolean: 'boolean',
} as const;

/** The columns of the view, with the types that Athena gives them. */
export const accessViewColumns: readonly { readonly name: string; readonly type: string }[] = [
  ...accessColumns.map(({ name, type }) => ({ name, type: trinoTypes[type] })),
  { name: 'day', type: 'date' },
  { name: 'hour', type: 'integer' },
];

export function accessViewSql(options: AccessViewOptions): string {
  const value =
    options.output === 'canonical' ? canonicalValue : verbatimValue(options.appended ?? {});
  const selected = accessColumns.map(
    (column) => `${selectedOf(column, value)} as "${column.name}"`,
  );
  return `select\n  ${[...selected, ...folderColumns].join(',\n  ')}\nfrom ${LINE_TABLE}`;
}

function selectedOf(column: AccessColumn, value: (column: AccessColumn) => string): string {
  const { name } = column;
  // A time that is more than a day after its line's folder is none: no clock is ahead so far.
  if (name === 'request_time') {
    return `case when cast(${value(column)} as date) > day + interval '1' day then null else ${value(column)} end`;
  }
  if (name === 'request_time_epoch') {
    return `case when ${value(column)} >= ${endOfNextDay} then null else ${value(column)} end`;
  }
  if (column.origin !== 'ingest') return value(column);
  const derived: Readonly<Record<string, string>> = {
    endpoint: endpointSql({
      resourcePath: value(columnNamed('resource_path')),
      routeKey: value(columnNamed('route_key')),
      path: value(columnNamed('path')),
      stage: value(columnNamed('stage')),
    }),
    network: networkOf(value),
  };
  return derived[column.name] ?? 'cast(null as varchar)';
}

/** The end of the day after the folder's, in milliseconds since 1970. */
const endOfNextDay = `(date_diff('day', date '1970-01-01', day) + 2) * ${DAY}`;

function canonicalValue({ name, type }: AccessColumn): string {
  return type === 'timestamp'
    ? `cast(try(from_iso8601_timestamp("${name}")) at time zone 'UTC' as timestamp(3))`
    : `"${name}"`;
}

/** The first of a field's names that has a value, as its type. */
function verbatimValue(
  appended: Readonly<Record<string, string>>,
): (column: AccessColumn) => string {
  const fieldOf = new Map<string, Field>(fieldColumns.map((field) => [field.column, field]));
  return ({ name, type }) => {
    if (name === ownColumns.apiType || name === ownColumns.extra) return 'cast(null as varchar)';
    if (name === ownColumns.unparsedLine || name === ownColumns.unparsedLineBase64)
      return `"${name}"`;
    const field = fieldOf.get(name);
    const logged = field ? namesOf(field) : [appended[name]].filter((it) => it !== undefined);
    const columns = [...new Set(logged.map(columnNameOf))].map(
      (it) => `nullif(nullif("${it}", '-'), '')`,
    );
    if (columns.length === 0) return 'cast(null as varchar)';
    const text = columns.length > 1 ? `coalesce(${columns.join(', ')})` : `${columns[0]}`;
    if (field?.type === 'epoch') return epochOf(text);
    if (type === 'bigint') return `try_cast(${text} as bigint)`;
    if (type === 'timestamp') return timestampOf(text);
    return text;
  };
}

/** HTTP APIs write seconds, REST and WebSocket APIs milliseconds. */
function epochOf(text: string): string {
  const number = `try_cast(${text} as bigint)`;
  return `case when ${number} < 100000000000 then ${number} * 1000 else ${number} end`;
}

/** As API Gateway writes a time, `09/Jun/2023:12:54:08 +0000`, or as ISO 8601. */
function timestampOf(text: string): string {
  const clf = `try(parse_datetime(${text}, 'dd/MMM/yyyy:HH:mm:ss Z'))`;
  return `cast(coalesce(${clf}, try(from_iso8601_timestamp(${text}))) at time zone 'UTC' as timestamp(3))`;
}

/** The /24 of an IPv4 address; IPv6 is left out, which Athena has no simple function for. */
function networkOf(value: (column: AccessColumn) => string): string {
  const address = value(columnNamed('source_ip'));
  return `regexp_extract(${address}, '^([0-9]+[.][0-9]+[.][0-9]+)[.][0-9]+$', 1) || '.0/24'`;
}

function columnNamed(name: string): AccessColumn {
  const column = accessColumns.find((it) => it.name === name);
  if (!column) throw new Error(`no column ${name}`);
  return column;
}
