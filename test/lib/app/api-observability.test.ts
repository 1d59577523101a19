import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import { AccessLogsStack } from '../../../lib/app/access-logs-stack';
import { readPipelineConfig } from '../../../lib/app/pipeline-config';
import { testApp } from '../../support/cdk-app';

function stackWith(context: Readonly<Record<string, unknown>>): AccessLogsStack {
  return new AccessLogsStack(testApp(), 'Stack', readPipelineConfig(context).props);
}

const everything = {
  name: 'orders',
  apiDashboards: 'true',
  apiMonitors: 'true',
  apiMonitorStages: 'REST:orders:prod, HTTP:a1b2c3d4e5:$default',
  apiMonitorThresholds: { serverErrors: 0.01 },
  quotaMonitor: 'true',
  vendorMetrics: 'true',
  httpEndpointUrl: 'https://logs.example/x',
  httpEndpointPreset: 'elastic',
  vendorMetricsUrl: 'https://metrics.example/y',
  alarmTopicArn: 'arn:aws:sns:eu-west-1:111122223333:on-call',
};

describe('beside a pipeline', () => {
  test('nothing about APIs is added unasked', () => {
    const template = Template.fromStack(stackWith({}));

    template.resourceCountIs('AWS::CloudWatch::MetricStream', 0);
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });

  test('all of it is, where it is asked for, and pages whom the pipeline pages', () => {
    const template = Template.fromStack(stackWith(everything));
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    const named = (name: string) =>
      alarms.find(({ Properties }) => Properties.AlarmName === name)?.['Properties'];

    template.resourceCountIs('AWS::CloudWatch::MetricStream', 1);
    expect(named('orders-api-server-errors-REST-orders-prod')).toMatchObject({
      Threshold: 0.01,
      AlarmActions: ['arn:aws:sns:eu-west-1:111122223333:on-call'],
    });
    expect(named('orders-api-latency-HTTP-a1b2c3d4e5-$default')).toBeDefined();
    expect(named('orders-quota-used-80')?.Metrics[0].Expression).toContain(
      `WHERE service = 'orders' GROUP BY UsagePlan`,
    );
    for (const type of ['rest', 'http', 'websocket']) {
      template.hasResourceProperties('AWS::CloudWatch::Dashboard', {
        DashboardName: `orders-apis-${type}`,
      });
    }
  });

  test('the reader of quotas may read plans and their use, nothing else', () => {
    const policies = Template.fromStack(stackWith({ quotaMonitor: 'true' })).findResources(
      'AWS::IAM::Policy',
    );
    const statements = Object.entries(policies)
      .filter(([id]) => id.startsWith('QuotaMonitor'))
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);

    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      'apigateway:GET',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
  });

  for (const Checks of [AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks]) {
    test(`leaves the ${Checks.name} nothing to find`, () => {
      expect(new Checks().validateScope(stackWith(everything)).violations).toEqual([]);
    });
  }

  test('metrics for a vendor need a place to go', () => {
    expect(() => stackWith({ vendorMetrics: 'true' })).toThrow(
      'vendorMetrics: got "true", expected vendorMetricsUrl or httpEndpointUrl beside it',
    );
  });

  for (const stages of ['orders', 'SOAP:orders:prod', 'REST::prod', 'REST:orders:prod:x']) {
    test(`rejects ${stages} as a stage`, () => {
      expect(() => readPipelineConfig({ apiMonitorStages: stages })).toThrow(
        `apiMonitorStages: got "${stages}", expected TYPE:API:STAGE such as REST:orders:prod`,
      );
    });
  }
});
