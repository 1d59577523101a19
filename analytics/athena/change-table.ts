/**
 * The table `changes` as Glue knows it: Parquet, a folder for each day of the trail. The folders are
 * projected: a day is there as soon as its object is.
 */

import { recordedColumns } from '../audit/changes';
import type { TableColumn } from './line-table';

export const changeTableColumns: readonly TableColumn[] = recordedColumns.map(
  ({ name, type, description }) => ({ name, type, comment: description }),
);

/** @param location `s3://bucket/analytics/changes/` */
export function changeTableParameters(location: string, since: string): Record<string, string> {
  return {
    'projection.enabled': 'true',
    'projection.day.type': 'date',
    'projection.day.format': 'yyyy-MM-dd',
    'projection.day.range': `${since},NOW`,
    'storage.location.template': `${location}day=\${day}/`,
  };
}
