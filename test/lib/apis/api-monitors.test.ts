import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ApiMonitors, type ApiMonitorsProps } from '../../../lib/apis/api-monitors';
import { monitorIds, monitorSlug, monitorTable } from '../../../lib/apis/monitor-table';
import { AccessLogsStack } from '../../../lib/app/access-logs-stack';
import { testApp } from '../../support/cdk-app';
import { awsAlarms, sumoMonitors } from '../../support/rival-monitors';

const runbook = readFileSync(join(__dirname, '../../../docs/runbook.md'), 'utf8');

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly TreatMissingData: string;
  readonly Period?: number;
  readonly Metrics?: readonly {
    readonly Expression?: string;
    readonly Period?: number;
    readonly MetricStat?: { readonly Period: number };
  }[];
  readonly MetricName?: string;
}

function alarmsOf(props: ApiMonitorsProps): Map<string, AlarmProperties> {
  const stack = new Stack(testApp(), 'Stack');
  new ApiMonitors(stack, 'Monitors', props);
  const found = Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm');
  return new Map(Object.values(found).map(({ Properties }) => [Properties.AlarmName, Properties]));
}

const stage = { type: 'REST', api: 'orders', stage: 'prod' } as const;

describe('monitors of a stage', () => {
  const alarms = alarmsOf({ stages: [stage], types: [] });
  const alarm = (slug: string) => alarms.get(`api-gateway-api-${slug}-REST-orders-prod`);

  test('are those that Sumo Logic and AWS recommend, with their thresholds', () => {
    expect(
      Array.from(alarms.values(), ({ AlarmName, Threshold }) => [AlarmName, Threshold]),
    ).toEqual(
      expect.arrayContaining([
        ['api-gateway-api-server-errors-REST-orders-prod', 0.05],
        ['api-gateway-api-client-errors-REST-orders-prod', 0.05],
        ['api-gateway-api-integration-latency-REST-orders-prod', 2000],
        ['api-gateway-api-latency-REST-orders-prod', 2500],
        ['api-gateway-api-low-traffic-REST-orders-prod', 1],
      ]),
    );
    expect(alarms.size).toBe(5);
  });

  test('page nobody for one error in one request', () => {
    const [expression] = alarm('server-errors')?.Metrics ?? [];

    expect(expression?.Expression).toBe('IF(FILL(requests, 0) >= 20, watched, 0)');
  });

  test('take silence for trouble only where silence is what is watched', () => {
    expect(alarm('low-traffic')).toMatchObject({
      TreatMissingData: 'breaching',
      ComparisonOperator: 'LessThanOrEqualToThreshold',
    });
    expect(alarm('latency')?.TreatMissingData).toBe('notBreaching');
  });

  test('of a WebSocket API watch its own kinds of errors', () => {
    const names = [
      ...alarmsOf({
        stages: [{ type: 'WEBSOCKET', api: 'a1b2', stage: 'live' }],
        types: [],
      }).keys(),
    ];

    expect(names).toContain('api-gateway-api-integration-errors-WEBSOCKET-a1b2-live');
    expect(names).not.toContain('api-gateway-api-latency-WEBSOCKET-a1b2-live');
  });
});

describe('monitors of a stage whose access log is counted', () => {
  const alarms = alarmsOf({
    countedStages: [{ apiId: 'a1b2', stage: 'prod' }],
    pipelineName: 'orders',
    types: [],
  });

  // Sumo Logic's monitors of the access log, and the two kinds of 429.
  const wanted = [
    ['authorizer-errors', 0.05],
    ['logged-integration-errors', 0.05],
    ['waf-errors', 0.05],
    ['waf-latency', 1000],
    ['throttled', 0.05],
    ['quota-exceeded', 0.05],
  ] as const;

  test('are those that only the log can tell', () => {
    expect(
      Array.from(alarms.values(), ({ AlarmName, Threshold }) => [AlarmName, Threshold]),
    ).toEqual(wanted.map(([slug, threshold]) => [`api-gateway-api-${slug}-a1b2-prod`, threshold]));
  });

  test.each(wanted)('%s is a share from a minimum of requests on, of its own metrics', (slug) => {
    const { Metrics = [] } = alarms.get(`api-gateway-api-${slug}-a1b2-prod`) ?? {};
    const watched = slug === 'waf-latency' ? 'watched' : 'watched / requests';

    expect(Metrics[0]?.Expression).toBe(`IF(FILL(requests, 0) >= 20, ${watched}, 0)`);
    const text = JSON.stringify(Metrics);
    expect(text).toContain('{"Name":"service","Value":"orders"}');
    expect(text).toContain('{"Name":"ApiId","Value":"a1b2"},{"Name":"Stage","Value":"prod"}');
    expect(text).toContain('"MetricName":"ApiRequests"');
  });

  test('are there for stages that are named, with apiMonitors', () => {
    const stack = new AccessLogsStack(testApp(), 'Stack', {
      apiMonitors: true,
      apiMetrics: ['a1b2/prod'],
    });
    const template = Template.fromStack(stack);

    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'access-logs-api-throttled-a1b2-prod',
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ API_METRICS: 'a1b2/prod' }) },
    });
  });
});

describe('monitors of all APIs', () => {
  const alarms = alarmsOf({});

  test('find new APIs and stages by themselves, one alarm for each kind of trouble', () => {
    const [query] = alarms.get('api-gateway-api-server-errors-all-REST')?.Metrics ?? [];

    expect(query).toMatchObject({
      Expression:
        'SELECT AVG("5XXError") FROM SCHEMA("AWS/ApiGateway", ApiName, Stage) GROUP BY ApiName, Stage ORDER BY AVG() DESC',
      Period: 300,
    });
  });

  test('know HTTP APIs by their ids and metrics', () => {
    const [query] = alarms.get('api-gateway-api-client-errors-all-HTTP')?.Metrics ?? [];

    expect(query?.Expression).toContain('AVG("4xx") FROM SCHEMA("AWS/ApiGateway", ApiId, Stage)');
  });

  test('cannot watch silence: an API without requests has no series', () => {
    expect([...alarms.keys()].filter((name) => name.includes('low-traffic'))).toEqual([]);
  });
});

describe('thresholds', () => {
  test('can be set, and monitors left out', () => {
    const alarms = alarmsOf({
      stages: [stage],
      types: [],
      thresholds: { serverErrors: 0.01, lowTraffic: false },
    });

    expect(alarms.get('api-gateway-api-server-errors-REST-orders-prod')?.Threshold).toBe(0.01);
    expect(alarms.size).toBe(4);
  });

  test('of monitors that there are not are refused', () => {
    expect(() => alarmsOf({ thresholds: { teapots: 1 } as never })).toThrow(
      /thresholds: got "teapots", expected .*serverErrors/,
    );
    expect(() => alarmsOf({ thresholds: { latency: 'x' as never } })).toThrow(
      'thresholds.latency: got "x", expected a number or false',
    );
    expect(() => alarmsOf({ minimumRequests: 0 })).toThrow('minimumRequests: got "0"');
  });
});

describe('what others watch', () => {
  // A minimum of requests is added; what AWS looks at for three minutes is looked at for five.
  test.each([
    ...sumoMonitors.map((it) => ({ by: 'Sumo Logic', ...it })),
    ...awsAlarms.map((it) => ({ by: 'AWS', ...it })),
  ])('$by: $name is $id here, with its threshold', ({ id, types, threshold, minutes }) => {
    const row = monitorTable[id];
    for (const type of types) {
      const isLogged = row.logged !== undefined;
      const alarms = isLogged
        ? alarmsOf({ countedStages: [{ apiId: 'a1b2', stage: 'prod' }], types: [] })
        : alarmsOf({ stages: [{ type, api: 'orders', stage: 'prod' }], types: [] });
      const name = `api-gateway-${monitorSlug(id)}-${isLogged ? 'a1b2' : `${type}-orders`}-prod`;
      expect(alarms.get(name)?.Threshold).toBe(threshold);
      const { Period, Metrics = [] } = alarms.get(name) ?? {};
      const periods = Metrics.map((metric) => metric.MetricStat?.Period).concat(Period);
      expect(Math.max(...periods.map((it) => it ?? 0))).toBe(Math.max(minutes, 5) * 60);
    }
  });

  test('are nine monitors of Sumo Logic, and the metrics of the three types of APIs', () => {
    expect(new Set(sumoMonitors.map(({ name }) => name)).size).toBe(9);
    expect(awsAlarms.flatMap(({ types }) => types)).toEqual(
      expect.arrayContaining(['REST', 'HTTP', 'WEBSOCKET']),
    );
  });
});

test('every monitor has its chapter in the runbook, and leads there', () => {
  for (const id of monitorIds) expect(runbook).toContain(`\n## ${monitorSlug(id)}\n`);
  for (const { AlarmDescription } of alarmsOf({
    stages: [stage],
    runbookUrl: 'https://x.example/r',
  }).values()) {
    expect(AlarmDescription).toMatch(/\. https:\/\/x\.example\/r#api-[a-z-]+$/);
  }
});
