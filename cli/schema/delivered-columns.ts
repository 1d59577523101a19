/** The columns of canonical lines, each with where it comes from and what ECS documents call it. */

import { accessColumns, type ColumnType } from '../../analytics/schema';
import { fields, namesOf, ownColumns } from '../../lambda/core/fields';

export interface DeliveredColumn {
  readonly name: string;
  /** As queries see it: a `timestamp` is written as text with three decimals, a `bigint` as a number. */
  readonly type: ColumnType;
  readonly description: string;
  /** The variables after `$context.` that it holds; none where the pipeline makes it. */
  readonly variables: readonly string[];
  /** What a log line may call it, beside the variable's own path. */
  readonly names: readonly string[];
  readonly ecsPaths: readonly string[];
}

const pipelinePaths: Readonly<Record<string, string>> = {
  [ownColumns.apiType]: 'aws.api_gateway.api_type',
  usage_plan: 'aws.api_gateway.usage_plan.name',
  [ownColumns.usagePlanId]: 'aws.api_gateway.usage_plan.id',
  customer_name: 'organization.name',
  [ownColumns.extra]: 'aws.api_gateway.extra',
  [ownColumns.unparsedLine]: 'event.original',
  [ownColumns.unparsedLineBase64]: 'aws.api_gateway.original_base64',
};

export const deliveredColumns: readonly DeliveredColumn[] = accessColumns
  .filter(({ origin }) => origin !== 'ingest')
  .map(({ name, type, description }) => {
    const own = fields.filter(({ column }) => column === name);
    const path = pipelinePaths[name];
    return {
      name,
      type,
      description,
      variables: own.map(({ variable }) => variable),
      names: [...new Set(own.flatMap(namesOf))],
      ecsPaths: path === undefined ? [...new Set(own.flatMap(({ ecsPaths }) => ecsPaths))] : [path],
    };
  });
