/** Where Athena runs queries, and what permissions a reader needs. */

import type { Size } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { Construct } from 'constructs';

export const queryActions = [
  'athena:StartQueryExecution',
  'athena:GetQueryExecution',
  'athena:GetQueryResults',
  'athena:StopQueryExecution',
] as const;

export const readTableActions = [
  'glue:GetDatabase',
  'glue:GetTable',
  'glue:GetTables',
  'glue:GetPartition',
  'glue:GetPartitions',
  'glue:BatchGetPartition',
] as const;

export interface QueryWorkgroup {
  readonly name: string;
  readonly description: string;
  /** The most that a query may read. */
  readonly queryLimit: Size;
}

export function workgroupOf(
  scope: Construct,
  { name, description, queryLimit }: QueryWorkgroup,
): CfnWorkGroup {
  return new CfnWorkGroup(scope, 'Workgroup', {
    name,
    description,
    recursiveDeleteOption: true,
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: true,
      engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
      bytesScannedCutoffPerQuery: queryLimit.toBytes(),
      publishCloudWatchMetricsEnabled: true,
      // Results stay with Athena: no bucket of results to be emptied.
      managedQueryResultsConfiguration: { enabled: true },
    },
  });
}
