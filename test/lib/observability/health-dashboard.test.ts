import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { metricNames } from '../../../lambda/core/metrics';
import { PipelineDashboard } from '../../../lib/observability/health-dashboard';
import { PipelineMetrics } from '../../../lib/observability/metrics';
import { testApp } from '../../support/cdk-app';

describe('PipelineDashboard', () => {
  const stack = new Stack(testApp(), 'Stack');
  new PipelineDashboard(stack, 'Health', {
    alarms: [],
    changeLogGroup: LogGroup.fromLogGroupName(stack, 'Changes', 'change-watch'),
    metrics: new PipelineMetrics({
      name: 'orders',
      streamName: 'amazon-apigateway-orders',
      bucket: Bucket.fromBucketName(stack, 'Bucket', 'the-logs'),
      enrichmentFunction: LambdaFunction.fromFunctionName(stack, 'Function', 'enrich'),
      destination: 'S3',
    }),
  });
  const [dashboard] = Object.values(
    Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'),
  );
  const body = JSON.stringify(dashboard);

  test('has no list of alarms where there are none', () => {
    expect(body).not.toContain('\\"type\\":\\"alarm\\"');
  });

  /** What the functions of the shared catalog and of the analytics emit. */
  const ofOthers = /^(Catalog(Crawl|Snapshots?(Written|Bytes))|Analytics)/;

  test('shows every metric that the function emits', () => {
    const names = Object.values(metricNames).filter((name) => !ofOthers.test(name));

    for (const name of names) expect(body).toContain(`\\"${name}\\"`);
  });

  test('shows the latest calls that alarms went off for', () => {
    expect(body).toContain("SOURCE 'change-watch' | filter message =");
  });

  for (const name of [
    'IncomingRecords',
    'ThrottledRecords',
    'DeliveryToS3.DataFreshness',
    'DeliveryToS3.Success',
    'ExecuteProcessing.Success',
    'Throttles',
  ]) {
    test(`shows the services' ${name}`, () => {
      expect(body).toContain(`\\"${name}\\"`);
    });
  }
});
