import { CfnParameter, Duration, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { FirehoseLogDestination, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { AccessLogPipeline, type AccessLogPipelineProps } from '../../lib/access-log-pipeline';
import { httpStage } from '../support/apis';
import { testApp } from '../support/cdk-app';

const checks = [AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks];

function stackWith(props: AccessLogPipelineProps = {}, stackProps: StackProps = {}): Stack {
  const stack = new Stack(testApp(), 'Stack', stackProps);
  new AccessLogPipeline(stack, 'Pipeline', props);
  return stack;
}

/** What holds data, or a name that only one resource can have at a time. */
const statefulTypes = [
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
];

function statefulIds(stack: Stack): string[] {
  const template = Template.fromStack(stack);
  return statefulTypes.flatMap((type) => Object.keys(template.findResources(type)).sort());
}

describe('AccessLogPipeline', () => {
  test('leads from the stream through the function to the bucket', () => {
    const stack = new Stack(testApp());
    const { bucket, enrichmentFunction, stream } = new AccessLogPipeline(stack, 'Pipeline');

    Template.fromStack(stack).hasResource('AWS::KinesisFirehose::DeliveryStream', {
      Properties: {
        ExtendedS3DestinationConfiguration: {
          BucketARN: stack.resolve(bucket.bucketArn),
          ProcessingConfiguration: {
            Processors: [
              {
                Parameters: Match.arrayWith([
                  {
                    ParameterName: 'LambdaArn',
                    ParameterValue: stack.resolve(enrichmentFunction.functionArn),
                  },
                ]),
              },
            ],
          },
        },
      },
    });
    expect(stack.resolve(stream.ref)).toHaveProperty('Ref');
  });

  test('calls its stream access-logs unless it is given a name', () => {
    Template.fromStack(stackWith()).hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamName: 'amazon-apigateway-access-logs',
    });
  });

  test('uses its name for the stream, in logs and in metrics', () => {
    const template = Template.fromStack(stackWith({ name: 'orders' }));

    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamName: 'amazon-apigateway-orders',
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { PIPELINE_NAME: 'orders' } },
    });
  });

  test('takes a name that is known at deployment only', () => {
    const stack = new Stack(testApp());
    const parameter = new CfnParameter(stack, 'Name');

    new AccessLogPipeline(stack, 'Pipeline', { name: parameter.valueAsString });

    Template.fromStack(stack).hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamName: { 'Fn::Join': ['', ['amazon-apigateway-', { Ref: 'Name' }]] },
    });
  });

  test('gives REST API stages of the same app their destination', () => {
    const stack = new Stack(testApp());
    const { stream } = new AccessLogPipeline(stack, 'Pipeline');
    const api = new RestApi(stack, 'Api', {
      deployOptions: { accessLogDestination: new FirehoseLogDestination(stream) },
    });
    api.root.addMethod('GET');

    Template.fromStack(stack).hasResourceProperties('AWS::ApiGateway::Stage', {
      AccessLogSetting: { DestinationArn: stack.resolve(stream.attrArn) },
    });
  });

  test("lets the function return the partition keys that the stream's folders are made of", () => {
    const template = Template.fromStack(stackWith({ partitionBy: 'customer' }));

    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { PARTITION_BY: 'customer' } },
    });
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: {
        Prefix: Match.stringLikeRegexp('^logs/customer=!\\{partitionKeyFromLambda:partition\\}/'),
      },
    });
  });

  test("lets the function write what an endpoint's preset expects, unless told otherwise", () => {
    const httpEndpoint = { url: 'https://x.example.com', preset: 'elastic' } as const;

    Template.fromStack(stackWith({ httpEndpoint })).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { OUTPUT: 'ecs' } },
    });
    Template.fromStack(stackWith({ httpEndpoint, output: 'verbatim' })).hasResourceProperties(
      'AWS::Lambda::Function',
      { Environment: { Variables: { OUTPUT: 'verbatim' } } },
    );
  });

  test('counts objects under errors/ where an alarm watches them', () => {
    Template.fromStack(stackWith()).hasResourceProperties('AWS::S3::Bucket', {
      MetricsConfigurations: [{ Id: 'errors', Prefix: 'errors/' }],
    });
    Template.fromStack(stackWith({ alarms: { errorsStored: false } })).hasResourceProperties(
      'AWS::S3::Bucket',
      { MetricsConfigurations: Match.absent() },
    );
  });

  test('calls late what an HTTP endpoint gets later than by its own interval', () => {
    const thresholdOf = (props: AccessLogPipelineProps) => {
      const alarms = Template.fromStack(stackWith(props)).findResources('AWS::CloudWatch::Alarm', {
        Properties: { AlarmName: 'access-logs-delivery-late' },
      });
      return Object.values(alarms)[0]?.['Properties'].Threshold;
    };
    const httpEndpoint = { url: 'https://x.example.com' };

    expect(thresholdOf({ httpEndpoint })).toBe(660);
    expect(
      thresholdOf({ httpEndpoint: { ...httpEndpoint, bufferInterval: Duration.minutes(2) } }),
    ).toBe(720);
    expect(thresholdOf({})).toBe(900);
  });

  test('has a dashboard, unless told otherwise', () => {
    Template.fromStack(stackWith()).resourceCountIs('AWS::CloudWatch::Dashboard', 1);
    Template.fromStack(stackWith({ dashboard: false })).resourceCountIs(
      'AWS::CloudWatch::Dashboard',
      0,
    );
  });

  test('keeps the logical ids of what holds data', () => {
    expect(statefulIds(stackWith())).toEqual([
      'PipelineStreamDD609695',
      'PipelineEnrichmentLogGroup92BC9733',
      'PipelineStreamLogGroup48D79299',
      'PipelineLogsBucketBA8D8CC7',
      'PipelineLogsBucketPolicy7D4E3939',
    ]);
  });

  test('keeps them under another name and other settings', () => {
    const other = stackWith({
      name: 'orders',
      fieldNames: 'apiable',
      memorySize: 1024,
      partitionBy: 'api',
      sourceBackup: true,
      alarms: false,
    });

    expect(statefulIds(other)).toEqual(statefulIds(stackWith()));
  });

  test('lives beside a second one in the same stack', () => {
    const stack = stackWith({ name: 'orders' });
    new AccessLogPipeline(stack, 'Returns', { name: 'returns' });
    const template = Template.fromStack(stack);

    for (const name of ['orders', 'returns']) {
      template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
        DeliveryStreamName: `amazon-apigateway-${name}`,
      });
    }
    template.resourceCountIs('AWS::S3::Bucket', 2);
  });

  const environments: { title: string; env: StackProps['env'] }[] = [
    { title: 'no Region known yet', env: undefined },
    { title: 'a commercial Region', env: { account: '111122223333', region: 'eu-west-1' } },
    { title: 'GovCloud', env: { account: '111122223333', region: 'us-gov-west-1' } },
    { title: 'China', env: { account: '111122223333', region: 'cn-north-1' } },
  ];
  for (const { title, env } of environments) {
    describe(`with ${title}`, () => {
      const stack = stackWith({}, { env });
      const pipeline = stack.node.findChild('Pipeline') as AccessLogPipeline;
      pipeline.attachHttpStage(httpStage(stack));

      test('names no partition in an ARN', () => {
        const { Resources } = Template.fromStack(stack).toJSON();

        expect(JSON.stringify(Resources)).not.toMatch(/arn:aws/);
      });

      for (const Checks of checks) {
        test(`leaves the ${Checks.name} nothing to find`, () => {
          expect(new Checks().validateScope(stack).violations).toEqual([]);
        });
      }
    });
  }

  for (const Checks of checks) {
    test(`leaves the ${Checks.name} nothing to find with all that it can have`, () => {
      const stack = new Stack(testApp(), 'Stack');
      const pipeline = new AccessLogPipeline(stack, 'Pipeline', {
        encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
        sourceBackup: true,
        partitionBy: 'customer',
        readers: [{ principal: '111122223333' }],
      });
      pipeline.attachRestStage({ apiId: 'a1b2c3d4e5', stageName: 'prod' });
      pipeline.attachHttpStage({ apiId: 'f6g7h8i9j0', stageName: '$default' });

      expect(new Checks().validateScope(stack).violations).toEqual([]);
    });
  }

  test('acknowledges to cdk-nag only what it has a reason for', () => {
    const reasons = acknowledgements(stackWith());

    expect([...new Set(reasons.map(([rule]) => rule))].sort()).toEqual([
      'AwsSolutions-IAM5[Resource::<PipelineLogsBucketBA8D8CC7.Arn>/errors/*]',
      'AwsSolutions-IAM5[Resource::<PipelineLogsBucketBA8D8CC7.Arn>/logs/*]',
      'AwsSolutions-IAM5[Resource::<PipelineLogsBucketBA8D8CC7.Arn>/source/*]',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:apigateway:<AWS::Region>::/usageplans/*/keys/*]',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:apigateway:<AWS::Region>::/usageplans/*/keys]',
      'AwsSolutions-S1',
      'NIST.800.53.R5-CloudWatchAlarmAction',
      'NIST.800.53.R5-CloudWatchLogGroupEncrypted',
      'NIST.800.53.R5-IAMNoInlinePolicy',
      'NIST.800.53.R5-LambdaConcurrency',
      'NIST.800.53.R5-LambdaDLQ',
      'NIST.800.53.R5-LambdaInsideVPC',
      'NIST.800.53.R5-S3BucketLoggingEnabled',
      'NIST.800.53.R5-S3BucketReplicationEnabled',
      'NIST.800.53.R5-S3BucketVersioningEnabled',
      'NIST.800.53.R5-S3DefaultEncryptionKMS',
      'Serverless-LambdaDLQ',
      'Serverless-LambdaTracing',
    ]);
    for (const [, reason] of reasons) expect(reason.length).toBeGreaterThan(40);
  });

  test('is checked by a cdk-nag that finds what is not acknowledged', () => {
    const stack = stackWith();
    new Bucket(stack, 'Careless');

    const found = new AwsSolutionsChecks().validateScope(stack).violations;

    expect(found.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-S10');
  });
});

function acknowledgements(scope: IConstruct): [rule: string, reason: string][] {
  return scope.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries<string>(data))
    .map(([rule, reason]) => [rule.replace(/^annotation::/i, ''), reason]);
}
