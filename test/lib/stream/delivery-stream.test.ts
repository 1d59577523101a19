import { Duration, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { DeliveryStream, type DeliveryStreamProps } from '../../../lib/stream/delivery-stream';
import { testApp } from '../../support/cdk-app';

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
    const hour = 'day=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/';

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
            Resource: [`${bucketArn}/errors/*`, `${bucketArn}/logs/*`, `${bucketArn}/source/*`],
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

  for (const { title, props, path } of [
    {
      title: 'the source backup',
      props: { sourceBackup: true },
      path: ['ExtendedS3DestinationConfiguration', 'S3BackupConfiguration'],
    },
    {
      title: 'what goes to the bucket beside an HTTP endpoint',
      props: { httpEndpoint: { url: 'https://x.example.com' } },
      path: ['HttpEndpointDestinationConfiguration', 'S3Configuration'],
    },
  ]) {
    test(`logs why ${title} failed, and may do so`, () => {
      const backedUp = synthesize(props);
      const [stream] = Object.values(
        backedUp.findResources('AWS::KinesisFirehose::DeliveryStream'),
      );
      const [destination = '', backup = ''] = path;
      const [, [logs = '', own] = []] =
        Object.entries(
          backedUp.findResources('AWS::Logs::LogStream', {
            Properties: { LogStreamName: 'BackupDelivery' },
          }),
        )
          .entries()
          .next().value ?? [];

      expect(own).toBeDefined();
      expect(stream?.['Properties'][destination][backup].CloudWatchLoggingOptions).toEqual({
        Enabled: true,
        LogGroupName: { Ref: Object.keys(backedUp.findResources('AWS::Logs::LogGroup'))[0] },
        LogStreamName: { Ref: logs },
      });
      expect(JSON.stringify(backedUp.findResources('AWS::IAM::Policy'))).toContain(logs);
    });
  }

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

  function destinationOf(props: Partial<DeliveryStreamProps>): Record<string, unknown> {
    const found = synthesize(props).findResources('AWS::KinesisFirehose::DeliveryStream');
    return Object.values(found)[0]?.['Properties'].ExtendedS3DestinationConfiguration;
  }

  test('collects and lays down as it is told to', () => {
    const destination = destinationOf({
      prefix: 'logs/orders/',
      bufferSize: Size.mebibytes(5),
      bufferInterval: Duration.seconds(0),
      compression: 'UNCOMPRESSED',
      timeZone: 'Europe/Berlin',
    });

    expect(destination).toMatchObject({
      Prefix: expect.stringMatching(/^logs\/orders\/day=/),
      BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 0 },
      CompressionFormat: 'UNCOMPRESSED',
      CustomTimeZone: 'Europe/Berlin',
    });
  });

  test('partitions by what the function returns', () => {
    expect(destinationOf({ partitionBy: 'customer' })).toMatchObject({
      DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 300 } },
      Prefix: expect.stringContaining('logs/customer=!{partitionKeyFromLambda:partition}/day='),
      ErrorOutputPrefix: expect.not.stringContaining('partitionKey'),
    });
    expect(destinationOf({})).not.toHaveProperty('DynamicPartitioningConfiguration');
  });

  test('keeps records as they came where it is told to', () => {
    expect(destinationOf({ sourceBackup: true })).toMatchObject({
      S3BackupMode: 'Enabled',
      S3BackupConfiguration: {
        BucketARN: bucketArn,
        Prefix: expect.stringMatching(/^source\/day=/),
        ErrorOutputPrefix: expect.stringMatching(/^errors\//),
      },
    });
    expect(destinationOf({})).not.toHaveProperty('S3BackupMode');
  });

  test("encrypts with a customer's key what it holds and what it delivers", () => {
    const stack = new Stack(testApp());
    const key = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/k1');
    const encrypted = synthesize({ encryptionKey: key });

    encrypted.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamEncryptionConfigurationInput: {
        KeyType: 'CUSTOMER_MANAGED_CMK',
        KeyARN: key.keyArn,
      },
      ExtendedS3DestinationConfiguration: {
        EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: key.keyArn } },
      },
    });
    encrypted.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Resource: key.keyArn,
          }),
        ]),
      },
    });
  });

  describe('to an HTTP endpoint', () => {
    const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-AbCdEf';
    const accessKey = Secret.fromSecretCompleteArn(new Stack(), 'Key', secretArn);
    const posting = synthesize({ httpEndpoint: { url: 'https://x.example.com', accessKey } });

    test('goes through the function, and to the bucket with what is not taken', () => {
      posting.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
        ExtendedS3DestinationConfiguration: Match.absent(),
        HttpEndpointDestinationConfiguration: {
          EndpointConfiguration: { Url: 'https://x.example.com' },
          ProcessingConfiguration: { Enabled: true },
          S3BackupMode: 'FailedDataOnly',
          S3Configuration: {
            BucketARN: bucketArn,
            ErrorOutputPrefix: Match.stringLikeRegexp('^errors/!\\{firehose:error-output-type\\}/'),
          },
        },
      });
    });

    test('may read its access key, and no other', () => {
      posting.hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
              Resource: secretArn,
            }),
          ]),
        },
      });
    });
  });

  const httpEndpoint = { url: 'https://x.example.com' };
  const refused: { props: Partial<DeliveryStreamProps>; message: string }[] = [
    {
      props: { bufferSize: Size.mebibytes(129) },
      message: 'bufferSize: got "129 MiB", expected whole MiB from 1 to 128',
    },
    {
      props: { bufferInterval: Duration.minutes(16) },
      message: 'bufferInterval: got "960 seconds", expected whole seconds from 0 to 900',
    },
    {
      props: { partitionBy: 'plan', bufferSize: Size.mebibytes(32) },
      message: 'bufferSize: got "32 MiB", expected whole MiB from 64 to 128 with partitionBy',
    },
    {
      props: { partitionBy: 'plan', bufferInterval: Duration.seconds(30) },
      message: 'bufferInterval: got "30 seconds", expected whole seconds from 60 to 900 with part',
    },
    {
      props: { compression: 'gzip' as never },
      message: 'compression: got "gzip", expected GZIP, HADOOP_SNAPPY, Snappy, UNCOMPRESSED, ZIP',
    },
    {
      props: { timeZone: 'Mars/Olympus' },
      message: 'timeZone: got "Mars/Olympus", expected UTC, or a time zone such as Europe/Berlin',
    },
    { props: { timeZone: '+01:00' }, message: 'timeZone: got "+01:00", expected UTC' },
    { props: { prefix: 'errors/mine/' }, message: 'prefix: got "errors/mine/", expected other' },
    {
      props: { httpEndpoint, partitionBy: 'api' },
      message: 'partitionBy: got "api", expected none with httpEndpoint',
    },
    {
      props: { httpEndpoint, sourceBackup: true },
      message: 'sourceBackup: got "true", expected httpEndpoint.backup: "all" instead',
    },
    {
      props: { httpEndpoint, timeZone: 'Europe/Berlin' },
      message: 'timeZone: got "Europe/Berlin", expected UTC with httpEndpoint',
    },
    {
      props: { httpEndpoint: { url: 'http://x.example.com' } },
      message:
        'httpEndpoint.url: got "http://x.example.com", expected a URL that begins with https',
    },
  ];
  for (const { props, message } of refused) {
    test(`rejects ${message.slice(0, 60)}`, () => {
      expect(() => synthesize(props)).toThrow(message);
    });
  }

  for (const name of ['', 'n'.repeat(47), '-orders', 'all orders', 'orders_eu', 'orders.eu', 'ö']) {
    test(`rejects the name ${JSON.stringify(name)}`, () => {
      expect(() => synthesize({ name })).toThrow(
        `name: got "${name}", expected 1 to 46 letters, digits and hyphens`,
      );
    });
  }
});
