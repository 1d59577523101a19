import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import { recordedColumns } from '../../../analytics/audit/changes';
import { AccessLogPipeline, type AccessLogPipelineProps } from '../../../lib/access-log-pipeline';
import { testApp } from '../../support/cdk-app';

function stackWith(props: AccessLogPipelineProps): Stack {
  const stack = new Stack(testApp(), 'Stack');
  new AccessLogPipeline(stack, 'Pipeline', { name: 'ours', audit: true, ...props });
  return stack;
}

const templateWith = (props: AccessLogPipelineProps = {}) => Template.fromStack(stackWith(props));

/** What a function may do, by the statement's name. */
function allowedTo(template: Template, policyIdPart: string) {
  const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
  const statements = policies
    .filter(([id]) => id.includes(policyIdPart))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
  return statements as {
    Sid?: string;
    Action: string | string[];
    Resource: unknown;
    Condition?: object;
  }[];
}

const alarmNames = (template: Template) =>
  Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties.AlarmName as string,
  );

const auditAlarms = ['access-log-lost', 'limit-raised', 'key-values-read', 'changes-unwatched'].map(
  (slug) => `ours-${slug}`,
);

describe('without an audit', () => {
  const template = templateWith({ audit: false, analytics: true });

  test('nothing looks at changes or extracts them', () => {
    expect(alarmNames(template).filter((name) => auditAlarms.includes(name))).toEqual([]);
    expect(allowedTo(template, 'Change')).toEqual([]);
    template.resourceCountIs('AWS::CloudTrail::Trail', 0);
    expect(JSON.stringify(template.findResources('AWS::Glue::Table'))).not.toContain('"changes"');
    expect(JSON.stringify(template.findResources('AWS::CloudWatch::Dashboard'))).not.toContain(
      'AuditLimitsRaised',
    );
  });
});

describe('an alarm for each kind of change', () => {
  test('is there, that of reads only where there are reads', () => {
    const withReads = alarmNames(templateWith({ auditReads: true }));
    const without = alarmNames(templateWith());

    expect(withReads).toEqual(expect.arrayContaining(auditAlarms));
    expect(without).not.toContain('ours-key-values-read');
    expect(without).toContain('ours-access-log-lost');
  });

  test('goes off for one call, and can be left out', () => {
    templateWith().hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'ours-limit-raised',
      Namespace: 'ApiGatewayAccessLogs',
      MetricName: 'AuditLimitsRaised',
      Dimensions: [{ Name: 'service', Value: 'ours' }],
      Statistic: 'Sum',
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
    });
    expect(alarmNames(templateWith({ alarms: { limitRaised: false } }))).not.toContain(
      'ours-limit-raised',
    );
  });

  test('hears of changes, and of reads only where a trail has them', () => {
    const patternOf = (props: AccessLogPipelineProps) => {
      const rules = Object.values(templateWith(props).findResources('AWS::Events::Rule'));
      const rule = rules.find(({ Properties }) =>
        JSON.stringify(Properties).includes('DeleteAccessLogSettings'),
      );
      return {
        state: rule?.['Properties'].State,
        names: rule?.['Properties'].EventPattern.detail.eventName,
      };
    };

    expect(patternOf({}).state).toBe('ENABLED');
    expect(patternOf({}).names).not.toContain('GetApiKeys');
    expect(patternOf({ auditReads: true })).toEqual({
      state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
      names: expect.arrayContaining([
        'UpdateStage',
        'UpdateUsagePlan',
        'GetApiKeys',
        'GetUsagePlanKeys',
      ]),
    });
  });

  test("does not hear of what the pipeline's own functions do, or roles that are trusted", () => {
    const stack = new Stack(testApp(), 'Stack');
    const pipeline = new AccessLogPipeline(stack, 'Pipeline', {
      audit: true,
      sharedCatalog: true,
      auditTrustedRoles: ['arn:aws:iam::111122223333:role/deploy'],
    });
    pipeline.attachRestStage({ apiId: 'a1b2c3d4e5', stageName: 'prod' });
    const template = Template.fromStack(stack);
    const rules = Object.values(template.findResources('AWS::Events::Rule'));
    const issuers = rules.flatMap(
      ({ Properties }) =>
        Properties.EventPattern?.detail?.userIdentity?.sessionContext.sessionIssuer.arn ?? [],
    );

    const arnOf = (description: string) => {
      const [[, found] = []] = Object.entries(
        template.findResources('AWS::Lambda::Function', {
          Properties: { Description: Match.stringLikeRegexp(description) },
        }),
      );
      return found?.['Properties'].Role;
    };
    expect(issuers).toEqual([
      { exists: false },
      {
        'anything-but': [
          arnOf('^Adds'),
          arnOf('^Keeps'),
          { 'Fn::GetAtt': [expect.stringMatching('ExistingStagesRole'), 'Arn'] },
          'arn:aws:iam::111122223333:role/deploy',
        ],
      },
    ]);
    expect(issuers[1]['anything-but'].every(Boolean)).toBe(true);
  });

  test('takes what stages of this pipeline log to for its own', () => {
    const stack = new Stack(testApp(), 'Stack');
    const pipeline = new AccessLogPipeline(stack, 'Pipeline', { audit: true });
    const stage = new CfnStage(stack, 'Stage', { apiId: 'a1', stageName: 'prod' });
    pipeline.attachHttpStage(stage);
    const template = Template.fromStack(stack);

    const [watcher] = Object.values(
      template.findResources('AWS::Lambda::Function', {
        Properties: { Description: Match.stringLikeRegexp('^Looks at changes') },
      }),
    );
    const own = JSON.stringify(watcher?.['Properties'].Environment.Variables.OWN_DESTINATIONS);
    const [group] = Object.values(
      template.findResources('AWS::Logs::LogGroup', {
        Properties: { LogGroupName: Match.stringLikeRegexp('vendedlogs') },
      }),
    );

    expect(own).toContain(JSON.stringify(stack.resolve(pipeline.stream.attrArn)));
    expect(own).toContain(`log-group:${group?.['Properties'].LogGroupName}`);
  });

  test('may read and write what it remembers, and nothing else', () => {
    const statements = allowedTo(templateWith(), 'ChangeWatch').filter(
      ({ Action }) => !JSON.stringify(Action).includes('logs:'),
    );

    expect(statements.map(({ Sid, Action }) => [Sid, Action])).toEqual([
      ['RememberChanges', ['s3:GetObject', 's3:PutObject']],
      ['TellMissingFromDenied', 's3:ListBucket'],
    ]);
    expect(JSON.stringify(statements[0]?.Resource)).toContain('/_changes/resources/*');
  });
});

test('the dashboard has what alarms went off for', () => {
  const dashboards = JSON.stringify(templateWith().findResources('AWS::CloudWatch::Dashboard'));

  for (const name of ['AuditLimitsRaised', 'AuditAccessLogsLost', 'AuditDaysBehind']) {
    expect(dashboards).toContain(name);
  }
  expect(dashboards).toContain('ChangeWatchWatcherLogGroup');
});

describe('with analytics', () => {
  const template = templateWith({ analytics: true, output: 'canonical' });

  test('changes are a table of days that are there as soon as they are written', () => {
    const tables = Object.values(template.findResources('AWS::Glue::Table'));
    const changes = tables.find(({ Properties }) => Properties.TableInput.Name === 'changes');
    const { Parameters, PartitionKeys, StorageDescriptor } =
      changes?.['Properties'].TableInput ?? {};

    expect(PartitionKeys).toEqual([{ Name: 'day', Type: 'date' }]);
    expect(Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.day.range': '2026-01-01,NOW',
    });
    expect(JSON.stringify(Parameters['storage.location.template'])).toContain(
      '/analytics/changes/day=${day}/',
    );
    expect(StorageDescriptor.Columns.map(({ Name }: { Name: string }) => Name)).toEqual(
      recordedColumns.map(({ name }) => name),
    );
  });

  test('panels of the audit are saved queries that name no column that the table lacks', () => {
    const queries = Object.values(template.findResources('AWS::Athena::NamedQuery'))
      .map(({ Properties }) => Properties)
      .filter(({ QueryString }) => /from changes\b/.test(QueryString));
    const names = queries.map(({ Name }) => Name);

    expect(names).toEqual(
      expect.arrayContaining([
        'audit-changes',
        'audit-access-logs',
        'audit-key-values',
        'key-life',
      ]),
    );
    expect(names).not.toContain('audit-threats');
    for (const { QueryString } of queries) {
      const own = QueryString.slice(QueryString.lastIndexOf('.requests where'));
      expect(own).not.toMatch(/\bthreat\b|\bcountry\b/);
    }
    expect(JSON.stringify(template.toJSON(), undefined, 1).length).toBeLessThan(1_000_000);
    expect(Object.keys(template.toJSON()['Resources']).length).toBeLessThan(500);
  });

  test('the trail is read by the function that extracts, which writes days and nothing else', () => {
    const statements = allowedTo(template, 'ChangeExtract').filter(
      ({ Action }) => !JSON.stringify(Action).includes('logs:'),
    );

    expect(statements.map(({ Sid, Action }) => [Sid, Action])).toEqual([
      ['ReadTrail', 's3:GetObject'],
      ['ListTrail', 's3:ListBucket'],
      ['WriteDays', 's3:PutObject'],
      ['KeepCheckpoint', ['s3:GetObject', 's3:PutObject']],
      ['TellMissingFromDenied', 's3:ListBucket'],
    ]);
    expect(JSON.stringify(statements[0]?.Resource)).toContain('AccountTrailBucket');
    expect(JSON.stringify(statements[0]?.Resource)).toContain('/AWSLogs/*');
    expect(JSON.stringify(statements[2]?.Resource)).toContain('/analytics/changes/*');
    expect(JSON.stringify(template.toJSON())).not.toContain('s3:DeleteObject');
  });

  test('an alarm says when days are not taken, silence included', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'ours-changes-behind',
      MetricName: 'AuditDaysBehind',
      TreatMissingData: 'breaching',
    });
  });
});

describe('a trail that is there already', () => {
  const stack = new Stack(testApp(), 'Stack');
  const encryptionKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/k1');
  const bucket = Bucket.fromBucketAttributes(stack, 'Trail', {
    bucketName: 'org-trail',
    encryptionKey,
  });
  new AccessLogPipeline(stack, 'Pipeline', {
    name: 'ours',
    output: 'canonical',
    analytics: true,
    audit: true,
    auditTrail: { bucket, prefix: 'AWSLogs/o-1/111122223333/CloudTrail/eu-west-1/' },
  });
  const template = Template.fromStack(stack);

  test('is taken, and no other is made', () => {
    template.resourceCountIs('AWS::CloudTrail::Trail', 0);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          TRAIL: 's3://org-trail/AWSLogs/o-1/111122223333/CloudTrail/eu-west-1/',
        }),
      },
    });
  });

  test('is only read, below its folder, and by one function', () => {
    const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    const about = statements.filter(({ Resource }) =>
      JSON.stringify(Resource).includes('org-trail'),
    );

    expect(about.map(({ Action }) => Action)).toEqual(['s3:GetObject', 's3:ListBucket']);
    expect(JSON.stringify(about[0].Resource)).toContain(
      ':s3:::org-trail/AWSLogs/o-1/111122223333/CloudTrail/eu-west-1/*',
    );
    expect(about[1].Condition).toEqual({
      StringLike: { 's3:prefix': 'AWSLogs/o-1/111122223333/CloudTrail/eu-west-1/*' },
    });
    expect(statements.filter(({ Action }) => Action === 'kms:Decrypt')).toHaveLength(1);
  });
});

describe('options that contradict each other are refused', () => {
  const trail = () => ({
    bucket: Bucket.fromBucketName(new Stack(testApp(), 'Other'), 'Trail', 'org-trail'),
  });
  test.each<[string, () => AccessLogPipelineProps, string]>([
    [
      'reads without an audit',
      () => ({ audit: false, auditReads: true }),
      'auditReads: got true, expected false without audit',
    ],
    [
      'a retention without an audit',
      () => ({ audit: false, auditRetention: Duration.days(7) }),
      'auditRetention: got 7 days, expected none without audit',
    ],
    [
      'a trail without an audit',
      () => ({ audit: false, auditTrail: trail() }),
      'auditTrail: got a trail, expected none without audit',
    ],
    [
      'trust without an audit',
      () => ({ audit: false, auditTrustedRoles: ['x'] }),
      'auditTrustedRoles: got x, expected none without audit',
    ],
    [
      "another's retention",
      () => ({ auditTrail: trail(), auditRetention: Duration.days(7) }),
      'auditRetention: got 7 days, expected none with auditTrail',
    ],
    [
      'two trails',
      () => ({ auditTrail: trail(), createTrail: true }),
      'createTrail: got true, expected false with auditTrail',
    ],
    [
      'a folder that is none',
      () => ({ auditTrail: { ...trail(), prefix: 'AWSLogs' } }),
      'auditTrail.prefix: got "AWSLogs", expected folders with a / at the end of each',
    ],
    [
      'what is no role',
      () => ({ auditTrustedRoles: ['deploy'] }),
      'auditTrustedRoles: got "deploy", expected the ARN of a role',
    ],
  ])('%s', (_, props, message) => expect(() => templateWith(props())).toThrow(message));
});

for (const Checks of [AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks]) {
  test(`the ${Checks.name} find nothing`, () => {
    const stack = stackWith({ analytics: true, output: 'canonical', auditReads: true });

    expect(new Checks().validateScope(stack).violations).toEqual([]);
  });
}
