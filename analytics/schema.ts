/**
 * The relation `access`: one row a log line, with the same columns whatever format and output the
 * line came in. Rendered from the field table, so that no column is listed twice.
 *
 * Names and values are those of the canonical output, with SQL's types: absent values are NULL, and
 * `request_time` is in UTC.
 */

import { type FieldType, columns as fieldColumns, ownColumns } from '../lambda/core/fields';

export type ColumnType = 'string' | 'bigint' | 'double' | 'timestamp' | 'boolean';

/**
 * Where a column's value comes from: the log line itself, the pipeline's attribution, or what reads
 * delivered lines for queries. Delivered lines do not carry the last kind.
 */
export type ColumnOrigin = 'log' | 'pipeline' | 'ingest';

export interface AccessColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** One sentence, without a full stop. */
  readonly description: string;
  readonly origin: ColumnOrigin;
  /** The variable after `$context.`, for columns of the log. */
  readonly variable?: string;
}

/** The relations that SQL may read. */
export const relations = {
  access: 'access',
  requests: 'requests',
} as const;

const typeOf: { readonly [Type in FieldType]: ColumnType } = {
  string: 'string',
  integer: 'bigint',
  epoch: 'bigint',
  timestamp: 'timestamp',
};

const notes: { readonly [Type in FieldType]: string } = {
  string: '',
  integer: '',
  epoch: ', in milliseconds since 1970',
  timestamp: ', in UTC',
};

const ofLog = fieldColumns.map(
  ({ column, type, variable, secret }): AccessColumn => ({
    name: column,
    type: typeOf[type],
    description: `$context.${variable}${notes[type]}${secret ? ', masked' : ''}`,
    origin: 'log',
    variable,
  }),
);

const ofPipeline: readonly AccessColumn[] = [
  column(ownColumns.apiType, 'REST, HTTP or WEBSOCKET, where the line shows which'),
  column('usage_plan', 'the name of the usage plan that the request counted against'),
  column(ownColumns.usagePlanId, 'the id of the usage plan that the request counted against'),
  column('customer_name', "the customer: the API key's name unless configured otherwise"),
  column(ownColumns.extra, 'what no column has room for, as the text of a JSON object'),
  column(ownColumns.unparsedLine, 'a line that could not be read, as it came'),
  column(ownColumns.unparsedLineBase64, 'the bytes of a line that is no UTF-8'),
].map((it) => ({ ...it, origin: 'pipeline' }));

const ofIngest: readonly AccessColumn[] = [
  column(
    'endpoint',
    'resource_path, else the path of route_key, else path with the parts that are ids replaced by {id}',
  ),
  column('country', 'the country that source_ip is registered in, as two letters of ISO 3166'),
  column('network', 'the /24 (IPv4) or /48 (IPv6) network that source_ip belongs to'),
].map((it) => ({ ...it, origin: 'ingest' }));

function column(name: string, description: string) {
  return { name, type: 'string', description } as const;
}

/** The columns of `access` and of `requests`, in order. */
export const accessColumns: readonly AccessColumn[] = [...ofLog, ...ofPipeline, ...ofIngest];

export const accessColumnNames: readonly string[] = accessColumns.map(({ name }) => name);
