import { Template } from 'aws-cdk-lib/assertions';
import { logFormat } from '../../../lambda/core/format/known/log-format';
import { AccessLogsStack } from '../../../lib/app/access-logs-stack';
import { testApp } from '../../support/cdk-app';

describe('AccessLogsStack', () => {
  const stack = new AccessLogsStack(testApp(), 'Stack', {
    name: 'orders',
    analytics: true,
    analyticsPage: true,
  });
  const { analytics, bucket, enrichmentFunction, stream, subscriptionRole } = stack.pipeline;
  const template = Template.fromStack(stack);

  const outputs: { name: string; value: unknown }[] = [
    { name: 'StreamArn', value: stack.resolve(stream.attrArn) },
    { name: 'LogFormat', value: logFormat('REST') },
    { name: 'SubscriptionRoleArn', value: stack.resolve(subscriptionRole.roleArn) },
    { name: 'BucketName', value: stack.resolve(bucket.bucketName) },
    { name: 'AnalyticsPage', value: stack.resolve(analytics?.page) },
    { name: 'FunctionName', value: stack.resolve(enrichmentFunction.functionName) },
  ];
  for (const { name, value } of outputs) {
    test(`says its ${name}`, () => {
      template.hasOutput(name, { Value: value });
    });
  }

  test('passes its properties on to the pipeline', () => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamName: 'amazon-apigateway-orders',
    });
  });
});
