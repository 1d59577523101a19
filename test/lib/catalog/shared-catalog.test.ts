import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import { AccessLogPipeline, type AccessLogPipelineProps } from '../../../lib/access-log-pipeline';
import type { SharedCatalog } from '../../../lib/catalog/shared-catalog';
import { testApp } from '../../support/cdk-app';

function pipelineWith(props: AccessLogPipelineProps = {}) {
  const stack = new Stack(testApp(), 'Stack');
  const pipeline = new AccessLogPipeline(stack, 'Pipeline', { sharedCatalog: true, ...props });
  return { stack, pipeline, template: Template.fromStack(stack) };
}

/** What a function may do, by the statement's name. */
function allowedTo(template: Template, policyIdPart: string): Record<string, unknown> {
  const [, policy] =
    Object.entries(template.findResources('AWS::IAM::Policy')).find(([id]) =>
      id.includes(policyIdPart),
    ) ?? [];
  const statements = policy?.['Properties'].PolicyDocument.Statement as Record<string, unknown>[];
  return Object.fromEntries(statements.map(({ Sid, Action }) => [String(Sid), Action]));
}

describe('SharedCatalog', () => {
  const { stack, pipeline, template } = pipelineWith();
  const catalog = pipeline.sharedCatalog;
  const queueArn = stack.resolve(catalog?.queue.queueArn);
  const location = {
    'Fn::Join': [
      '',
      ['s3://', stack.resolve(pipeline.bucket.bucketName), '/_catalog/usage-plans.json.gz'],
    ],
  };

  test('tells both functions where the snapshot is, and where the crawler is told of things', () => {
    for (const description of ['^Keeps', '^Adds']) {
      template.hasResourceProperties('AWS::Lambda::Function', {
        Description: Match.stringLikeRegexp(description),
        Environment: {
          Variables: {
            SHARED_CATALOG_LOCATION: location,
            SHARED_CATALOG_QUEUE_URL: stack.resolve(catalog?.queue.queueUrl),
          },
        },
      });
    }
  });

  test('lets one batch of messages be worked on at a time', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      FifoQueue: true,
      ContentBasedDeduplication: true,
      VisibilityTimeout: 300,
      DelaySeconds: 2,
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: queueArn,
      BatchSize: 10,
      // What fails comes again alone.
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    const groups = Object.values(template.findResources('AWS::Events::Rule')).flatMap(
      ({ Properties }) => Properties.Targets,
    );
    expect(groups.map(({ Arn, SqsParameters }) => [Arn, SqsParameters])).toEqual([
      [queueArn, { MessageGroupId: 'catalog' }],
      [queueArn, { MessageGroupId: 'catalog' }],
    ]);
  });

  test('is woken by what changes usage plans and their keys', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.apigateway'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: { eventName: Match.arrayWith(['CreateUsagePlanKey', 'DeleteApiKey']) },
      },
    });
  });

  test('looks every quarter of an hour, or as often as it is told to', () => {
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(15 minutes)' });
    pipelineWith({ catalogSchedule: Duration.minutes(5) }).template.hasResourceProperties(
      'AWS::Events::Rule',
      { ScheduleExpression: 'rate(5 minutes)' },
    );
  });

  test('lets the crawler keep the snapshot, and read usage plans', () => {
    expect(allowedTo(template, 'SharedCatalogRole')).toMatchObject({
      ReadUsagePlans: 'apigateway:GET',
      KeepSharedCatalog: ['s3:GetObject', 's3:PutObject'],
      TellMissingFromDenied: 's3:ListBucket',
      PutBackRest: 'sqs:SendMessage',
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Sid: 'PutBackRest', Resource: queueArn })]),
      },
    });
  });

  test('lets the reader read the snapshot and ask, and write nothing', () => {
    expect(allowedTo(template, 'EnrichmentRole')).toMatchObject({
      ReadSharedCatalog: 's3:GetObject',
      AskCrawler: 'sqs:SendMessage',
    });
    expect(JSON.stringify(allowedTo(template, 'EnrichmentRole'))).not.toContain('s3:PutObject');
  });

  test('may read API keys only where something of theirs is delivered', () => {
    const detailed = pipelineWith({ customerName: '{key.tags.customer}' }).template;

    for (const role of ['SharedCatalogRole', 'EnrichmentRole']) {
      expect(allowedTo(template, role)).not.toHaveProperty('ReadApiKeys');
      expect(allowedTo(detailed, role)).toHaveProperty('ReadApiKeys');
    }
  });

  test('goes by the settings of the enrichment', () => {
    pipelineWith({ customerName: '{plan.tags.team}' }).template.hasResourceProperties(
      'AWS::Lambda::Function',
      {
        Description: Match.stringLikeRegexp('^Keeps'),
        Environment: { Variables: { CUSTOMER_NAME: '{plan.tags.team}' } },
      },
    );
  });

  describe('of another pipeline', () => {
    const shared = new Stack(testApp(), 'Shared');
    const first = new AccessLogPipeline(shared, 'First', { sharedCatalog: true });
    const second = new AccessLogPipeline(shared, 'Second', {
      name: 'second',
      sharedCatalog: first.sharedCatalog as SharedCatalog,
      customerName: '{key.tags.customer|key.name}',
    });
    const both = Template.fromStack(shared);

    test('is read by this one, and there is no second crawler', () => {
      expect(second.sharedCatalog).toBe(first.sharedCatalog);
      both.resourcePropertiesCountIs(
        'AWS::Lambda::Function',
        { Description: Match.stringLikeRegexp('^Keeps') },
        1,
      );
      both.resourcePropertiesCountIs(
        'AWS::Lambda::Function',
        {
          Description: Match.stringLikeRegexp('^Adds'),
          Environment: {
            Variables: {
              SHARED_CATALOG_QUEUE_URL: shared.resolve(first.sharedCatalog?.queue.queueUrl),
            },
          },
        },
        2,
      );
    });

    test('reads what the templates of this one name', () => {
      both.hasResourceProperties('AWS::Lambda::Function', {
        Description: Match.stringLikeRegexp('^Keeps'),
        Environment: {
          Variables: { SHARED_CATALOG_TEMPLATES: '["{key.tags.customer|key.name}"]' },
        },
      });
      expect(allowedTo(both, 'FirstSharedCatalogRole')).toHaveProperty('ReadApiKeys');
      expect(allowedTo(both, 'FirstEnrichmentRole')).not.toHaveProperty('ReadApiKeys');
    });

    test('is watched by the one that it belongs to', () => {
      const crawlAlarms = (alarms: readonly { node: { id: string } }[]) =>
        alarms.filter(({ node }) => /crawl|full/i.test(node.id)).length;

      expect([crawlAlarms(first.alarms), crawlAlarms(second.alarms)]).toEqual([2, 0]);
    });

    test('leaves nothing to find', () => {
      for (const Checks of [AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks]) {
        expect(new Checks().validateScope(shared).violations).toEqual([]);
      }
    });
  });

  for (const catalogSchedule of [Duration.seconds(30), Duration.hours(2)]) {
    test(`rejects a look every ${catalogSchedule.toHumanString()}`, () => {
      expect(() => pipelineWith({ catalogSchedule })).toThrow(/catalogSchedule: got .* expected 1/);
    });
  }

  test('may use the key that its bucket is encrypted with', () => {
    const encrypted = new Stack(testApp(), 'Encrypted');
    const encryptionKey = new Key(encrypted, 'Key');
    new AccessLogPipeline(encrypted, 'Pipeline', { sharedCatalog: true, encryptionKey });

    const onKey = (actions: readonly string[]) => ({
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: Match.arrayWith([...actions]),
            Resource: encrypted.resolve(encryptionKey.keyArn),
          }),
        ]),
      },
    });
    const policies = Template.fromStack(encrypted).findResources('AWS::IAM::Policy');
    const ofCrawler = onKey(['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*']);
    Template.fromStack(encrypted).hasResourceProperties('AWS::IAM::Policy', ofCrawler);
    const ofReader = Object.entries(policies).find(([id]) => id.includes('Enrichment'));
    expect(JSON.stringify(ofReader)).toContain('kms:Decrypt');
  });

  test('is not there where each container reads for itself', () => {
    const { pipeline: own, template: without } = pipelineWith({ sharedCatalog: false });

    expect(own.sharedCatalog).toBeUndefined();
    without.resourceCountIs('AWS::SQS::Queue', 0);
    expect(Object.keys(without.findResources('AWS::Events::Rule'))).toEqual([]);
  });

  const variants: AccessLogPipelineProps[] = [
    {},
    { createTrail: true },
    { customerName: '{key.tags.customer|key.name}', extraFields: 'team={key.tags.team}' },
  ];
  for (const props of variants) {
    for (const Checks of [AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks]) {
      test(`leaves the ${Checks.name} nothing to find with ${JSON.stringify(props)}`, () => {
        expect(new Checks().validateScope(pipelineWith(props).stack).violations).toEqual([]);
      });
    }
  }
});
