import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { VendorMetrics } from '../../../lib/apis/vendor-metrics';
import { testApp } from '../../support/cdk-app';

describe('metrics for a vendor', () => {
  const stack = new Stack(testApp(), 'Stack');
  new VendorMetrics(stack, 'Metrics', {
    url: 'https://endpoint.example/metrics',
    preset: 'elastic',
    bucket: Bucket.fromBucketName(stack, 'Bucket', 'the-logs'),
    accessKey: Secret.fromSecretNameV2(stack, 'Key', 'key'),
  });
  const template = Template.fromStack(stack);

  test('are those of API Gateway, and no others', () => {
    template.hasResourceProperties('AWS::CloudWatch::MetricStream', {
      IncludeFilters: [{ Namespace: 'AWS/ApiGateway' }],
      OutputFormat: 'json',
    });
  });

  test('go to the endpoint, and what it refuses into the bucket, each with its errors logged', () => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      HttpEndpointDestinationConfiguration: {
        EndpointConfiguration: { Url: 'https://endpoint.example/metrics', Name: 'Elastic' },
        S3BackupMode: 'FailedDataOnly',
        CloudWatchLoggingOptions: { Enabled: true },
        S3Configuration: {
          Prefix: 'vendor-metrics/',
          CloudWatchLoggingOptions: { Enabled: true },
        },
        SecretsManagerConfiguration: { Enabled: true },
      },
    });
  });

  test('say nothing of the data stream that logs go to', () => {
    const [stream] = Object.values(template.findResources('AWS::KinesisFirehose::DeliveryStream'));
    expect(JSON.stringify(stream)).not.toContain('es_datastream_name');
  });

  test('are written into the stream by CloudWatch, which may do nothing else', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{ Principal: { Service: 'streams.metrics.cloudwatch.amazonaws.com' } }],
      },
    });
  });
});
