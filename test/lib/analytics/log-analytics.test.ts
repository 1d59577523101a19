import { Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import { namedQueries } from '../../../analytics/render/named-queries';
import { AccessLogPipeline, type AccessLogPipelineProps } from '../../../lib/access-log-pipeline';
import { testApp } from '../../support/cdk-app';

function stackWith(props: AccessLogPipelineProps): Stack {
  const stack = new Stack(testApp(), 'Stack');
  new AccessLogPipeline(stack, 'Pipeline', {
    name: 'our-orders',
    output: 'canonical',
    analytics: true,
    ...props,
  });
  return stack;
}

const templateWith = (props: AccessLogPipelineProps = {}) => Template.fromStack(stackWith(props));

function tableOf(template: Template, name: string) {
  const tables = Object.values(template.findResources('AWS::Glue::Table'));
  const table = tables.find(({ Properties }) => Properties.TableInput.Name === name);
  return table?.['Properties'].TableInput;
}

/** The SQL of a view, out of what Athena keeps in Glue. */
function viewOf(
  template: Template,
  name: string,
): { originalSql: string; schema: string; columns: { name: string; type: string }[] } {
  const text: string = tableOf(template, name).ViewOriginalText;
  const [, encoded = ''] = /^\/\* Presto View: (.+) \*\/$/.exec(text) ?? [];
  return JSON.parse(Buffer.from(encoded, 'base64').toString());
}

describe('analytics', () => {
  test('are not there unasked', () => {
    templateWith({ analytics: false }).resourceCountIs('AWS::Glue::Table', 0);
  });

  test('project days and hours, so that nothing has to crawl', () => {
    expect(tableOf(templateWith(), 'lines')).toMatchObject({
      Parameters: {
        'projection.enabled': 'true',
        'projection.day.type': 'date',
        'projection.day.range': '2026-01-01,NOW',
        'projection.hour.digits': '2',
      },
      StorageDescriptor: {
        SerdeInfo: { SerializationLibrary: 'org.apache.hive.hcatalog.data.JsonSerDe' },
      },
      PartitionKeys: [
        { Name: 'day', Type: 'date' },
        { Name: 'hour', Type: 'int' },
      ],
    });
  });

  for (const [timeZone, range] of [
    ['Europe/Berlin', '2026-01-01,NOW+1DAYS'],
    ['Asia/Kolkata', '2026-01-01,NOW+1DAYS'],
    ['America/New_York', '2026-01-01,NOW'],
    ['UTC', '2026-01-01,NOW'],
  ] as const) {
    test(`see the newest folder where clocks are those of ${timeZone}`, () => {
      expect(tableOf(templateWith({ timeZone }), 'lines').Parameters['projection.day.range']).toBe(
        range,
      );
    });
  }

  test('have one view for canonical lines and for lines as they were written', () => {
    const canonical = viewOf(templateWith(), 'access');
    const verbatim = viewOf(templateWith({ output: 'verbatim' }), 'access');

    expect(canonical.columns).toEqual(verbatim.columns);
    expect(canonical.schema).toBe('our_orders');
  });

  test('find appended fields of lines as they were written under the names that they have', () => {
    const { originalSql } = viewOf(
      templateWith({ output: 'verbatim', fieldNames: 'apiable', extraFields: 'plan={plan.id}' }),
      'access',
    );

    expect(originalSql).toContain(`nullif(nullif("plan_id", '-'), '') as "usage_plan"`);
    expect(originalSql).toContain(`nullif(nullif("subscription_id", '-'), '') as "customer_name"`);
    expect(originalSql).toContain(`nullif(nullif("plan", '-'), '') as "usage_plan_id"`);
  });

  test('limit what a query may read, and keep no bucket of results', () => {
    templateWith({ analyticsQueryLimit: Size.gibibytes(2) }).hasResourceProperties(
      'AWS::Athena::WorkGroup',
      {
        Name: 'our-orders-access-logs',
        WorkGroupConfiguration: {
          EnforceWorkGroupConfiguration: true,
          BytesScannedCutoffPerQuery: 2 * 1024 ** 3,
          ManagedQueryResultsConfiguration: { Enabled: true },
          EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
        },
      },
    );
  });

  test('may write closed days and nothing else in the bucket', () => {
    const template = templateWith();
    const statements = Object.entries(template.findResources('AWS::IAM::Policy'))
      .filter(([id]) => id.includes('AnalyticsClosing'))
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
    const writing = statements.filter(({ Action }) => [Action].flat().includes('s3:PutObject'));

    expect(writing).toHaveLength(1);
    expect(JSON.stringify(writing[0].Resource)).toContain('/analytics/*');
    expect(statements.flatMap(({ Action }) => Action)).not.toContain('s3:DeleteObject');
  });

  describe('with a page of the last closed days', () => {
    const closerOf = (template: Template) =>
      Object.values(template.findResources('AWS::Lambda::Function')).find(({ Properties }) =>
        /^Closes days/.test(Properties.Description ?? ''),
      )?.['Properties'];
    const policiesOf = (template: Template) =>
      Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) =>
        id.includes('AnalyticsClosing'),
      );

    test('are written by the same step, which may do no more for it', () => {
      const [plain, paged] = [templateWith(), templateWith({ analyticsPage: true })];

      expect(closerOf(paged)?.Environment.Variables).toMatchObject({
        PAGE: { 'Fn::Join': ['', ['s3://', expect.anything(), '/analytics/page/report.html']] },
        PAGE_DAYS: '7',
      });
      expect(closerOf(plain)?.Environment.Variables).not.toHaveProperty('PAGE');
      expect(policiesOf(paged)).toEqual(policiesOf(plain));
    });

    test('go off as behind when the page is', () => {
      templateWith({ analyticsPage: true }).hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: 'our-orders-days-behind',
        AlarmDescription: Match.stringLikeRegexp('not in the page.*#days-behind$'),
      });
    });

    test('refuse one without analytics, and one of no days', () => {
      expect(() => templateWith({ analytics: false, analyticsPage: true })).toThrow(
        'analyticsPage: got "true", expected analytics beside it',
      );
      expect(() => templateWith({ analyticsPage: true, analyticsPageDays: 32 })).toThrow(
        'analyticsPageDays: got "32", expected 1 to 31 days',
      );
    });
  });

  test('keep a query for every panel that is about days, in a template that CloudFormation takes', () => {
    const template = templateWith();
    const queries = Object.values(template.findResources('AWS::Athena::NamedQuery'));

    expect(queries.map(({ Properties }) => Properties.Name)).toEqual(
      namedQueries().map(({ name }) => name),
    );
    for (const { Properties } of queries) {
      expect(Properties.QueryString).toContain('from "our_orders".requests where day between');
      expect(Properties.QueryString).not.toMatch(/date '/);
    }
    expect(JSON.stringify(template.toJSON(), undefined, 1).length).toBeLessThan(1_000_000);
  });

  test('let others query and nothing more', () => {
    const stack = stackWith({});
    const { analytics } = stack.node.findChild('Pipeline') as AccessLogPipeline;
    const role = new Role(stack, 'Analyst', { assumedBy: new AccountRootPrincipal() });

    analytics?.grantQuery(role);

    const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy');
    const own = Object.entries(policies).find(([id]) => id.startsWith('Analyst'));
    const actions: string[] = own?.[1]['Properties'].PolicyDocument.Statement.flatMap(
      ({ Action }: { Action: string | string[] }) => Action,
    );
    expect(actions).toContain('athena:StartQueryExecution');
    expect(
      actions.filter(
        (it) =>
          !/^(athena:(Start|Get|Stop)Query|(glue|s3):(Batch)?(Get|List))|^kms:Decrypt/.test(it),
      ),
    ).toEqual([]);
    expect(JSON.stringify(own)).not.toContain('"Resource":"*"');
  });

  test('let roles query that are there already, and no role of another account', () => {
    const arn = 'arn:aws:iam::111122223333:role/teams/analysts';
    const policies = templateWith({ analyticsReaders: [arn] }).findResources('AWS::IAM::Policy');
    const own = Object.values(policies).find(
      ({ Properties }) => JSON.stringify(Properties.Roles) === '["analysts"]',
    );

    expect(JSON.stringify(own)).toContain('athena:StartQueryExecution');
    expect(() => templateWith({ analyticsReaders: ['arn:aws:iam::111122223333:user/x'] })).toThrow(
      'analyticsReaders: got "arn:aws:iam::111122223333:user/x", expected the ARN of a role of this account',
    );
    const stack = new Stack(testApp(), 'Elsewhere', {
      env: { account: '444455556666', region: 'eu-west-1' },
    });
    expect(
      () => new AccessLogPipeline(stack, 'Pipeline', { analytics: true, analyticsReaders: [arn] }),
    ).toThrow('expected the ARN of a role of this account');
  });

  test('say when days are not closed, silence included', () => {
    templateWith().hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'our-orders-days-behind',
      TreatMissingData: 'breaching',
    });
  });

  test('refuse what a table cannot be made of, with the reason', () => {
    expect(() => templateWith({ output: 'ecs' })).toThrow(
      'output: got "ecs", expected verbatim or canonical with analytics',
    );
    expect(() => templateWith({ httpEndpoint: { url: 'https://x.example' } })).toThrow(
      'analytics: got "true", expected false with httpEndpoint',
    );
    expect(() => templateWith({ partitionBy: 'api' })).toThrow(
      'analyticsPartitions: got "[]", expected the values that folders "api=" can have',
    );
    expect(() => templateWith({ analyticsLateDays: 0 })).toThrow(
      'analyticsLateDays: got "0", expected 1 to 30 days',
    );
    expect(() => templateWith({ analyticsDatabase: 'Our DB' })).toThrow(
      'analyticsDatabase: got "Our DB"',
    );
    expect(() => templateWith({ analyticsSince: '2026-13-01' })).toThrow(
      'analyticsSince: got "2026-13-01"',
    );
  });

  test('know the folders of partitions that they are told', () => {
    const { Parameters, PartitionKeys } = tableOf(
      templateWith({ partitionBy: 'api', analyticsPartitions: ['a1', 'b2'] }),
      'lines',
    );

    expect(Parameters['projection.api.values']).toBe('a1,b2');
    expect(PartitionKeys[0]).toEqual({ Name: 'api', Type: 'string' });
  });

  test('warn that folders of customers are not for queries', () => {
    const stack = stackWith({ partitionBy: 'customer', analyticsPartitions: ['acme'] });

    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp('for readers, not for queries'),
    );
  });

  for (const Checks of [AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks]) {
    test(`leave the ${Checks.name} nothing to find`, () => {
      const stack = stackWith({
        analyticsReaders: ['arn:aws:iam::111122223333:role/analysts'],
        analyticsPage: true,
      });
      const { analytics } = stack.node.findChild('Pipeline') as AccessLogPipeline;
      analytics?.grantQuery(new Role(stack, 'Analyst', { assumedBy: new AccountRootPrincipal() }));

      expect(new Checks().validateScope(stack).violations).toEqual([]);
    });
  }
});
