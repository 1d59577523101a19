import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { DeliveryStream, type DeliveryStreamProps } from '../../lib/delivery-stream';
import { testApp } from '../support/cdk-app';

const bucketArn = 'arn:aws:s3:::the-logs';
const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:enrich';

function synthesize(props: Partial<DeliveryStreamProps> = {}): Template {
  const stack = new Stack(testApp());
  new DeliveryStream(stack, 'Stream', {
    name: 'orders',
    bucket: Bucket.fromBucketArn(stack, 'Bucket', bucketArn),
    enrichmentFunction: LambdaFunction.fromFunctionArn(stack, 'Function', functionArn),
    ...props,
  });
  return Template.fromStack(stack);
}

describe('DeliveryStream', () => {
  const template = synthesize();
  const [logGroup] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
  const [logStream] = Object.keys(template.findResources('AWS::Logs::LogStream'));

  function hasDestination(destination: object): void {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: Match.objectLike(destination),
    });
  }

  test('has a name that API Gateway delivers to, and takes direct puts', () => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamName: 'amazon-apigateway-orders',
      DeliveryStreamType: 'DirectPut',
    });
  });

  test('encrypts what it holds', () => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
    });
  });

  test('sends every record through the function: a MiB or a minute at once, 3 retries', () => {
    hasDestination({
      ProcessingConfiguration: {
        Enabled: true,
        Processors: [
          {
            Type: 'Lambda',
            Parameters: Match.arrayWith([
              { ParameterName: 'LambdaArn', ParameterValue: functionArn },
              { ParameterName: 'BufferSizeInMBs', ParameterValue: '1' },
              { ParameterName: 'BufferIntervalInSeconds', ParameterValue: '60' },
              { ParameterName: 'NumberOfRetries', ParameterValue: '3' },
            ]),
          },
        ],
      },
    });
  });

  test('delivers gzip to a folder for each hour, failures to folders of their own', () => {
    const hour =
      'year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/';

    hasDestination({
      BucketARN: bucketArn,
      CompressionFormat: 'GZIP',
      Prefix: `logs/${hour}`,
      ErrorOutputPrefix: `errors/!{firehose:error-output-type}/${hour}`,
    });
  });

  test('logs its errors to a group of its own, kept for a month', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    hasDestination({
      CloudWatchLoggingOptions: {
        Enabled: true,
        LogGroupName: { Ref: logGroup },
        LogStreamName: { Ref: logStream },
      },
    });
  });

  test('keeps its logs as long as it is told to', () => {
    synthesize({ logRetention: RetentionDays.ONE_WEEK }).hasResourceProperties(
      'AWS::Logs::LogGroup',
      { RetentionInDays: 7 },
    );
  });

  test('lends its role to Firehose on behalf of this account only', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { Service: 'firehose.amazonaws.com' },
            Condition: { StringEquals: { 'sts:ExternalId': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
    });
  });

  test('may deliver, transform and log its errors, and nothing else', () => {
    template.resourceCountIs('AWS::IAM::Policy', 1);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
            Resource: `${bucketArn}/*`,
          }),
          Match.objectLike({
            Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
            Resource: bucketArn,
          }),
          Match.objectLike({
            Action: ['lambda:GetFunctionConfiguration', 'lambda:InvokeFunction'],
            Resource: [functionArn, `${functionArn}:$LATEST`],
          }),
          Match.objectLike({
            Action: 'logs:PutLogEvents',
            Resource: {
              'Fn::Join': [
                '',
                [
                  'arn:',
                  { Ref: 'AWS::Partition' },
                  ':logs:',
                  { Ref: 'AWS::Region' },
                  ':',
                  { Ref: 'AWS::AccountId' },
                  ':log-group:',
                  { Ref: logGroup },
                  ':log-stream:',
                  { Ref: logStream },
                ],
              ],
            },
          }),
        ],
      },
    });
  });

  test('is created after what it may do', () => {
    const [policy] = Object.keys(template.findResources('AWS::IAM::Policy'));

    template.hasResource('AWS::KinesisFirehose::DeliveryStream', {
      DependsOn: Match.arrayWith([policy]),
    });
  });

  test('takes the longest name that a stream can have', () => {
    const name = 'n'.repeat(46);

    synthesize({ name }).hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamName: `amazon-apigateway-${name}`,
    });
  });

  for (const name of ['', 'n'.repeat(47), '-orders', 'all orders', 'orders_eu', 'orders.eu', 'ö']) {
    test(`rejects the name ${JSON.stringify(name)}`, () => {
      expect(() => synthesize({ name })).toThrow(
        `name: got "${name}", expected 1 to 46 letters, digits and hyphens`,
      );
    });
  }
});
