import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { readSettings } from '../../../lambda/core/settings/settings';
import {
  EnrichmentFunction,
  type EnrichmentFunctionOptions,
} from '../../../lib/functions/enrichment-function';
import { testApp } from '../../support/cdk-app';

function synthesize(options: EnrichmentFunctionOptions = {}): Template {
  const stack = new Stack(testApp());
  new EnrichmentFunction(stack, 'Enrichment', { name: 'orders', ...options });
  return Template.fromStack(stack);
}

function environmentIn(template: Template): Record<string, string> {
  const [resource] = Object.values(template.findResources('AWS::Lambda::Function'));
  return resource?.['Properties'].Environment.Variables;
}

describe('EnrichmentFunction', () => {
  const template = synthesize();
  const [logGroup] = Object.keys(template.findResources('AWS::Logs::LogGroup'));

  test('runs on Node 24 and arm64, with 512 MB, for at most 5 minutes', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 512,
      Timeout: 300,
      Handler: 'index.handler',
    });
  });

  test('runs on what it is told to', () => {
    synthesize({ architecture: Architecture.X86_64, memorySize: 1024 }).hasResourceProperties(
      'AWS::Lambda::Function',
      { Architectures: ['x86_64'], MemorySize: 1024 },
    );
  });

  test('logs to a group of its own, kept for a month', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    template.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogGroup: { Ref: logGroup } },
    });
  });

  test('keeps its logs as long as it is told to', () => {
    synthesize({ logRetention: RetentionDays.ONE_YEAR }).hasResourceProperties(
      'AWS::Logs::LogGroup',
      { RetentionInDays: 365 },
    );
  });

  test('leaves the lines that the function writes as they are', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogFormat: 'Text' },
    });
  });

  test('may write its log, read usage plans and their keys, fill its own stream, and nothing else', () => {
    const beginning = (service: string) => [
      'arn:',
      { Ref: 'AWS::Partition' },
      `:${service}:`,
      { Ref: 'AWS::Region' },
    ];
    const usagePlans = (path: string) => ({
      'Fn::Join': ['', [...beginning('apigateway'), `::/usageplans${path}`]],
    });
    const stream = {
      'Fn::Join': [
        '',
        [
          ...beginning('firehose'),
          ':',
          { Ref: 'AWS::AccountId' },
          ':deliverystream/amazon-apigateway-orders',
        ],
      ],
    };

    template.resourceCountIs('AWS::IAM::Policy', 1);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: { 'Fn::GetAtt': [logGroup, 'Arn'] },
          },
          {
            Sid: 'ReadUsagePlans',
            Effect: 'Allow',
            Action: 'apigateway:GET',
            Resource: [usagePlans(''), usagePlans('/*/keys'), usagePlans('/*/keys/*')],
          },
          {
            Sid: 'Reingest',
            Effect: 'Allow',
            Action: 'firehose:PutRecordBatch',
            Resource: stream,
          },
        ],
      },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.absent(),
      Policies: Match.absent(),
    });
  });

  test('hands the function the settings that it was given', () => {
    const settings = {
      usagePlanField: 'plan',
      customerNameField: 'customer',
      apiKeyValues: 'remove',
      catalogTtlSeconds: 60,
    } as const;

    expect(readSettings(environmentIn(synthesize(settings)))).toMatchObject(settings);
  });

  test('names the pipeline in logs and metrics', () => {
    expect(environmentIn(template)).toMatchObject({ PIPELINE_NAME: 'orders' });
  });

  const fieldNames: { title: string; options: EnrichmentFunctionOptions; names: string[] }[] = [
    {
      title: 'usage_plan and customer_name by default',
      options: {},
      names: ['usage_plan', 'customer_name'],
    },
    {
      title: "a preset's names",
      options: { fieldNames: 'apiable' },
      names: ['plan_id', 'subscription_id'],
    },
    {
      title: "a name of one's own before the preset's",
      options: { fieldNames: 'apiable', customerNameField: 'tenant' },
      names: ['plan_id', 'tenant'],
    },
  ];
  for (const { title, options, names } of fieldNames) {
    test(`appends ${title}`, () => {
      const settings = readSettings(environmentIn(synthesize(options)));

      expect([settings.usagePlanField, settings.customerNameField]).toEqual(names);
    });
  }

  const refused: { options: EnrichmentFunctionOptions; message: string }[] = [
    {
      options: { memorySize: 64 },
      message: 'memorySize: got "64", expected a whole number from 128 to 10240',
    },
    {
      options: { catalogTtlSeconds: 0 },
      message: 'catalogTtlSeconds: got "0", expected a whole number from 1 to 86400',
    },
    {
      options: { usagePlanField: 'status' },
      message: 'usagePlanField: got "status", expected a name that no log field has',
    },
    {
      options: { usagePlanField: 'customer_name' },
      message: 'got "customer_name" for both, expected two names',
    },
  ];
  for (const { options, message } of refused) {
    test(`rejects ${JSON.stringify(options)}`, () => {
      expect(() => synthesize(options)).toThrow(message);
    });
  }
});
