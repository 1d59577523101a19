/**
 * Resources that hold something, or whose name others point at: CloudFormation replaces one whose
 * logical id changes, and what it held is lost or out of reach. A file can move, a construct cannot.
 */

import { Template } from 'aws-cdk-lib/assertions';
import { AccessLogsStack } from '../../../lib/app/access-logs-stack';
import { readPipelineConfig } from '../../../lib/app/pipeline-config';
import { testApp } from '../../support/cdk-app';

const stateful = [
  'AWS::S3::Bucket',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::SQS::Queue',
  'AWS::Logs::LogGroup',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
  'AWS::Athena::WorkGroup',
  'AWS::CloudTrail::Trail',
  'AWS::CloudWatch::MetricStream',
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::SecretsManager::Secret',
];

function statefulIds(context: Record<string, string>): string[] {
  const { props } = readPipelineConfig(context);
  const stack = new AccessLogsStack(testApp(), 'access-logs', {
    ...props,
    env: { account: '111122223333', region: 'eu-central-1' },
  });
  const template = Template.fromStack(stack).toJSON() as {
    Resources: Record<string, { Type: string }>;
  };
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => stateful.includes(Type))
    .map(([id, { Type }]) => `${Type} ${id}`)
    .sort();
}

test('those of the default stack keep their ids', () => {
  expect(statefulIds({})).toEqual([
    'AWS::KinesisFirehose::DeliveryStream PipelineStreamDD609695',
    'AWS::Logs::LogGroup PipelineEnrichmentLogGroup92BC9733',
    'AWS::Logs::LogGroup PipelineStreamLogGroup48D79299',
    'AWS::S3::Bucket PipelineLogsBucketBA8D8CC7',
  ]);
});

test('those of a stack with everything keep their ids', () => {
  const ids = statefulIds({
    sharedCatalog: 'true',
    audit: 'true',
    analytics: 'true',
    apiDashboards: 'true',
    apiMonitors: 'true',
    quotaMonitor: 'true',
    vendorMetrics: 'true',
    vendorMetricsUrl: 'https://collector.example/metrics',
    vendorMetricsAccessKeyArn:
      'arn:aws:secretsmanager:eu-central-1:111122223333:secret:collector-AbCdEf',
  });

  expect(ids).toEqual([
    'AWS::Athena::WorkGroup PipelineAnalyticsWorkgroup1FA9EC24',
    'AWS::CloudTrail::Trail PipelineAccountTrail29FBE412',
    'AWS::CloudWatch::MetricStream VendorMetricsMetricStream3D6BB473',
    'AWS::Glue::Database PipelineAnalyticsTablesDatabase7DFB2F25',
    'AWS::Glue::Table PipelineAnalyticsTablesAccess14C8D4D1',
    'AWS::Glue::Table PipelineAnalyticsTablesClosed19A829A6',
    'AWS::Glue::Table PipelineAnalyticsTablesLines6D193CAF',
    'AWS::Glue::Table PipelineAnalyticsTablesRequests35C47221',
    'AWS::Glue::Table PipelineAnalyticsTablesrollupagentsD8FCBA68',
    'AWS::Glue::Table PipelineAnalyticsTablesrollupendpoints7D6C33E3',
    'AWS::Glue::Table PipelineAnalyticsTablesrollupfailuresAAA3948F',
    'AWS::Glue::Table PipelineAnalyticsTablesrolluplatencies5302411C',
    'AWS::Glue::Table PipelineAnalyticsTablesrolluplines771AFDCA',
    'AWS::Glue::Table PipelineAnalyticsTablesrollupplacesC6B9274D',
    'AWS::Glue::Table PipelineAnalyticsTablesrolluptimes04BDDBE6',
    'AWS::Glue::Table PipelineAnalyticsTablesrolluptrafficEEFA7824',
    'AWS::Glue::Table PipelineChangeExtractChangesAFFDD67A',
    'AWS::KinesisFirehose::DeliveryStream PipelineStreamDD609695',
    'AWS::KinesisFirehose::DeliveryStream VendorMetricsStreamE4244C19',
    'AWS::Logs::LogGroup ApiDashboardsWidgetsFunctionLogGroup115FDEEF',
    'AWS::Logs::LogGroup PipelineAnalyticsClosingLogGroupBC73D8A3',
    'AWS::Logs::LogGroup PipelineChangeExtractExtractorLogGroup82A81BC4',
    'AWS::Logs::LogGroup PipelineChangeWatchWatcherLogGroup0BD2FA36',
    'AWS::Logs::LogGroup PipelineEnrichmentLogGroup92BC9733',
    'AWS::Logs::LogGroup PipelineSharedCatalogLogGroup9515C184',
    'AWS::Logs::LogGroup PipelineStreamLogGroup48D79299',
    'AWS::Logs::LogGroup QuotaMonitorReaderLogGroup7BBA3457',
    'AWS::Logs::LogGroup VendorMetricsLogGroupF8A2E55B',
    'AWS::S3::Bucket PipelineAccountTrailBucketEBFF8F63',
    'AWS::S3::Bucket PipelineLogsBucketBA8D8CC7',
    'AWS::SQS::Queue PipelineSharedCatalogDeadLetters5F32F827',
    'AWS::SQS::Queue PipelineSharedCatalogQueueD2C06C90',
  ]);
});
