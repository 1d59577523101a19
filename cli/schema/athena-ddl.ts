/** What makes Athena know delivered lines, as statements to run one after the other. */

import { accessViewSql } from '../../analytics/athena/access-view';
import { LINE_TABLE, type LineOutput, lineTable } from '../../analytics/athena/line-table';
import { requestsSql } from '../../analytics/requests';
import { relations } from '../../analytics/schema';

export interface AthenaDdlOptions {
  readonly output: LineOutput;
  /** `s3://bucket/logs/` */
  readonly location: string;
  /** The first day that there can be logs of, `2026-11-25`. */
  readonly since: string;
}

/** A table of the lines as they are, the relation `access` over it, and `requests` over that. */
export function athenaDdl({ output, location, since }: AthenaDdlOptions): string[] {
  const table = lineTable({ output, location, since, isAheadOfUtc: false });
  const columns = (all: typeof table.columns) =>
    all.map(({ name, type }) => `  \`${name}\` ${type}`).join(',\n');
  const serde = properties(table.serdeParameters);
  return [
    [
      `create external table ${LINE_TABLE} (\n${columns(table.columns)}\n)`,
      `partitioned by (\n${columns(table.partitions)}\n)`,
      `row format serde ${quoted(table.serde)}`,
      ...(serde ? [`with serdeproperties (\n${serde}\n)`] : []),
      `location ${quoted(location)}`,
      `tblproperties (\n${properties(table.parameters)}\n)`,
    ].join('\n'),
    `create or replace view ${relations.access} as\n${accessViewSql({ output })}`,
    `create or replace view ${relations.requests} as\n${requestsSql()}`,
  ];
}

function properties(all: Readonly<Record<string, string>>): string {
  return Object.entries(all)
    .map(([name, value]) => `  ${quoted(name)} = ${quoted(value)}`)
    .join(',\n');
}

function quoted(text: string): string {
  return `'${text}'`;
}
