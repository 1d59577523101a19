/** What a pipeline's analytics follow from: what the pipeline itself was asked for. */

import { Annotations } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Partitioning } from '../../lambda/core/attribution/partition';
import { parseExtraFields } from '../../lambda/core/catalog/customer';
import { type Settings, settingsTable } from '../../lambda/core/settings/settings';
import { logsPrefixOf, partitionFolders } from '../bucket/log-layout';
import { checked } from '../props/checked';
import { LogAnalytics, type LogAnalyticsOptions, type LogAnalyticsProps } from './log-analytics';

export interface PipelineAnalyticsOptions extends LogAnalyticsOptions {
  /**
   * Whether Athena can query the logs: a table, views, a workgroup, and closed days with roll-ups.
   *
   * @default false
   */
  readonly analytics?: boolean;

  /**
   * The values of the folders that `partitionBy` makes, since Athena has to know them.
   *
   * @default - none: to be given with `analytics` and `partitionBy`
   */
  readonly analyticsPartitions?: readonly string[];
}

export interface AnalyzedPipeline extends PipelineAnalyticsOptions {
  readonly name: string;
  readonly bucket: IBucket;
  readonly settings: Partial<Settings>;
  readonly prefix?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly hasHttpEndpoint: boolean;
  readonly alarmActions?: LogAnalyticsProps['alarmActions'];
  readonly runbookUrl?: string | undefined;
}

/** Rejects options that mean nothing without `analytics`. */
export function refuseWithoutAnalytics({ analyticsPage }: PipelineAnalyticsOptions): void {
  checked('analyticsPage', String(analyticsPage ?? false), () => {
    if (analyticsPage) throw new Error('analytics beside it, which closes the days of the page');
  });
}

/** The analytics of a pipeline; rejects what a table cannot be made of. */
export function analyticsOf(
  scope: Construct,
  id: string,
  pipeline: AnalyzedPipeline,
): LogAnalytics {
  const { settings, hasHttpEndpoint } = pipeline;
  checked('analytics', 'true', () => {
    if (hasHttpEndpoint) throw new Error('false with httpEndpoint: the logs are not in the bucket');
  });
  const partitionBy = settings.partitionBy ?? 'none';
  if (partitionBy === 'customer') {
    Annotations.of(scope).addWarningV2(
      'apigateway-access-logs:analyticsByCustomer',
      'folders of customers are for readers, not for queries: a new customer is in no query until analyticsPartitions names its folder',
    );
  }
  return new LogAnalytics(scope, id, {
    ...pipeline,
    prefix: logsPrefixOf(pipeline.prefix),
    output: settings.output ?? settingsTable.output.defaultValue,
    partition: partitionOf(partitionBy, pipeline.analyticsPartitions ?? []),
    appended: appendedNames(settings),
  });
}

function partitionOf(
  partitionBy: Partitioning,
  values: readonly string[],
): LogAnalyticsProps['partition'] {
  return partitionBy === 'none' ? undefined : { name: partitionFolders[partitionBy], values };
}

/** What lines as they were written call the plan, its id and the customer. */
function appendedNames(settings: Partial<Settings>): Record<string, string> {
  const { usagePlanField, customerNameField, extraFields } = settingsTable;
  const extra = parseExtraFields(settings.extraFields ?? extraFields.defaultValue);
  const planId = Object.entries(extra).find(([, template]) => template === '{plan.id}')?.[0];
  return {
    usage_plan: settings.usagePlanField ?? usagePlanField.defaultValue,
    customer_name: settings.customerNameField ?? customerNameField.defaultValue,
    ...(planId && { usage_plan_id: planId }),
  };
}
