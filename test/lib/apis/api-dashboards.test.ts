import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { apiTypeNames } from '../../../lambda/core/api-metrics';
import type { ApiType } from '../../../lambda/core/format/known/log-format';
import { ApiDashboards } from '../../../lib/apis/api-dashboards';
import { type ApiPanel, sectionsOf } from '../../../lib/apis/api-panels';
import { testApp } from '../../support/cdk-app';
import { sumoMetricPanels } from '../../support/sumo-metric-panels';

function panelsOf(type: ApiType): ApiPanel[] {
  return sectionsOf(type).flatMap(({ panels }) => panels);
}

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly width: number;
  readonly properties: {
    readonly title?: string;
    readonly metrics?: readonly (readonly [{ readonly expression: string }])[];
    readonly params?: object;
  };
}

interface Body {
  readonly widgets: readonly Widget[];
  readonly variables: readonly { readonly id: string; readonly pattern: string }[];
}

function bodiesOf(props: ConstructorParameters<typeof ApiDashboards>[2] = {}): Map<string, Body> {
  const stack = new Stack(testApp(), 'Stack');
  new ApiDashboards(stack, 'Apis', props);
  const found = Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard');
  return new Map(
    Object.values(found).map(({ Properties: { DashboardName, DashboardBody } }) => [
      DashboardName,
      JSON.parse(textOf(DashboardBody)),
    ]),
  );
}

/** References to other resources as some text. */
function textOf(body: string | { 'Fn::Join': [string, unknown[]] }): string {
  if (typeof body === 'string') return body;
  const [, parts] = body['Fn::Join'];
  return parts.map((part) => (typeof part === 'string' ? part : 'reference')).join('');
}

const expressionsIn = ({ widgets }: Body) =>
  widgets.flatMap(({ properties }) =>
    (properties.metrics ?? []).map(([{ expression }]) => expression),
  );

describe('the dashboards of API Gateway', () => {
  const bodies = bodiesOf();

  test('are one for each type of API', () => {
    expect([...bodies.keys()].sort()).toEqual([
      'api-gateway-http',
      'api-gateway-rest',
      'api-gateway-websocket',
    ]);
  });

  test('have a panel for every one of Sumo Logic', () => {
    const ids = new Map(apiTypeNames.map((type) => [type, panelsOf(type).map(({ id }) => id)]));
    const missing = sumoMetricPanels.filter(([, , , type, id]) => !ids.get(type)?.includes(id));

    // Sixteen, twelve and fourteen of the overviews, the rest of seven more dashboards.
    expect(new Set(sumoMetricPanels.map((row) => row.slice(0, 3).join())).size).toBe(114);
    expect(missing).toEqual([]);
  });

  test('show a chart that answers the question: rates are rates, and no sum is shown as one', () => {
    for (const [dashboard, , , type, id] of sumoMetricPanels.filter(([, panel]) =>
      /Rate$/.test(panel),
    )) {
      const metrics = panelsOf(type).find((panel) => panel.id === id)?.metrics;
      expect([
        dashboard,
        id,
        metrics?.map(({ statistic, percent }) => [statistic, percent]),
      ]).toEqual([dashboard, id, metrics?.map(() => ['Average', true])]);
    }
  });

  for (const type of apiTypeNames) {
    const body = () => bodies.get(`api-gateway-${type.toLowerCase()}`) as Body;

    test(`${type}: no two panels have one id`, () => {
      const ids = panelsOf(type).map(({ id }) => id);

      expect(ids).toEqual([...new Set(ids)]);
    });

    test(`${type}: keeps within the limits of a dashboard, a widget and a search`, () => {
      expect(body().widgets.length).toBeLessThanOrEqual(500);
      for (const { x, width, properties } of body().widgets) {
        expect(x + width).toBeLessThanOrEqual(24);
        expect((properties.metrics ?? []).length).toBeLessThanOrEqual(100);
      }
      for (const expression of expressionsIn(body())) {
        expect(expression.length).toBeLessThanOrEqual(1024);
      }
    });

    test(`${type}: looks for APIs by itself, and names none`, () => {
      for (const expression of expressionsIn(body())) {
        expect(expression).toMatch(
          /SEARCH\('\{AWS\/ApiGateway,(ApiName|ApiId)[^}]*\} MetricName="/,
        );
      }
    });

    test(`${type}: its variables choose the API and the stage of what is about one`, () => {
      const { variables } = body();
      const patterns = variables.map(({ pattern }) => pattern);
      const ofOne = expressionsIn(body()).filter((text) => text.includes('Stage='));

      expect(variables.map(({ id }) => id)).toEqual(['api', 'stage']);
      expect(ofOne.length).toBeGreaterThan(10);
      for (const text of ofOne)
        for (const pattern of patterns) expect(text).toContain(`"${pattern}"`);
    });
  }

  test('draw today beside yesterday and a week ago, and name APIs, by a function', () => {
    for (const { widgets } of bodies.values()) {
      const custom = widgets.filter(({ type }) => type === 'custom');
      expect(custom.map(({ properties }) => properties.params)).toEqual([
        expect.objectContaining({ widget: 'traffic' }),
        expect.objectContaining({ widget: 'apis' }),
        expect.objectContaining({ widget: 'traffic', api: 'the-chosen-api' }),
      ]);
    }
  });

  test('do without a function where it is not wanted', () => {
    const stack = new Stack(testApp(), 'Plain');
    new ApiDashboards(stack, 'Apis', { customWidgets: false, types: ['REST'], name: 'orders' });
    const template = Template.fromStack(stack);

    template.resourceCountIs('AWS::Lambda::Function', 0);
    template.hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: 'orders-rest' });
  });

  test('let their function read metrics and names of APIs, nothing else', () => {
    const stack = new Stack(testApp(), 'Rights');
    new ApiDashboards(stack, 'Apis');
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    const actions = policies.flatMap(({ Properties }) =>
      Properties.PolicyDocument.Statement.flatMap(
        ({ Action }: { Action: string | string[] }) => Action,
      ),
    );

    expect(actions.sort()).toEqual([
      'apigateway:GET',
      'cloudwatch:GetMetricData',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
  });
});
